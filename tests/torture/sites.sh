# sites.sh - every tool in a few cases, with each call of it failing in turn.
# shellcheck shell=sh disable=SC1091,SC2034,SC2154
#
# $modes are the faults, with N for the number.  What must hold:
#   it ends, and not by a signal; a failure has a message
#   0 is said only with all the right bytes, on standard output and in files
#   what has its final name is whole; what is on standard output is a beginning
#   no temporary file is left
#   what bt-predict has done, a second run completes (heal)
# Where a mode begins with "survive ", the tool must do all it does without it.
. "${0%/*}/lib.sh"

base=$tmp/base
mkdir "$base" "$tmp/want"
(
	set -e
	cd "$base"
	awk 'BEGIN { for (i = 0; i < 40; i++) printf "%d,\"a, \"\"b\"\"\",%d.5\n", i, i }' >a.csv
	awk 'BEGIN { for (i = 0; i < 30; i++) printf "{\"id\":%d,\"x\":\"%d\"}\n", i, i }' >a.jsonl
	awk 'BEGIN { for (i = 0; i < 20; i++) printf "%d,%s\n", i, i == 7 ? "x" : i / 4 }' >n.csv
	printf '{"id":1,"x":[1,2,3]}' >one.json
	gzip -nk a.csv
	printf '\12\043\327\316\3\0\0\0abc\0\12\043\327\316\1\0\0\0d\0\0\0' >a.rec
	mkdir linear job home home/jobs
	printf '{ "format": "bt-linear", "version": 1, "kind": "linear", "weights": [2], "intercept": 1 }' >linear/model.json
	tar czf linear.tar.gz -C linear model.json
	bt-split --max-records 5 a.csv >refs
	bt-split --max-records 5 a.jsonl >refsj
	bt-split --max-records 5 n.csv >refsn
	bt-split --split-type None one.json >refs1
	bt-predict -m identity -o parts <refs >results
	bt-predict -m identity -o parts <refsj >resultsj
	bt-predict -m identity -o parts <refs1 >results1
	bt-predict --isolate -m linear -d linear --input-filter '$[1]' -o parts <refsn >resultsn || test $? -eq 1
	sed 3d results >short
	tr '#' '\t' <refs | cut -f1 | sort -u | tr '\n' '\0' >names
	printf 's3://b/a\0s3://b/c/d\0' >keys
	request j a.csv >request.json
	printf '{ "ModelName": "m", "PrimaryContainer": { "Image": "identity" } }' >model.json
	cp request.json results job
	cp refs job/references
	: >job/log
	bt-job --set-status InProgress job
	cp -r job home/jobs/j
) >"$tmp/log" 2>&1 || { cat "$tmp/log" >&2; exit 1; }

fresh() {	# the files of a case
	rm -rf "$tmp/run"
	cp -r "$base" "$tmp/run"
	cd "$tmp/run"
}

# kept: what of the outputs is there, by name.
kept() {
	for output in $outputs; do
		test ! -e "$output" || echo "$output $(settled <"$output" | cksum)"
	done
}

# The same but for what differs from run to run.
settled() {
	case $command in
	*--probe*) sed '/^load_ms=/d; /^memory/d' ;;
	*--set-status*) sed 's/20[0-9-]*T[0-9:.]*[+Z][0-9:]*/TIME/' ;;
	"bt-report -o"*) sed '/report made/d' ;;
	*)	cat ;;
	esac
}

# heal: what bt-predict left is completed, and joined as if nothing had been.
heal() {
	bt-todo --answered --failed lines >good &&
	    bt-todo good <"$references" >left &&
	    { test "$got" -ne 0 || test ! -s left || wrong "0, but not all is done"; } &&
	    sh -c "$command" <left >>good &&
	    bt-join -j Input good >joined && cmp joined "$tmp/want/joined"
}

# omitted: a job that cannot be read is not in the list, but told.
omitted() {
	case $command in
	*--list*) grep -q '/status\.json: ' err && ! jq '.[][]' lines | grep . ;;
	*)	return 1 ;;
	esac
}

# site FAULT: one run; what is wrong is said and counted.
site() {
	fresh
	got=0
	faulty "$1" FAULT_NAME="$tool" timeout -s KILL 20 sh -c "exec $command" \
	    <"$input" >lines 2>err || got=$?
	came || return 0
	sites=$((sites + 1))
	before=$bad_sites
	case $got in
	0 | 1 | 255) test "$got" -eq 0 || test -s err || wrong 'no message' ;;
	124 | 137) wrong 'it hangs' ;;
	*)	wrong "status $got" ;;
	esac
	find . -name '.bt-*' -o -name '*.unpacking.*' >temps
	test ! -s temps || grep -q ' unlink ' "$FAULT_DIR/hits" ||
	    wrong "left: $(cat temps)"
	if test -n "$references"; then
		heal >healed 2>&1 || wrong "not to be completed: $(tail -n 3 healed)"
	elif test "$got" -eq "$normal"; then
		settled <lines | cmp - "$tmp/want/out" || wrong 'other bytes'
		kept | cmp - "$tmp/want/kept" || wrong 'other outputs'
	else
		sed '$d' lines >beginning
		head -c "$(wc -c <beginning)" "$tmp/want/out" | cmp - beginning ||
		    omitted || wrong 'this is no beginning of it'
		kept | sort | comm -23 - "$tmp/want/any" >partly
		test ! -s partly || wrong "there in part: $(cat partly)"
	fi
	case $mode in
	survive*) test "$got" -eq "$normal" || wrong "status $got" ;;
	esac
	test "$before" -eq "$bad_sites" || {
		echo "FAULT=$1 FAULT_NAME=$tool: $(head -n 3 "$FAULT_DIR/hits" | xargs): $command"
		head -n 3 err | sed 's/^/	/'
	}
}

numbered() {	# numbered MODE N: $fault
	fault=${1#survive:}
	fault=${fault%N*}$2${fault#*N}
}

all_sites() {
	echo "$command"
	ends=$(($(date +%s) + limit / 30 + 1))
	bad_sites=0 sites=0 normal=0
	fresh
	kept | sort >"$tmp/want/any"
	sh -c "exec $command" <"$input" >lines 2>err || normal=$?
	test "$normal" -eq 0 || wrong "it fails by itself: $(cat err)"
	settled <lines >"$tmp/want/out"
	kept >"$tmp/want/kept"
	cat "$tmp/want/kept" >>"$tmp/want/any"
	sort -o "$tmp/want/any" "$tmp/want/any"
	test -z "$references" || bt-join -j Input lines >"$tmp/want/joined"
	for mode in $modes; do
		numbered "$mode" 1000000
		fresh
		faulty "$fault" FAULT_NAME="$tool" sh -c "exec $command" \
		    <"$input" >lines 2>err || :
		draw "$(od -An -td8 -N8 "$FAULT_DIR/count" | tr -d ' ')" |
		    sed "s/^/$mode /"
	done | shuffle >"$tmp/sites"
	while read -r mode i && ! late; do
		numbered "$mode" "$i"
		site "$fault" 3<&-
	done <"$tmp/sites"
	verdict
}

# try COMMAND [INPUT [OUTPUT ...]]: the paths of outputs that are whole or not
# there; an old one may stay.
try() {
	command=$1 tool=${1%% *} input=${2:-/dev/null} references=
	test $# -lt 2 || shift
	shift
	outputs=$*
	ok "$command" all_sites
}

# finish_off COMMAND REFERENCES: one that prints result lines for these.
finish_off() {
	command=$1 tool=${1%% *} input=$2 references=$2 outputs=
	ok "$command" all_sites
}

every_tool() {
	try 'bt-split --max-records 5 a.csv'
	try 'bt-split --max-records 5 --content-type text/csv -o spool -' a.csv
	try 'bt-split --max-records 5 -o sp/ a.csv.gz'
	try 'bt-split --batch-strategy SingleRecord a.jsonl'
	try 'bt-split --split-type RecordIO a.rec'
	try 'bt-split --files0-from names'
	finish_off 'bt-predict -m identity -o p' refs
	finish_off 'bt-predict -m identity --isolate --input-filter $[0] -o p' refs
	finish_off 'bt-predict -m linear -d linear --input-filter $[2] -o p' refs
	finish_off 'bt-predict -m linear -d linear.tar.gz --input-filter $[0] -o p' refs
	try 'bt-predict --probe -m identity'
	try 'bt-join -o out results' '' out/a.csv.out
	try 'bt-join -j Input results'
	try 'bt-join -j Input --output-filter $[0,-1] -o out results' '' out/a.csv.out
	try 'bt-join -j Input --output-filter $.SageMakerOutput -o out resultsj' '' out/a.jsonl.out
	try 'bt-join -j Input -o out results1' '' out/one.json.out
	try 'bt-join -j Input --errors errs --on-error placeholder=X --max-errors 1 -o out resultsn' '' out/n.csv.out errs
	try 'bt-join -j Input --inference-id=s --inference-time 2022-08-30T00:49:15Z -o out results' '' out/a.csv.out
	try 'bt-todo short' refs
	try 'bt-todo --failed resultsn' refsn
	try 'bt-todo --answered --failed resultsn'
	BT_INDEX=1 BT_COUNT=3 try 'bt-share refs'
	try 'bt-job --json request.json'
	try 'bt-job --model model.json request.json'
	try 'bt-job --describe job'
	try 'bt-job --list home/jobs'
	try 'bt-job --set-status Completed job' '' job/status.json
	try 'bt-report -o r.html job' '' r.html
	try 'bt-report --text job'
	try 'bt-progress -r refs' results
	try 'bt-s3manifest -0 s3://b/' keys
}
