#!/bin/sh
# bt-predict and models that crash, hang, lie or say no.
. "${0%/*}/lib.sh"
plugins=$B/tests/plugins

# words WORD ...: a file of these records, and one reference to all of them.
words() {
	printf "%s\n" "$@" >w.txt
	echo "w.txt#bytes=0+$(wc -c <w.txt),records=0+$#,last" >refs
}

# predict OPTION ...: the model that does as its records say.
predict() {
	bt-predict -m "$plugins/as_told.so" -o parts "$@" "$(cat refs)" >results
}

# The status and the error of each line that is one, and how often it was tried.
errors() {
	sed -n "s/.*	!	.* tries=\([0-9]*\) .* status=\([^ ]*\) error=/\1 \2 /p" results |
	    sed "s/%20/ /g; s/%2C/,/g"
}

# Records and tries of each batch that was answered.
answers() {
	sed -n "s/.*,\(records=[^,	]*\).*	parts.* tries=\([0-9]*\) .*/\1 \2/p" results
}

ok 'a crash is retried, then an error; the rest goes on' '
	words segv
	echo good >good.txt
	fails 1 bt-predict -m "$plugins/as_told.so" -o parts "$(cat refs)" \
	    "good.txt#bytes=0+5,records=0+1,last" >results
	said "bt-predict: w.txt: record 0 (byte 0): model crashed: Segmentation fault"
	errors >out
	same out <<-END
	4 crash record 0 (byte 0): model crashed: Segmentation fault
	END
	cut -f1 results >out
	same out <<-END
	w.txt#bytes=0+5,records=0+1,last
	good.txt#bytes=0+5,records=0+1,last
	END
	echo good | cmp - parts/*
'
ok 'the ways to end' '
	for word in abort exit kill; do
		words ok "$word"
		fails 1 predict --invocations-max-retries 0
		errors
	done >out
	same out <<-END
	1 crash records 0 to 1 (byte 0): model aborted
	1 crash records 0 to 1 (byte 0): model called exit(0)
	1 crash records 0 to 1 (byte 0): model crashed: Killed
	END
'
ok 'retries are counted' '
	for n in 0 1 2 3; do
		words abort
		fails 1 predict --invocations-max-retries $n
		errors
	done >out
	same out <<-END
	1 crash record 0 (byte 0): model aborted
	2 crash record 0 (byte 0): model aborted
	3 crash record 0 (byte 0): model aborted
	4 crash record 0 (byte 0): model aborted
	END
'
ok 'what works the second time is answered' '
	words once:one:segv once:two:exit once:three:500 ok
	predict
	answers >out
	same out <<-END
	records=0+4 4
	END
	cmp w.txt parts/*
'
ok 'a crash loses nothing that was finished before it' '
	i=0
	while test $i -lt 300; do
		echo "r$i"
		test $i -ne 123 || echo segv
		test $i -ne 200 || echo once:mark:abort
		i=$((i + 1))
	done >w.txt
	awk "{ printf \"w.txt#bytes=%d+%d,records=%d+1\\n\", at, length + 1, NR - 1
	    at += length + 1 }" w.txt >refs
	for how in arguments input; do
		rm -rf parts mark
		case $how in
		arguments) fails 123 xargs bt-predict -m "$plugins/as_told.so" -o parts <refs ;;
		input) fails 1 bt-predict -m "$plugins/as_told.so" -o parts <refs ;;
		esac >results
		cut -f1 results | cmp - refs
		grep -v segv w.txt | cmp - parts/*
		grep "	!	" results | cut -d"	" -f1 >out
		same out <<-END
		w.txt#bytes=510+5,records=124+1
		END
	done
'
ok 'a model that hangs is killed in time' '
	words hang
	fails 1 predict --invocations-timeout-in-seconds 1 --invocations-max-retries 1
	errors >out
	same out <<-END
	2 timeout record 0 (byte 0): no reply within 1 s
	END
	ms=$(sed "s/.* ms=\([0-9]*\) .*/\1/" results)
	test "$ms" -ge 1000
	test "$ms" -lt 30000
'
ok 'many batches that are each in time are not killed' '
	seq 1000 1400 | sed "s/^/r/" >w.txt
	awk "{ printf \"w.txt#bytes=%d+%d,records=%d+1\\n\", at, length + 1, NR - 1
	    at += length + 1 }" w.txt >refs
	(while read -r ref; do echo "$ref"; sleep 0.004; done) <refs |
	    bt-predict -m "$plugins/as_told.so" --invocations-timeout-in-seconds 1 -o parts >results
	cut -f1 results | cmp - refs
'
ok 'a leak costs the batch in hand' '
	words leak
	echo good >good.txt
	fails 1 bt-predict -m "$plugins/as_told.so" -o parts --max-memory-in-mb 200 \
	    --invocations-max-retries 0 "$(cat refs)" \
	    "good.txt#bytes=0+5,records=0+1,last" >results
	errors >out
	same out <<-END
	1 memory record 0 (byte 0): model used more than 200 MB of memory
	END
	echo good | cmp - parts/*
'
ok 'what a model prints goes to standard error' '
	words print log
	predict 2>err
	test "$(wc -l <results)" -eq 1
	sed "s/: .*as_told.so: /: MODEL: /" err >out
	same out <<-END
	printed by the model
	bt-predict: MODEL: warning: logged by the model
	END
'
ok 'a failure that names its record' '
	words ok fine 400 ok
	fails 1 predict
	said "bt-predict: w.txt: record 2 (byte 8): $plugins/as_told.so: record says 400"
	sed "s,%20$plugins/,%20," results >r && mv r results
	errors >out
	same out <<-END
	1 400 record 2 (byte 8): as_told.so: record says 400
	END
'
ok 'which statuses are tried again' '
	for word in 400 406 413 415 500 503 silent-500 7 batch-400; do
		words "$word"
		fails 1 predict --invocations-max-retries 2
		errors | sed "s,/.*/,,"
	done >out
	same out <<-END
	1 400 record 0 (byte 0): as_told.so: record says 400
	1 406 record 0 (byte 0): as_told.so: record says 406
	1 413 record 0 (byte 0): as_told.so: record says 413
	1 415 record 0 (byte 0): as_told.so: record says 415
	3 500 record 0 (byte 0): as_told.so: record says 500
	3 503 record 0 (byte 0): as_told.so: record says 503
	3 500 record 0 (byte 0): as_told.so: input_fn failed with status 500
	3 500 record 0 (byte 0): as_told.so: input_fn failed with status 7
	1 400 record 0 (byte 0): as_told.so: bad batch
	END
'
ok 'another number of predictions than records is an error' '
	for word in none twice more; do
		words ok "$word" ok
		test "$word" != more || words ok more
		fails 1 predict --content-type text/csv
		errors | sed "s,/.*/,,"
	done >out
	words a "" b
	fails 1 predict --accept application/json --invocations-max-retries 0
	errors | sed "s,/.*/,," >>out
	same out <<-END
	1 count records 0 to 2 (byte 0): as_told.so: 2 predictions for 3 records
	1 count records 0 to 2 (byte 0): as_told.so: 4 predictions for 3 records
	4 500 records 0 to 1 (byte 0): as_told.so: output_fn wrote 14 bytes after its last end_record
	1 500 records 0 to 2 (byte 0): as_told.so: output_fn wrote nothing for a prediction in JSON
	END
'
ok 'a prediction that is missing, or too short' '
	printf "1,12\n" >null.csv
	printf "1,1\n7,7\n" >short.csv
	printf "1,1\n7,6\n" >null2.csv
	fails 1 bt-predict -m "$plugins/rows.so" -o parts --invocations-max-retries 0 \
	    "null.csv#bytes=0+5,records=0+1" "short.csv#bytes=0+8,records=0+2" >results
	errors | sed "s,/.*/,," >out
	same out <<-END
	1 500 record 0 (byte 0): rows.so: predict_fn made no prediction
	1 count records 0 to 1 (byte 0): rows.so: 1 predictions for 2 records
	END
'
ok 'too large: the batch is halved until it fits' '
	words a bb ccc dddd e
	MOST=2 predict
	cut -f1 results >out
	same out <<-END
	w.txt#bytes=0+5,records=0+2,crc32c=bdcc9217
	w.txt#bytes=5+4,records=2+1,crc32c=4550978b
	w.txt#bytes=9+7,records=3+2,crc32c=6a42d2e1,last
	END
	cmp w.txt parts/*
'
ok '--isolate: the record that the model names goes alone' '
	words ok ok 400 ok ok 400 ok
	fails 1 predict --isolate
	cut -f1,2 results | sed "s,	parts.*,," | sed "s/crc32c=[^,	]*/crc32c=X/" >out
	tr "|" "\t" <<-END | same out
	w.txt#bytes=0+6,records=0+2,crc32c=X
	w.txt#bytes=6+4,records=2+1,crc32c=X|!
	w.txt#bytes=10+6,records=3+2,crc32c=X
	w.txt#bytes=16+4,records=5+1,crc32c=X|!
	w.txt#bytes=20+3,records=6+1,crc32c=X,last
	END
	grep -v 400 w.txt | cmp - parts/*
'
ok '--isolate: halving finds the records that crash the model' '
	words ok ok ok segv ok ok once:mark:abort ok abort
	fails 1 predict --isolate --invocations-max-retries 1 2>err
	sed -n "s/.*,records=\([^,]*\).*	!	.*/\1/p" results >out
	same out <<-END
	3+1
	8+1
	END
	tail -n 1 results | grep -q ",last	!"
	grep -ve segv -e "^abort" w.txt | cmp - parts/*
	cut -f1 results | sed "s/.*#bytes=\([0-9]*\)+\([0-9]*\),.*/\1 \2/" |
	    awk "\$1 != at { print \"hole\", at } { at = \$1 + \$2 } END { print at }" >out
	same out <<-END
	$(wc -c <w.txt)
	END
'
ok '--isolate: records in binary frames' '
	{
		printf "\12\43\327\316\2\0\0\0ok\0\0"
		printf "\12\43\327\316\0\0\0\40"
		printf "\12\43\327\316\2\0\0\140ok\0\0"
		printf "\12\43\327\316\4\0\0\0segv"
		printf "\12\43\327\316\3\0\0\00012\15\0"
	} >x.rec
	echo "x.rec#bytes=0+56,records=0+4,split=RecordIO,last" >refs
	fails 1 predict --isolate --invocations-max-retries 0
	cut -f1,2 results | sed "s/crc32c=[^,	]*/crc32c=X/g; s/parts.*,type/parts,type/" >out
	tr "|" "\t" <<-END | same out
	x.rec#bytes=0+32,records=0+2,split=RecordIO,crc32c=X|parts,type=application/x-recordio,crc32c=X
	x.rec#bytes=32+12,records=2+1,split=RecordIO,crc32c=X|!
	x.rec#bytes=44+12,records=3+1,split=RecordIO,crc32c=X,last|parts,type=application/x-recordio,crc32c=X
	END
'
ok '--isolate: counts that are wrong are halved too' '
	words ok twice ok
	fails 1 predict --isolate
	sed -n "s/.*,records=\([^,]*\).*	!	.*/\1/p" results >out
	same out <<-END
	1+1
	END
'
ok 'a model that cannot be loaded: 255' '
	words ok
	for how in segv abort exit hang 500 silent-500; do
		fails 255 predict -E "LOAD=$how" --start-timeout 1 2>&1 |
		    sed "s,: .*/as_told.so: ,: MODEL: ,"
	done >out
	same out <<-END
	bt-predict: MODEL: model crashed: Segmentation fault while it was loaded: it may be damaged
	bt-predict: MODEL: model aborted while it was loaded: it may be damaged
	bt-predict: MODEL: model called exit(0) while it was loaded
	bt-predict: MODEL: no reply within 1 s while it was loaded
	bt-predict: MODEL: record says 500
	bt-predict: MODEL: model_fn failed with status 500
	END
	test ! -s results
'
ok 'a model that changes the working directory' '
	words ok
	predict -E LOAD=chdir
	cmp w.txt parts/*
'
ok 'kill -9 of the supervisor takes the worker with it' '
	words kill-parent hang
	fails 137 predict
	sleep 0.2
	ps -e -o args= | grep "[b]t-predict -m $plugins/as_told.so -o parts w.txt#" >left || :
	same left </dev/null
'
ok 'SIGTERM ends the worker, and keeps what was finished' '
	printf "a\nhang\n" >w.txt
	bt-predict -m "$plugins/as_told.so" -o parts "w.txt#bytes=0+2,records=0+1" \
	    "w.txt#bytes=2+5,records=1+1" >results &
	pid=$!
	await test -s results
	worker=$(ps -o pid= --ppid $pid)
	kill "$pid"
	fails 143 wait "$pid"
	fails 1 kill -0 "$worker"
	cut -f1 results >out
	same out <<-END
	w.txt#bytes=0+2,records=0+1
	END
	echo a | cmp - parts/*
'
ok 'a line does not wait for a batch that takes long' '
	printf "a\nb\nc\nhang\n" >w.txt
	bt-split -b SingleRecord -c text/plain w.txt >refs
	bt-predict -m "$plugins/as_told.so" -o parts <refs >results &
	await eval "test \"\$(wc -l <results)\" -eq 3"
	kill -9 $!
	head -n 3 refs >three
	cut -f1 results | cmp - three
	cmp -n 6 w.txt parts/*
'
ok 'nor do signals wait for a reader of it' '
	{ yes ok | head -n 60; echo hang; } >w.txt
	bt-split -b SingleRecord -c text/plain w.txt >refs
	mkfifo pipe
	exec 5<>pipe
	head -c 61440 /dev/zero >&5
	{ sh -c "echo \$\$ >pid; exec bt-predict -m \"$plugins/as_told.so\" -o parts" \
	    <refs >&5 || echo $? >status; } &
	await eval "test \"\$(cat parts/* | wc -c)\" -eq 180"
	sleep 0.5
	kill "$(cat pid)"
	sleep 0.2
	kill "$(cat pid)"
	await test -s status || kill -9 "$(cat pid)"
	echo 143 | cmp - status
'
ok 'a time-out kills one worker, and is timed from the call' '
	words hang
	strace -f -o calls -e trace=kill bt-predict -m "$plugins/as_told.so" -o parts \
	    --invocations-timeout-in-seconds 1 --invocations-max-retries 2 \
	    "$(cat refs)" >results || :
	grep -c "kill(.*SIGKILL" calls >out
	sed "s/.* ms=\([0-9]\)[0-9][0-9][0-9] .*/\1 s/" results >>out
	same out <<-END
	3
	1 s
	END
'
ok 'a file that has no more room is not left with a torn line' '
	seq 300 >in.csv
	bt-split -b SingleRecord in.csv >refs
	for blocks in 5 7 9 11 13; do
		rm -rf parts results
		fails 1 sh -c "ulimit -f $blocks; exec bt-predict -m identity -o parts <refs >results"
		said "bt-predict: standard output: File too large"
		test -z "$(tail -c 1 results)"
		cut -f1 results | grep -vxF -f refs >>bad || :
	done
	same bad </dev/null
'
ok 'and keeps the lines that others have written meanwhile' '
	words ok
	{ head -c 449 /dev/zero | tr "\0" x; echo; } >other
	fails 1 env ASAN_OPTIONS=verify_asan_link_order=0 HOLD_FILE="$PWD/held" \
	    HOLD_RUN="cat other >>results" sh -c "ulimit -f 1
	    exec env LD_PRELOAD=\"$plugins/hold.so\" \
	    bt-predict -m \"$plugins/as_told.so\" -o parts <refs >>results"
	said "bt-predict: standard output: File too large"
	cmp other results
'
ok 'what is answered has its line, also where reading on fails' '
	seq 300 >in.csv
	bt-split -b SingleRecord in.csv >refs
	head -n 4 refs >few
	{ strace -f -o calls -e trace=read -P few -e inject=read:error=EIO:when=2 \
	    bt-predict -m identity -o parts <few >results || echo $? >status; } 2>err
	grep -x "bt-predict: standard input: Input/output error" err
	echo 1 | cmp - status
	cut -f1 results | cmp - few
'
ok 'kill -9 of the worker costs a try' '
	printf "a\nhang\n" >w.txt
	bt-predict -m "$plugins/as_told.so" -o parts "w.txt#bytes=0+2,records=0+1" \
	    "w.txt#bytes=2+5,records=1+1" --invocations-max-retries 0 >results 2>err &
	pid=$!
	await test -s results
	sleep 0.1
	kill -9 "$(ps -o pid= --ppid $pid)"
	fails 1 wait "$pid"
	errors >out
	same out <<-END
	1 crash record 1 (byte 2): model crashed: Killed
	END
'
ok 'kill -9 of a worker that waits costs nothing' '
	printf "a\nb\n" >w.txt
	mkfifo in
	bt-predict -m "$plugins/as_told.so" -o parts <in >results &
	pid=$!
	exec 3>in
	printf "w.txt#bytes=0+2,records=0+1\nw.txt#bytes=2+2," >&3
	await test -s results
	sleep 0.1
	kill -9 "$(ps -o pid= --ppid $pid)"
	sleep 0.1
	printf "records=1+1\n" >&3
	exec 3>&-
	wait $pid
	cut -f1 results >out
	same out <<-END
	w.txt#bytes=0+2,records=0+1
	w.txt#bytes=2+2,records=1+1
	END
	cmp w.txt parts/*
'
ok 'workers that share a pipe do not break its lines' '
	seq 1 20000 >w.csv
	awk "{ printf \"w.csv#bytes=%d+%d,records=%d+1,note=%0*d\\n\", at, length + 1, NR - 1,
	    NR % 700 + 1, 0; at += length + 1 }" w.csv >refs
	xargs -P 4 -n 500 bt-predict -m identity -o parts <refs | cat >results
	cut -f1 results | sort >out
	sort refs | cmp - out
	cut -f3 results | grep -cvx "start=[0-9.]* ms=[0-9]* tries=1 worker=[^ ]* bytes=[0-9]* sum=[0-9a-f]*" >out || :
	same out <<-END
	0
	END
'
ok 'standard output that is full, or closed' '
	words ok
	fails 1 bt-predict -m "$plugins/as_told.so" -o parts "$(cat refs)" >/dev/full
	said "bt-predict: standard output: No space left on device"
	yes "$(cat refs)" | head -n 30000 |
	    { bt-predict -m "$plugins/as_told.so" -o parts || echo $? >status; } |
	    head -n 1 >out
	test "$(cut -f1 out)" = "$(cat refs)"
	test "$(cat status)" -eq 141
'
ok 'pipes that another program has made non-blocking' '
	yes ok | head -n 600 >w.txt
	bt-split -b SingleRecord -c text/plain w.txt >refs
	{ head -n 1 refs; sleep 0.3; sed 1d refs; } |
	    python3 -c "import fcntl, os, sys
for fd in (0, 1):
    fcntl.fcntl(fd, fcntl.F_SETFL, os.O_NONBLOCK)
os.execvp(sys.argv[1], sys.argv[1:])" bt-predict -m "$plugins/as_told.so" -o parts |
	    { sleep 1; cut -f 1; } >out
	cmp refs out
'
ok 'too few descriptors are said to be that' '
	words ok
	fails 1 sh -c "ulimit -n 9; exec bt-predict -m \"$plugins/as_told.so\" -o parts" <refs
	said "bt-predict: standard input: Too many open files"
	for n in $(seq 10 20); do
		sh -c "ulimit -n $n; exec bt-predict -m \"$plugins/as_told.so\" -o parts" <refs 2>err ||
		    grep "^bt-predict: .*: Too many open files$" err
	done
'
finish
