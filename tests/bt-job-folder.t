#!/bin/sh
# What a job's folder says: its status, its counters, why it failed; jobs as a
# list.
# shellcheck disable=SC2086 # words to split
. "${0%/*}/lib.sh"
tab=$(printf '\t')

# folder: a job that nobody ran, in job.
folder() {
	mkdir -p job
	cat >job/request.json <<-END
	{ "TransformJobName": "job", "ModelName": "m", "MaxPayloadInMB": 6,
	  "TransformInput": { "DataSource": { "S3DataSource":
	      { "S3DataType": "S3Prefix", "S3Uri": "s3://b/in/" } }, "SplitType": "Line" },
	  "TransformOutput": { "S3OutputPath": "s3://b/out" },
	  "Tags": [ { "Key": "k", "Value": "v" } ] }
	END
}

# lines: result lines and references, with blanks for tabs.
lines() {
	sed "s/ \(p\/\|! \)/$tab\1/; s/ \(ms=\)/$tab\1/"
}

# run: three objects, of which one is done, one failed, one not there yet.
run() {
	folder
	cat >job/references <<-END
	in/a.csv#bytes=0+100,records=0+10
	in/a.csv#bytes=100+50,records=10+5,last
	in/b.csv#bytes=0+100,records=0+10
	in/b.csv#bytes=100+100,records=10+10,last
	in/c.csv#bytes=0+100,records=0+10
	END
	lines >job/results <<-END
	in/a.csv#bytes=100+50,records=10+5,last p/1.part#bytes=0+5,records=0+5 ms=1 bytes=50
	in/b.csv#bytes=100+100,records=10+10,last ! ms=3 status=400 error=record%2017%20(byte%20170):%20%22x%22%20is%20no%20number
	in/a.csv#bytes=0+100,records=0+10 p/1.part#bytes=5+10,records=5+10 ms=2 bytes=100
	END
}

counters() {
	jq -c .Counters "$@"
}

reason() {
	jq -r .FailureReason job/status.json
}

ok 'describe: the members of the API in its order, then counters' '
	run
	bt-job --set-status InProgress job
	bt-job --set-status Failed job
	bt-job --describe job >out
	sed "s/: \"20[0-9-]*T[0-9:]*\.[0-9]\{3\}000+00:00\"/: TIME/" out >got
	same got <<-\END
	{
	    "TransformJobName": "job",
	    "TransformJobArn": "arn:aws:sagemaker:local:000000000000:transform-job/job",
	    "TransformJobStatus": "Failed",
	    "FailureReason": "ClientError: in/b.csv: record 17 (byte 170): 400: \"x\" is no number",
	    "ModelName": "m",
	    "MaxPayloadInMB": 6,
	    "TransformInput": {
	        "DataSource": {
	            "S3DataSource": {
	                "S3DataType": "S3Prefix",
	                "S3Uri": "s3://b/in/"
	            }
	        },
	        "SplitType": "Line"
	    },
	    "TransformOutput": {
	        "S3OutputPath": "s3://b/out"
	    },
	    "CreationTime": TIME,
	    "TransformStartTime": TIME,
	    "TransformEndTime": TIME,
	    "Counters": {
	        "Objects": 3,
	        "ObjectsCompleted": 1,
	        "ObjectsFailed": 1,
	        "Batches": 5,
	        "BatchesCompleted": 2,
	        "BatchesFailed": 1,
	        "Records": 45,
	        "RecordsCompleted": 15,
	        "RecordsFailed": 10
	    }
	}
	END
	# Stored, not counted again.
	rm job/references job/results
	bt-job --describe job | cmp - out
'
ok 'the folder of a job that an earlier version ran' '
	mkdir job
	cat >job/request.json <<-\END
	{
	    "TransformJobName": "j",
	    "ModelName": "m",
	    "TransformInput": { "DataSource": { "S3DataSource": { "S3DataType": "S3Prefix", "S3Uri": "in" } } },
	    "TransformOutput": { "S3OutputPath": "out" },
	    "Tags": [ { "Key": "a", "Value": "b" } ],
	    "ExperimentConfig": { "RunName": "r" }
	}
	END
	cat >job/status.json <<-\END
	{
	    "TransformJobStatus": "Failed",
	    "CreationTime": "2026-11-29T14:02:26.375000+00:00",
	    "TransformStartTime": "2026-11-29T14:02:26.375000+00:00",
	    "LastModifiedTime": "2026-11-29T14:02:26.383000+00:00",
	    "TransformEndTime": "2026-11-29T14:02:26.383000+00:00",
	    "FailureReason": "ClientError: in/a: record 0 (byte 0): 400: no",
	    "Counters": {
	        "Objects": 1,
	        "ObjectsCompleted": 0,
	        "ObjectsFailed": 1,
	        "Batches": 1,
	        "BatchesCompleted": 0,
	        "BatchesFailed": 1,
	        "Records": 1,
	        "RecordsCompleted": 0,
	        "RecordsFailed": 1
	    }
	}
	END
	bt-job --describe job | jq -c . >got
	bt-job --list . | jq -c ".TransformJobSummaries[]" >>got
	bt-job --set-status InProgress job
	jq -r .CreationTime job/status.json >>got
	same got <<-\END
	{"TransformJobName":"j","TransformJobArn":"arn:aws:sagemaker:local:000000000000:transform-job/j","TransformJobStatus":"Failed","FailureReason":"ClientError: in/a: record 0 (byte 0): 400: no","ModelName":"m","TransformInput":{"DataSource":{"S3DataSource":{"S3DataType":"S3Prefix","S3Uri":"in"}}},"TransformOutput":{"S3OutputPath":"out"},"CreationTime":"2026-11-29T14:02:26.375000+00:00","TransformStartTime":"2026-11-29T14:02:26.375000+00:00","TransformEndTime":"2026-11-29T14:02:26.383000+00:00","ExperimentConfig":{"RunName":"r"},"Counters":{"Objects":1,"ObjectsCompleted":0,"ObjectsFailed":1,"Batches":1,"BatchesCompleted":0,"BatchesFailed":1,"Records":1,"RecordsCompleted":0,"RecordsFailed":1}}
	{"TransformJobName":"job","TransformJobArn":"arn:aws:sagemaker:local:000000000000:transform-job/job","CreationTime":"2026-11-29T14:02:26.375000+00:00","TransformEndTime":"2026-11-29T14:02:26.383000+00:00","LastModifiedTime":"2026-11-29T14:02:26.383000+00:00","TransformJobStatus":"Failed","FailureReason":"ClientError: in/a: record 0 (byte 0): 400: no"}
	2026-11-29T14:02:26.375000+00:00
	END
'
ok 'counters of a job that runs; a last line that is cut off counts as absent' '
	run
	bt-job --set-status InProgress job
	exec 9>job/lock
	flock 9
	bt-job --describe job >out
	counters out >got
	jq -r .TransformJobStatus out >>got
	printf "in/c.csv#bytes=0+100,records=0+10\tp/1.part#bytes=9+9,records=9+9\tms=1" >>job/results
	bt-job --describe job | counters >>got
	echo >>job/results
	bt-job --describe job | counters >>got
	cat >job/errors <<-\END
	{"object":"in/c.csv","record":1,"records":3,"status":"join","error":"x"}
	{"object":"in/c.csv","record":5,"offset":50,"status":"join"}
	{"object":"in/b.csv","record":0,"status":"400","error":"join"}
	no JSON
	END
	bt-job --describe job | counters >>got
	same got <<-\END
	{"Objects":3,"ObjectsCompleted":1,"ObjectsFailed":1,"Batches":5,"BatchesCompleted":2,"BatchesFailed":1,"Records":45,"RecordsCompleted":15,"RecordsFailed":10}
	InProgress
	{"Objects":3,"ObjectsCompleted":1,"ObjectsFailed":1,"Batches":5,"BatchesCompleted":2,"BatchesFailed":1,"Records":45,"RecordsCompleted":15,"RecordsFailed":10}
	{"Objects":3,"ObjectsCompleted":1,"ObjectsFailed":1,"Batches":5,"BatchesCompleted":3,"BatchesFailed":1,"Records":45,"RecordsCompleted":25,"RecordsFailed":10}
	{"Objects":3,"ObjectsCompleted":1,"ObjectsFailed":1,"Batches":5,"BatchesCompleted":3,"BatchesFailed":1,"Records":45,"RecordsCompleted":21,"RecordsFailed":14}
	END
'
ok 'an object without records is done when its line is there' '
	folder
	echo "e.csv#bytes=0+0,records=0+0,last" >job/references
	bt-job --set-status InProgress job
	bt-job --describe job | counters >got
	echo "e.csv#bytes=0+0,records=0+0,last p/1.part#bytes=0+0,records=0+0 ms=1" | lines >job/results
	bt-job --describe job | counters >>got
	same got <<-\END
	{"Objects":1,"ObjectsCompleted":0,"ObjectsFailed":0,"Batches":1,"BatchesCompleted":0,"BatchesFailed":0,"Records":0,"RecordsCompleted":0,"RecordsFailed":0}
	{"Objects":1,"ObjectsCompleted":1,"ObjectsFailed":0,"Batches":1,"BatchesCompleted":1,"BatchesFailed":0,"Records":0,"RecordsCompleted":0,"RecordsFailed":0}
	END
'
ok 'a line that is none is told, and the others are counted' '
	run
	bt-job --set-status InProgress job
	sed -i "2i\\
	nonsense" job/references job/results
	bt-job --describe job 2>err | counters >got
	cat err >>got
	same got <<-\END
	{"Objects":3,"ObjectsCompleted":1,"ObjectsFailed":1,"Batches":5,"BatchesCompleted":2,"BatchesFailed":1,"Records":45,"RecordsCompleted":15,"RecordsFailed":10}
	bt-job: job/references: line 2: not PATH#bytes=OFFSET+LENGTH,records=FIRST+COUNT; it is not counted
	bt-job: job/results: line 2: not REF, a tab, REPLY-REF or !, a tab, keys; it is not counted
	END
'
seed=${JOB_SEED:-$(od -An -N4 -tu4 /dev/urandom | xargs)}
ok "jobs drawn by lot, counted record by record (seed $seed)" '
	python3 "$top/tests/job/count.py" "$seed" 100
'
ok 'a document that is too large is not read to its end' '
	folder
	ln -s /dev/zero job/status.json
	fails 1 bt-job --describe job
	same "$tmp/err" <<-END
	bt-job: job/status.json: File too large
	END
	fails 1 bt-job --list . >out
	grep -c "bt-job: ./job/status.json: File too large" "$tmp/err" >n
	echo 1 | same n
	fails 1 bt-job --check /dev/zero
	said "bt-job: /dev/zero: File too large"
	fails 2 bt-job --check --environment file:///dev/zero
	said "bt-job: --environment: /dev/zero: File too large"
	# Blanks before it, up to 16 MiB in all.
	rm job/status.json
	bt-job --set-status InProgress job
	room() {
		{ head -c "$1" /dev/zero | tr "\0" " "; cat job/request.json; } >padded
	}
	room $(((16 << 20) - $(wc -c <job/request.json)))
	bt-job --check padded
	room $(((16 << 20) - $(wc -c <job/request.json) + 1))
	fails 1 bt-job --check padded
	said "bt-job: padded: File too large"
'
ok 'a million lines, in order or not, in bounded memory' '
	folder
	awk "BEGIN { for (i = 0; i < 1000000; i++) {
		r = sprintf(\"in/a.csv#bytes=%d+9,records=%d+3%s\", i * 9, i * 3, i == 999999 ? \",last\" : \"\")
		print r >\"job/references\"
		printf \"%s\\tp/1.part#bytes=%d+2,records=%d+3\\tms=1\\n\", r, i * 2, i * 3 >\"job/results\" } }"
	bt-job --set-status InProgress job
	want="{\"Objects\":1,\"ObjectsCompleted\":1,\"ObjectsFailed\":0,\"Batches\":1000000,\"BatchesCompleted\":1000000,\"BatchesFailed\":0,\"Records\":3000000,\"RecordsCompleted\":3000000,\"RecordsFailed\":0}"
	# A sanitizer takes terabytes of addresses.
	limit() {
		case $B in *-san) ;; *) ulimit -v "$1" ;; esac
	}
	(limit 16000; bt-job --describe job) | counters >got
	test "$(cat got)" = "$want"
	# What failed first does not hold up the others.
	sed "1s/p[^	]*\(	ms=1\)/!\1 status=400 error=no/" job/results >failed
	cp failed job/results
	(limit 16000; bt-job --describe job) | jq -c "[.Counters.BatchesCompleted, .Counters.BatchesFailed]" >got
	test "$(cat got)" = "[999999,1]"
	sed "1s/!	ms=1.*/p#bytes=0+2,records=0+3	ms=1/" failed >job/results
	shuf job/results >mixed
	mv mixed job/results
	(limit 64000; timeout 60 bt-job --describe job) | counters >got
	test "$(cat got)" = "$want"
'
ok 'what a job can be after what it was' '
	folder
	while read -r words; do
		rm -f job/status.json
		for status in $words; do
			case $status in
			+*)	bt-job --set-status "${status#+}" job ;;
			-*)	cp job/status.json before 2>/dev/null || :
				fails 1 bt-job --set-status "${status#-}" job
				test ! -e job/status.json || cmp before job/status.json
			esac
		done
	done <<-END
	-Completed -Failed -Stopping -Stopped +InProgress +InProgress -Stopped +Completed -InProgress -Completed -Failed -Stopping -Stopped
	+InProgress +Failed -Completed -Failed -Stopping -Stopped +InProgress +Stopping -Completed -Failed -InProgress +Stopping -InProgress +Stopped -Completed -Stopping +InProgress
	END
	rm job/status.json
	fails 1 bt-job --set-status Completed job
	echo "bt-job: job/status.json: the job has no status, which cannot become Completed" >want
	bt-job --set-status InProgress job
	fails 1 bt-job --set-status Stopped job 2>>err
	echo "bt-job: job/status.json: the job is InProgress, which cannot become Stopped" | cmp - "$tmp/err"
	fails 2 bt-job --set-status Running job
	echo "bt-job: --set-status Running: not InProgress, Completed, Failed, Stopping or Stopped" | cmp - "$tmp/err"
	fails 2 bt-job --set-status Completed --failure-reason x job
	echo "bt-job: --failure-reason: the status is not Failed" | cmp - "$tmp/err"
'
ok 'times: kept when a job is resumed, its end and reason gone' '
	folder
	bt-job --set-status InProgress job
	cp job/status.json first
	now=$(date +%s)
	created=$(date -d "$(jq -r .CreationTime first)" +%s)
	test $((now - created)) -ge 0 -a $((now - created)) -lt 60
	jq -e ".CreationTime == .TransformStartTime and .TransformEndTime == null" first
	bt-job --set-status Failed --failure-reason "ClientError: so" job
	jq -e ".FailureReason == \"ClientError: so\" and .TransformEndTime == .LastModifiedTime" job/status.json
	bt-job --set-status InProgress job
	jq -S "del(.LastModifiedTime)" job/status.json >got
	jq -S "del(.LastModifiedTime)" first | cmp - got
	bt-job --set-status Stopping job
	jq -e ".TransformEndTime == null and .Counters == null" job/status.json
	bt-job --set-status Stopped job
	jq -e ".TransformEndTime and .Counters and .FailureReason == null" job/status.json
'
ok 'a status is written whole or not at all' '
	run
	bt-job --set-status InProgress job
	cp job/status.json before
	status=0
	(ulimit -f 1; trap "" XFSZ; bt-job --set-status Failed --failure-reason "$(printf %0900d 0)" job) 2>err || status=$?
	test $status -eq 1
	grep -x "bt-job: job/status.json: File too large" err
	cmp before job/status.json
	ls -A job >got
	same got <<-\END
	references
	request.json
	results
	status.json
	END
	echo "{ \"TransformJobStatus\": \"Failed\"" >job/status.json
	fails 1 bt-job --set-status InProgress job
	said "bt-job: job/status.json: line 2, column 0: "
	echo "{}" >job/status.json
	fails 1 bt-job --describe job
	echo "bt-job: job/status.json: no TransformJobStatus in it" | cmp - "$tmp/err"
	fails 1 bt-job --set-status InProgress gone
	echo "bt-job: gone: No such file or directory" | cmp - "$tmp/err"
'
ok 'of many who write at once, each follows on the other' '
	folder
	bt-job --set-status InProgress job
	# Which is first is chance: either may be, and the other then may not.
	for status in Completed Failed Completed Failed Completed Failed; do
		bt-job --set-status $status job 2>>err && echo $status >>took &
	done
	wait
	test "$(wc -l <took)" -eq 1
	test "$(jq -r .TransformJobStatus job/status.json)" = "$(cat took)"
	test "$(grep -c "the job is $(cat took), which cannot become " err)" -eq 5
'
ok 'two stops at once are one' '
	folder
	bt-job --set-status InProgress job
	for i in 1 2 3 4; do
		bt-job --set-status Stopping job && echo took >>took &
	done
	wait
	test "$(wc -l <took)" -eq 4
	bt-job --set-status Stopped job
'
# Objects a, of 12000 batches, b and c of 4000 each, d of 2.
many_batches() {
	awk 'BEGIN {
		split("a 12000 b 4000 c 4000 d 2", of)
		for (o = 1; o < 8; o += 2)
			for (i = 0; i < of[o + 1]; i++)
				printf "in/%s.csv#bytes=%.0f+4030600,records=%.0f+40,crc32c=%08x,note=as_long_as_a_path_that_is_long_is%s\n", of[o],
				    i * 4030600, i * 40, i, i == of[o + 1] - 1 ? ",last" : ""
	}'
}

# answers FROM TO [!]: of the lines FROM to TO of all references.
answers() {
	sed -n "$1,$2p" all | awk -v of="${3-p/w.part#bytes=0+5,records=0+40}" \
	    '{ printf "%s\t%s\tms=1 status=500 error=x\n", $0, of }'
}

# plainly: what is said of a job that has no tally.
plainly() {
	rm -rf other
	cp -r job other
	rm -f other/tally
	bt-job --describe other | jq -c "[.Counters[]]"
}

# believed: whether there is a tally that is.  Otherwise the first line counts,
# which is changed in its place.
believed() {
	bt-job --describe job | jq -c "[.Counters[]]" >got
	printf x | dd of=job/results conv=notrunc
	bt-job --describe job | jq -c "[.Counters[]]" >later
	printf i | dd of=job/results conv=notrunc
	cmp -s got later
}

tallied() {
	believed && plainly | cmp - got
}

not_believed() {
	plainly >want
	fails 1 believed
	cmp want got
	cat got
}

# running: somebody has the lock of the job, and its results pass by, from
# descriptor 3.
running() {
	exec 9>>job/lock
	flock 9
	rm -f to
	mkfifo to
	bt-progress --tally job <to 9>&- 2>/dev/null &
	exec 3>to
}

give() {
	tee -a job/results >&3
}

ended() {
	exec 3>&-
	wait $!
}

ok 'a tally says what counting does' '
	folder
	bt-job --set-status InProgress job
	many_batches >all
	head -n 15000 all >job/references
	: >job/results
	running >lines
	answers 1 100 | give
	sleep 0.3
	test ! -e job/tally
	not_believed >numbers
	answers 101 9000 | give
	await tallied
	cat got >>numbers
	# A result before its reference, failures, the same again, one in two.
	{ answers 16001 16002; answers 500 600; answers 102 102 !; answers 12000 12100 !; } | give
	answers 13000 13000 | head -c 70 | give
	tail -n +15001 all >>job/references
	await tallied
	cat got >>numbers
	answers 13000 13000 | tail -c +71 | give
	{ answers 12050 12060; answers 9001 12004; answers 1 20 !; answers 16003 20002; } | give
	await tallied
	cat got >>numbers
	printf "in/%s.csv\n" a d >job/joined
	printf "in/%s.csv\0" a b c d e >job/objects
	tallied
	cat got >>numbers
	echo "{\"object\":\"in/a.csv\",\"record\":1,\"status\":\"join\"}" >job/errors
	ended
	tallied
	cat got >>numbers
	# With a record that failed, as --on-error skip puts it there.
	printf "in/%s.csv\n" b >>job/joined
	tallied
	cat got >>numbers
	same numbers <<-END
	[2,0,0,15000,100,0,600000,4000,0]
	[2,0,0,15000,9000,0,600000,360000,0]
	[4,0,2,20002,9002,101,800080,360080,4040]
	[4,3,1,20002,16018,85,800080,640720,3400]
	[5,2,1,20002,16018,85,800080,640720,3400]
	[5,2,1,20002,16018,85,800080,640719,3401]
	[5,3,0,20002,16018,85,800080,640719,3401]
	END
'
# ended_run: one that has a tally.
ended_run() {
	folder
	bt-job --set-status InProgress job
	many_batches >all
	cp all job/references
	printf "in/%s.csv\0" a b c d >job/objects
	printf "in/%s.csv\n" d >job/joined
	: >job/results
	running >lines
	{ answers 1 8000; answers 12001 12002 !; } | give
	ended
	cp job/tally kept
	tallied
}

ok 'a tally that is damaged is not believed' '
	ended_run
	for damage in rm "truncate -s 0" "truncate -s 100" "truncate -s -1" "truncate -s +1" "sed -i s/csv/svc/" "sed -i s/tally/TALLY/"; do
		cp kept job/tally
		$damage job/tally
		not_believed
	done
	cp kept job/tally
	believed
'
ok 'nor is that of another run, of one that was killed, or that of an engine' '
	ended_run
	exec 9>&-
	not_believed
	exec 9>>job/lock
	flock 9
	believed
	echo slurm 1 2 >job/engine
	not_believed
	rm job/engine
	believed
	: >job/joined
	not_believed
	printf "in/%s.csv\n" d >job/joined
	believed
	head -n 20001 all >job/references
	not_believed
	cp all job/references
	believed
	cp job/results new
	mv new job/results
	not_believed
	# Resumed: the lines from before count, and the tally is gone until then.
	answers 1 8000 >new
	mv new job/results
	running >lines
	await test ! -e job/tally
	cat job/results >&3
	answers 8001 8010 | give
	await tallied
	same got <<-END
	[4,1,0,20002,8010,0,800080,320400,0]
	END
	ended
	tallied
'
ok 'nor is one that is old, as if what reads the lines is slow' '
	ended_run
	answers 8001 14000 >>job/results
	sleep 2.1
	not_believed
	mkfifo from
	exec 4<>from
	running >from 4>&-
	cat job/results >&3 &
	head -c 1300000 <&4 | wc -c
	sleep 2.5
	not_believed
	cat <&4 3>&- >/dev/null &
	reader=$!
	await tallied
	exec 3>&-
	kill "$reader"
'
ok 'there is none after a line that is none, or if it cannot be written' '
	ended_run
	running >lines
	cat job/results >&3
	echo none | give
	ended
	not_believed
	said "line 8003: not REF"
	truncate -s -5 job/results
	mkdir -p job/.tally.new
	running >lines
	cat job/results >&3
	ended
	not_believed
	ls -A job | grep tally >got
	same got <<-END
	.tally.new
	END
'
ok 'a folder gets its name with its status' '
	mkdir -p jobs/other
	: >jobs/other/file
	folder
	mv job jobs/.new
	fails 1 bt-job --set-status InProgress --rename jobs/other jobs/.new
	same "$tmp/err" <<-END
	bt-job: jobs/other: Directory not empty
	END
	bt-job --set-status InProgress --rename jobs/j jobs/.new
	ls -A jobs jobs/j | xargs >got
	same got <<-END
	jobs: j other jobs/j: request.json status.json
	END
	fails 2 bt-job --describe --rename x jobs/j
'
if strace -o "$tmp/calls" true 2>/dev/null; then
	ok 'what a status speaks of is on the disk before it' '
		folder
		mkdir -p job/parts
		: >job/parts/a.part
		mkfifo job/parts/fifo
		calls() {
			ASAN_OPTIONS=detect_leaks=0 strace -qq -y -o calls \
			    -e trace=syncfs,fsync,rename bt-job --set-status "$@" job
			sed "s|$PWD|DIR|g; s|[.]bt-[0-9]*-0|TEMP|; s|([0-9]*<|(<|; s|) *=|) =|" calls
		}
		calls InProgress >got
		# The files of a folder are in any order.
		{ head -n 3 got | LC_ALL=C sort; tail -n +4 got; } >sorted
		mv sorted got
		calls Stopping >>got
		same got <<-\END
		fsync(<DIR/job/parts/a.part>) = 0
		fsync(<DIR/job/parts>) = 0
		fsync(<DIR/job/request.json>) = 0
		fsync(<DIR/job>) = 0
		fsync(<DIR>) = 0
		fsync(<DIR/job/TEMP.tmp>) = 0
		rename("job/TEMP.tmp", "job/status.json") = 0
		fsync(<DIR/job>) = 0
		fsync(<DIR/job/TEMP.tmp>) = 0
		rename("job/TEMP.tmp", "job/status.json") = 0
		fsync(<DIR/job>) = 0
		END
		# So many that they are not taken one by one.
		(cd job/parts; seq -f %g.part 70 | xargs touch)
		calls Stopped | grep -v TEMP | sort -u >all
		test "$(grep -c part all)" -lt 70
		grep -v "job/[a-z]" all >got
		same got <<-\END
		fsync(<DIR/job>) = 0
		fsync(<DIR>) = 0
		syncfs(<DIR/job>) = 0
		END
		rm -r job
		folder
		bt-job --set-status InProgress job
		bt-job --set-status Stopping job
		for call in fsync:when=1 fsync:when=3 fsync:when=4 fsync:when=5 rename; do
			cp job/status.json before
			ASAN_OPTIONS=detect_leaks=0 fails 1 strace -qq -o calls \
			    -e trace=syncfs,fsync,rename -e inject="${call%%:*}:error=ENOSPC${call#"${call%%:*}"}" \
			    bt-job --set-status Stopped job
			cmp before job/status.json
		done 2>&1 | sed "s,job/request,job/status," >got
		same got <<-\END
		bt-job: job/status.json: No space left on device
		bt-job: job: No space left on device
		bt-job: job/..: No space left on device
		bt-job: job/status.json: No space left on device
		bt-job: job/status.json: No space left on device
		END
		ls -A job >got
		same got <<-\END
		request.json
		status.json
		END
	'
else
	skip 'what a status speaks of is on the disk before it' 'no strace(1) here'
fi

# failed [LINE ...]: the reason, with these results.
failed() {
	printf "%s\n" "$@" | lines >job/results
	rm -f job/status.json
	bt-job --set-status InProgress job
	bt-job --set-status Failed $prefix job
	reason
}
prefix=

ok 'the reason is the first record that failed, and who is to blame' '
	run
	b="in/b.csv#bytes=0+100,records=0+10" c="in/c.csv#bytes=0+100,records=0+10"
	{
		for status in 400 413 count input line 500 503 crash timeout memory; do
			failed "$b ! ms=1 status=$status error=no"
		done
		failed "$c ! ms=1 status=500 error=record%203%20(byte%2030):%20no" "$b ! ms=1 status=400 error=records%200%20to%209%20(byte%200):%20a:%20b"
		# Tried again, and answered; and in pieces.
		failed "$b ! ms=1 status=400 error=old" "$b p/1.part#bytes=0+1,records=0+1 ms=1" "$c ! ms=1 status=500 error=new"
		failed "in/b.csv#bytes=50+10,records=5+1 ! ms=1 status=400 error=record%205%20(byte%2050):%20no" "in/b.csv#bytes=0+50,records=0+5 p/1.part#bytes=0+1,records=0+1 ms=1"
		failed "in/b.csv#bytes=50+10,records=5+1 ! ms=1 status=400 error=record%205%20(byte%2050):%20no" "in/b.csv#bytes=70+10,records=7+1 ! ms=1 status=400 error=x"
		failed "$b ! ms=1 status=400 error=no" "in/a.csv#bytes=100+50,records=10+5,last ! ms=1 status=400 error=first" \
		    "in/a.csv#bytes=0+10,records=0+1 ! ms=1 status=400 error=record%200%20(byte%200):%20one" "$c ! ms=1 status=400 error=no"
		prefix="--object-prefix in/=s3://b/in/"
		failed "$b ! ms=1 status=400 error=no"
		prefix="--object-prefix other/=s3://b/in/"
		failed "$b ! ms=1 status=400 error=no"
	} >got
	same got <<-\END
	ClientError: in/b.csv: records 0 to 9 (byte 0): 400: no
	ClientError: in/b.csv: records 0 to 9 (byte 0): 413: no
	ClientError: in/b.csv: records 0 to 9 (byte 0): count: no
	ClientError: in/b.csv: records 0 to 9 (byte 0): input: no
	ClientError: in/b.csv: records 0 to 9 (byte 0): line: no
	AlgorithmError: in/b.csv: records 0 to 9 (byte 0): 500: no
	AlgorithmError: in/b.csv: records 0 to 9 (byte 0): 503: no
	AlgorithmError: in/b.csv: records 0 to 9 (byte 0): crash: no
	AlgorithmError: in/b.csv: records 0 to 9 (byte 0): timeout: no
	AlgorithmError: in/b.csv: records 0 to 9 (byte 0): memory: no
	ClientError: in/b.csv: records 0 to 9 (byte 0): 400: a: b (and 10 records of 1 other object)
	AlgorithmError: in/c.csv: records 0 to 9 (byte 0): 500: new
	ClientError: in/b.csv: record 5 (byte 50): 400: no
	ClientError: in/b.csv: record 5 (byte 50): 400: no (and 1 more record)
	ClientError: in/a.csv: record 0 (byte 0): 400: one (and 5 more records, 20 records of 2 other objects)
	ClientError: s3://b/in/b.csv: records 0 to 9 (byte 0): 400: no
	ClientError: in/b.csv: records 0 to 9 (byte 0): 400: no
	END
'
ok 'where no record failed, the reason is what a tool said first, or the end of the log' '
	run
	{
		failed ""
		printf "mv: a.csv: one\nmv: b.csv: \"two\"\t\303\251\377\n\n" >job/log
		failed ""
		head -c 100000 /dev/zero | tr "\0" x >>job/log
		printf "\nlast without newline" >>job/log
		failed ""
		prefix="--object-prefix in/=s3://b/in/"
		printf "%s\n" x "bt-join: no result lines" "bt-join: in/a.csv: record 3 (byte 9): no JSON" "bt-join: in/b.csv: record 0 (byte 0): no JSON" >job/log
		failed ""
		echo "bt-split: in/a.csv: it has been cut" >>job/log
		failed ""
		printf "%s\n" "bt-predict: model_fn: bt-split: no" "bt-split: in/a.csv: it has been cut" >job/log
		failed ""
		printf "%s\n" "bt-predict: in/b.csv: record 1 (byte 4): no" "bt-predict: in/b.csv: records 2 to 3: no" "bt-split: in/c.csv: no" >job/log
		failed ""
		printf "%s\n" "a bt-split: no" "bt-transform: 2 objects, not 3 objects" end >job/log
		failed ""
		# What is only told, and records that are borne.
		printf "%s\n" "bt-predict: replies of text/html are not counted: give --accept" \
		    "bt-predict: the same error at the second try: no" "bt-predict: python: warning: old" \
		    "bt-join: in/a.csv: left out record 1 (byte 4): not JSON" >notes
		(cat notes; echo "bt-join: in/b.csv: the replies are text/html: only the same type can be joined"; echo end) >job/log
		failed ""
		(cat notes; echo "bt-join: in/a.csv: 2 records failed, more than 1"; echo end) >job/log
		failed ""
		(cat notes; echo "bt-predict: python: no such model") >job/log
		failed ""
	} >got
	same got <<-\END
	InternalServerError: the run ended, and its log does not say why
	InternalServerError: mv: b.csv: "two"	é?
	InternalServerError: last without newline
	ClientError: s3://b/in/a.csv: record 3 (byte 9): no JSON
	ClientError: s3://b/in/a.csv: it has been cut
	AlgorithmError: model_fn: bt-split: no
	ClientError: s3://b/in/c.csv: no
	InternalServerError: 2 objects, not 3 objects
	ClientError: s3://b/in/b.csv: the replies are text/html: only the same type can be joined
	ClientError: s3://b/in/a.csv: 2 records failed, more than 1
	AlgorithmError: python: no such model
	END
'
ok 'a log without an end is not read to it' '
	folder
	ln -s /dev/zero job/log
	bt-job --set-status InProgress job
	timeout 60 bt-job --set-status Failed job
	printf "InternalServerError: %01000d...\n" 0 | tr 0 "?" >want
	reason | diff want -
'
ok 'a reason is at most 1024 characters, object and record in it' '
	run
	long=$(printf %02000d 0 | sed "s/0/é/g")
	failed "in/b.csv#bytes=0+100,records=0+10 ! ms=1 status=400 error=$long" \
	    "in/c.csv#bytes=0+100,records=0+10 ! ms=1 status=400 error=x" >got
	export LC_ALL=C.UTF-8
	test "$(tr -d "\n" <got | wc -m)" -eq 1024
	sed "s/\(é\)*/E/" got | sed "s/é//g" >cut
	grep -x "E*ClientError: in/b.csv: records 0 to 9 (byte 0): 400: .*\.\.\. (and 10 records of 1 other object)" cut
	name=$(printf %01500d 0)/end
	echo "$name#bytes=0+1,records=0+1,last" >job/references
	failed "$name#bytes=0+1,records=0+1,last ! ms=1 status=400 error=$long" >got
	test "$(tr -d "\n" <got | wc -m)" -eq 1024
	grep "^ClientError: \.\.\.0*/end: record 0 (byte 0): 400: " got
	bt-job --set-status InProgress job
	bt-job --set-status Failed --failure-reason "$long" job
	test "$(reason | tr -d "\n" | wc -m)" -eq 1024
'
ok 'a job that was killed is shown as failed, until it is resumed' '
	folder
	bt-job --set-status InProgress job
	shown() {
		bt-job --describe job | jq -c "[.TransformJobStatus, .FailureReason]"
		bt-job --list . | jq -c "[.TransformJobSummaries[] | .TransformJobStatus]"
	}
	{
		shown
		: >job/lock
		shown
		exec 9>job/lock
		flock 9
		shown
		bt-job --set-status Stopping job
		shown
		flock -u 9
		shown
		flock 9
		bt-job --set-status Stopped job
		bt-job --set-status InProgress job
		shown
		bt-job --set-status Completed job
		flock -u 9
		shown
	} >got
	same got <<-\END
	["Failed","InternalServerError: the run was killed; resume goes on with it"]
	["Failed"]
	["Failed","InternalServerError: the run was killed; resume goes on with it"]
	["Failed"]
	["InProgress",null]
	["InProgress"]
	["Stopping",null]
	["Stopping"]
	["Failed","InternalServerError: the run was killed; resume goes on with it"]
	["Failed"]
	["InProgress",null]
	["InProgress"]
	["Completed",null]
	["Completed"]
	END
	# Only shown.
	jq -e ".TransformJobStatus == \"Completed\"" job/status.json
'

# job NAME STATUS CREATED MODIFIED: one in the folder jobs.
job() {
	mkdir -p "jobs/$1"
	cat >"jobs/$1/status.json" <<-END
	{ "TransformJobStatus": "$2", "CreationTime": "$3", "LastModifiedTime": "$4",
	  "TransformEndTime": "$4", "FailureReason": "so" }
	END
}

# jobs: five of them, and what is no job.
jobs() {
	job a-1 Completed 2026-01-02T00:00:00.500000+00:00 2026-01-03T00:00:00.000000+00:00
	job b-1 Failed 2026-01-01T00:00:00.000000+00:00 2026-01-05T00:00:00.000000+00:00
	job c-2 Stopped 2026-01-03T00:00:00.000000+00:00 2026-01-04T00:00:00.000000+00:00
	job d-2 Completed 2026-01-02T00:00:00.500000+00:00 2026-01-02T12:00:00.000000+00:00
	job e-3 Failed 2025-12-31T23:59:59.999000+00:00 2026-01-06T00:00:00.000000+00:00
	mkdir jobs/none
	echo >jobs/file
}

names() {
	bt-job --list "$@" jobs | jq -r ".TransformJobSummaries[].TransformJobName" | xargs
}

ok 'jobs as a list: what is said of each, and in which order' '
	jobs
	bt-job --list --name-contains b- jobs >got
	same got <<-\END
	{
	    "TransformJobSummaries": [
	        {
	            "TransformJobName": "b-1",
	            "TransformJobArn": "arn:aws:sagemaker:local:000000000000:transform-job/b-1",
	            "CreationTime": "2026-01-01T00:00:00.000000+00:00",
	            "TransformEndTime": "2026-01-05T00:00:00.000000+00:00",
	            "LastModifiedTime": "2026-01-05T00:00:00.000000+00:00",
	            "TransformJobStatus": "Failed",
	            "FailureReason": "so"
	        }
	    ]
	}
	END
	{
		names
		names --sort-order Ascending
		names --sort-by Name
		names --sort-by Name --sort-order Ascending
		names --sort-by Status
		names --sort-by Status --sort-order Ascending
	} >got
	same got <<-\END
	c-2 d-2 a-1 b-1 e-3
	e-3 b-1 a-1 d-2 c-2
	e-3 d-2 c-2 b-1 a-1
	a-1 b-1 c-2 d-2 e-3
	c-2 e-3 b-1 d-2 a-1
	a-1 d-2 b-1 e-3 c-2
	END
'
ok 'jobs by name, status and time' '
	jobs
	export TZ=XYZ-2
	{
		names --name-contains -2
		names --status-equals Failed
		names --status-equals InProgress
		names --creation-time-after 2026-01-02T00:00:00.500Z
		names --creation-time-after 2026-01-02T00:00:00.499Z --sort-by Name
		names --creation-time-before 2026-01-01
		names --creation-time-before 2026-01-01T02:00:00.001
		names --creation-time-before 2026-01-01T00:00:00.001+00:00
		names --creation-time-before "2026-01-01 01:00-0000"
		names --creation-time-before 1767225600
		names --creation-time-before 1767225600.001
		names --last-modified-time-after 2026-01-05T05:30:00+0530
		names --last-modified-time-before 2026-01-05T05:30:00.001+0530 --status-equals Failed
		names --last-modified-time-before 2026-01-04T19:30:00-04:30 --status-equals Failed
		names --last-modified-time-before 2026-01-03T00:00:00.001Z --status-equals Completed --sort-by Name
	} >got
	same got <<-\END
	c-2 d-2
	b-1 e-3
	
	c-2
	d-2 c-2 a-1
	
	b-1 e-3
	b-1 e-3
	b-1 e-3
	e-3
	b-1 e-3
	e-3
	b-1
	
	d-2 a-1
	END
	for time in "" x 2026- 2026-13-01 2026-02-29 2026-01-01T24:00Z 2026-01-01T1:00Z 2026-01-01T00:00Zx 2026-01-01T00:00:00.Z 1.x -1; do
		fails 2 bt-job --list --creation-time-after "$time" jobs
		echo "bt-job: --creation-time-after $time: not an ISO 8601 time, nor seconds since the Epoch" | cmp - "$tmp/err"
	done
'
ok 'all jobs are listed, or as many as are asked for' '
	n=0
	while test $n -lt 120; do
		n=$((n + 1))
		job "many-$n" Completed 2026-01-01T00:00:00.000000+00:00 2026-01-01T00:00:00.000000+00:00
	done
	bt-job --list jobs | jq -c "keys, (.TransformJobSummaries | length)" >got
	names --sort-by Name --max-results 2 >>got
	names --max-results 101 | wc -w >>got
	same got <<-\END
	["TransformJobSummaries"]
	120
	many-99 many-98
	101
	END
	fails 2 bt-job --list --next-token x jobs
	echo "bt-job: --next-token: no longer an option: --list prints all jobs" | same "$tmp/err"
'
ok 'a status that is damaged hides no other job' '
	jobs
	mkdir jobs/half jobs/empty jobs/folder jobs/folder/status.json jobs/other jobs/nul
	head -c 40 jobs/a-1/status.json >jobs/half/status.json
	: >jobs/empty/status.json
	echo "[]" >jobs/other/status.json
	head -c 100 /dev/zero >jobs/nul/status.json
	cp -R jobs/a-1 "jobs/$(printf "x\377")"
	fails 1 bt-job --list --sort-by Name --sort-order Ascending jobs >got
	jq -r ".TransformJobSummaries[].TransformJobName" got | xargs >out
	sort "$tmp/err" | tr "\377" "?" | sed "s/line.*/line .../" >>out
	same out <<-END
	a-1 b-1 c-2 d-2 e-3
	bt-job: jobs/empty/status.json: line ...
	bt-job: jobs/folder/status.json: Is a directory
	bt-job: jobs/half/status.json: line ...
	bt-job: jobs/nul/status.json: line ...
	bt-job: jobs/other/status.json: no TransformJobStatus in it
	bt-job: jobs/x?: a name that is not UTF-8
	END
	fails 1 bt-job --describe jobs/empty
'
ok 'lists that are none' '
	mkdir empty
	bt-job --list empty >got
	same got <<-\END
	{
	    "TransformJobSummaries": []
	}
	END
	fails 1 bt-job --list gone
	echo "bt-job: gone: No such file or directory" | cmp - "$tmp/err"
	while IFS="|" read -r option value why; do
		fails 2 bt-job --list "$option" "$value" empty
		echo "bt-job: $option $value: $why" | cmp - "$tmp/err"
	done <<-\END
	--max-results|0|less than 1
	--sort-by|names|not Name, CreationTime or Status
	--sort-order|Up|not Ascending or Descending
	--status-equals|Done|not InProgress, Completed, Failed, Stopping or Stopped
	--name-contains|a_b|not at most 63 letters, digits and hyphens
	END
'
ok 'tables, for people' '
	mkdir -p jobs/first jobs/second-one jobs/third "jobs/a	b"
	status() {	# status STATUS COMPLETED END REASON
		printf "{ \"TransformJobStatus\": \"%s\"" "$1"
		printf ", \"CreationTime\": \"2026-01-02T03:04:05.678000+00:00\""
		test -z "$3" || printf ", \"TransformEndTime\": \"2026-01-%s+00:00\"" "$3"
		test -z "$4" || printf ", \"FailureReason\": \"%s\"" "$4"
		test -z "$2" || printf ", \"Counters\": { \"Objects\": 2,
		    \"ObjectsCompleted\": 1, \"ObjectsFailed\": 1, \"Batches\": 3,
		    \"BatchesCompleted\": 3, \"BatchesFailed\": 0, \"Records\": 814,
		    \"RecordsCompleted\": %d, \"RecordsFailed\": %d }" "$2" $((814 - $2))
		echo " }"
	}
	status Completed 814 02T03:04:06.600000 "" >jobs/first/status.json
	status Failed 800 02T04:05:07.678000 "no\\nreason" >jobs/second-one/status.json
	status Stopped 814 02T03:05:07.678000 "" >"jobs/a	b/status.json"
	# One that was killed.
	status InProgress "" "" "" >jobs/third/status.json
	: >jobs/third/lock
	echo "a.csv#bytes=0+100,records=0+10" >jobs/third/references
	export TZ=XYZ-2
	bt-job --list --output table --sort-by Name --sort-order Ascending jobs >got
	sed -i "s/$/|/" got
	same got <<-END
	NAME        STATUS     RECORDS                CREATED              DURATION|
	a?b         Stopped    814                    2026-01-02 05:04:05  1:02|
	first       Completed  814                    2026-01-02 05:04:05  0.9 s|
	second-one  Failed     800 of 814, 14 failed  2026-01-02 05:04:05  1:01:02|
	third       Failed     0 of 10                2026-01-02 05:04:05  -|
	END
	cat >jobs/second-one/request.json <<-END
	{ "TransformJobName": "second-one", "ModelName": "m", "TransformInput": {
	    "DataSource": { "S3DataSource": { "S3Uri": "in/" } } },
	  "TransformOutput": { "S3OutputPath": "s3://b/out" } }
	END
	bt-job --describe --output=Table jobs/second-one >got
	same got <<-END
	Name      second-one
	Status    Failed
	Reason    no?reason
	Model     m
	Input     in/
	Output    s3://b/out
	Created   2026-01-02 05:04:05
	Duration  1:01:02
	Objects   1 of 2, 1 failed
	Batches   3
	Records   800 of 814, 14 failed
	END
	# At a terminal that is the default.
	script -qec "bt-job --describe jobs/second-one" /dev/null | tr -d "\r" >seen
	cmp got seen
	script -qec "bt-job --describe --output json jobs/second-one" /dev/null |
	    grep "\"ModelName\": \"m\""
	bt-job --list jobs | grep "\"TransformJobName\": \"first\""
	fails 2 bt-job --output table jobs
	fails 2 bt-job --list --output yaml jobs
	said "bt-job: --output yaml:"
	mkdir none
	bt-job --list --output table none >got
	same got <<-END
	NAME  STATUS  RECORDS  CREATED  DURATION
	END
'
# elsewhere: a job of four shares that an engine runs.
elsewhere() {
	run
	echo "slurm job-1 4" >job/engine
	bt-job --set-status InProgress job
	mkdir job/shares
	sed -n 1,2p job/results >job/shares/2.lines.a
	sed -n 3p job/results >job/shares/10.lines.b
	: >job/results
	: >job/shares/2.done
	: >job/shares/2.log
	: >job/shares/1.todo.c
}

ok 'a job that an engine runs: its shares, and what is in the queue' '
	elsewhere
	cat >queue <<-END
	job-1 0 R node1
	job-1 1 CG node2
	job-1 3 PD
	job-1 N/A PD
	job-12 2 R node3
	other 2 R node4
	END
	bt-job --describe --queue queue job >out
	jq -c ".TransformJobStatus, .Shares" out >got
	same got <<-END
	"InProgress"
	{"All":4,"Completed":1,"Running":2,"Pending":1,"Failed":0,"Machines":["node1","node2"]}
	END
	counters out >got
	same got <<-END
	{"Objects":3,"ObjectsCompleted":1,"ObjectsFailed":1,"Batches":5,"BatchesCompleted":2,"BatchesFailed":1,"Records":45,"RecordsCompleted":15,"RecordsFailed":10}
	END
	bt-job --describe --queue - --output table job <queue | tail -n 1 >got
	same got <<-END
	Shares    1 of 4, 2 running on node1 node2, 1 pending, 0 failed
	END
	sed 1d queue | bt-job --describe --queue - job | jq -c .Shares >got
	same got <<-END
	{"All":4,"Completed":1,"Running":1,"Pending":1,"Failed":1,"Machines":["node2"]}
	END
'
ok 'one of which nothing is in the queue has failed, if that is known' '
	elsewhere
	bt-job --describe job | jq -c ".TransformJobStatus, .Shares" >got
	same got <<-END
	"InProgress"
	{"All":4,"Completed":1}
	END
	echo "other 1 R node1" >queue
	bt-job --describe --queue queue job |
	    jq -c ".TransformJobStatus, .FailureReason, .Shares" >got
	same got <<-END
	"Failed"
	"InternalServerError: the run was killed; resume goes on with it"
	{"All":4,"Completed":1,"Running":0,"Pending":0,"Failed":3,"Machines":[]}
	END
	mkdir jobs
	mv job jobs/
	bt-job --list --queue queue jobs | jq -r ".[][].TransformJobStatus" >got
	bt-job --list jobs | jq -r ".[][].TransformJobStatus" >>got
	same got <<-END
	Failed
	InProgress
	END
	# The lock is of this machine.
	flock jobs/job/lock bt-job --describe --queue queue jobs/job |
	    jq -r .TransformJobStatus >got
	echo InProgress | same got
'
ok 'an engine that is damaged, a queue that is not there' '
	elsewhere
	for text in "" "slurm job-1" "slurm job-1 0" "slurm job-1 4 5" "slurm job-1 x"; do
		echo "$text" >job/engine
		fails 1 bt-job --describe job
		said "bt-job: job/engine: damaged"
	done
	echo "slurm job-1 4" >job/engine
	fails 1 bt-job --describe --queue none job
	said "bt-job: none: No such file or directory"
	fails 2 bt-job --queue queue job
'
finish
