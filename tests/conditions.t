#!/bin/sh
# Every tool under the odd conditions that a process may be started in: it does
# the same, or fails with a message; and nothing else is in what it writes.
. "${0%/*}/lib.sh"

# fixture: what the commands work on, and what each prints when all is well.
fixture() {
	export HOME="$PWD" i=0
	seq 300 >in.csv
	bt-split -n 100 in.csv >refs
	bt-predict -m identity -o parts <refs >results
	printf "./a\0./b\0" >names
	cat >job.json <<-END
	{ "TransformJobName": "j", "ModelName": "m", "TransformResources":
	  { "InstanceType": "ml.m5.large", "InstanceCount": 1 }, "TransformInput":
	  { "DataSource": { "S3DataSource": { "S3DataType": "S3Prefix", "S3Uri": "in.csv" } } },
	  "TransformOutput": { "S3OutputPath": "out" } }
	END
	mkdir -p jobs run
	cp refs run/references
	cp results run/results
	cat >commands <<-\END
	bt-split -n 100 in.csv
	bt-split -n 100 -c text/csv - <in.csv -o spool --overwrite
	bt-join results
	bt-todo --answered results
	bt-todo /dev/null <refs
	bt-progress <results
	bt-report --text run
	bt-job --json job.json
	bt-job --list jobs
	bt-transform list
	END
	if command -v bt-s3cat >/dev/null; then
		cat >>commands <<-\END
		bt-s3cat in.csv
		bt-s3manifest -0 ./ <names
		END
	fi
	while read -r command; do
		i=$((i + 1))
		sh -c "$command" >"want.$i" 2>/dev/null </dev/null
	done <commands
}

# alike COMMAND: says so if it ended with other than 0, or printed something else.
alike() {
	if ! cmp "want.$i" got || test "$got" -ne 0; then
		echo "$got: $1"
		cat err
	fi
}

# same_under BEFORE AFTER: each command, between these words of the shell, ends
# with 0 and prints what it does otherwise.
same_under() {
	i=0
	while read -r command; do
		i=$((i + 1)) got=0
		sh -c "$1 $command $2" >got 2>err </dev/null || got=$?
		alike "$1 $command $2"
	done <commands >"$tmp/bad"
	same "$tmp/bad" </dev/null
}

ok 'as it is when nothing is odd' '
	fixture
	same_under "" ""
'
ok 'standard input or standard error is closed' '
	fixture
	sed "/</d" commands >some
	same_under "" "2>&-"
	# Those that read it are below.
	grep -n "" commands | grep -v "<" | while IFS=: read -r i command; do
		got=0
		sh -c "$command <&-" >got 2>err || got=$?
		alike "$command <&-"
	done >bad
	same bad </dev/null
'
ok 'standard input that is needed and closed is an error' '
	fixture
	for command in "bt-split -c text/csv -o new -" "bt-todo /dev/null" bt-progress \
	    "bt-predict -m identity -o parts" "bt-join -"; do
		fails 1 sh -c "exec $command <&-"
		said "Bad file descriptor"
	done
'
ok 'standard output that is closed is an error' '
	fixture
	while read -r command; do
		got=0
		sh -c "$command >&-" 2>err </dev/null || got=$?
		if ! grep -q "Bad file descriptor" err || test $got -ne 1; then
			echo "$got: $command"
			cat err
		fi
	done <commands >bad
	same bad </dev/null
'
ok 'all three are closed: messages are nowhere, and outputs whole' '
	fixture
	printf "1,2\nx,4\n5,6\n" >odd.csv
	echo "{ \"format\": \"bt-linear\", \"version\": 1, \"kind\": \"linear\", \"weights\": [1, 1] }" >model.json
	bt-split -b SingleRecord odd.csv >refs
	fails 1 bt-predict -m linear -d . -o parts2 <refs >results
	bt-join -o out --on-error skip --errors e.jsonl results <&- >&- 2>&-
	same out/odd.csv.out <<-END
	3
	11
	END
	jq -c "[.object, .record]" e.jsonl >got
	same got <<-END
	["odd.csv",1]
	END
	printf "1,\"2\n3\",4\n" >bad.csv
	fails 1 sh -c "exec bt-split -c text/csv -o kept - <bad.csv 2>&-"
	cmp bad.csv kept
	fails 1 sh -c "exec bt-predict -m linear -d . -o parts3 <refs >again 2>&-"
	cut -f 1 again | cmp - refs
	printf "3\n11\n" | cmp - parts3/*
'
ok 'a limit of file sizes is an error like any other' '
	fixture
	seq 20000 >in.csv
	bt-split in.csv >refs
	bt-predict -m identity -o parts <refs >results
	for command in "bt-split -c text/csv -o new - <in.csv" "bt-join results >new" \
	    "bt-join -o out results" "bt-predict -m identity -o new <refs" \
	    "bt-progress <in.csv >new"; do
		rm -rf new
		fails 1 timeout 60 sh -c "ulimit -f 8; $command"
		said "File too large"
	done
	test ! -e out || test -z "$(ls -A out)"
'
ok 'few descriptors do, or are said to be too few' '
	fixture
	i=0
	while read -r command; do
		i=$((i + 1)) got=0
		case $command in bt-transform*) continue ;; esac
		for n in 4 6 8 12 16; do
			sh -c "exec prlimit --nofile=$n $command" >got 2>err </dev/null || got=$?
			case $got in
			0)	cmp "want.$i" got || echo "$n: $command" ;;
			1)	grep -q "Too many open files" err || { echo "$n: $command"; cat err; } ;;
			*)	echo "$got, $n: $command"; cat err ;;
			esac
			got=0
		done
	done <commands >bad
	same bad </dev/null
'
ok 'an empty environment, another mask, locale or CDPATH, signals ignored' '
	fixture
	path="PATH=$PATH BT_PLUGIN_PATH=$BT_PLUGIN_PATH"
	i=0
	while read -r command; do
		i=$((i + 1))
		case $command in bt-transform*) continue ;; esac
		for before in "env -i $path" "env CDPATH=/:/usr" "umask 077;" \
		    "LC_ALL=tr_TR.UTF-8" "TMPDIR=/nonexistent" "HOME=/nonexistent" \
		    "trap \"\" PIPE CHLD HUP INT TERM;"; do
			got=0
			sh -c "$before $command" >got 2>err </dev/null || got=$?
			alike "$before $command"
		done
	done <commands >bad
	same bad </dev/null
'
ok 'tools and plugins by relative paths' '
	fixture
	ln -s "$B" b
	BT_PLUGIN_PATH=b/plugins b/bt-predict -m identity -o parts4 <refs >again
	cut -f 1 again | cmp - refs
	cmp in.csv parts4/*
	b/bt-split -n 100 in.csv | cmp - want.1
'
finish
