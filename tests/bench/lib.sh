# lib.sh - rows of the benchmarks' tables.  The caller sets rounds, how many are
# counted; ram, a folder for what is measured; works, what to do.
# shellcheck shell=bash disable=SC2154

short='' loaded=''

# machine NAME ...: what it is, and the versions of the peers that are here.
machine() {
	printf 'machine: %s, %s processors (%s), %s GiB; Linux %s; load %s\n' \
	    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
	    "$(scan 2>/dev/null)" "$(awk '/^MemTotal/ { printf "%.0f", $2 / 2^20 }' /proc/meminfo)" \
	    "$(uname -r -m)" "$(cut -d' ' -f1-3 /proc/loadavg)"
	for name in bt "$@"; do
		! command -v "$name" >/dev/null || "$name" --version 2>&1 |
			sed 's/^\(curl [^ ]*\).*/\1/; q'
	done | paste -sd, - | sed 's/^/versions: /; s/,/, /g'
}

# row WORK OURS PEER RATIO FLOOR AIM: what counts is the ratio if there is one.  A
# limit with a < is one from above.
row() {
	mark=$(awk -v value="${4#-}" -v ours="$2" -v floor="$5" -v aim="$6" '
	function kept(limit) {
		return limit ~ /^</ ? value + 0 <= substr(limit, 2) + 0 : value + 0 >= limit + 0
	}
	BEGIN {
		if (value == "")
			value = ours
		print !kept(floor) ? "SHORT" : aim != "-" && kept(aim) ? "aim" : ""
	}')
	test "$mark" != SHORT || short=$((short + 1))
	# Others had a tenth of the machine.
	if test -z "${served-}" && test "$(cut -d' ' -f4 "$ram/t" | head -n 1)" -ge 10; then
		mark="$mark loaded" loaded=$((loaded + 1))
	fi
	printf '%-52s %11s %11s %7s %8s %8s %s\n' "$1" "$2" "$3" "$4" "$5" "$6" "$mark"
}

# table WHAT: the line above the rows.
table() {
	printf '%-52s %11s %11s %7s %8s %8s\n' "$1" ours peer ratio floor aim
}

# verdict: after the last row.
verdict() {
	test -z "$loaded" ||
		echo "$loaded rows were measured on a loaded machine, and may say nothing" >&2
	test -z "$short" || { echo "$short rows are SHORT of their floor" >&2; exit 1; }
}

# against WORK PEER OURS FLOOR AIM [CLEAN]: how many times faster than the peer.
against() {
	turns -n "$rounds" -c "${6-:}" "$2" "$3" >"$ram/t"
	ratio=$(awk 'NR == 1 { p = $1 } NR == 2 { printf "%.2f", p / $1 }' "$ram/t")
	row "$1" "$(awk 'NR == 2 { printf "%.3f s", $1 }' "$ram/t")" \
	    "$(awk 'NR == 1 { printf "%.3f s", $1 }' "$ram/t")" "$ratio" "$4" "$5"
}

memory() {	# memory WORK COMMAND FLOOR AIM
	turns -n 1 "$2" >"$ram/t"
	row "$1" "$(awk '{ printf "%.1f MiB", $3 / 1024 }' "$ram/t")" - - "$3" "$4"
}

wanted() {
	case " $works " in *" $1 "*) ;; *) return 1 ;; esac
}
