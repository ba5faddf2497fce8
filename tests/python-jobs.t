#!/bin/sh
# Jobs whose models are scripts, as the SDK describes them: bt-python(7).
# shellcheck disable=SC1003
. "${0%/*}/lib.sh"
. "${0%/*}/python.sh"
. "${0%/*}/transform.sh"

ok 'containers with variables of their own' '
	export BT_HOME=$PWD/home
	mkdir -p home/models m
	for name in one two; do
		printf "%s\n" "import os" "def model_fn(d): return \"$name \" + os.environ[\"K\"]" \
		    "def transform_fn(m, b, c, a): return b.strip() + m + chr(10)" >m/$name.py
	done
	cat >home/models/m.json <<-END
	{ "ModelName": "m", "Containers": [
	    { "Image": "python", "ModelDataUrl": "m", "Environment": {
	        "SAGEMAKER_PROGRAM": "one.py", "K": "1" } },
	    { "Image": "python", "ModelDataUrl": "m", "Environment": {
	        "SAGEMAKER_PROGRAM": "two.py", "K": "it'\''s 2" } } ] }
	END
	echo 0, >a.csv
	request two a.csv "\"Environment\": { \"L\": \"l\" }, \"MaxPayloadInMB\": 1" >job.json
	bt-transform --dry-run job.json | unfolded |
	    grep "stage bt-predict" | sed "s,$PWD/,,g" >printed
	same printed <<-\END
	    stage bt-predict -E SAGEMAKER_MAX_PAYLOAD_IN_MB=1 -E L=l -m python -d m -E K=1 -E SAGEMAKER_PROGRAM=one.py -m python -d m -E '\''K=it'\''\'\'''\''s 2'\'' -E SAGEMAKER_PROGRAM=two.py -o parts --content-type text/csv --accept text/csv --invocations-timeout-in-seconds 600 --invocations-max-retries 3 |
	END
	run_job job.json
	same out/a.csv.out <<-END
	0,one 1two it'\''s 2
	END
'
finish
