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
	    stage bt-predict -m python -d m -E K=1 -E SAGEMAKER_PROGRAM=one.py -m python -d m -E '\''K=it'\''\'\'''\''s 2'\'' -E SAGEMAKER_PROGRAM=two.py -o parts --content-type text/csv --accept text/csv --invocations-timeout-in-seconds 600 --invocations-max-retries 3 -E SAGEMAKER_MAX_PAYLOAD_IN_MB=1 -E L=l |
	END
	run_job job.json
	same out/a.csv.out <<-END
	0,one 1two it'\''s 2
	END
'

# sdk IMAGE ENVIRONMENT: a model as the SDK describes it, whose archive is model.tar.gz.
sdk() {
	model "683313688378.dkr.ecr.us-east-1.amazonaws.com/$1" model.tar.gz \
	    "\"Environment\": { \"SAGEMAKER_CONTAINER_LOG_LEVEL\": \"20\", \"SAGEMAKER_REGION\": \"us-east-1\", $2 }"
}

# code [FOLDER]: the archive of a script, and the model's without it.
code() {
	mkdir -p src weights
	cat >src/entry.py <<-END
	import os
	def model_fn(model_dir):
	    return float(open(os.path.join(model_dir, "factor")).read())
	def input_fn(body, content_type):
	    return [float(line) for line in body.splitlines()]
	def predict_fn(rows, model):
	    return [[row * model, os.environ["BT_FRAMEWORK"]] for row in rows]
	END
	echo 2 >weights/factor
	tar -czf sourcedir.tar.gz -C src entry.py
	tar -czf model.tar.gz -C weights factor
	printf "%s\n" 1 2.5 >a.csv
}

ok 'SKLearnModel and XGBoostModel: the code in an archive of its own' '
	export BT_HOME=$PWD/home
	code
	for image in sagemaker-scikit-learn:1.2-1-cpu-py3 sagemaker-xgboost:1.7-1; do
		sdk $image "\"SAGEMAKER_PROGRAM\": \"entry.py\", \"SAGEMAKER_SUBMIT_DIRECTORY\": \"file://$PWD/sourcedir.tar.gz\""
		request "${image%%:*}" a.csv >job.json
		run_job --overwrite job.json
		cat out/a.csv.out
	done >out.csv
	same out.csv <<-END
	2.0,sklearn
	5.0,sklearn
	2.0,xgboost
	5.0,xgboost
	END
'
ok 'code in S3 is fetched once for a job' '
	export BT_HOME=$PWD/home
	code
	mkdir bin
	printf "%s\n" "#!/bin/sh" "echo \"\$*\" >>\"$PWD/asked\"" "exec cat \"$PWD/sourcedir.tar.gz\"" >bin/bt-s3cat
	chmod +x bin/bt-s3cat
	PATH=$PWD/bin:$PATH
	sdk sagemaker-scikit-learn:1.2-1-cpu-py3 "\"SAGEMAKER_PROGRAM\": \"entry.py\", \"SAGEMAKER_SUBMIT_DIRECTORY\": \"s3://bucket/sklearn-1/sourcedir.tar.gz\""
	request fetched a.csv "\"BatchStrategy\": \"SingleRecord\", \"MaxConcurrentTransforms\": 2" >job.json
	run_job --keep job.json
	cat asked out/a.csv.out >out.csv
	grep -o "SUBMIT_DIRECTORY=[^ ]*" home/jobs/fetched/script >>out.csv
	same out.csv <<-END
	s3://bucket/sklearn-1/sourcedir.tar.gz
	2.0,sklearn
	5.0,sklearn
	SUBMIT_DIRECTORY=model1.code
	END
'
ok 'the code in the model, as the SDK repacks it' '
	export BT_HOME=$PWD/home
	code
	mkdir weights/code
	cp src/entry.py weights/code
	tar -czf model.tar.gz -C weights .
	sdk sagemaker-xgboost:1.7-1 "\"SAGEMAKER_PROGRAM\": \"entry.py\", \"SAGEMAKER_SUBMIT_DIRECTORY\": \"/opt/ml/model/code\""
	request inside a.csv >job.json
	run_job job.json
	same out/a.csv.out <<-END
	2.0,xgboost
	5.0,xgboost
	END
'
ok 'an image of TensorFlow Serving, and a model without a script' '
	export BT_HOME=$PWD/home
	code
	sdk tensorflow-inference:2.14 "\"K\": \"k\""
	request served a.csv >job.json
	fails 1 bt-transform job.json >arn
	said "no inference.py, in code/ or in the folder itself; without a script, run TensorFlow Serving and the plugin http"
'
ok 'relative paths, in the environment and in those of the containers' '
	export BT_HOME=$PWD/home
	mkdir -p plugins src m
	ln -s "$BT_PYTHON" py
	cp "$B/plugins/python.so" plugins/mine.so
	printf "%s\n" "import os, sys" "def model_fn(d): return os.path.basename(sys.executable)" \
	    "def transform_fn(m, b, c, a): return b.strip() + m + chr(10)" >src/inference.py
	echo 0, >a.csv
	own="\"SAGEMAKER_SUBMIT_DIRECTORY\": \"src\""
	model mine m "\"Environment\": { $own }"
	request one a.csv >job.json
	BT_PYTHON=./py BT_PLUGIN_PATH=plugins:$BT_PLUGIN_PATH run_job job.json
	cp out/a.csv.out out.csv
	all="$own, \"BT_PYTHON\": \"./py\", \"BT_PLUGIN_PATH\": \"plugins\""
	model mine m "\"Environment\": { $all }"
	run_job --overwrite --transform-job-name two job.json
	cat out/a.csv.out >>out.csv
	echo "{ \"ModelName\": \"m\", \"Containers\": [
	    { \"Image\": \"mine\", \"ModelDataUrl\": \"m\", \"Environment\": { $all } },
	    { \"Image\": \"python\", \"ModelDataUrl\": \"m\", \"Environment\": { $own, \"BT_PYTHON\": \"python3\" } } ] }" \
	    >home/models/m.json
	PATH=${BT_PYTHON%/*}:$PATH run_job --overwrite --transform-job-name three job.json
	sed "s/3[.0-9]*\$/3/" out/a.csv.out >>out.csv
	same out.csv <<-END
	0,py
	0,py
	0,pypython3
	END
'
finish
