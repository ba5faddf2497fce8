#!/bin/sh
# Scripts of other shapes than model_fn and predict_fn: bt-python(7).
. "${0%/*}/lib.sh"
. "${0%/*}/python.sh"

ok 'handle() of TorchServe, called with None to load' '
	script <<-END
	model = None
	def handle(data, context):
	    global model
	    if data is None:
	        model = context.manifest["model"]["serializedFile"]
	        context.metrics.add_counter("Loads", 1)
	        return None
	    body = data[0].get("body")
	    context.set_response_content_type(0, "text/csv")
	    return ["".join("%s,%s\n" % (model, line) for line in body.decode().splitlines())]
	END
	: >m/weights.pt
	printf "%s\n" 1 2 >x.csv
	predict x.csv >out
	same out <<-END
	weights.pt,1
	weights.pt,2
	END
'
ok 'a class with initialize and handle; JSON is parsed' '
	script <<-END
	class Base:
	    def handle(self, data, context):
	        assert self.ready
	        return self.answer(data)
	class Mine(Base):
	    def initialize(self, context):
	        self.ready = context.system_properties["model_dir"]
	    def answer(self, data):
	        return [[x * 2 for x in data[0]["body"]]]
	class Helper: pass
	END
	printf "[1, 2]" >x.json
	predict x.json >out
	echo >>out
	echo "class Second(Base): pass" >>m/code/inference.py
	fails 255 run
	cat "$tmp/err" >>out
	printf "[1, }" >x.json
	sed -i "\$d" m/code/inference.py
	fails 1 predict x.json
	cat "$tmp/err" >>out
	same out <<-END
	[2, 4]
	bt-predict: python: code/inference.py: 2 classes with handle(): Mine, Second
	bt-predict: x.json: record 0 (byte 0): python: application/json: Expecting value: line 1 column 5 (char 4)
	END
'
ok 'handler() of the containers for TensorFlow Serving' '
	script <<-END
	def handler(data, context):
	    text = data.read().decode()
	    return "%s %s %s %d\n" % (text.strip(), context.request_content_type, context.rest_uri,
	                              context.content_length), context.accept_header
	END
	echo 1 >x.csv
	predict x.csv >out
	predict x.csv -E BT_TFS_REST_URI=http://h/v1/models/m:predict >>out
	same out <<-END
	1 text/csv http://localhost:8501/v1/models/model:predict 2
	1 text/csv http://h/v1/models/m:predict 2
	END
'
ok 'input_handler and output_handler, with a server between them' '
	cat >serve.py <<-\END
	import http.server, json, os, threading
	class H(http.server.BaseHTTPRequestHandler):
	    def do_POST(self):
	        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])).decode())
	        good = "instances" in body and self.path == "/v1/models/m:predict"
	        text = json.dumps({"predictions": [x * 2 for x in body["instances"]]} if good
	                          else {"error": "bad"}).encode()
	        self.send_response(200 if good else 400)
	        self.send_header("Content-Length", str(len(text)))
	        self.end_headers()
	        self.wfile.write(text)
	    def log_message(self, *a): pass
	server = http.server.HTTPServer(("127.0.0.1", 0), H)
	open("port.new", "w").write(str(server.server_port))
	os.rename("port.new", "port")
	server.serve_forever()
	END
	"$BT_PYTHON" serve.py &
	trap "kill $!" EXIT
	await test -s port
	script <<-END
	import json
	def input_handler(data, context):
	    return json.dumps({"instances": [float(x) for x in data.read().split()]})
	def output_handler(response, context):
	    if not response.ok:
	        raise ValueError("%d %s" % (response.status_code, response.text))
	    return json.dumps(response.json()), "application/json"
	END
	printf "%s\n" 1 2.5 >x.csv
	uri=http://127.0.0.1:$(cat port)/v1/models
	predict x.csv -E BT_TFS_REST_URI="$uri/m:predict" >out
	echo >>out
	fails 1 predict x.csv -E BT_TFS_REST_URI="$uri/n:predict" --invocations-max-retries 0
	errors >>out
	fails 1 predict x.csv -E BT_TFS_REST_URI=http://127.0.0.1:9/ --invocations-max-retries 0
	errors >>out
	fails 255 predict x.csv
	cat "$tmp/err" >>out
	sed -i s/output_handler/other/ m/code/inference.py
	fails 255 predict x.csv
	cat "$tmp/err" >>out
	same out <<-END
	{"predictions": [2.0, 5.0]}
	1 500 records 0 to 1 (byte 0): python: output_handler: ValueError: 400 {"error": "bad"} (code/inference.py line 6)
	1 503 records 0 to 1 (byte 0): python: BT_TFS_REST_URI http://127.0.0.1:9/: [Errno 111] Connection refused
	bt-predict: python: code/inference.py: input_handler needs TensorFlow Serving: start it, and set BT_TFS_REST_URI to http://HOST:8501/v1/models/NAME:predict
	bt-predict: python: code/inference.py: input_handler without output_handler
	END
'
ok 'init() and run() of Azure' '
	script score.py <<-END
	import json, os
	def init():
	    global model
	    model = os.path.basename(os.environ["AZUREML_MODEL_DIR"])
	def run(data, request_headers):
	    lines = data.splitlines()
	    return {"list": [model, request_headers["Content-Type"]] + lines[1:],
	            "text": json.dumps(lines), "word": model}[lines[0]]
	END
	for first in list text word; do
		printf "%s\n" $first 2 >x.csv
		bt-split -t None x.csv >refs
		run -E SAGEMAKER_PROGRAM=score.py
		echo
		run -E SAGEMAKER_PROGRAM=score.py --strict
		echo
	done >out
	sed "s/^.*type=//; s/,.*//" results >>out
	script score.py <<-END
	def init(): pass
	def run(mini_batch): return mini_batch
	END
	fails 255 run -E SAGEMAKER_PROGRAM=score.py
	cat "$tmp/err" >>out
	same out <<-\END
	["m", "text/csv", "2"]
	["m", "text/csv", "2"]
	["text", "2"]
	"[\"text\", \"2\"]"
	"m"
	"m"
	application/json
	bt-predict: python: score.py: run(mini_batch) takes files, of a parallel job of Azure; run(data) is required
	END
'
ok 'a script of no shape' '
	echo "def predict(x): return x" | script
	echo 1 >x.csv
	fails 255 predict x.csv
	cat "$tmp/err" >out
	same out <<-END
	bt-predict: python: code/inference.py: no model_fn, handle(), handler() or init() and run()
	END
'
ok 'a folder of MLflow: with that package, or a plain pickle without it' '
	export PYTHONPATH="$PWD/lib"
	mkdir -p m lib/mlflow
	cat >lib/mine.py <<-END
	class Model:
	    def predict(self, records):
	        return [r["x"] * 2 for r in records]
	END
	"$BT_PYTHON" -c "import mine, pickle; pickle.dump(mine.Model(), open(\"m/model.pkl\", \"wb\"))"
	cat >m/MLmodel <<-END
	flavors:
	  python_function:
	    loader_module: mlflow.sklearn
	    model_path: model.pkl
	  sklearn:
	    pickled_model: model.pkl
	    serialization_format: cloudpickle
	END
	printf "%s\n" "{\"x\":1}" "{\"x\":2}" >x.jsonl
	rmdir lib/mlflow
	predict x.jsonl >out
	sed -i s/mlflow.sklearn/mlflow.pyfunc.model/ m/MLmodel
	fails 255 predict x.jsonl
	cat "$tmp/err" >>out
	mkdir lib/mlflow
	: >lib/mlflow/__init__.py
	cat >lib/mlflow/pyfunc.py <<-END
	import mine
	class Metadata:
	    def get_input_schema(self): return None
	def load_model(path):
	    model = mine.Model()
	    model.metadata = Metadata()
	    return model
	END
	predict x.jsonl >>out
	same out <<-END
	2
	4
	bt-predict: python: model_fn: MLmodel: a model of mlflow.pyfunc.model needs the package mlflow, which $BT_PYTHON does not have; set BT_PYTHON to one that does
	2
	4
	END
'
finish
