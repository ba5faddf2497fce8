# lib.sh - a test is a shell script run under set -eu in an empty directory.
# shellcheck shell=sh
# A file of tests has a limit of time, TEST_SECONDS, after which all that it has
# started is killed, known by a variable.  Signals that are ignored by whoever
# runs the tests, as by nohup(1), are not here.
if test -z "${TEST_TMP-}"; then
	TEST_TMP=$(mktemp -d) || exit
	trap 'rm -rf "$TEST_TMP"' EXIT
	trap 'exit 1' HUP INT TERM
	signals=$(env --default-signal echo --default-signal 2>/dev/null)
	export TEST_TMP "TEST_OF_$$=$0"
	status=0
	# shellcheck disable=SC2086
	timeout --foreground -k 5 "${TEST_SECONDS:=900}" env $signals sh "$0" "$@" ||
	    status=$?
	case $status in
	124 | 137)
		echo "# $0: not done in $TEST_SECONDS s" | tee -a "${TEST_FAILURES:-/dev/null}" >&2
		# shellcheck disable=SC2046
		kill -9 $(grep -lzs "^TEST_OF_$$=" /proc/[0-9]*/environ | cut -d/ -f3 |
		    grep -vx $$) 2>/dev/null
		;;
	esac
	exit $status
fi
tmp=$TEST_TMP n=0 bad=0
unset TEST_TMP
# Nothing that whoever runs the tests has left open.
exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
top=$(cd "${0%/*}" && until test -e Makefile; do cd ..; done && pwd)
case ${B:=build} in /*) ;; *) B=$top/$B ;; esac
PATH=$B:$PATH
export BT_PLUGIN_PATH="$B/plugins" LC_ALL=C

# ok TITLE SCRIPT.  Not "if (...)": a subshell under if ignores set -e.
ok() {
	n=$((n + 1))
	mkdir "$tmp/$n"
	(set -eu; cd "$tmp/$n"; eval "$2") >"$tmp/log" 2>&1 </dev/null
	case $? in
	0)	echo "ok $n - $1" ;;
	*)	echo "not ok $n - $1"; bad=1
		{ echo "$0: $1"; tail -n 60 "$tmp/log"; } | sed 's/^/# /' |
		    tee -a "${TEST_FAILURES:-/dev/null}" >&2 ;;
	esac
	rm -rf "${tmp:?}/$n"
}

# copy_examples TO: the examples, without what README's commands leave there.
copy_examples() {
	cp -r "$top/examples" "$1"
	rm -rf "$1/jobs/made" "$1/jobs/out" "$1/reviews/parts" "$1/reviews/reviews.csv.out"
}

# skip TITLE WHY: a test that this machine cannot run.
skip() {
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

# fails STATUS COMMAND ...  Not "! command": set -e ignores it, and a crash
# would count.
fails() {
	want=$1 got=0
	shift
	"$@" 2>"$tmp/err" || got=$?
	cat "$tmp/err" >&2
	test "$got" -eq "$want" || { echo "exit $got, not $want: $*" >&2; return 1; }
}

# await COMMAND ...: until it succeeds; it has two minutes, for busy machines.
await() {
	tries=0
	until "$@" 2>/dev/null; do
		tries=$((tries + 1))
		test $tries -lt 2400 || { echo "in vain: $*" >&2; return 1; }
		sleep 0.05
	done
}

said() {	# said TEXT: the last fails printed it
	grep -Fe "$1" "$tmp/err"
}

# same FILE: standard input is what it holds.  After a pipe, "same /dev/stdin
# <<END" would compare the text with itself.
same() {
	test "$1" != /dev/stdin
	diff -u - "$1"
}

finish() {
	echo "1..$n"
	exit $bad
}
