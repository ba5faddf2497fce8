#!/bin/sh
# What bt-transform says of a command line, of a request before there is a job, and
# of jobs to people.
. "${0%/*}/lib.sh"
. "${0%/*}/transform.sh"

ok 'a command line that is none, in its own name' '
	export BT_HOME=$PWD/home
	fails 2 bt-transform statsu x
	said "bt-transform: no verb statsu: create describe list remove resume stop wait"
	for words in --nope "create --nope" "list --nope" "--dry-run --nope=x job.json"; do
		# shellcheck disable=SC2086
		fails 2 bt-transform $words 2>err
		sed "s/=x:/:/" err >"$tmp/got"
		same "$tmp/got" <<-END
		bt-transform: --nope: not an option of bt-transform; see bt-transform(1), and bt-job(1) for those of the AWS CLI
		END
	done
	fails 2 bt-transform -x
	said "bt-transform: -x: not an option of bt-transform;"
	fails 2 bt-transform --model-name
	same "$tmp/err" <<-END
	bt-transform: option '\''--model-name'\'' requires an argument
	END
	fails 2 bt-transform describe --nope x
	said "bt-transform: --nope: not an option of bt-transform describe"
	bt-transform --help | sed "/^\$/,\$d" >usage
	fails 2 bt-transform one.json two.json
	same "$tmp/err" <usage
	fails 2 bt-transform --describe one
	same "$tmp/err" <usage
	fails 1 bt-transform review.json
	said "bt-job: review.json: No such file or directory"
'
ok 'a request that forgets SplitType is told' '
	export BT_HOME=$PWD/home
	model identity
	printf "1\\n2\\n" >a.csv
	echo 1 >one.csv
	request whole a.csv >job.json
	sed -i "s/, \"SplitType\": \"Line\"//" job.json
	run_job job.json
	grep -v "^bt-progress: " err >"$tmp/got"
	same "$tmp/got" <<-END
	bt-transform: not split: a.csv is one record; SplitType is None unless given
	bt-transform: the job whole is Completed; its outputs are in $PWD/out/
	END
	bt-transform describe whole | grep "\"Records\": 1,"
	note() {	# note FROM TO: with this in the request
		sed "s,$1,$2," job.json >other.json
		bt-transform --dry-run --overwrite other.json 2>err >script
		cat err
	}
	note text/csv text/csv >"$tmp/got"
	test -s "$tmp/got"
	note "\"ContentType\": \"text/csv\"" "\"CompressionType\": \"None\"" >"$tmp/got"
	test -s "$tmp/got"
	note text/csv application/json >"$tmp/got"
	note "\"ContentType\":" "\"SplitType\": \"None\"\, \"ContentType\":" >>"$tmp/got"
	note a.csv one.csv >>"$tmp/got"
	same "$tmp/got" </dev/null
	note "\"ModelName\":" "\"BatchStrategy\": \"MultiRecord\"\, \"ModelName\":" >"$tmp/got"
	same "$tmp/got" <<-END
	bt-transform: BatchStrategy MultiRecord: nothing to put together, SplitType is None
	END
'
ok 'newlines in quotes are kept if that is asked for' '
	export BT_HOME=$PWD/home
	model identity
	printf "1,\"a\\nb\"\\n2,c\\n" >a.csv
	request kept a.csv >job.json
	fails 1 run_job job.json
	grep "a newline inside a quoted field, column 2 (--embedded-newlines=keep keeps it as one record)" err
	bt-transform remove kept
	run_job --embedded-newlines=keep job.json
	cmp a.csv out/a.csv.out
	bt-transform describe kept | grep "\"Records\": 2,"
	fails 2 bt-transform --embedded-newlines maybe job.json
	said "bt-transform: --embedded-newlines maybe: neither keep nor refuse"
'
ok 'a header row is kept if that is asked for, otherwise told of' '
	export BT_HOME=$PWD/home
	model identity
	printf "id,n\n1,2\n3,4\n" >a.csv
	request headed a.csv "\"DataProcessing\": {\"JoinSource\": \"Input\"}" >job.json
	bt-transform --dry-run job.json 2>"$tmp/got" >script
	same "$tmp/got" <<-END
	bt-transform: a.csv: first record looks like a header: --header keeps it from the model
	END
	bt-transform --dry-run --header job.json 2>"$tmp/got" >script
	same "$tmp/got" </dev/null
	run_job --header --keep job.json
	same out/a.csv.out <<-END
	id,n,SageMakerOutput0,SageMakerOutput1
	1,2,1,2
	3,4,3,4
	END
	tail -n 2 a.csv | cmp - home/jobs/headed/parts/*.part
	bt-transform describe headed | grep "\"Records\": 2,"
	bt-transform remove headed
	run_job --header=skip --overwrite job.json
	same out/a.csv.out <<-END
	1,2,1,2
	3,4,3,4
	END
	fails 2 bt-transform --header=no job.json
	said "bt-transform: --header=no: neither keep, skip nor send"
'
ok 'a header row is sent if that is asked for, filtered as the records' '
	export BT_HOME=$PWD/home BT_PYTHON=python3
	mkdir -p model/code
	cat >model/code/inference.py <<-END
	def model_fn(model_dir):
	    return None

	def transform_fn(model, body, content_type, accept):
	    names, *rows = body.splitlines()
	    return "".join("%s of %s\\n" % (row, names) for row in rows), accept
	END
	model python "$PWD/model"
	printf "id,n\n1,2\n3,4\n" >a.csv
	request sent a.csv "\"DataProcessing\": {\"JoinSource\": \"Input\", \"InputFilter\": \"\$[1]\"}" >job.json
	run_job --header=send --max-records 1 job.json
	same out/a.csv.out <<-END
	id,n,SageMakerOutput
	1,2,2 of n
	3,4,4 of n
	END
'
ok 'the records of a mini-batch, and the time to load, are given' '
	export BT_HOME=$PWD/home
	model identity
	seq 10 >a.csv
	request few a.csv >job.json
	run_job --max-records 4 --start-timeout=70 job.json
	cmp a.csv out/a.csv.out
	grep -c "" home/jobs/few/references >got
	grep -o -e "--max-records 4" -e "--start-timeout 70" home/jobs/few/script >>got
	same got <<-END
	3
	--max-records 4
	--start-timeout 70
	END
	for option in --max-records --start-timeout; do
		fails 2 bt-transform $option 0 job.json
		said "bt-transform: $option 0: not a number from 1"
	done
'
ok 'a worker finds its number in a variable' '
	export BT_HOME=$PWD/home BT_PLUGIN_PATH=$B/plugins:$B/tests/plugins
	mkdir slots
	model shell slots
	for n in 1 2 3 4; do
		echo "sleep 0.3; echo \$CUDA_VISIBLE_DEVICES"
	done >a.csv
	request numbered a.csv "\"BatchStrategy\": \"SingleRecord\", \"MaxConcurrentTransforms\": 2" >job.json
	sed -i "s,text/csv,text/plain," job.json
	run_job --process-slot-var CUDA_VISIBLE_DEVICES job.json
	sort -u out/a.csv.out >got
	same got <<-END
	0
	1
	END
	sed "s/Transforms\": 2/Transforms\": 1/" job.json >one.json
	run_job --process-slot-var=CUDA_VISIBLE_DEVICES --overwrite \
	    --transform-job-name one one.json
	sort -u out/a.csv.out >got
	same got <<-END
	0
	END
	for name in 1A a-b "a b"; do
		fails 2 bt-transform --process-slot-var "$name" job.json
		said "bt-transform: --process-slot-var $name: not the name of a variable"
	done
'
ok 'each worker loads the model once' '
	export BT_HOME=$PWD/home
	mkdir in
	seq 1 30000 >in/a.csv
	seq 1 1000 >in/b.csv
	model_of_loads
	loads() {	# loads NAME MOST [OPTION ...]: the job of that name, its outputs in out
		name=$1 most=$2
		shift 2
		# Once before there is a job.
		: >loads
		run_job --overwrite --transform-job-name "$name" "$@" job.json
		test "$(grep -c "" loads)" -le $((most + 1))
	}
	request loads in "\"BatchStrategy\": \"SingleRecord\", \"MaxConcurrentTransforms\": 2" >job.json
	loads single 2
	cmp in/a.csv out/a.csv.out
	cmp in/b.csv out/b.csv.out
	request loads in "\"MaxConcurrentTransforms\": 3" >job.json
	loads few 3 --max-records 10
	cmp in/a.csv out/a.csv.out
	gzip in/a.csv in/b.csv
	sed "s/\"SplitType\"/\"CompressionType\": \"Gzip\", &/" job.json >zipped
	mv zipped job.json
	loads zipped 3 --max-records 10
	gzip -dc in/a.csv.gz | cmp - out/a.csv.gz.out
	gzip -dc in/b.csv.gz | cmp - out/b.csv.gz.out
'
ok 'a model that cannot be loaded takes no name' '
	export BT_HOME=$PWD/home
	echo 1 >a.csv
	model absent
	request absent a.csv "\"BatchStrategy\": \"MultiRecord\",
	    \"MaxPayloadInMB\": 6, \"MaxConcurrentTransforms\": 1" >job.json
	fails 1 run_job job.json
	tail -n 1 err >"$tmp/got"
	same "$tmp/got" <<-END
	bt-transform: the model cannot be loaded
	END
	ls -A home/jobs >"$tmp/got"
	same "$tmp/got" </dev/null
	# A dry run makes no job.
	bt-transform --dry-run job.json >script
'
ok 'tables of jobs' '
	export BT_HOME=$PWD/home
	model identity
	echo 1 >a.csv
	request tabled a.csv >job.json
	run_job job.json
	bt-transform list --output table --status-equals Completed | cut -d " " -f 1 >"$tmp/got"
	same "$tmp/got" <<-END
	NAME
	tabled
	END
	for words in "--output table tabled" "tabled --output=table"; do
		# shellcheck disable=SC2086
		bt-transform describe $words >got
		grep -x "Status    Completed" got
		grep -x "Records   1" got
	done
	fails 2 bt-transform describe tabled --output
	said "bt-transform: --output: option requires an argument"
	bt-transform describe tabled | grep "\"TransformJobStatus\": \"Completed\""
'
finish
