# job.sh - whole jobs that are disturbed, and what must become of them.
# shellcheck shell=sh disable=SC1091,SC2034,SC2086,SC2154
#
# The job j: two objects, mini-batches of a record, two workers.  BT_HOME is in
# the environment of its processes only, which are known by it.
. "${0%/*}/lib.sh"

# prepare [RECORDS]: here; the outputs as they must be are in want.
prepare() {
	home=$PWD/home bad_sites=0 sites=0
	mkdir in want
	awk -v n="${1:-12}" 'BEGIN { for (i = 0; i < n; i++) printf "%d,\"a \"\"b\"\"\"\n", i }' >in/a.csv
	awk 'BEGIN { for (i = 0; i < 5; i++) printf "x%d,y\n", i }' >in/b.csv
	for object in a b; do
		awk '{ print $0 "," $0 }' in/$object.csv >want/$object.csv.out
	done
	request j "$PWD/in" '"BatchStrategy": "SingleRecord", "MaxConcurrentTransforms": 2,
	    "DataProcessing": { "JoinSource": "Input" }' >job.json
	printf '{ "ModelName": "m", "PrimaryContainer": { "Image": "identity" } }' >model.json
}

create='create --model model.json job.json'

# job ARGUMENT ...: bt-transform, which has a minute.
job() {
	env BT_HOME="$home" timeout -s KILL 60 bt-transform "$@" >said 2>err
}

faulty_job() {	# faulty_job FAULT ARGUMENT ...
	given=$1
	shift
	faulty "$given" BT_HOME="$home" timeout -s KILL 60 bt-transform "$@" \
	    >said 2>err
}

# alive: the processes of the job; a second look finds the child of one that
# had ended at the first.  grep ends with 2 where any other process ends meanwhile.
alive() {
	for _ in 1 2; do
		grep -lzs "^BT_HOME=$home\$" /proc/[0-9]*/environ >"$tmp/alive" || :
		test ! -s "$tmp/alive" || return 0
	done
	return 1
}

kill_alive() {
	while alive; do
		while IFS=/ read -r _ _ pid _; do
			kill -9 "$pid" 2>/dev/null || :
		done <"$tmp/alive"
	done
}

# rest: all of the job ends by itself.
rest() {
	waited=0
	while alive; do
		waited=$((waited + 1))
		test $waited -lt 600 || {
			wrong "it does not end: $(sed 's,environ,comm,' "$tmp/alive" | xargs cat | xargs)"
			kill_alive
		}
		sleep 0.02
	done
}

status() {
	sed -n 's/^ *"TransformJobStatus": *"\([A-Za-z]*\)".*/\1/p' \
	    "$home/jobs/j/status.json" 2>/dev/null
}

# What has its name is whole, at any time.
outputs_are_whole() {
	for file in out/*; do
		case $file in
		'out/*') ;;
		*.out)	cmp "$file" "want/${file##*/}" || wrong "$file is not whole" ;;
		esac
	done
}

outputs_are_there() {
	for file in want/*; do
		cmp "$file" "out/${file##*/}" || wrong "Completed, but not ${file##*/}"
	done
}

anew() {
	rm -rf home out
	got=0 before=$bad_sites
}

# disturb FAULT: create with it; whatever comes is seen by judge.
disturb() {
	faulty_job "$1" $create || got=$?
	! came || sites=$((sites + 1))
	rest
}

# judge [FAULT]: the job, or that there is none; it is resumed, for the first
# time with the fault, until it is Completed with the right bytes.
judge() {
	fault_of_resume=${1-}
	outputs_are_whole
	if test "$got" -eq 0 && test "$(status)" != Completed; then
		wrong "create ended with 0: $(status)"
	fi
	if ! test -e "$home/jobs/j"; then
		test ! -e out || test -z "$(ls out)" || wrong 'outputs without a job'
		return
	fi
	tries=0
	while test "$(status)" != Completed; do
		tries=$((tries + 1)) got=0
		test $tries -lt 4 || { wrong "never Completed"; return; }
		if test -n "$fault_of_resume"; then
			faulty_job "$fault_of_resume" resume j || :
			fault_of_resume=
			rest
			outputs_are_whole
			continue
		fi
		job resume j || got=$?
		rest
		test $got -eq 0 || {
			wrong "resume: $got, $(cat err)"
			tail -n 5 "$home/jobs/j/log"
			return
		}
	done
	outputs_are_there
}

# account WHAT: if it was a fault of ours, says of what.
account() {
	test "$before" -eq "$bad_sites" || echo "$1: $(head -n 3 "$FAULT_DIR/hits" 2>/dev/null | xargs)"
}

# calls_of CALLS: how many of these a whole undisturbed job makes.
calls_of() {
	anew
	faulty_job "$1:1000000:usual" $create >&2 || { cat err >&2; return 1; }
	od -An -td8 -N8 "$FAULT_DIR/count" | tr -d ' '
}
