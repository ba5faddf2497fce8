#!/bin/sh
# What is said of a job of several objects, some of which come to nothing: its
# counters, its reason, its outputs; the same when it is resumed.
. "${0%/*}/lib.sh"
. "${0%/*}/transform.sh"
export BT_PLUGIN_PATH="$B/plugins:$B/tests/plugins"

# objects: one that is good, one with a record that fails, one that bt-split
# refuses, one that bt-join refuses, one of which most records fail.
objects() {
	export BT_HOME="$PWD/home"
	model as_told
	mkdir all
	printf 'a,b\nc,d\n' >all/a.csv
	printf 'e,f\n400,x\ng,h\n' >all/b.csv
	printf '"i\nj",k\n' >all/c.csv
	printf 'l\n' >all/d.csv
	printf '500,x\n500,y\nm,n\n' >all/e.csv
}

# told NAME: what is said of the job.
told() {
	bt-transform describe "$1" |
	    jq -r '[.TransformJobStatus, .Counters.Objects,
		.Counters.ObjectsCompleted, .Counters.ObjectsFailed,
		.Counters.Records, .Counters.RecordsCompleted,
		.Counters.RecordsFailed, .FailureReason] | map(tostring) | join(" ")' |
	    sed "s,$PWD/in/,,g"
	# shellcheck disable=SC2046
	echo "outputs:" $(ls out)
}

# case_of NAME OBJECTS [OPTION ...]: a job of these letters, then resumed.
case_of() {
	name=$1 of=$2
	shift 2
	rm -rf in out
	mkdir in
	for object in $(echo "$of" | sed 's/./& /g'); do
		cp "all/$object.csv" in
	done
	request "$name" in '"BatchStrategy": "SingleRecord",
	    "DataProcessing": { "JoinSource": "Input", "OutputFilter": "$[0,3]" },
	    "ModelClientConfig": { "InvocationsMaxRetries": 0 }' >job.json
	echo "$name: $of${*:+ $*}"
	run_job "$@" job.json || :
	told "$name" >first
	cat first
	grep -q '^Completed' first || {
		run_job resume "$name" || :
		told "$name" | diff first - || :
	}
}

ok 'objects that come to nothing, in all ways at once' '
	objects
	{
		case_of all abcde
		case_of skip abcde --on-error skip
		case_of most abcde --on-error skip --max-errors 1
		case_of percent abcde --on-error skip --max-errors 50%
		case_of placed abcde --on-error placeholder=X,X
		case_of good a
		case_of borne abe --on-error skip
		case_of some abe --on-error skip --max-errors 1
		case_of split ac
		case_of join ad
		case_of both acd --on-error skip
		case_of record ab
		case_of records be
	} >got
	same got <<-\END
	all: abcde
	Failed 5 1 4 9 6 3 ClientError: b.csv: record 1 (byte 4): 400: as_told: record says 400,x (and 2 records of 1 other object)
	outputs: a.csv.out
	skip: abcde --on-error skip
	Failed 5 4 1 9 5 4 ClientError: c.csv: record 0 (line 1, byte 0): a newline inside a quoted field, column 1 (--embedded-newlines=keep keeps it as one record)
	outputs: a.csv.out b.csv.out d.csv.out e.csv.out
	most: abcde --on-error skip --max-errors 1
	Failed 5 3 2 9 5 4 AlgorithmError: e.csv: record 0 (byte 0): 500: as_told: record says 500,x (and 1 more record)
	outputs: a.csv.out b.csv.out d.csv.out
	percent: abcde --on-error skip --max-errors 50%
	Failed 5 2 3 9 5 4 AlgorithmError: e.csv: record 0 (byte 0): 500: as_told: record says 500,x (and 1 more record)
	outputs: a.csv.out b.csv.out
	placed: abcde --on-error placeholder=X,X
	Failed 5 4 1 9 5 4 ClientError: c.csv: record 0 (line 1, byte 0): a newline inside a quoted field, column 1 (--embedded-newlines=keep keeps it as one record)
	outputs: a.csv.out b.csv.out d.csv.out e.csv.out
	good: a
	Completed 1 1 0 2 2 0 null
	outputs: a.csv.out
	borne: abe --on-error skip
	Completed 3 3 0 8 5 3 null
	outputs: a.csv.out b.csv.out e.csv.out
	some: abe --on-error skip --max-errors 1
	Failed 3 2 1 8 5 3 AlgorithmError: e.csv: record 0 (byte 0): 500: as_told: record says 500,x (and 1 more record)
	outputs: a.csv.out b.csv.out
	split: ac
	Failed 2 1 1 2 2 0 ClientError: c.csv: record 0 (line 1, byte 0): a newline inside a quoted field, column 1 (--embedded-newlines=keep keeps it as one record)
	outputs: a.csv.out
	join: ad
	Failed 2 1 1 3 3 0 ClientError: d.csv: record 0 (byte 0): no column 3 in a row of 2 columns
	outputs: a.csv.out
	both: acd --on-error skip
	Failed 3 2 1 3 2 1 ClientError: c.csv: record 0 (line 1, byte 0): a newline inside a quoted field, column 1 (--embedded-newlines=keep keeps it as one record)
	outputs: a.csv.out d.csv.out
	record: ab
	Failed 2 1 1 5 4 1 ClientError: b.csv: record 1 (byte 4): 400: as_told: record says 400,x
	outputs: a.csv.out
	records: be
	Failed 2 0 2 6 3 3 ClientError: b.csv: record 1 (byte 4): 400: as_told: record says 400,x (and 2 records of 1 other object)
	outputs:
	END
'
finish
