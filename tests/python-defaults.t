#!/bin/sh
# What the python plugin gives a script that lacks a function: bt-python(7).
. "${0%/*}/lib.sh"
. "${0%/*}/python.sh"

with_numpy 'the defaults of the python plugin'

# shows: a script that replies with what the default input_fn gives it.
shows() {
	script <<-END
	$1
	def model_fn(model_dir): return None
	def predict_fn(data, model):
	    print(type(data).__name__, getattr(data, "dtype", ""), getattr(data, "shape", ""))
	    return data
	END
}

# refuses_negatives: a script whose predict_fn fails if a number is negative.
refuses_negatives() {
	script <<-END
	import numpy
	def model_fn(model_dir): return None
	def predict_fn(data, model):
	    rows = numpy.array(data)[:, 0]
	    if (rows < 0).any():
	        raise ValueError("negative")
	    return rows * 2
	END
}

# returns: the lines of standard input are predictions, of a batch each in refs.
returns() {
	script <<-END
	import numpy
	def model_fn(model_dir): return None
	def input_fn(body, content_type): return body.decode()
	async def coroutine(): return 1
	def predict_fn(data, model): return eval(data)
	END
	split -l 1 -a 1 - value.
	bt-split --split-type None --content-type text/plain value.* >refs
}

ok 'CSV: quoted numbers are numbers, an empty field is NaN' '
	shows "import os"
	printf "%s\n" "\"0.9\",\"2e3\"" "-1 , +.5" ",\"\"" "nan,inf" "1,\"-2\"" >x.csv
	predict x.csv 2>err >out
	same out <<-END
	0.9,2000.0
	-1.0,0.5
	nan,nan
	nan,inf
	1.0,-2.0
	END
	echo "ndarray float64 (5, 2)" | same err
'
ok 'CSV: what is no number is named with its record and column' '
	shows "import os"
	cat >table <<-\END
	1,False%column 2: "False" is not a number
	age,2%column 1: "age" is not a number
	"x",2%column 1: "x" is not a number
	#1,2%column 1: "#1" is not a number
	1,#2%column 2: "#2" is not a number
	1,1_000%column 2: "1_000" is not a number
	1,0x10%column 2: "0x10" is not a number
	1,١%column 2: "١" is not a number
	1;2,3%column 1: "1;2" is not a number
	1, "2"%column 2: " "2"" is not a number
	1,0000000000000000000000000000000000000000x%column 2: "0000000000000000000000000000000000000000..." is not a number
	END
	{ echo 1,2; sed "s/%.*//" table; echo 3,4; } >x.csv
	fails 1 predict x.csv
	errors >out
	fails 1 predict x.csv --isolate
	errors | sed "s/(byte .*python/%/" >>out
	{
		echo "1 400 record 1 (byte 4): python: column 2: \"False\" is not a number"
		sed "s/.*%//" table | awk "{ print \"1 400 record \" NR \" %: \" \$0 }"
	} >want
	diff -u want out
	printf "1.0,2.0\n3.0,4.0\n" | cmp - parts/*
'
ok 'an array that does not fit in memory is too large' '
	shows "import os"
	"$BT_PYTHON" -c "import numpy.lib.format as f
with open(\"x.npy\", \"wb\") as out:
	    f.write_array_header_1_0(out, dict(descr=\"<f8\", fortran_order=False, shape=(1 << 50,)))"
	bt-split --split-type None --content-type application/x-npy x.npy >refs
	fails 1 run
	errors | sed "s/Error.*/Error/; s/numpy\._core/numpy.core/" >out	# NumPy 2
	same out <<-\END
	1 413 record 0 (byte 0): python: input_fn: numpy.core._exceptions._ArrayMemoryError
	END
'
ok 'CSV: words in the first record of an object may be a header row' '
	shows "import os"
	printf "%s\n" id,x 1,2 >x.csv
	fails 1 predict x.csv
	errors >out
	bt-split --header=send x.csv >refs
	fails 1 run
	errors >>out
	printf "%s\n" "1;2" >x.csv
	fails 1 predict x.csv
	errors >>out
	same out <<-\END
	1 400 record 0 (byte 0): python: column 1: "id" is not a number (a header row? bt-split --header)
	1 400 record 0 (byte 5): python: column 1: "id" is not a number
	1 400 record 0 (byte 0): python: column 1: "1;2" is not a number
	END
'
ok 'CSV: rows of one width; a record of another is tried alone' '
	shows "import os"
	printf "%s\n" 1,2 3 4,5,6 7,8 >x.csv
	fails 1 predict x.csv --invocations-max-retries 0
	errors >out
	same out <<-\END
	1 400 record 1 (byte 4): python: 1 column, not 2 as in the batch'\''s first record
	END
	predict x.csv --isolate 2>/dev/null >out
	same out <<-END
	1.0,2.0
	3.0
	4.0,5.0,6.0
	7.0,8.0
	END
'
ok 'CSV: quotes, newlines in them, empty lines, which are no records, CR' '
	shows "import os"
	while read -r body; do
		printf "$body" >x.csv
		bt-split --split-type None x.csv >refs
		run 2>err >>out || errors >>out
		cat err >>out
	done <<-\END
	"1\n",2\r\n3,"4"\r\n
	1\n2
	1,2\n3,4\n\n\n
	1,2\n\n3,4\n
	1,"2\n3,4\n
	1,"2"x\n
	END
	grep -v "^bt-predict:" out >got
	same got <<-\END
	1.0,2.0
	3.0,4.0
	ndarray float64 (2, 2)
	1.0
	2.0
	ndarray float64 (2, 1)
	1.0,2.0
	3.0,4.0
	ndarray float64 (2, 2)
	1.0,2.0
	3.0,4.0
	ndarray float64 (2, 2)
	1 400 record 0 (byte 0): python: text/csv: unexpected end of data
	1 400 record 0 (byte 0): python: text/csv: '\'','\'' expected after '\''"'\''
	END
'
ok 'numpy is imported by what needs it, pandas by nothing' '
	mkdir -p m/code
	echo "raise SystemExit(1)" >m/code/pandas.py
	script <<-END
	import sys
	def model_fn(model_dir): return None
	def input_fn(body, content_type): return [[1, 2]]
	def predict_fn(data, model):
	    print(*[n for n in ("numpy", "pandas", "scipy") if n in sys.modules] or ["none"])
	    return [[1, 2.5], ["a", True]]
	END
	"$BT_PYTHON" -c "import numpy; numpy.save(\"x.npy\", numpy.array([[1, 2]]))"
	printf "1,2\n3,4\n" >x.csv
	echo "[[1, 2], [3, 4]]" >x.json
	echo "{\"a\": [1]}" >object.json
	printf "{}\n[1]\n" >x.jsonl
	# What is there when a batch is decoded, and when the one before was encoded.
	loaded() {
		printf "%s#bytes=0+%d,records=0+1,split=None,last\n" "$1" "$(wc -c <"$1")" >ref
		cat ref ref >refs
		run --content-type "$2" --accept "$3" 2>&1 >none | xargs echo "${1#*.}" "$3:"
	}
	for accept in application/json application/jsonlines text/csv application/x-npy; do
		loaded x.csv text/csv $accept
	done >out
	sed -i "/^def input_fn/d" m/code/inference.py
	loaded x.csv text/csv application/json >>out
	loaded x.json application/json application/json >>out
	loaded object.json application/json text/csv >>out
	loaded x.jsonl application/jsonlines application/jsonlines >>out
	loaded x.npy application/x-npy application/json >>out
	same out <<-END
	csv application/json: none none
	csv application/jsonlines: none none
	csv text/csv: none none
	csv application/x-npy: none numpy
	csv application/json: numpy numpy
	json application/json: numpy numpy
	json text/csv: none none
	jsonl application/jsonlines: none none
	npy application/json: numpy numpy
	END
'
ok 'JSON: arrays of two dimensions at least; objects as they are' '
	shows "import os"
	printf "%s\n" "[[1, 2.5]]" "[1, 2]" 7 "[[[1]]]" "[\"a\", \"b\"]" "[[1, null]]" \
	    "{\"a\": 1}" "[{\"a\": 1}, {\"b\": 2}]" | split -l 1 -a 1 - json.
	bt-split --split-type None --content-type application/json json.* >refs
	run 2>err >out
	run --strict 2>>err >/dev/null
	printf "%s" "[[1.0, 2.5]]" "[[1, 2]]" "[[7]]" "[[[1]]]" "[\"a\", \"b\"]" \
	    "[[1, null]]" "{\"a\": 1}" "[{\"a\": 1}, {\"b\": 2}]" | cmp - out
	same err <<-END
	ndarray float64 (1, 2)
	ndarray int64 (1, 2)
	ndarray int64 (1, 1)
	ndarray int64 (1, 1, 1)
	ndarray <U1 (2,)
	ndarray object (1, 2)
	dict  
	list  
	ndarray float64 (1, 2)
	ndarray int64 (2,)
	ndarray int64 ()
	ndarray int64 (1, 1, 1)
	ndarray <U1 (2,)
	ndarray object (1, 2)
	dict  
	list  
	END
	for x in "[1, x]" "[[1], [1, 2]]" "{}
	{}"; do
		echo "$x" >x.json
		fails 1 predict x.json
		errors | sed "s/.*python: //" | cut -c 1-70
	done >out
	same out <<-END
	application/json: Expecting value: line 1 column 5 (char 4)
	application/json: setting an array element with a sequence. The reques
	application/json: Extra data: line 2 column 2 (char 4); several docume
	END
'
ok '--isolate blames the records at fault only, whatever the decoder' '
	refuses_negatives
	numbers="1 -1 3 4 -5 6"
	printf "%s,1.0\n" $numbers >x.csv
	sed "s/.*/[&]/" x.csv >x.jsonl
	cat >npy.py <<-END
	import numpy, sys
	for i, x in enumerate(sys.argv[1:]):
	    numpy.save("%d.npy" % i, numpy.array([float(x), 1]))
	END
	"$BT_PYTHON" npy.py $numbers
	for x in x.csv x.jsonl "x.jsonl --batch-strategy SingleRecord --content-type application/json" \
	    "*.npy --split-type None --content-type application/x-npy"; do
		bt-split $x >refs
		fails 1 run --isolate --invocations-max-retries 0 --accept text/csv
		cat parts/*
		errors
	done >out
	while IFS=, read -r one two; do
		printf "%s.0\n" 2 6 8 12
		why="python: predict_fn: ValueError: negative (code/inference.py line 6)"
		printf "1 500 record %s: $why\n" "$one" "$two"
	done >want <<-END
	1 (byte 6),4 (byte 25)
	1 (byte 8),4 (byte 33)
	1 (byte 8),4 (byte 33)
	0 (byte 0),0 (byte 0)
	END
	diff -u want out
'
ok 'predictions: what holds several is rows, and a tuple columns' '
	returns <<-\END
	numpy.array([1., 2.])
	[1, 2.5]
	([1, 0], [0.5, 0.25])
	(numpy.array([1, 0]), numpy.array([[0.5, 0.5], [0.25, 0.75]]))
	(["a", "b"],)
	(1, 2)
	[{"a": 1, "b": 0.5}, {"a": 2, "b": 0.25}]
	[numpy.float32(0.5), None]
	0.5
	END
	run --accept text/csv >out
	run --accept application/jsonlines >>out
	run --accept application/json >>out
	echo >>out
	same out <<-\END
	1.0
	2.0
	1.0
	2.5
	1,0.5
	0,0.25
	1,0.5,0.5
	0,0.25,0.75
	a
	b
	1
	2
	1,0.5
	2,0.25
	0.5
	None
	0.5
	1.0
	2.0
	1
	2.5
	[1, 0.5]
	[0, 0.25]
	[1, [0.5, 0.5]]
	[0, [0.25, 0.75]]
	["a"]
	["b"]
	1
	2
	{"a": 1, "b": 0.5}
	{"a": 2, "b": 0.25}
	0.5
	null
	0.5
	[1.0, 2.0][1, 2.5][[1, 0.5], [0, 0.25]][[1, [0.5, 0.5]], [0, [0.25, 0.75]]][["a"], ["b"]][1, 2][{"a": 1, "b": 0.5}, {"a": 2, "b": 0.25}][0.5, null]0.5
	END
'
ok 'predictions: what is none is named, with what is expected' '
	cat >table <<-\END
	None%1 500 predict_fn returned None; expected a list or an array with a prediction for each record
	{1, 2}%1 500 predict_fn returned a set; expected a list or an array with a prediction for each record
	b"1"%1 500 predict_fn returned a bytes; expected a list or an array with a prediction for each record
	(x for x in data)%1 500 predict_fn returned a generator; expected a list: list(...) makes it one
	map(str, data)%1 500 predict_fn returned a map; expected a list: list(...) makes it one
	coroutine()%1 500 predict_fn returned a coroutine; expected the prediction itself: def, not async def
	([1, 2], [3])%1 500 predict_fn returned a tuple of a list, a list; expected columns of one length, or a list with a prediction for each record
	([1, 2], "text/csv")%1 500 predict_fn returned a tuple of a list, a str; expected columns of one length, or a list with a prediction for each record
	("a", 0.5)%1 500 predict_fn returned a tuple of a str, a float; expected columns of one length, or a list with a prediction for each record
	{"a": 1}%1 406 text/csv has no place for a dict; expected rows of numbers or text (bt-predict --accept application/jsonlines takes any)
	"1,2"%1 406 text/csv has no place for a str; expected rows of numbers or text (bt-predict --accept application/jsonlines takes any)
	[[1], [1, 2]]%1 406 text/csv has no place for rows of different lengths; expected rows of numbers or text (bt-predict --accept application/jsonlines takes any)
	[{"a": 1}, {"b": 2}]%1 406 text/csv has no place for objects of different names; expected rows of numbers or text (bt-predict --accept application/jsonlines takes any)
	[{"a": 1}, {"a": [2]}]%1 406 text/csv has no place for a list in a row; expected rows of numbers or text (bt-predict --accept application/jsonlines takes any)
	numpy.zeros((2, 1, 1))%1 406 text/csv has no place for an array of 3 dimensions; expected rows of numbers or text (bt-predict --accept application/jsonlines takes any)
	END
	sed "s/%.*//" table | returns
	fails 1 run --accept text/csv --invocations-max-retries 0
	errors | sed "s/record 0 (byte 0): python: //" >out
	sed "s/.*%//" table | diff -u - out
'
ok 'predictions: NaN and the infinities are null in JSON, but not with --strict' '
	returns <<-\END
	[float("nan"), {"a": [numpy.float32("inf"), (1, numpy.array([0.5, -numpy.inf]))]}]
	END
	run --accept application/json >out
	echo >>out
	run --accept application/jsonlines >>out
	run --accept application/jsonlines --strict >>out
	same out <<-END
	[null, {"a": [null, [1, [0.5, null]]]}]
	null
	{"a": [null, [1, [0.5, null]]]}
	NaN
	{"a": [Infinity, [1, [0.5, -Infinity]]]}
	END
'
if "$BT_PYTHON" -c 'import scipy.sparse' 2>/dev/null; then
ok 'predictions: a sparse matrix' '
	echo "__import__(\"scipy.sparse\").sparse.csr_matrix([[1, 0], [0, 2]])" | returns
	run --accept text/csv >out
	run --accept application/jsonlines >>out
	same out <<-END
	1,0
	0,2
	[1, 0]
	[0, 2]
	END
'
else
	skip 'predictions: a sparse matrix' 'no scipy'
fi
if "$BT_PYTHON" -c 'import pandas' 2>/dev/null; then
ok 'predictions: data frames and series of pandas' '
	returns <<-END
	__import__("pandas").DataFrame({"label": ["a", "b"], "p": [0.5, 1]}, index=[7, 8])
	__import__("pandas").DataFrame([[1, 0.5], [2, 1]])
	__import__("pandas").Series([0.5, 0.25], index=[7, 8])
	END
	run --accept text/csv >out
	run --accept application/jsonlines >>out
	same out <<-END
	a,0.5
	b,1.0
	1.0,0.5
	2.0,1.0
	0.5
	0.25
	{"label": "a", "p": 0.5}
	{"label": "b", "p": 1.0}
	[1.0, 0.5]
	[2.0, 1.0]
	0.5
	0.25
	END
'
else
	skip 'predictions: data frames and series of pandas' 'no pandas'
fi
ok 'replies: a body and a status' '
	script <<-\END
	def model_fn(model_dir): return None
	def predict_fn(data, model): return data
	def output_fn(prediction, accept):
	    return {1: ("1\n", 200), 2: ("not\nthat", 422), 3: ("3\n", None), 4: (None, 200),
	            5: ("5", ["text/csv"])}[int(prediction[0][0])]
	END
	seq 5 >x.csv
	bt-split --batch-strategy SingleRecord x.csv >refs
	fails 1 run --invocations-max-retries 0
	{ cat parts/*; errors; } >out
	same out <<-END
	1
	3
	1 400 record 1 (byte 2): python: status 422: not that
	1 500 record 3 (byte 6): python: output_fn: TypeError: returned a tuple of NoneType and int, not of text or bytes and their type
	1 500 record 4 (byte 8): python: output_fn: TypeError: returned a tuple of str and list, not of text or bytes and their type
	END
'
finish
