#!/bin/sh
# Requests and shorthand as Amazon's own model and tools have them, where these
# are at hand.
. "${0%/*}/lib.sh"
PATH=$B/tests:$PATH
seed=${JOB_SEED:-$(od -An -N4 -tu4 /dev/urandom | xargs)}

# peer TITLE SCRIPT ARGUMENT ...: 77 is for what is not here.
peer() {
	title=$1 status=0
	shift
	mkdir "$tmp/peer"
	(cd "$tmp/peer" && python3 "$@") >"$tmp/out" 2>&1 || status=$?
	rm -r "$tmp/peer"
	case $status in
	77)	skip "$title" "no botocore 1.43, or no awscli, for $(command -v python3)" ;;
	*)	ok "$title (seed $seed)" 'cat "$tmp/out"; test $status -eq 0' ;;
	esac
}

peer 'every constraint of the model, kept and broken' "$top/tests/job/api.py"
peer 'shorthand as the AWS CLI reads it' "$top/tests/job/shorthand.py" shorthand "$seed" 4000
peer 'command lines as the AWS CLI reads them' "$top/tests/job/cli.py"
finish
