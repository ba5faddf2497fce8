# lib.sh - beside tests/lib.sh, for tests that break what the tools stand on.
# shellcheck shell=sh disable=SC1091,SC2034,SC2154
#
# Without arguments a test here tries all it can in TORTURE_SECONDS (120).  With
# TORTURE_STEP=N it tries each N-th fault only, always the same, and has no limit
# of time: make check runs it so.  TORTURE_SEED draws the lots.
. "$(cd "${0%/*}/.." && pwd)/lib.sh"
. "$top/tests/transform.sh"

step=${TORTURE_STEP:-1} seed=${TORTURE_SEED:-$(date +%s)}
case ${TORTURE_STEP-} in
'') limit=${TORTURE_SECONDS:-120} ;;
*)	limit=100000 ;;
esac
exec 3>&1
ends=$(($(date +%s) + limit))
mkdir "$tmp/fault"
export FAULT_DIR="$tmp/fault"
shim=$B/tests/torture/fault.so

# Sanitizers have a malloc of their own, and must be the first that is loaded.
if ! LD_PRELOAD=$shim bt-split --version >/dev/null 2>"$tmp/fault/err"; then
	echo "1..0 # SKIP $(head -n 1 "$tmp/fault/err")"
	exit 0
fi

late() {	# whether the time is over, or enough is wrong
	test "$(date +%s)" -ge "$ends" || test "${bad_sites:-0}" -gt 5
}

# faulty FAULT [NAME=VALUE ...] COMMAND ...: with that fault, see fault.c.
faulty() {
	rm -f "$FAULT_DIR/hits" "$FAULT_DIR/count"
	fault=$1
	shift
	env FAULT="$fault" LD_PRELOAD="$shim" "$@"
}

came() {	# whether the last fault came; its end is reached otherwise
	test -e "$FAULT_DIR/hits"
}

shuffle() {	# the lines of standard input
	awk -v seed="$seed" 'BEGIN { srand(seed) } { print rand() "\t" $0 }' |
	    sort | cut -f 2
}

# draw N: the numbers to N, each of the step, shuffled.
draw() {
	awk -v n="$1" -v step="$step" -v seed="$seed" 'BEGIN {
		srand(seed)
		for (i = 1 + int(rand() * step); i <= n; i += step)
			print i
	}' | shuffle
}

# wrong TEXT: says what is not as it must be.  The files are shown, too.
wrong() {
	bad_sites=$((bad_sites + 1))
	echo "$*"
}

# verdict: of a test that counts.
verdict() {
	echo "# $sites sites, $bad_sites bad, seed $seed" >&3
	test "$sites" -gt 0 || test "$step" -gt 1
	test "$bad_sites" -eq 0
}
