#!/bin/sh
# Whole jobs: what runs, what comes out, what is refused, and what is left when
# they are stopped or killed.
# shellcheck disable=SC1003
. "${0%/*}/lib.sh"
. "${0%/*}/transform.sh"
reviews=$top/examples/reviews scores=$top/examples/scores

ok 'a dry run prints the script, and makes nothing' '
	export BT_HOME=$PWD/home
	model linear "$scores/models/pass" "\"Environment\": { \"A\": \"it'\''s\" }"
	mkdir in
	head -n 4 "$scores/scores.csv" >in/a.csv
	request scores-1 in "\"MaxConcurrentTransforms\": 2,
	    \"DataProcessing\": { \"InputFilter\": \"\$[1:]\",
		\"JoinSource\": \"Input\", \"OutputFilter\": \"\$[0,-1]\" }" >job.json
	bt-transform --dry-run job.json | sed "s,$PWD,PWD,g; s,$scores,SCORES," |
	    unfolded | expand >out
	same out <<-"END"
	# A transform job.  Pasted into a shell, this does what bt-transform does.
	(
	set -eu
	test -d PWD/home/jobs/scores-1 || mkdir -p PWD/home/jobs/scores-1
	cd PWD/home/jobs/scores-1
	exec 3>&2 2>log # progress is for the terminal, messages are kept
	trap '\''exit 143'\'' TERM
	test ! -e joined || rm -rf failed joined out "done"

	# The files whose paths begin with S3Uri.  Links that lead nowhere, or in a
	# circle, are left out; all else that find has to say is an error.
	if ! test -e objects; then
	        status=0
	        found=$(LC_ALL=C find -L PWD/in/ \( -type l -exec ls -dL {} + -o -type f ! -name '\''.bt-*.tmp'\'' -print0 \) 2>&1 >objects.new) || status=$?
	        if test $status -ne 0 || test -n "$found"; then
	                printf '\''%s\n'\'' "$found" >&2
	                test $status -le 1
	                if printf '\''%s\n'\'' "$found" | grep -qv -e '\''^find: File system loop detected; '\'' -e '\'': Too many levels of symbolic links$'\'' -e '\'': No such file or directory$'\''; then
	                        exit 1
	                fi
	        fi
	        LC_ALL=C sort -z -o objects.new objects.new
	        mv objects.new objects
	fi

	# A stage that fails says so in the file failed, since the status of a pipeline
	# is that of its last command.  A stop lets what is answered be written.
	stage() { "$@" || printf '\''%s\n'\'' "$1" >>failed; }
	to_its_end() { trap '\'''\'' TERM; stage "$@"; }

	# bt-split names the mini-batches, MultiRecord of at most 6 MB.
	# bt-share gives the next one to whichever of 2 workers is free, each of which
	# loads the model once.  bt-join puts the replies in the order of the records.
	: >results; : >references
	stage bt-split --files0-from objects --split-type Line --batch-strategy MultiRecord --max-payload-in-mb 6 --content-type text/csv --compression-type None |
	    stage tee references |
	    stage bt-share -P 2 bt-predict -m linear -d SCORES/models/pass -o parts --content-type text/csv --accept text/csv --input-filter '\''$[1:]'\'' --invocations-timeout-in-seconds 600 --invocations-max-retries 3 -E SAGEMAKER_MAX_CONCURRENT_TRANSFORMS=2 -E '\''A=it'\''\'\'\''s'\'' |
	    to_its_end tee results |
	    to_its_end bt-progress -r references --tally . 2>&3 |
	    to_its_end bt-join --join-source Input --output-filter '\''$[0,-1]'\'' --assemble-with Line --content-type text/csv --accept text/csv -o PWD/out/ --input-prefix PWD/in/ --errors errors --names >joined

	# Nothing is left out: all objects up to their last mini-batch, all records.
	missing=$(bt-todo --missing objects results <references) ||
	    missing="it is not known if all records have a result"
	if test -n "$missing"; then
	        printf "bt-transform: %s\n" "$missing" >&2
	        printf "bt-todo\n" >>failed
	fi

	# The objects that failed have no output, the others do.
	if test -e failed; then
	        printf "bt-transform: all messages are in %s/log\n" "$PWD" >&3
	        exit 1
	fi

	# Only a job that has come to here is Completed.
	: >"done"

	# Nothing needs this any more.
	rm -rf parts input spool out model[0-9]*
	)
	END
	test "$(ls home)" = models
'
for shell in sh dash bash ksh 'busybox sh'; do
	command -v "${shell%% *}" >/dev/null || continue
	ok "what the script does, pasted into $shell, is what the job does" "
	shell='$shell'"'
	export BT_HOME=$PWD/home
	model linear "$scores/models/pass"
	mkdir in
	head -n 3 "$scores/scores.csv" >in/a.csv
	request scores-1 in "\"DataProcessing\": { \"InputFilter\": \"\$[1:]\",
		\"JoinSource\": \"Input\", \"OutputFilter\": \"\$[0,-1]\" }" >job.json
	# shellcheck disable=SC2086
	$shell "$B/bt-transform" --dry-run job.json >script
	$shell <script
	same out/a.csv.out <<-END
	102,fail
	103,pass
	104,fail
	END
	mv out pasted
	rm -r home/jobs
	$shell "$B/bt-transform" job.json >arn
	diff -r pasted out
	same arn <<-END
	{
	    "TransformJobArn": "arn:aws:sagemaker:local:000000000000:transform-job/scores-1"
	}
	END
	test -z "$(cat home/jobs/scores-1/log)"
	ls home/jobs/scores-1 >"$tmp/got"
	same "$tmp/got" <<-END
	boot
	done
	errors
	joined
	lock
	log
	model.json
	objects
	outdir
	pid
	references
	request.json
	results
	script
	script.failed
	script.resume
	status.json
	whole
	END
'
done
ok 'what is described' '
	export BT_HOME=$PWD/home
	model linear "$scores/models/pass"
	head -n 3 "$scores/scores.csv" >a.csv
	request scores-1 a.csv "\"DataProcessing\": { \"InputFilter\": \"\$[1:]\" }" |
	    bt-transform --max-payload-in-mb 5 -
	same out/a.csv.out <<-END
	0.93906057,fail
	0.93991333,pass
	0.8687555,fail
	END
	bt-transform describe scores-1 | dated >described
	same described <<-"END"
	{
	    "TransformJobName": "scores-1",
	    "TransformJobArn": "arn:aws:sagemaker:local:000000000000:transform-job/scores-1",
	    "TransformJobStatus": "Completed",
	    "ModelName": "m",
	    "MaxPayloadInMB": 5,
	    "TransformInput": {
	        "DataSource": {
	            "S3DataSource": {
	                "S3DataType": "S3Prefix",
	                "S3Uri": "a.csv"
	            }
	        },
	        "ContentType": "text/csv",
	        "SplitType": "Line"
	    },
	    "TransformOutput": {
	        "S3OutputPath": "out",
	        "Accept": "text/csv",
	        "AssembleWith": "Line"
	    },
	    "CreationTime": "TIME",
	    "TransformStartTime": "TIME",
	    "TransformEndTime": "TIME",
	    "DataProcessing": {
	        "InputFilter": "$[1:]"
	    },
	    "Counters": {
	        "Objects": 1,
	        "ObjectsCompleted": 1,
	        "ObjectsFailed": 0,
	        "Batches": 1,
	        "BatchesCompleted": 1,
	        "BatchesFailed": 0,
	        "Records": 3,
	        "RecordsCompleted": 3,
	        "RecordsFailed": 0
	    }
	}
	END
	bt-transform describe --transform-job-name scores-1 | dated | cmp - described
	bt-transform wait scores-1
	bt-report --text scores-1 | grep "^ *records .*3"
'
ok 'objects with bad records have no output, the others do' '
	export BT_HOME=$PWD/home
	model linear "$scores/models/pass"
	mkdir in
	printf "1,50,6\n2,60,7\n" >in/a.csv
	printf "1,50,6\n2,x,7\n3,y,6\n" >in/b.csv
	printf "1,50,\"6\n2\"\n" >in/c.csv
	request bad in "\"BatchStrategy\": \"SingleRecord\"" >job.json
	fails 1 run_job job.json
	why="ClientError: $PWD/in/b.csv: record 1 (byte 7): 400: linear: column 2: \"x\" is not a number (and 1 more record)"
	grep -v "^bt-progress: " err >"$tmp/got"
	same "$tmp/got" <<-END
	bt-transform: all messages are in $PWD/home/jobs/bad/log
	bt-split: $PWD/in/c.csv: record 0 (line 1, byte 0): a newline inside a quoted field, column 3 (--embedded-newlines=keep keeps it as one record)
	bt-transform: $why
	END
	ls out >"$tmp/got"
	same "$tmp/got" <<-END
	a.csv.out
	END
	bt-transform describe bad | grep "\"TransformJobStatus\": \"Failed\""
	fails 1 bt-transform wait bad
	said "bt-transform: $why"
	sed "s/\"batch\":.*//" home/jobs/bad/errors >errors
	cut -d, -f2- errors | sed "s/\"start.*//" | grep -c "\"record\":" >"$tmp/got"
	same "$tmp/got" <<-END
	2
	END
	sed -i "s/,[xy],/,70,/" in/b.csv
	rm in/c.csv
	fails 1 run_job resume bad
	grep "b.csv: record 2: the results are of other bytes: the object has changed since" err
	ls out >"$tmp/got"
	same "$tmp/got" <<-END
	a.csv.out
	END
'
ok 'what a filter or a record has wrong is the client'\''s' '
	export BT_HOME=$PWD/home
	model identity
	mkdir in
	echo "{\"a\": 1" >in/a.jsonl
	name() {
		request "$1" "in/$2" "\"DataProcessing\": { $3 }" |
		    sed "s,text/csv,application/jsonlines,g" >job.json
		fails 1 run_job --overwrite job.json
		tail -n 1 err | sed "s,$PWD,PWD,"
	}
	{
		name one a.jsonl "\"JoinSource\": \"Input\""
		echo "{\"a\": 1}" >in/a.jsonl
		name two a.jsonl "\"OutputFilter\": \"\$.b\""
		echo "[{\"prefix\": \"$PWD/in/\"}, \"a.jsonl\"]" >in/list
		request three in/list "\"DataProcessing\": { \"OutputFilter\": \"\$.b\" }" |
		    sed "s,text/csv,application/jsonlines,g; s/S3Prefix/ManifestFile/" >job.json
		fails 1 run_job --overwrite job.json
		tail -n 1 err | sed "s,$PWD,PWD,"
	} >got
	same got <<-END
	bt-transform: ClientError: PWD/in/a.jsonl: record 0 (line 1, byte 0): not JSON at byte 7: the text ends inside a value
	bt-transform: ClientError: PWD/in/a.jsonl: record 0 (byte 0): no member "b" in \$
	bt-transform: ClientError: PWD/in/a.jsonl: record 0 (byte 0): no member "b" in \$
	END
'
ok 'a record that is not JSON is found before any prediction, or borne' '
	export BT_HOME=$PWD/home
	model identity
	mkdir in
	printf "{\"a\":1}\n{\"a\":NaN}\n{\"a\":3}\n" >in/a.jsonl
	job() {	# job NAME MEMBERS [OPTION ...]
		request "$1" in/a.jsonl "$2" | sed "s,text/csv,application/jsonlines,g" >job.json
		shift 2
		run_job "$@" --overwrite job.json
	}
	join="\"DataProcessing\": { \"JoinSource\": \"Input\" }"
	fails 1 job found "$join"
	grep -c "^bt-transform: ClientError: $PWD/in/a.jsonl: record 1 (line 2, byte 8): not JSON at byte 13: no value" err
	test ! -s home/jobs/found/results
	fails 1 job filtered "\"DataProcessing\": { \"InputFilter\": \"\$.a\" }"
	grep -c "^bt-transform: ClientError: $PWD/in/a.jsonl: record 1 (line 2, byte 8): " err
	job plain "\"MaxPayloadInMB\": 1"
	printf "{\"a\":1}\n{\"a\":null}\n{\"a\":3}\n" | same out/a.jsonl.out
	job borne "$join" --on-error skip
	same out/a.jsonl.out <<-\END
	{"a":1,"SageMakerOutput":{"a":1}}
	{"a":3,"SageMakerOutput":{"a":3}}
	END
	bt-transform describe borne | jq -c "[.TransformJobStatus, .Counters]" >got
	same got <<-\END
	["Completed",{"Objects":1,"ObjectsCompleted":1,"ObjectsFailed":0,"Batches":1,"BatchesCompleted":1,"BatchesFailed":0,"Records":3,"RecordsCompleted":2,"RecordsFailed":1}]
	END
	fails 1 job much "$join" --on-error skip --max-errors 0
	grep -x "bt-transform: ClientError: $PWD/in/a.jsonl: 1 records failed, more than 0" err
'
ok '--strict: what the service writes, of files of this machine' '
	export BT_HOME=$PWD/home
	model identity
	printf "{\"b\": 1, \"a\": 2}\n" >a.jsonl
	resources="\"TransformResources\": { \"InstanceType\": \"ml.m5.large\", \"InstanceCount\": 1 }"
	request strict a.jsonl "$resources, \"DataProcessing\": { \"JoinSource\": \"Input\" }" |
	    sed "s,text/csv,application/jsonlines,g" >job.json
	run_job --strict job.json
	printf "{\"SageMakerOutput\":{\"a\":2,\"b\":1},\"a\":2,\"b\":1}\n" | same out/a.jsonl.out
	# So a manifest of this machine, but not one of S3, names files.
	echo "[{\"prefix\": \"$PWD/\"}, \"a.jsonl\"]" >list
	sed "s/S3Prefix/ManifestFile/; s/a.jsonl/list/; s/\"strict\"/\"listed\"/" job.json >list.json
	run_job --strict --overwrite list.json
	printf "{\"SageMakerOutput\":{\"a\":2,\"b\":1},\"a\":2,\"b\":1}\n" | same out/a.jsonl.out
	sed "s,\"JoinSource\",\"OutputFilter\": \"\$.a_b\"\, &," job.json >wrong.json
	fails 1 run_job --strict wrong.json
	grep "DataProcessing.OutputFilter: found" err
'
ok 'predictions that need not be as many as records' '
	export BT_HOME=$PWD/home
	model "$B/tests/plugins/raw.so"
	printf "1\n2\n" >a.csv
	request many a.csv "\"Environment\": { \"REPLY\": \"x\\ny\\nz\\n\" }" >job.json
	fails 1 run_job job.json
	grep "ClientError: $PWD/a.csv: records 0 to 1 (byte 0): count: .*: 3 predictions for 2 records" err
	run_job --no-count --transform-job-name free job.json
	printf "x\ny\nz\n" | same out/a.csv.out
	sed "s/\"Environment\"/\"DataProcessing\": { \"JoinSource\": \"Input\" }, &/" job.json >join.json
	fails 2 run_job --no-count --transform-job-name joined join.json
	echo "bt-transform: with --no-count a reply is one whole: no JoinSource Input, no GenerateInferenceId" | same err
'
ok 'with --strict a manifest names no file of this machine' '
	export BT_HOME=$PWD/home
	model identity
	echo secret >a.csv
	echo "[{\"prefix\": \"$PWD/\"}, \"a.csv\"]" >list
	# What S3 would have is here, but only for bt-s3cat.
	mkdir bin
	printf "#!/bin/sh\nif test \$# -eq 1; then exec cat %s; fi\n" "$PWD/list" >bin/bt-s3cat
	chmod +x bin/bt-s3cat
	PATH=$PWD/bin:$PATH
	request strict s3://bucket/list "\"TransformResources\": { \"InstanceType\": \"ml.m5.large\",
	    \"InstanceCount\": 1 }" |
	    sed "s/S3Prefix/ManifestFile/; s,\"out\",\"s3://bucket/out\"," >job.json
	echo "{ \"ModelName\": \"m\", \"PrimaryContainer\": { \"Image\": \"identity\" } }" >model.json
	fails 1 run_job --strict --model model.json job.json
	grep "bt-s3manifest: .*s3://BUCKET" err
	ls -A home/jobs >"$tmp/got"
	same "$tmp/got" </dev/null
'
ok 'a name that is too long for an output costs the others nothing' '
	export BT_HOME=$PWD/home
	model identity
	mkdir in
	long=$(head -c 253 /dev/zero | tr "\0" m)
	for i in a "$long" z; do echo 1 >"in/$i"; done
	request long in >job.json
	fails 1 run_job job.json
	ls out >"$tmp/got"
	same "$tmp/got" <<-END
	a.out
	z.out
	END
'
ok 'records that fail can be borne' '
	export BT_HOME=$PWD/home
	model linear "$scores/models/pass"
	printf "1,50,6\n2,x,7\n3,60,6\n" >a.csv
	request skip a.csv >job.json
	run_job --on-error placeholder=ERROR --max-errors 1 job.json
	same out/a.csv.out <<-END
	0.95478255,fail
	ERROR
	0.8519528,fail
	END
	bt-transform describe skip | grep "\"RecordsFailed\": 1"
'
ok 'only what failed is run again' '
	export BT_HOME=$PWD/home BT_PLUGIN_PATH=$B/plugins:$B/tests/plugins
	model as_told
	mkdir in
	printf "a\nonce:%s/flag:hang\nb\n" "$PWD" >in/a.csv
	echo c >in/b.csv
	request again in "\"BatchStrategy\": \"SingleRecord\", \"ModelClientConfig\": {
	    \"InvocationsTimeoutInSeconds\": 1, \"InvocationsMaxRetries\": 0 }" >job.json
	fails 1 run_job job.json
	tail -n 1 err >last
	same last <<-END
	bt-transform: AlgorithmError: $PWD/in/a.csv: record 1 (byte 2): timeout: no reply within 1 s
	END
	test "$(ls out)" = b.csv.out
	fails 1 run_job resume again
	wc -l <home/jobs/again/results >"$tmp/got"
	same "$tmp/got" <<-END
	4
	END
	run_job resume --failed again
	cat out/a.csv.out out/b.csv.out | sed "s,$PWD,PWD," >"$tmp/got"
	same "$tmp/got" <<-END
	a
	once:PWD/flag:hang
	b
	c
	END
	fails 1 bt-transform resume again
	said "bt-transform: the job again is Completed"
'
ok 'bad records that were found in their batch are run again' '
	export BT_HOME=$PWD/home
	mkdir -p mine/code
	cat >mine/code/inference.py <<-END
	import os
	def model_fn(model_dir): return None
	def input_fn(data, content_type): return data
	def predict_fn(data, model):
	    if "x" in data and not os.path.exists("$PWD/mended"):
	        raise ValueError("an x")
	    return data
	def output_fn(prediction, accept): return prediction
	END
	model python "$PWD/mine"
	awk "BEGIN { for (i = 0; i < 40; i++) print i \",\" (i % 7 == 3 ? \"x\" : i) }" >a.csv
	request pieces a.csv "\"ModelClientConfig\": { \"InvocationsMaxRetries\": 0 }" >job.json
	fails 1 run_job --on-error skip --max-errors 1 job.json
	test "$(grep -c "	!	" home/jobs/pieces/results)" -eq 6
	test ! -e out/a.csv.out
	: >mended
	run_job resume --failed pieces
	cmp out/a.csv.out a.csv
	test "$(grep -c "	!	" home/jobs/pieces/results)" -eq 0
	sed "s/	.*//" home/jobs/pieces/results >refs
	fails 1 grep -v crc32c= refs
'
ok 'outputs that are there are not replaced' '
	export BT_HOME=$PWD/home
	model identity
	mkdir -p in/x out/x
	for i in a b x/c; do echo $i >in/$i.csv; done
	echo old >out/b.csv.out
	echo old >out/x/c.csv.out
	echo old >out/other.out
	request twice in >job.json
	fails 1 run_job job.json
	expand err >"$tmp/got"
	same "$tmp/got" <<-END
	bt-transform: these outputs are there already; --overwrite replaces them:
	        $PWD/out/b.csv.out
	        $PWD/out/x/c.csv.out
	END
	cat out/b.csv.out out/x/c.csv.out >"$tmp/got"
	same "$tmp/got" <<-END
	old
	old
	END
	test ! -e out/a.csv.out
	ls -A home/jobs >"$tmp/got"
	same "$tmp/got" </dev/null
	run_job --overwrite job.json
	cat out/a.csv.out out/b.csv.out out/x/c.csv.out out/other.out >"$tmp/got"
	same "$tmp/got" <<-END
	a
	b
	x/c
	old
	END
'
ok 'outputs and models are no input' '
	export BT_HOME=$PWD/home
	mkdir -p in/out in/m/deep
	echo 1 >in/a.csv
	echo 1 >in/out/a.csv.out
	: >in/m/deep/model.tar.gz
	tar -czf in/m/mine.tar.gz -C in a.csv
	model identity in/m/mine.tar.gz
	request eats in >job.json
	sed "s,\"out\",\"in/out\"," job.json >job2.json
	fails 1 run_job job2.json
	expand err >"$tmp/got"
	same "$tmp/got" <<-END
	bt-transform: under $PWD/in/ are outputs or models, which are no input:
	        $PWD/in/m/deep/model.tar.gz
	        $PWD/in/m/mine.tar.gz
	        $PWD/in/out/a.csv.out
	END
'
ok 'what is no job' '
	export BT_HOME=$PWD/home
	model identity
	mkdir empty
	request "under_score" empty "\"BatchStrategy\": \"Both\"" >job.json
	fails 1 run_job job.json
	grep -c "^bt-job: .*job.json: " err >"$tmp/got"
	same "$tmp/got" <<-END
	2
	END
	request none empty >job.json
	fails 1 run_job job.json
	same err <<-END
	bt-transform: no objects found under $PWD/empty/
	END
	echo 1 >a.csv
	sed "s/\"m\"/\"other\"/" job.json | sed "s/\"empty\"/\"a.csv\"/" >other.json
	fails 1 run_job other.json
	same err <<-END
	bt-transform: model other: no --model, and no file $PWD/home/models/other.json
	END
	model linear "$PWD/nowhere"
	request none a.csv >job.json
	fails 1 run_job job.json
	tail -n 1 err >"$tmp/got"
	same "$tmp/got" <<-END
	bt-transform: the model cannot be loaded
	END
	fails 1 bt-transform describe none
	said "bt-transform: there is no job none"
	fails 2 bt-transform describe
	said "bt-transform: which job?"
	fails 2 bt-transform describe ../x
	fails 2 bt-transform
	fails 2 bt-transform --model
	ls -A home/jobs >"$tmp/got"
	same "$tmp/got" </dev/null
'
ok 'what gets lost between the stages does not go unnoticed' '
	export BT_HOME=$PWD/home
	model identity
	mkdir in lossy
	for i in a b c; do echo $i >in/$i.csv; done
	request lost in >job.json
	cat >lossy/tee <<-END
	#!/bin/sh
	case "\$*" in
	references) exec /usr/bin/tee references | sed "/b.csv/d" ;;
	results) exec /usr/bin/tee results ;;
	esac
	END
	chmod +x lossy/tee
	PATH=$PWD/lossy:$PATH
	fails 1 run_job job.json
	tail -n 1 err | sed "s,$PWD,PWD," >"$tmp/got"
	same "$tmp/got" <<-END
	bt-transform: InternalServerError: no result for 1 record in 1 mini-batch, first those of PWD/in/b.csv#bytes=0+2,records=0+1,crc32c=3d5a4a02,last
	END
	ls out >"$tmp/got"
	same "$tmp/got" <<-END
	a.csv.out
	c.csv.out
	END
	rm lossy/tee
	run_job resume lost
	cat out/b.csv.out >"$tmp/got"
	same "$tmp/got" <<-END
	b
	END
'
ok 'a name is used once' '
	export BT_HOME=$PWD/home
	model identity
	echo 1 >a.csv
	request one a.csv >job.json
	run_job job.json
	fails 1 run_job --overwrite job.json
	same err <<-END
	bt-transform: a job one exists: describe it, resume it, remove it, or give --transform-job-name
	END
'
ok 'of two at once, one is refused' '
	export BT_HOME=$PWD/home BT_PLUGIN_PATH=$B/plugins:$B/tests/plugins
	model as_told
	echo "once:$PWD/flag:hang" >a.csv
	request twins a.csv "\"ModelClientConfig\": {
	    \"InvocationsTimeoutInSeconds\": 2 }" >job.json
	for i in 1 2; do
		{
			status=0
			bt-transform --overwrite job.json >out$i 2>err$i || status=$?
			echo $status >status$i
		} &
	done
	await test -e home/jobs/twins/status.json
	fails 1 bt-transform resume twins
	said "bt-transform: the job twins is running"
	wait
	cat status1 status2 | sort >"$tmp/got"
	same "$tmp/got" <<-END
	0
	1
	END
	grep -hxE "bt-transform: (a job twins exists: .*|the job twins is running)" err1 err2
	sed "s,$PWD,PWD," out/a.csv.out >"$tmp/got"
	same "$tmp/got" <<-END
	once:PWD/flag:hang
	END
'
ok 'names with any bytes, in folders, and a prefix that is part of a name' '
	export BT_HOME="$PWD/ho me'\''s"
	model identity
	mkdir -p "in/su b/a-b"
	echo 1 >"in/su b/a-b/x '\''\"\$y\\.csv"
	printf "2\n" >"in/su b/a-b$(printf "\nz").csv"
	echo 3 >in/su.csv
	echo 4 >in/other.csv
	request odd in/su >job.json
	run_job job.json
	(cd out && find . -type f | LC_ALL=C sort) >"$tmp/got"
	same "$tmp/got" <<-"END"
	./su b/a-b
	./su b/a-b/x '\''"$y\.csv.out
	./su.csv.out
	z.csv.out
	END
	cat "out/su b/a-b/x '\''\"\$y\\.csv.out" out/su.csv.out >"$tmp/got"
	same "$tmp/got" <<-END
	1
	3
	END
'
ok 'gzip, whole objects, single records' '
	export BT_HOME=$PWD/home
	model identity
	mkdir in
	printf "a\nb\n" | gzip >in/x.csv.gz
	{ echo c | gzip; echo d | gzip; } >in/y.csv.gz
	request zipped in | sed "s/\"SplitType\"/\"CompressionType\": \"Gzip\", &/" >job.json
	run_job --keep job.json
	cat out/x.csv.gz.out out/y.csv.gz.out >"$tmp/got"
	same "$tmp/got" <<-END
	a
	b
	c
	d
	END
	rm in/*
	printf "{\n}\n" >in/a.json
	printf "[\n]\n" >in/b.json
	request whole in | sed "s/\"Line\"/\"None\"/; s,text/csv,application/json," >job.json
	run_job job.json
	cat out/a.json.out out/b.json.out >"$tmp/got"
	same "$tmp/got" <<-END
	{
	}
	[
	]
	END
	grep -c "records=0+1.*records=[01]+1" home/jobs/whole/results >"$tmp/got"
	same "$tmp/got" <<-END
	2
	END
'
ok 'a manifest' '
	export BT_HOME=$PWD/home
	model identity
	mkdir -p in/x
	for i in a b x/c; do echo $i >in/$i.csv; done
	echo "[{\"prefix\": \"$PWD/in/\"}, \"x/c.csv\", \"a.csv\"]" >list
	request listed list | sed "s/S3Prefix/ManifestFile/" >job.json
	run_job job.json
	(cd out && find . -type f | sort | xargs cat) >"$tmp/got"
	same "$tmp/got" <<-END
	a
	x/c
	END
	sed "s/listed/again/" job.json >job2.json
	fails 1 run_job job2.json
	tail -n 2 err | tr -d "\t" >"$tmp/got"
	same "$tmp/got" <<-END
	$PWD/out/a.csv.out
	$PWD/out/x/c.csv.out
	END
'
ok 'a pipeline of models, one of them an archive' '
	export BT_HOME=$PWD/home
	mkdir -p home/models
	tar -czf pass.tar.gz -C "$scores/models/pass" model.json
	cat >home/models/m.json <<-END
	{ "ModelName": "m", "Containers": [ { "Image": "identity" },
	    { "Image": "linear", "ModelDataUrl": "pass.tar.gz" } ] }
	END
	cut -d, -f2- "$scores/scores.csv" | head -n 2 >a.csv
	request chain a.csv >job.json
	run_job --keep job.json
	same out/a.csv.out <<-END
	0.93906057,fail
	0.93991333,pass
	END
	test -e home/jobs/chain/model2/model.json
'
ok 'what the model would like, where the request does not say' '
	export BT_HOME=$PWD/home
	cat >serve.py <<-END
	import http.server, json, os
	class H(http.server.BaseHTTPRequestHandler):
	    def reply(self, text):
	        self.send_response(200)
	        self.send_header("Content-Type", "application/json" if self.command == "GET" else "text/csv")
	        self.send_header("Content-Length", str(len(text)))
	        self.end_headers()
	        self.wfile.write(text)
	    def do_GET(self):
	        self.reply(json.dumps({"MaxConcurrentTransforms": 3, "BatchStrategy": "SINGLE_RECORD", "MaxPayloadInMB": 2}).encode() if "exec" in self.path else b"")
	    def do_POST(self):
	        self.reply(self.rfile.read(int(self.headers["Content-Length"])))
	    def log_message(self, *a):
	        pass
	http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), H).serve_forever()
	END
	mkdir home home/models
	cat >home/models/m.json <<-END
	{ "ModelName": "m", "PrimaryContainer": { "Image": "http",
	    "Environment": { "BT_HTTP_COMMAND": "exec /usr/bin/python3 $PWD/serve.py" } } }
	END
	printf "1\n2\n" >a.csv
	request likes a.csv >job.json
	bt-transform --dry-run job.json >script
	grep -e "--batch-strategy SingleRecord --max-payload-in-mb 2" script
	grep -e "stage bt-share -P 3 bt-predict" script
	fails 1 grep SAGEMAKER_ script
	bt-transform --dry-run --max-concurrent-transforms 1 --max-payload-in-mb 4 \
	    --batch-strategy MultiRecord job.json >script
	grep -e "--batch-strategy MultiRecord --max-payload-in-mb 4" script
	grep -e "-E SAGEMAKER_MAX_PAYLOAD_IN_MB=4" script
	grep -e "-E SAGEMAKER_BATCH_STRATEGY=MULTI_RECORD" script
	grep -e "-E SAGEMAKER_MAX_CONCURRENT_TRANSFORMS=1" script
	fails 1 grep "^ *stage bt-share" script
	run_job job.json
	same out/a.csv.out <<-END
	1
	2
	END
'
ok 'captured are manifests and ids, and that this fails changes nothing' '
	export BT_HOME=$PWD/home
	model identity
	echo 1 >a.csv
	echo 2 >a.csv2
	request caught a.csv "\"DataCaptureConfig\": { \"DestinationS3Uri\": \"seen\",
	    \"GenerateInferenceId\": true }" >job.json
	run_job job.json
	date=$(sed -n "s/.*\"CreationTime\": \"\(....\)-\(..\)-\(..\)T\(..\).*/\1\/\2\/\3\/\4/p" home/jobs/caught/status.json)
	same "seen/input/$date/caught.manifest" <<-END
	[
	    {"prefix": "$PWD/"},
	    "a.csv"
	]
	END
	same "seen/output/$date/caught.manifest" <<-END
	[
	    {"prefix": "$PWD/out/"},
	    "a.csv.out"
	]
	END
	grep -Ex "1,[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12},20[0-9-]{8}T[0-9:]{8}Z" out/a.csv.out
	: >nofolder
	sed "s/caught/lost/; s/\"seen\"/\"nofolder\"/" job.json >job2.json
	run_job --overwrite job2.json
	grep "bt-transform: the data was not captured" home/jobs/lost/log
	bt-transform describe lost | grep Completed
'
ok 'a stop ends it cleanly, and resume goes on' '
	export BT_HOME=$PWD/home BT_PLUGIN_PATH=$B/plugins:$B/tests/plugins
	model as_told
	mkdir in
	for i in a b c d; do echo $i; done >in/a.csv
	{ echo e; echo "once:$PWD/flag:hang"; } >in/b.csv
	request stopped in "\"BatchStrategy\": \"SingleRecord\",
	    \"MaxConcurrentTransforms\": 2" >job.json
	bt-transform --detach job.json
	await test -e flag
	sleep 0.2
	bt-transform describe stopped | grep "\"TransformJobStatus\": \"InProgress\""
	bt-transform stop stopped
	bt-transform describe stopped | dated | grep -A 1 "\"TransformJobStatus\": \"Stopped\""
	bt-transform wait stopped
	cut -f 1 home/jobs/stopped/results | sort -u | wc -l >"$tmp/got"
	same "$tmp/got" <<-END
	5
	END
	fails 1 pgrep -fa "$PWD/"
	test ! -e out/b.csv.out
	fails 1 bt-transform stop stopped
	said "bt-transform: the job stopped is Stopped"
	run_job resume stopped
	cat out/a.csv.out out/b.csv.out | sed "s,$PWD,PWD," >"$tmp/got"
	same "$tmp/got" <<-END
	a
	b
	c
	d
	e
	once:PWD/flag:hang
	END
	wc -l <home/jobs/stopped/results >"$tmp/got"
	same "$tmp/got" <<-END
	6
	END
'
ok 'an interrupt stops it' '
	export BT_HOME=$PWD/home BT_PLUGIN_PATH=$B/plugins:$B/tests/plugins
	model as_told
	echo "once:$PWD/flag:hang" >a.csv
	request broken a.csv >job.json
	bt-transform job.json >arn 2>err &
	await test -e flag
	kill -TERM $!
	fails 1 wait $!
	tail -n 1 err >"$tmp/got"
	same "$tmp/got" <<-END
	bt-transform: the job broken is Stopped; bt-transform resume broken goes on
	END
	bt-transform list --status-equals Stopped | grep "\"TransformJobName\": \"broken\""
	bt-transform list --status-equals Failed >none
	same none <<-END
	{
	    "TransformJobSummaries": []
	}
	END
	run_job resume broken
	test -s out/a.csv.out
'
moments=${RESUME_MOMENTS:-20}
ok "killed at $moments random moments, all of it, a job ends with the same bytes" '
	# The leak checker waits for ever where the process that is its own is killed.
	export BT_HOME=$PWD/home ASAN_OPTIONS=detect_leaks=0
	model identity
	mkdir in
	for i in 1 2 3; do
		awk -v i=$i "BEGIN { for (n = 0; n < 3000; n++)
		    printf \"%d,\\\"a \\\"\\\"b\\\"\\\", c\\\",%.3f\\n\", n, n * i / 7 }" >in/$i.csv
	done
	request killed in "\"MaxConcurrentTransforms\": 2, \"BatchStrategy\": \"SingleRecord\",
	    \"DataProcessing\": { \"JoinSource\": \"Input\" }" >job.json
	start=$(date +%s%N)
	bt-transform job.json
	ms=$((($(date +%s%N) - start) / 1000000))
	mv out want
	i=0 resumed=0 remade=0
	while test $i -lt $moments; do
		i=$((i + 1))
		rm -rf out home/jobs
		setsid bt-transform job.json >arn 2>&1 &
		ms_now=$(($(od -An -N4 -tu4 /dev/urandom) % ms))
		sleep "$(printf "%d.%03d" $((ms_now / 1000)) $((ms_now % 1000)))"
		kill_all
		for f in out/*.out; do
			test ! -e "$f" || cmp "$f" "want/${f##*/}"
		done
		if test ! -e home/jobs/killed; then
			remade=$((remade + 1))
			bt-transform job.json
		elif test "$(bt-transform describe killed | grep -c Completed\",)" -eq 0; then
			resumed=$((resumed + 1))
			bt-transform describe killed | grep "FailureReason.*the run was killed"
			bt-transform resume killed
		fi
		diff -r -x ".bt-*.tmp" want out
		bt-transform describe killed | grep "\"TransformJobStatus\": \"Completed\""
	done
	echo "$resumed resumed, $remade made anew, of $moments"
	test $resumed -gt 0
'
ok 'very many objects share workers' '
	export BT_HOME=$PWD/home
	model identity
	mkdir in
	i=0
	while test $i -lt 2000; do
		echo $i >in/$i.csv
		i=$((i + 1))
	done
	request many in "\"MaxConcurrentTransforms\": 2" >job.json
	run_job job.json
	ls out | wc -l >"$tmp/got"
	same "$tmp/got" <<-END
	2000
	END
	cat out/* | sort -n | awk "\$1 != NR - 1" >"$tmp/got"
	same "$tmp/got" </dev/null
	test "$(sed "s/.*worker=\([^ ]*\).*/\1/" home/jobs/many/results | sort -u | wc -l)" -le 2
'
finish
