#!/bin/sh
# The python plugin on scripts that do as they should: bt-python(7).
. "${0%/*}/lib.sh"
. "${0%/*}/python.sh"

ok 'the four functions' '
	script <<-END
	import os
	def model_fn(model_dir):
	    return float(open(os.path.join(model_dir, "factor")).read())
	def input_fn(body, content_type):
	    return [float(line.split(",")[0]) for line in body.splitlines()]
	def predict_fn(rows, model):
	    return [row * model for row in rows]
	def output_fn(prediction, accept):
	    return "".join("%g\n" % p for p in prediction)
	END
	echo 2 >m/factor
	printf "%s\n" 1,a 2.5,b -3,c >x.csv
	predict x.csv >out
	same out <<-END
	2
	5
	-6
	END
'
ok 'a model.tar.gz, with its code and what that imports' '
	script <<-END
	from scale import scale
	def model_fn(model_dir):
	    return float(open(model_dir + "/factor").read())
	def predict_fn(rows, model):
	    return scale(rows, model)
	def input_fn(body, content_type):
	    return [float(line) for line in body.splitlines()]
	def output_fn(prediction, accept):
	    return "".join("%g\n" % p for p in prediction)
	END
	echo "def scale(rows, by): return [row * by for row in rows]" >m/code/scale.py
	echo 2 >m/factor
	tar -czf m.tar.gz -C m .
	mkdir tmp
	printf "%s\n" 1 2.5 >x.csv
	bt-split x.csv | TMPDIR=$PWD/tmp bt-predict -m python -d m.tar.gz -o parts >results
	cat parts/* >out
	same out <<-END
	2
	5
	END
	test -z "$(ls tmp)"
'
ok 'what the functions are given: text of CSV and JSON, else bytes' '
	script <<-END
	import json
	def model_fn(model_dir):
	    return model_dir
	def transform_fn(model, body, content_type, accept):
	    return json.dumps([[model, repr(body), content_type, accept]])[1:-1] + "\n"
	END
	printf "h\303\251,\"\"\n" >x.csv
	printf "{}\n" >x.jsonl
	printf "{}" >x.json
	printf "h\303\251\n" >x.txt
	for x in csv jsonl json txt; do
		predict x.$x --accept application/jsonlines
		predict x.$x
	done | sed "s,$(pwd)/,," >out
	tr "Q" "\047" <<-\END | same out
	["m", "Qh\u00e9,\"\"\\nQ", "text/csv", "application/jsonlines"]
	["m", "Qh\u00e9,\"\"\\nQ", "text/csv", "text/csv"]
	["m", "bQ{}\\nQ", "application/jsonlines", "application/jsonlines"]
	["m", "bQ{}\\nQ", "application/jsonlines", "application/jsonlines"]
	["m", "Q{}Q", "application/json", "application/jsonlines"]
	["m", "Q{}Q", "application/json", "application/json"]
	["m", "bQh\\xc3\\xa9\\nQ", "text/plain", "application/jsonlines"]
	["m", "bQh\\xc3\\xa9\\nQ", "text/plain", "application/json"]
	END
	predict x.csv --content-type "text/csv; charset=utf-8" >out
	grep "\"b.h.*\"text/csv; charset=utf-8\", \"text/csv\"\]$" out
	predict x.csv -E SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT=text/x-own >out
	grep "\"text/x-own\"]" out
'
ok 'a parameter more is given the context' '
	script <<-END
	def model_fn(model_dir, context):
	    return context.system_properties["model_dir"]
	def input_fn(body, content_type, c):
	    return c.get_request_header(0, "content-type")
	def predict_fn(data, model, context=None):
	    context.set_response_content_type(0, "text/plain")
	    return [model, data, context.get_request_property("Accept")]
	def output_fn(prediction, accept, context):
	    return " ".join(prediction)
	END
	echo 1 >x.csv
	predict x.csv >out
	echo "$(pwd)/m text/csv text/csv" | tr -d "\n" | cmp - out
	grep "type=text/plain" results
'
ok 'a parameter with a default is left alone, unless it is a context' '
	script <<-END
	def model_fn(model_dir, ctx=None): return ctx.get_request_id()
	def input_fn(body, content_type, sep=",", *rest): return [sep, rest]
	def predict_fn(data, model, unit="EUR", **more): return data + [unit, more, model]
	def output_fn(*all, **named): return "%s %s\n" % (all, named)
	END
	echo 1 >x.csv
	predict x.csv >out
	for code in "lambda a, b=0, c=0: 0" "lambda a, b, c: 0" "lambda a, *, b: 0" "lambda *a, b: 0" "lambda a, b=0, *, c=0: 0"; do
		printf "%s\n" "model_fn = $code" "input_fn = lambda b, c: b" "predict_fn = lambda d, m: [str(m)]" | script
		predict x.csv 2>err >>out || cat err >>out
	done
	tr Q "\047" <<-END | same out
	([Q,Q, (), QEURQ, {}, Q0Q], Qtext/csvQ) {}
	0
	bt-predict: python: code/inference.py: model_fn has 3 parameters, not 1, or 2 with the context
	bt-predict: python: code/inference.py: model_fn has 2 parameters, not 1, or 2 with the context
	bt-predict: python: code/inference.py: model_fn has 2 parameters, not 1, or 2 with the context
	0
	END
'
ok 'the context knows the object, its records, and the job' '
	script <<-END
	def model_fn(model_dir): return None
	def transform_fn(model, body, content_type, accept, context):
	    place = [context.get_request_header(0, "x-bt-" + n) for n in
	             ("object", "first-record", "record-count")]
	    job = [context.system_properties["SAGEMAKER_" + n] for n in
	           ("MAX_PAYLOAD_IN_MB", "BATCH_STRATEGY")]
	    return "%s\n" % (place + job) * int(place[2])
	END
	printf "%s\n" 1 2 3 >"a b.csv"
	bt-split -n 2 "a b.csv" >refs
	run >out
	run -E SAGEMAKER_MAX_PAYLOAD_IN_MB=6 -E SAGEMAKER_BATCH_STRATEGY=MULTI_RECORD | head -n 1 >>out
	tr Q "\047" <<-END | same out
	[Qa%20b.csvQ, Q0Q, Q2Q, None, None]
	[Qa%20b.csvQ, Q0Q, Q2Q, None, None]
	[Qa%20b.csvQ, Q2Q, Q1Q, None, None]
	[Qa%20b.csvQ, Q0Q, Q2Q, Q6Q, QMULTI_RECORDQ]
	END
'
ok 'execution_parameters_fn is asked by --probe' '
	for returns in "{\"MaxConcurrentTransforms\": 3, \"BatchStrategy\": \"SINGLE_RECORD\", \"MaxPayloadInMB\": 2}" \
	    "worker.Response(b\"{\\\"MaxPayloadInMB\\\": 7, \\\"BatchStrategy\\\": 1}\")" "[1]"; do
		script <<-END
		from sagemaker_containers.beta.framework import worker
		def model_fn(model_dir): return len
		def execution_parameters_fn(): return $returns
		END
		bt-predict --probe -m python -d m 2>&1 | grep "^M\|^B\|bt-predict"
	done >out
	script <<-END
	def model_fn(model_dir): return len
	def execution_parameters_fn(): return 1 / 0
	END
	fails 255 bt-predict --probe -m python -d m >none
	grep -v "python: error" "$tmp/err" >>out
	same out <<-END
	MaxConcurrentTransforms=3
	BatchStrategy=SINGLE_RECORD
	MaxPayloadInMB=2
	MaxConcurrentTransforms=
	BatchStrategy=
	MaxPayloadInMB=7
	bt-predict: python: warning: execution_parameters_fn: not a JSON object; ignored
	MaxConcurrentTransforms=
	BatchStrategy=
	MaxPayloadInMB=
	bt-predict: python: execution_parameters: execution_parameters_fn: ZeroDivisionError: division by zero (code/inference.py line 2)
	END
'
ok 'the context sets the status' '
	script <<-END
	def model_fn(model_dir):
	    return None
	def transform_fn(model, body, content_type, accept, context):
	    context.set_response_status(code=int(body), phrase="as asked")
	    return "1"
	END
	seq 1 7 | while read -r i; do
		echo 200 400 415 422 500 503 299 | cut -d" " -f"$i"
	done >x.csv
	bt-split --batch-strategy SingleRecord x.csv >refs
	fails 1 run --invocations-max-retries 1
	errors >out
	same out <<-END
	1 400 record 1 (byte 4): python: status 400: as asked
	1 415 record 2 (byte 8): python: status 415: as asked
	1 400 record 3 (byte 12): python: status 422: as asked
	2 500 record 4 (byte 16): python: status 500: as asked
	2 503 record 5 (byte 20): python: status 503: as asked
	END
	test "$(grep -c "	parts/" results)" -eq 2
'
ok 'replies: text, bytes, a tuple, a list, a dict, responses' '
	script <<-END
	import json
	class Response:
	    def __init__(self, data, mimetype, status_code=200):
	        self.data, self.mimetype, self.status_code = data, mimetype, status_code
	class Flask(Response):
	    def get_data(self):
	        return self.data
	def model_fn(model_dir):
	    return None
	def transform_fn(model, body, content_type, accept):
	    from sagemaker_containers.beta.framework import worker
	    return {
	        "text": "h\u00e9\n",
	        "bytes": b"b\n",
	        "bytearray": bytearray(b"c\n"),
	        "tuple": ("d\n", "text/plain"),
	        "list": [1, "\u00e9"],
	        "dict": {"a": [1.5]},
	        "response": Response(b"e\n", "text/x-e"),
	        "flask": Flask("f\n", "text/x-f"),
	        "sagemaker": worker.Response("g\n", accept, mimetype="text/x-g"),
	        "nothing": worker.Response(status=415, response="not that"),
	        "none": None,
	        "set": {1},
	    }[body.strip()]
	END
	printf "%s\n" text bytes bytearray tuple list dict response flask sagemaker >x.csv
	bt-split --batch-strategy SingleRecord x.csv >refs
	run >out
	printf "h\303\251\nb\nc\nd\n[1, \"\\u00e9\"]{\"a\": [1.5]}e\nf\ng\n" >want
	cmp want out
	sed "s/.*,type=//; s/,.*//" results >out
	same out <<-END
	text/csv
	text/csv
	text/csv
	text/plain
	application/json
	application/json
	text/x-e
	text/x-f
	text/x-g
	END
	printf "%s\n" nothing none set >x.csv
	bt-split --batch-strategy SingleRecord x.csv >refs
	fails 1 run --invocations-max-retries 0
	errors >out
	same out <<-END
	1 415 record 0 (byte 0): python: status 415: not that
	1 500 record 1 (byte 8): python: transform_fn: TypeError: returned NoneType, not text, bytes, a tuple of one and its type, or a response
	1 500 record 2 (byte 13): python: transform_fn: TypeError: returned set, not text, bytes, a tuple of one and its type, or a response
	END
'
ok 'print goes to standard error, standard input is empty' '
	script_that "print(\"noise\", line); os.write(1, b\"more\\n\"); print(repr(sys.stdin.read()))"
	echo "print(\"loading\")" >>m/code/inference.py
	printf "%s\n" a b >x.txt
	predict x.txt >out 2>err
	printf "a\nb\n" | cmp - out
	sort -u err >out
	tr Q "\047" <<-END | same out
	QQ
	loading
	more
	noise a
	noise b
	END
'
# sizes: requests and replies of few bytes and of many, in turn, as text or bytes.
sizes() {
	script <<-END
	def model_fn(model_dir): return None
	def transform_fn(model, body, content_type, accept):
	    size, _, rest = body.partition("," if type(body) is str else b",")
	    return rest.strip() or (size[:1] * int(size))
	END
	"$BT_PYTHON" - <<-END
	import random
	draw = random.Random(1).randrange
	around = [0, 1, 65400, 65448, 65449, 65536, 98304, 1 << 20, 3 << 20]
	sizes = around + [draw(1 << draw(23)) for _ in range(40)]
	with open("x.csv", "w") as x, open("want", "w") as want:
	    for size in sizes:
	        if draw(2):
	            x.write("%d,\n" % size)
	            want.write(str(size)[0] * size)
	        else:
	            x.write("0,%s\n" % ("a" * size or "b"))
	            want.write("a" * size or "b")
	END
	cp x.csv x.txt
}
ok 'payloads and replies of any size after each other' '
	sizes
	for x in x.csv x.txt; do
		bt-split --batch-strategy SingleRecord $x >refs
		run --accept text/plain >out
		cmp want out
	done
'
# A limit of file sizes is one of memory files too.
ok 'without memory to share, frames go through the pipes' '
	sizes
	bt-split --batch-strategy SingleRecord x.csv >refs
	sh -c "ulimit -f 1000000; exec bt-predict -m python -d m -o parts --accept text/plain" <refs >results
	cat parts/* >out
	cmp want out
	script_that "lines[0] = str(len(os.listdir(\"/proc/self/fd\")))"
	echo a >x.txt
	bt-split x.txt >refs
	rm -r parts
	sh -c "ulimit -f 1000000; exec bt-predict -m python -d m -o parts" <refs >results
	"$BT_PYTHON" -c "import os; print(len(os.listdir(\"/proc/self/fd\")) + 2)" >out
	cmp out parts/*
'
ok 'a payload of 6 MiB' '
	script_that "pass"
	yes "$(seq -s " " 40)" | head -c 6291000 | sed "\$d" >x.txt
	predict x.txt >out
	cmp x.txt out
	test "$(wc -l <results)" -eq 1
'
ok 'JSON Lines without input_fn and output_fn' '
	script <<-END
	def model_fn(model_dir):
	    return 10
	def predict_fn(records, model):
	    return [{"id": r["id"], "v": r["v"] * model} for r in records]
	END
	printf "%s\n" "{\"id\":\"a\",\"v\":1}" "{\"id\":\"b\",\"v\":2.5}" >x.jsonl
	predict x.jsonl >out
	same out <<-END
	{"id": "a", "v": 10}
	{"id": "b", "v": 25.0}
	END
	predict x.jsonl --accept application/json >out
	printf "[{\"id\": \"a\", \"v\": 10}, {\"id\": \"b\", \"v\": 25.0}]" | cmp - out
	printf "%s\n" "{\"id\":1,\"v\":1}" "{\"id\":2,}" >x.jsonl
	fails 1 predict x.jsonl --accept application/json
	errors | cut -c1-64 >out
	same out <<-END
	1 400 record 1 (byte 15): python: not a JSON document in UTF-8: 
	END
'
ok 'CSV without output_fn' '
	script <<-END
	def model_fn(model_dir): return None
	def input_fn(body, content_type): return body.splitlines()
	def predict_fn(lines, model): return eval(lines[0])
	END
	for x in "[1, 2, 3]" "[1, 2.5, True]" "[True, False]" "[(1, 0.1), (2, 1e22)]" \
	    "[[\"a,b\", 1], [\"c\", 0.5]]"; do
		printf "%s\n" "$x" "" "" >x.csv
		printf "x.csv#bytes=0+%d,records=0+1,split=None,last\n" "$(wc -c <x.csv)" >refs
		run
	done >out
	same out <<-END
	1
	2
	3
	1.0
	2.5
	1.0
	True
	False
	1.0,0.1
	2.0,1e+22
	"a,b",1
	c,0.5
	END
'
ok 'code/ is on the path, the working folder is not; SM_MODEL_DIR' '
	script <<-END
	import os, sys
	from helpers import text
	import json
	def model_fn(model_dir):
	    return [text.NAME, json.loads("2"), os.environ["SM_MODEL_DIR"] == model_dir,
	            os.environ["PYTHONPATH"].split(":")[0] == model_dir + "/code",
	            "" in sys.path, os.getcwd() in sys.path, [os.path.basename(a) for a in sys.argv]]
	def transform_fn(model, body, content_type, accept):
	    return str(model)
	END
	mkdir m/code/helpers
	echo "NAME = 1" >m/code/helpers/text.py
	echo no >json.py
	echo a >x.csv
	predict x.csv --accept text/plain >out
	tr -d "\047" <out >out2
	printf "[1, 2, True, True, False, False, [inference.py]]" | cmp - out2
'
ok 'SAGEMAKER_PROGRAM, in code/ or in the folder' '
	for where in code/serve.py serve.py sub/serve.py; do
		rm -rf m
		mkdir -p m/sub
		printf "%s\n" "def model_fn(d): return __name__ + __file__[-9:]" \
		    "def transform_fn(m, b, c, a): return m + chr(10)" | script $where
		echo a >x.csv
		predict x.csv -E SAGEMAKER_PROGRAM="${where#code/}"
	done >out
	predict x.csv -E SAGEMAKER_PROGRAM=sub/serve >>out
	same out <<-END
	serve/serve.py
	serve/serve.py
	serve/serve.py
	serve/serve.py
	END
	fails 255 run -E SAGEMAKER_PROGRAM=other.py
	said "bt-predict: python: $(pwd)/m: no other.py, in code/ or in the folder itself"
'
ok 'pre_model_fn and model_warmup_fn' '
	script <<-END
	done = []
	def pre_model_fn(model_dir): done.append("before")
	def model_fn(model_dir): done.append("load"); return done
	def model_warmup_fn(model_dir, model): model.append("warm")
	def transform_fn(model, body, content_type, accept): return ",".join(model)
	END
	echo a >x.csv
	predict x.csv >out
	printf "before,load,warm" | cmp - out
'
ok 'model_fn alone: the model predicts' '
	script <<-END
	class Model:
	    def predict(self, records):
	        return [r["x"] * 2 for r in records]
	def model_fn(model_dir): return Model()
	END
	printf "%s\n" "{\"x\":1}" "{\"x\":2}" >x.jsonl
	predict x.jsonl >out
	echo "def model_fn(model_dir): return lambda records: [r[\"x\"] for r in records]" | script
	predict x.jsonl >>out
	same out <<-END
	2
	4
	1
	2
	END
'
ok 'stand-ins for the packages of AWS, where there are none' '
	script <<-END
	import sagemaker_containers.beta.framework as framework
	from sagemaker_containers.beta.framework import (
	    content_types, encoders, env, modules, transformer, worker)
	from sagemaker_containers import _content_types, _errors, _worker, encoders as e2
	import sagemaker_xgboost_container.encoder as xgb_encoders
	from sagemaker_xgboost_container import encoder
	from sagemaker_xgboost_container.constants import xgb_content_types
	from sagemaker_inference import (content_types as c2, decoder, default_inference_handler,
	    encoder as e3, errors, utils, environment)
	assert framework.worker is worker or framework.worker.Response is worker.Response
	assert content_types.JSON == c2.JSON == _content_types.JSON == "application/json"
	def model_fn(model_dir):
	    assert environment.model_dir == model_dir
	    return None
	def input_fn(body, content_type):
	    return [line.split(",") for line in body.splitlines()]
	def predict_fn(data, model):
	    return data
	def output_fn(prediction, accept):
	    if accept == content_types.JSON:
	        return worker.Response(encoders.encode(prediction, accept), mimetype=accept)
	    if accept == "text/csv":
	        return e3.encode(prediction, accept)
	    try:
	        framework.mpi
	    except AttributeError as error:
	        print(error)
	    raise errors.UnsupportedFormatError(accept)
	END
	printf "a,b\nc,d\n" >x.csv
	predict x.csv | cmp x.csv -
	predict x.csv --accept application/json >out
	printf "[[\"a\", \"b\"], [\"c\", \"d\"]]" | cmp - out
	fails 1 predict x.csv --accept text/html
	said "python: output_fn: sagemaker_inference.errors.UnsupportedFormatError: content type text/html is not supported"
	said "mpi"
'
ok 'an installed package goes before its stand-in' '
	script <<-END
	import sagemaker_inference.encoder
	def model_fn(model_dir): return sagemaker_inference.encoder.REAL
	def transform_fn(model, body, content_type, accept):
	    try:
	        import sagemaker_inference.decoder
	    except ImportError:
	        return model
	END
	mkdir m/code/sagemaker_inference
	: >m/code/sagemaker_inference/__init__.py
	echo "REAL = \"real\"" >m/code/sagemaker_inference/encoder.py
	echo a >x.csv
	predict x.csv >out
	printf real | cmp - out
'
ok 'several models, each its own interpreter; two pipes and two memories are all it inherits' '
	script_that "lines[0] = str(len(os.listdir(\"/proc/self/fd\")))"
	echo a >x.txt
	bt-split x.txt >refs
	bt-predict -m python -d m -m python -d m -o parts <refs >results
	"$BT_PYTHON" -c "import os; print(len(os.listdir(\"/proc/self/fd\")) + 6)" >out
	cmp out parts/*
'
ok 'without numpy the defaults that want it say so' '
	script <<-END
	def model_fn(model_dir): return None
	def predict_fn(data, model): return data
	END
	echo "raise ImportError" >m/code/numpy.py
	echo "[1]" >x.json
	echo "1,2" >x.csv
	echo "1" >x.jsonl
	for x in json csv jsonl; do
		if test $x = jsonl; then
			predict x.$x --accept application/x-npy || errors
		else
			predict x.$x || errors
		fi
	done >out
	same out <<-END
	1 415 record 0 (byte 0): python: numpy is required to read application/json without an input_fn, but $BT_PYTHON does not have it
	1 415 record 0 (byte 0): python: numpy is required to read text/csv without an input_fn, but $BT_PYTHON does not have it
	1 406 record 0 (byte 0): python: numpy is required to write application/x-npy without an output_fn, but $BT_PYTHON does not have it
	END
'
for numpy in "$BT_PYTHON" /usr/bin/python3 ""; do
	test -z "$numpy" || ! "$numpy" -c "import numpy" 2>/dev/null || break
done
if test -n "$numpy"; then
ok 'with numpy, the defaults are those of the inference toolkit' '
	export BT_PYTHON="$numpy"
	script <<-END
	def model_fn(model_dir): return None
	def predict_fn(data, model):
	    print(type(data).__name__, data.dtype, data.shape)
	    return data * 2
	END
	echo "[[1, 2.5], [3, 4]]" >x.json
	printf "1,2.5\n3,\n" >x.csv
	echo 7,8 >one.csv
	"$numpy" -c "import numpy; numpy.save(\"x.npy\", numpy.array([[0.1, 3e20]], dtype=\"f4\"))"
	printf "x.npy#bytes=0+%d,records=0+1,split=None,last\n" "$(wc -c <x.npy)" >npy
	predict x.json 2>err >out
	predict x.csv 2>>err >>out
	predict x.csv --accept application/jsonlines 2>>err >>out
	predict one.csv --accept application/json 2>>err >>out
	echo >>out
	printf "7\n8\n" >column.csv
	predict column.csv --accept application/json 2>>err >>out
	echo >>out
	predict one.csv --strict --accept application/json 2>>err >>out
	echo >>out
	predict column.csv --strict --accept application/json 2>>err >>out
	echo >>out
	cp npy refs
	run --content-type application/x-npy --accept text/csv 2>>err >>out
	run --content-type application/x-npy --accept application/x-npy >y.npy 2>/dev/null
	"$numpy" -c "import numpy; print(numpy.load(\"y.npy\").dtype)" >>out
	same out <<-END
	[[2.0, 5.0], [6.0, 8.0]]2.0,5.0
	6.0,nan
	[2.0, 5.0]
	[6.0, null]
	[[14.0, 16.0]]
	[[14.0], [16.0]]
	[14.0, 16.0]
	[14.0, 16.0]
	0.2,6e+20
	float32
	END
	same err <<-END
	ndarray float64 (2, 2)
	ndarray float64 (2, 2)
	ndarray float64 (2, 2)
	ndarray float64 (1, 2)
	ndarray float64 (2, 1)
	ndarray float64 (2,)
	ndarray float64 (2,)
	ndarray float32 (1, 2)
	END
'
ok 'with numpy, a record of CSV that is run alone is a row as in a batch' '
	export BT_PYTHON="$numpy"
	script <<-END
	def model_fn(model_dir): return None
	def predict_fn(data, model): return [1 / row[0] for row in data.tolist()]
	END
	printf "%s\n" 1,2 0,2 2,2 0,3 4,2 >x.csv
	fails 1 predict x.csv --isolate --invocations-max-retries 0
	cat parts/* >out
	same out <<-END
	1.0
	0.5
	0.25
	END
	errors | cut -d " " -f 3,4,9- >out
	same out <<-END
	record 1 ZeroDivisionError: float division by zero (code/inference.py line 2)
	record 3 ZeroDivisionError: float division by zero (code/inference.py line 2)
	END
'
else
	skip 'with numpy, the defaults are those of the inference toolkit' 'no numpy'
	skip 'with numpy, a record of CSV that is run alone is a row as in a batch' 'no numpy'
fi
if "$BT_PYTHON" -c "import venv, ensurepip" 2>/dev/null; then
ok 'an interpreter of a venv sees what is installed there' '
	"$BT_PYTHON" -m venv --without-pip v
	echo "NAME = \"from the venv\"" >"$(v/bin/python3 -c "import sysconfig; print(sysconfig.get_path(\"purelib\"))")/only_here.py"
	printf "%s\n" "import only_here" "def model_fn(d): return only_here.NAME" \
	    "def transform_fn(m, b, c, a): return m" | script
	echo a >x.csv
	predict x.csv -E BT_PYTHON="$(pwd)/v/bin/python3" >out
	printf "from the venv" | cmp - out
	fails 255 run
	said "ModuleNotFoundError"
'
else
	skip 'an interpreter of a venv sees what is installed there' 'no venv'
fi
finish
