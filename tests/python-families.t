#!/bin/sh
# The defaults of each framework in the python plugin: bt-python(7).
. "${0%/*}/lib.sh"
. "${0%/*}/python.sh"

with_numpy 'the defaults of frameworks'

# has MODULE: the interpreter does.
has() {
	"$BT_PYTHON" -c "import $1" 2>/dev/null
}

# sums: a script with model_fn alone, of a model that shows its input.
sums() {
	script <<-END
	import sys
	class Model:
	    def predict(self, data):
	        print(type(data).__name__, getattr(data, "dtype", ""), getattr(data, "shape", ""))
	        return [sum(row) for row in data]
	def model_fn(model_dir): return Model()
	END
}

ok 'model_fn alone, of no framework: predict, or else a call' '
	sums
	printf "1,2\n3,4\n" >x.csv
	predict x.csv 2>err >out
	echo "ndarray float64 (2, 2)" | same err
	echo "def model_fn(model_dir): return lambda rows: rows.prod(axis=1)" | script
	predict x.csv >>out
	printf "{\"a\": 1}\n{\"a\": 2}\n" >x.jsonl
	echo "def model_fn(model_dir): return lambda rows: [r[\"a\"] + 1 for r in rows]" | script
	predict x.jsonl >>out
	same out <<-END
	3.0
	7.0
	2.0
	12.0
	2
	3
	END
'
ok 'a model that no default can run is refused when it is loaded' '
	echo a >x.csv
	bt-split x.csv >refs
	echo "def model_fn(model_dir): return len, 1" | script
	for framework in "" sklearn xgboost pytorch mxnet huggingface tensorflow; do
		fails 255 run -E BT_FRAMEWORK=$framework
		said "bt-predict: python: code/inference.py: no predict_fn, and model_fn returned "
	done | sed "s/.*model_fn //" >out
	same out <<-END
	returned a tuple, which has no predict() and cannot be called
	returned a tuple, which has no predict() and cannot be called
	returned a tuple, which has no predict() and cannot be called
	returned a tuple, which cannot be called
	returned a tuple, which cannot be called
	returned a tuple, which cannot be called
	returned a tuple, which has no predict() and cannot be called
	END
	fails 255 run -E BT_FRAMEWORK=caffe
	said "bt-predict: python: BT_FRAMEWORK=caffe: expected one of huggingface, mxnet, pytorch, sklearn, tensorflow, xgboost"
	: | script
	for framework in "" sklearn xgboost tensorflow; do
		fails 255 run -E BT_FRAMEWORK=$framework
		said "bt-predict: python: code/inference.py: no model_fn"
	done
'
ok 'scikit-learn: arrays of 32-bit floats, of two dimensions' '
	sums
	printf "1,2.5\n\"3\",4\n" >x.csv
	echo 1,2 >one.csv
	printf "1\n2\n" >column.csv
	echo "[[1, 2], [3, null]]" >x.json
	echo "[1, 2]" >one.json
	printf "[1, 2]\n[3, 4]\n" >x.jsonl
	printf "1\n2\n" >column.jsonl
	for x in x.csv one.csv column.csv x.json one.json x.jsonl column.jsonl; do
		predict $x -E BT_FRAMEWORK=sklearn 2>>err
		test "${x#*.}" != json || echo
	done >out
	same out <<-END
	3.5
	7.0
	3.0
	1.0
	2.0
	[3.0, null]
	[3.0]
	3.0
	7.0
	1.0
	2.0
	END
	same err <<-END
	ndarray float32 (2, 2)
	ndarray float32 (1, 2)
	ndarray float32 (2, 1)
	ndarray float32 (2, 2)
	ndarray float32 (1, 2)
	ndarray float32 (2, 2)
	ndarray float32 (2, 1)
	END
	for x in "[\"a\"]" "[[1], [2, 3]]" "[{\"a\": 1}, 2]"; do
		echo "$x" >x.json
		fails 1 predict x.json -E BT_FRAMEWORK=sklearn
		errors | sed "s/.*python: //" | cut -c 1-40
	done >out
	same out <<-END
	application/json: could not convert stri
	application/json: setting an array eleme
	application/json: float() argument must 
	END
'
ok 'the framework is that of the imports of the script, or of its modules' '
	for name in torch sklearn mxnet transformers xgboost tensorflow lightgbm; do
		mkdir -p m/code/$name
		: >m/code/$name/__init__.py
	done
	echo "import torch" >m/code/net.py
	echo "def __getattr__(name): raise Exception(\"PyTorch\")" >m/code/torch/__init__.py
	echo "def __getattr__(name): raise Exception(\"MXNet\")" >m/code/mxnet/__init__.py
	printf "[1, 2]\n" >x.json
	while IFS="%" read -r import want; do
		printf "$import\n" >m/code/inference.py
		cat >>m/code/inference.py <<-\END
		def model_fn(model_dir): return None
		def predict_fn(data, model): return [str(getattr(data, "dtype", type(data).__name__))]
		END
		echo "$import%$want" >&3
		predict x.json --invocations-max-retries 0 >reply 2>/dev/null || errors >reply
		echo "$import%$(sed "s/.*: //; s/ (code.*//" reply)"
	done 3>want >out <<-\END
	import os%["int64"]
	import sklearn%["float32"]
	import sklearn, lightgbm%["float32"]
	import lightgbm%["int64"]
	import sklearn, transformers%["list"]
	def model():\n    from transformers import AutoModel%["list"]
	import torch%PyTorch
	import net%PyTorch
	import net, sklearn%["float32"]
	import mxnet%MXNet
	import torch, tensorflow%["int64"]
	END
	diff -u want out
'
if has xgboost; then
ok 'XGBoost: a DMatrix of rows as wide as the model' '
	mkdir m
	cat >train.py <<-\END
	import numpy, pickle, sys, xgboost
	x = numpy.array([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)] * 9, dtype=float)
	m = xgboost.train({"base_score": 0, "eta": 1, "lambda": 0, "max_depth": 3},
	                  xgboost.DMatrix(x, label=x @ [4, 2, 1], feature_names=["a", "b", "c"]), 1)
	pickle.dump(m, open("m/xgboost-model", "wb"))
	m = xgboost.XGBClassifier(n_estimators=1, max_depth=3).fit(x, x[:, 0].astype(int))
	pickle.dump(m, open("m/classifier", "wb"))
	END
	"$BT_PYTHON" train.py
	script <<-\END
	import os, pickle
	from sagemaker_xgboost_container import encoder
	def model_fn(model_dir):
	    return pickle.load(open(os.path.join(model_dir, os.environ.get("NAME", "xgboost-model")), "rb"))
	END
	cat >>m/code/inference.py <<-\END
	if "LABELS" in os.environ:
	    def predict_fn(data, model): return data.get_label()
	END
	cat >records.py <<-\END
	import struct
	def sized(n, b): return bytes([n << 3 | 2, len(b)]) + b
	def named(n, kind, tensor): return sized(n, sized(1, b"values") + sized(2, sized(kind, tensor)))
	def floats(*v): return sized(1, struct.pack("<%df" % len(v), *v))
	def frame(b, n=None): return struct.pack("<II", 0xced7230a, len(b)) + b + bytes(-len(b) % 4)
	dense = named(1, 2, floats(1, 0, 1)) + named(2, 2, floats(7))
	ints = named(1, 7, sized(1, bytes([0, 1, 1]))) + named(2, 2, floats(8))
	doubles = named(1, 3, sized(1, struct.pack("<3d", 1, 1, 0))) + named(2, 2, floats(9))
	sparse = named(1, 2, floats(1, 1) + sized(2, bytes([0, 2])) + sized(3, bytes([3])))
	for i, data in enumerate([
	        frame(dense) + frame(ints) + frame(doubles), frame(sparse), frame(named(1, 2, floats(1, 0))),
	        frame(sparse) + frame(named(1, 2, floats(1, 0))), frame(b"\n"), frame(b""),
	        frame(named(1, 2, floats(1) + sized(2, bytes([5])) + sized(3, bytes([3])))),
	        frame(named(1, 9, b"x"))]):
	    open("r.%d" % i, "wb").write(data)
	END
	# replies EXTENSION TYPE OPTION ...: to what each object holds.
	replies() {
		suffix=$1 type=$2
		shift 2
		split -l 2 -a 1 - "$suffix."
		bt-split --split-type None --content-type "$type" "$suffix".* >refs
		run "$@" --accept text/csv 2>/dev/null || cat parts/* 2>/dev/null || :
		errors | sed "s/record 0 (byte 0): python: //"
	}
	{
		printf "%s\n" 1,0,1 "\"0\",1,1" "1;1;0" "" "1 0 0" "" 1,0 "" 1,0,x |
		    replies csv text/csv
		printf "%s\n" "1:1 3:1" "1 2:1" "0:1 2:1" "1 1:1" "0:1 2:1" "0:a" |
		    replies libsvm text/libsvm
		printf "%s\n" "1:1" "" "0:1" "-1:1" |
		    replies base text/x-libsvm -E BT_LIBSVM_BASE=0
		printf "%s\n" "[1, 0, 1]" "" "[[1, 0, 0]," "[0, 0, 1]]" "{\"a\": 1}" |
		    replies json application/json
		printf "%s\n" "[1, 0, 1]" "[0, 0, 1]" | replies jsonl application/jsonlines
		echo | replies other text/plain
		rec=application/x-recordio-protobuf
		"$BT_PYTHON" records.py
		for how in "None MultiRecord" "RecordIO MultiRecord" "RecordIO SingleRecord"; do
			bt-split --split-type ${how% *} --batch-strategy ${how#* } --content-type $rec r.? >refs
			run --accept text/csv --isolate 2>/dev/null || cat parts/*
			errors
		done >recordio
		bt-split --split-type RecordIO --content-type $rec r.0 >refs
		run --accept text/csv -E LABELS=1 >>recordio
		printf "%s\n" 1,0,1 "\"0\",1,1" | replies new text/csv -E NAME=classifier
		echo "predict_fn = lambda data, model: [list(d) for d in data]" >>m/code/inference.py
		printf "%s\n" "[{\"a\": 1}," "{\"b\": 2}]" | replies own application/json
		sed -i "/^from sagemaker/d; /^predict_fn/d" m/code/inference.py
		printf "%s\n" 1,0,1 "\"0\",1,1" | replies none text/csv
	} >out
	same out <<-END
	5.0
	3.0
	6.0
	4.0
	1 400 2 columns; the model has 3
	1 400 column 3: "x" is not a number (a header row? bt-split --header)
	5.0
	2.0
	5.0
	2.0
	1 400 text/libsvm: "0:a" is not INDEX:VALUE
	2.0
	1 400 text/libsvm: index -1 is less than 0
	5.0
	4.0
	1.0
	1 400 objects or text; the model expects arrays of numbers
	5.0
	1.0
	1 415 text/plain: there is no input_fn, and the default reads only application/json, text/csv, application/x-npy, application/x-npz, application/jsonlines, text/libsvm, text/x-libsvm, application/x-recordio-protobuf
	1
	0
	a
	b
	5.0
	3.0
	END
	sed -i "s,$rec:,REC:," recordio
	same recordio <<-END
	5.0
	3.0
	6.0
	5.0
	1 400 record 0 (byte 0): python: 2 columns; the model has 3
	1 400 record 0 (byte 0): python: REC: 2 columns; the record before it has 3
	1 400 record 0 (byte 0): python: REC: not a whole protobuf message
	1 400 record 0 (byte 0): python: REC: no features "values"
	1 400 record 0 (byte 0): python: REC: key 5 of 3 columns
	1 400 record 0 (byte 0): python: REC: its features "values" are not numbers
	5.0
	3.0
	6.0
	5.0
	5.0
	1 400 record 0 (byte 0): python: 2 columns; the model has 3
	1 400 record 1 (byte 40): python: 2 columns; the model has 3
	1 400 record 0 (byte 0): python: REC: not a whole protobuf message
	1 400 record 0 (byte 0): python: REC: no features "values"
	1 400 record 0 (byte 0): python: REC: key 5 of 3 columns
	1 400 record 0 (byte 0): python: REC: its features "values" are not numbers
	5.0
	3.0
	6.0
	5.0
	5.0
	1 400 record 0 (byte 8): python: 2 columns; the model has 3
	1 400 record 1 (byte 48): python: 2 columns; the model has 3
	1 400 record 0 (byte 8): python: REC: not a whole protobuf message
	1 400 record 0 (byte 8): python: REC: no features "values"
	1 400 record 0 (byte 8): python: REC: key 5 of 3 columns
	1 400 record 0 (byte 8): python: REC: its features "values" are not numbers
	7.0
	8.0
	9.0
	END
'
else
	skip 'XGBoost: a DMatrix of rows as wide as the model' 'no xgboost'
fi

# torch: a stand-in for PyTorch that says what is called.
torch() {
	mkdir -p m/code
	cat >m/code/torch.py <<-\END
	import contextlib, types
	def device(name): return name
	class Tensor:
	    def __init__(self, data, where="nowhere"): self.data, self.where = data, where
	    def to(self, where): return Tensor(self.data, where)
	    def detach(self): print("detach"); return self
	    def cpu(self): return self
	    def numpy(self): return self.data
	def from_numpy(data): return Tensor(data)
	class Module:
	    def __init__(self, name): self.name = name
	    def to(self, where): print("to", where); return self
	    def eval(self): print("eval")
	    def __call__(self, t):
	        print(self.name, t.where, t.data.dtype, t.data.shape, grad)
	        return Tensor(t.data * 2)
	grad = True
	@contextlib.contextmanager
	def no_grad():
	    global grad
	    grad = False
	    yield
	    grad = True
	cuda = types.SimpleNamespace(is_available=lambda: False)
	def load(path, map_location):
	    print("load", path.rpartition("/")[2], map_location)
	    return Module("jit")
	jit = types.SimpleNamespace(load=load)
	END
}

ok 'PyTorch: a tensor of 32-bit floats, eval, no_grad; PyTorch is a stand-in' '
	torch
	printf "import torch\ndef model_fn(model_dir): return torch.Module(\"own\")\n" | script
	printf "1,2\n" >x.csv
	predict x.csv >out 2>err
	echo "[[1, 2], [3, 4]]" >x.json
	predict x.json >>out 2>>err
	echo >>out
	same out <<-END
	2.0,4.0
	[[2.0, 4.0], [6.0, 8.0]]
	END
	same err <<-END
	to cpu
	eval
	own cpu float32 (1, 2) False
	detach
	to cpu
	eval
	own cpu float32 (2, 2) False
	detach
	END
	sed -i s/False/True/ m/code/torch.py
	predict x.csv 2>err >/dev/null
	same err <<-END
	to cuda
	eval
	own cuda float32 (1, 2) True
	detach
	END
'
ok 'PyTorch: the default model_fn loads model.pt, or the only one' '
	torch
	: | script
	echo 1 >x.csv
	bt-split x.csv >refs
	fails 255 run -E BT_FRAMEWORK=pytorch
	said "bt-predict: python: model_fn: no model_fn; the default loads model.pt, or the only file of *.pt and *.pth: found none"
	: >m/b.pth
	run -E BT_FRAMEWORK=pytorch 2>&1 | head -n 1 >out
	: >m/a.pt
	fails 255 run -E BT_FRAMEWORK=pytorch
	said "found a.pt, b.pth"
	: >m/model.pt
	run -E BT_FRAMEWORK=pytorch 2>&1 | head -n 1 >>out
	same out <<-END
	load b.pth cpu
	load model.pt cpu
	END
	rm m/code/torch.py
	has torch && return
	fails 255 run -E BT_FRAMEWORK=pytorch
	said "bt-predict: python: model_fn: torch is required to run the defaults of PyTorch, but $BT_PYTHON does not have it"
'
ok 'MXNet: an NDArray for a Block; MXNet is a stand-in' '
	script <<-\END
	import mxnet
	def model_fn(model_dir): return lambda data: data
	END
	cat >m/code/mxnet.py <<-\END
	class nd:
	    def __init__(self, data): self.data = data
	    def asnumpy(self): return self.data
	    array = classmethod(lambda cls, data: print(data.dtype, data.shape) or cls(data))
	END
	echo 1,2 >x.csv
	predict x.csv >out 2>err
	echo "1.0,2.0" | same out
	echo "float32 (1, 2)" | same err
	: | script
	fails 255 run -E BT_FRAMEWORK=mxnet
	said "bt-predict: python: model_fn: no model_fn; files of a Module are not loaded by default"
'
ok 'Hugging Face: the object as it is, and a request for each' '
	script <<-\END
	def model_fn(model_dir):
	    return len
	def predict_fn(data, model):
	    text = data.pop("inputs", data)
	    if not text:
	        raise ValueError("no text")
	    return {"length": model(text)}
	END
	printf "{\"inputs\": \"hello\"}" >x.json
	printf "{\"inputs\": \"hello\"}\n{\"inputs\": \"hi\"}\n" >x.jsonl
	hf() {
		predict "$@" -E BT_FRAMEWORK=huggingface 2>/dev/null || cat parts/* 2>/dev/null || :
		echo
		errors
	}
	{
		hf x.json
		hf x.jsonl
		hf x.jsonl --accept application/json
		hf x.jsonl --content-type application/json
		hf x.jsonl --accept text/csv
		printf "{\"inputs\": \"a\"}\n{\"inputs\": \"\"}\n\"bc\"\n" >x.jsonl
		hf x.jsonl --isolate --invocations-max-retries 0
	} >out
	same out <<-\END
	{"length": 5}
	{"length": 5}
	{"length": 2}

	[{"length": 5}, {"length": 2}]
	[{"length": 5}, {"length": 2}]

	1 406 record 0 (byte 0): python: text/csv has no place for a dict; expected rows of numbers or text (bt-predict --accept application/jsonlines takes any)
	{"length": 1}

	1 500 record 1 (byte 16): python: predict_fn: ValueError: no text (code/inference.py line 6)
	1 500 record 2 (byte 31): python: predict_fn: AttributeError: '\''str'\'' object has no attribute '\''pop'\'' (code/inference.py line 4)
	END
'
ok 'Hugging Face: functions of the script, one request at a time' '
	script <<-\END
	def model_fn(model_dir):
	    return None
	def output_fn(prediction, accept):
	    return {1: "[\n1]", 2: ("2\n", "text/csv"), 3: ("<3>", "text/html")}[prediction]
	def predict_fn(data, model, context):
	    print(type(data).__name__, context.get_request_header(0, "Accept"))
	    return data["n"]
	END
	hf() {
		predict x.jsonl -E BT_FRAMEWORK=huggingface "$@" || errors
		sed -n "s/.*,type=\([^ ,]*\).*/\1/p" results
	}
	{
		printf "{\"n\": 1}\n{\"n\": 1}\n" >x.jsonl
		hf
		printf "{\"n\": 2}\n{\"n\": 2}\n" >x.jsonl
		hf
		printf "{\"n\": 1}\n{\"n\": 3}\n" >x.jsonl
		hf
	} >out 2>err
	same out <<-END
	[ 1]
	[ 1]
	application/jsonlines
	2
	2
	text/csv
	1 406 records 0 to 1 (byte 0): python: replies of application/json, text/html to the records of a batch cannot be put together (bt-split --batch-strategy SingleRecord)
	END
	grep "^dict" err | uniq -c >lines
	echo "      6 dict application/jsonlines" | same lines
'
ok 'Hugging Face: the default functions; transformers is a stand-in' '
	mkdir -p m/code
	cat >m/code/transformers.py <<-\END
	def pipeline(**options):
	    print(sorted((k, v.rpartition("/")[2] if "/" in str(v) else v) for k, v in options.items()))
	    def run(inputs, times=1):
	        print(type(inputs).__name__, times)
	        return [{"label": "long" if len(i) > 1 else "short", "score": times / 4} for i in inputs]
	    return run
	END
	: | script
	printf "{\"inputs\": [\"hello\"], \"parameters\": {\"times\": 3}}\n[\"a\"]\n" >x.jsonl
	bt-split x.jsonl >refs
	fails 255 run -E BT_FRAMEWORK=huggingface
	said "bt-predict: python: model_fn: no model_fn, and HF_TASK, the task of the pipeline to load, is not set (-E HF_TASK=text-classification)"
	run -E BT_FRAMEWORK=huggingface -E HF_TASK=image-classification >out 2>err
	echo "{\"architectures\": [\"BertForTokenClassification\"]}" >m/config.json
	printf "question,context\nwho,\"me\nand you\"\n" >1.csv
	printf "inputs\na\nbc\n" >2.csv
	printf "a\nbc\n" >3.csv
	bt-split --split-type None ?.csv >refs
	fails 1 run -E BT_FRAMEWORK=huggingface
	sed -n "s/bt-predict: //p" "$tmp/err" >>out
	cat parts/* >>out
	grep -v "^bt-predict:" "$tmp/err" >>err
	printf "RIFF" >x.wav
	bt-split --split-type None --content-type audio/wave x.wav >refs
	fails 1 run -E BT_FRAMEWORK=huggingface --invocations-max-retries 0
	errors >>out
	tr "\047" Q <out >out2
	tr "\047" Q <err >err2
	same out2 <<-END
	[{"label": "long", "score": 0.75}]
	[{"label": "short", "score": 0.25}]
	3.csv: record 0 (byte 0): python: text/csv: the first row has none of the names inputs, question, context, which a payload for Hugging Face begins with (bt-split --header=send); JSON Lines need none
	long,0.25
	short,0.25
	long,0.25
	1 500 record 0 (byte 0): python: predict_fn: TypeError: object of type QintQ has no len() (code/transformers.py line 5)
	END
	same err2 <<-END
	[(QdeviceQ, -1), (Qfeature_extractorQ, QmQ), (QmodelQ, QmQ), (QtaskQ, Qimage-classificationQ)]
	list 3
	list 1
	[(QdeviceQ, -1), (QmodelQ, QmQ), (QtaskQ, Qtoken-classificationQ), (QtokenizerQ, QmQ)]
	list 1
	list 1
	END
'
finish
