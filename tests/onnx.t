#!/bin/sh
# The onnx plugin: bt-onnx(7).
. "${0%/*}/lib.sh"
# shellcheck disable=SC2154 # lib.sh sets it
export PYTHONPATH="$top/examples/onnx" PYTHONDONTWRITEBYTECODE=1
rings=$top/examples/onnx/models/rings

# model DIR: standard input is Python that makes a model by proto.py.
model() {
	mkdir -p "$1"
	{
		echo "import sys; from proto import *; sys.stdout.buffer.write("
		cat
		echo ")"
	} | python3 - >"$1/model.onnx"
}

# copies DIR PORT ...: a model whose outputs y0, y1 are copies of the inputs,
# each a NAME:ELEMENT:SIZE,SIZE.
copies() {
	mkdir -p "$1"
	python3 - "$@" >"$1/model.onnx" <<-END
	import proto, sys
	ports = [p.split(":") for p in sys.argv[2:]]
	kind = [proto.tensor(getattr(proto, e), [int(s) if s.isdigit() else s
	    for s in sizes.split(",") if s]) for _, e, sizes in ports]
	sys.stdout.buffer.write(proto.model(
	    [proto.node("Identity", [p[0]], [f"y{i}"]) for i, p in enumerate(ports)],
	    [proto.value(p[0], k) for p, k in zip(ports, kind)],
	    [proto.value(f"y{i}", k) for i, k in enumerate(kind)]))
	END
}

# whole DIR FILE [BT-PREDICT-OPTION ...]: the reply to a file not split.
whole() {
	dir=$1 file=$2
	shift 2
	rm -rf parts
	bt-split -t None "$file" >refs
	bt-predict -m onnx -d "$dir" -o parts "$@" <refs >results
	cat parts/*
}

# run DIR FILE [BT-PREDICT-OPTION ...]: the replies to a file.
run() {
	dir=$1 file=$2
	shift 2
	rm -rf parts
	bt-split "$file" >refs
	bt-predict -m onnx -d "$dir" -o parts "$@" <refs >results
	cat parts/*
}

# json DIR FILE ...: the same, in JSON Lines.
json() {
	run "$@" --accept application/jsonlines
}

# refused DIR FILE [OPTION ...]: what the result lines say is wrong.
refused() {
	dir=$1 file=$2
	shift 2
	rm -rf parts
	bt-split "$file" >refs
	fails 1 bt-predict -m onnx -d "$dir" -o parts "$@" <refs >results
	python3 -c "
import urllib.parse
for line in open(\"results\"):
    print(urllib.parse.unquote(line.split(\"error=\")[1]), end=\"\")" |
	    sed "s/ (byte [0-9]*): onnx:/:/"
}

# unloadable DIR TEXT: bt-predict ends with 255 and says it.
unloadable() {
	fails 255 bt-predict -m onnx -d "$1" -o parts "in.csv#bytes=0+4,records=0+1,last"
	said "$2"
}

ok 'a library that is not there, or is none' '
	export BT_ONNXRUNTIME=/nowhere/libonnxruntime.so.1
	unloadable "$rings" "BT_ONNXRUNTIME: /nowhere/libonnxruntime.so.1: cannot open shared object file"
	export BT_ONNXRUNTIME="$B/plugins/identity.so"
	unloadable "$rings" "undefined symbol: OrtGetApiBase"
'
ok 'a folder without a model' '
	mkdir none two
	unloadable none "none: no model.onnx, nor another .onnx file"
	touch two/a.onnx two/b.onnx
	unloadable two "two: 2 .onnx files, none of which is model.onnx"
'

# shellcheck disable=SC2154 # lib.sh sets it
bt-split "$top/examples/onnx/points.csv" |
    bt-predict -m onnx -d "$rings" -o "$tmp/parts" >"$tmp/out" 2>"$tmp/why"
if grep -q 'no ONNX Runtime: tried' "$tmp/why"; then
	ok 'what to install is said' '
		unset BT_ONNXRUNTIME
		unloadable "$rings" "onnx: no ONNX Runtime: tried libonnxruntime.so.1, libonnxruntime.so.1.1 to .99, libonnxruntime.so (Debian 13: install libonnxruntime1.21; elsewhere set BT_ONNXRUNTIME to a libonnxruntime.so.1)"
	'
	skip 'models' 'no libonnxruntime: set BT_ONNXRUNTIME to one'
	finish
fi

ok 'the example of the page: each point is in the ring that its distance says' '
	cd "$top/examples/onnx"
	bt-split points.csv | xargs -P 4 -n 8 bt-predict -m onnx -d models/rings \
	    --input-filter "\$[1:]" -o "$tmp/parts-of-points" |
	    bt-join --join-source Input --output-filter "\$[0,3]" >"$tmp/rings"
	awk -F, "{ print \$1 \",\" int(sqrt(\$2 * \$2 + \$3 * \$3)) }" points.csv |
	    same "$tmp/rings"
'
ok 'the predictions are those of the network in double precision' '
	cut -d, -f2- "$top/examples/onnx/points.csv" >p.csv
	run "$rings" p.csv >out
	python3 - "$rings/model.onnx" <<-END
	import math, struct, sys
	# The weights: each constant ends with its values and its name.
	data = open(sys.argv[1], "rb").read()
	def floats(name, n):
	    end = data.index(b"\x42" + bytes([len(name)]) + name)
	    return struct.unpack(f"<{n}f", data[end - 4 * n:end])
	w1, b1 = floats(b"w1", 24), floats(b"b1", 12)
	w2, b2 = floats(b"w2", 36), floats(b"b2", 3)
	worst = 0
	for line, reply in zip(open("p.csv"), open("out")):
	    x = [float(v) for v in line.split(",")]
	    h = [max(0, w1[2*i] * x[0] + w1[2*i+1] * x[1] + b1[i]) for i in range(12)]
	    s = [sum(w2[12*k+i] * h[i] for i in range(12)) + b2[k] for k in range(3)]
	    e = [math.exp(v - max(s)) for v in s]
	    got = reply.split(",")
	    assert int(got[0]) == s.index(max(s)), reply
	    assert len(got) == 4
	    worst = max([worst] + [abs(float(g) - v / sum(e)) for g, v in zip(got[1:], e)])
	print(worst)
	sys.exit(worst > 1e-5)
	END
	test "$(wc -l <out)" -eq 60
'
ok 'a record alone, in a batch, and in a model of one at a time: the same bytes' '
	cut -d, -f2- "$top/examples/onnx/points.csv" >p.csv
	run "$rings" p.csv >whole
	rm -rf parts
	bt-split --batch-strategy SingleRecord p.csv |
	    bt-predict -m onnx -d "$rings" -o parts >results
	cat parts/* >single
	cmp whole single
	mkdir one
	python3 - "$rings/model.onnx" >one/model.onnx <<-END
	import struct, sys, generate
	data = open(sys.argv[1], "rb").read()
	def floats(name, n):
	    end = data.index(b"\x42" + bytes([len(name)]) + name)
	    return list(struct.unpack(f"<{n}f", data[end - 4 * n:end]))
	def rows(v, n):
	    return [v[i:i + n] for i in range(0, len(v), n)]
	sys.stdout.buffer.write(generate.network({
	    "w1": rows(floats(b"w1", 24), 2), "b1": floats(b"b1", 12),
	    "w2": rows(floats(b"w2", 36), 12), "b2": floats(b"b2", 3)}, 1))
	END
	run one p.csv >one.out
	cmp whole one.out
'
ok 'several outputs: columns, or an object' '
	printf "%s\n" 0.5,0 "\"1.5\", 0" 2.5,0 >p.csv
	run "$rings" p.csv | cut -d, -f1 >out
	same out <<-END
	0
	1
	2
	END
	json "$rings" p.csv | sed "s/[0-9.e-]*,[0-9.e-]*,[0-9.e-]*\]/...]/" >out
	same out <<-END
	{"ring":0,"probabilities":[...]}
	{"ring":1,"probabilities":[...]}
	{"ring":2,"probabilities":[...]}
	END
	run "$rings" p.csv --accept application/json | python3 -c "
import json, sys
print(*[row[\"ring\"] for row in json.load(sys.stdin)])" >out
	same out <<-END
	0 1 2
	END
'
ok 'the model under another name, as a file, in an archive' '
	mkdir m
	cp "$rings/model.onnx" m/rings.onnx
	echo 0.5,0 >p.csv
	run "$rings" p.csv >want
	run m p.csv >out
	cmp want out
	run m/rings.onnx p.csv >out
	cmp want out
	mv m/rings.onnx m/model.onnx
	tar -czf model.tar.gz -C m ./model.onnx
	run model.tar.gz p.csv >out
	cmp want out
'
ok 'one float input: bare values, rows, missing numbers' '
	copies m x:FLOAT:N,1
	printf "%s\n" 1.5 -0 1e-7 nan "\"\"" inf 3.4e38 >in.csv
	run m in.csv >out
	same out <<-END
	1.5
	-0
	1e-07
	nan
	nan
	inf
	3.4e+38
	END
	json m in.csv >out
	same out <<-END
	1.5
	-0
	1e-07
	null
	null
	null
	3.4e+38
	END
	copies m x:FLOAT:N,3
	printf "%s\n" "[1,2,null]" "{\"x\":[3,4,5]}" "{\"features\":[6,7,8],\"id\":1}" >in.jsonl
	json m in.jsonl >out
	same out <<-END
	[1,2,null]
	[3,4,5]
	[6,7,8]
	END
	run m in.jsonl --accept text/csv >out
	same out <<-END
	1,2,nan
	3,4,5
	6,7,8
	END
'
ok 'every type there and back' '
	copies m f:FLOAT:N,1 d:DOUBLE:N,1 l:INT64:N,1 i:INT32:N,1 b:BOOL:N,1 s:STRING:N,1 u:UINT8:N,1
	cat >in.csv <<-END
	0.1,0.1,9223372036854775807,-2147483648,true,abc,255
	16777217,16777217,-9223372036854775808,2147483647,0," a ""b"", c",0
	,,12.0, 7 ,False,,1
	1e300,1e300,0,0,1,Ünï,2
	END
	run m in.csv >out
	same out <<-END
	0.1,0.1,9223372036854775807,-2147483648,true,abc,255
	16777216,16777217,-9223372036854775808,2147483647,false," a ""b"", c",0
	nan,nan,12,7,false,,1
	inf,1e+300,0,0,true,Ünï,2
	END
	json m in.csv >out
	same out <<-END
	{"y0":0.1,"y1":0.1,"y2":9223372036854775807,"y3":-2147483648,"y4":true,"y5":"abc","y6":255}
	{"y0":16777216,"y1":16777217,"y2":-9223372036854775808,"y3":2147483647,"y4":false,"y5":" a \"b\", c","y6":0}
	{"y0":null,"y1":null,"y2":12,"y3":7,"y4":false,"y5":"","y6":1}
	{"y0":null,"y1":1e+300,"y2":0,"y3":0,"y4":true,"y5":"Ünï","y6":2}
	END
	cat >in.jsonl <<-END
	{"f":1,"d":0.30000000000000004,"l":5,"i":6,"b":true,"s":"a\nb","u":7}
	{"u":1,"s":"\u00e9","b":0,"i":-6,"l":-5,"d":[null],"f":[2.5],"more":{}}
	[1.5,2.5,3,4,false,"x,y",5]
	END
	json m in.jsonl >out
	same out <<-END
	{"y0":1,"y1":0.30000000000000004,"y2":5,"y3":6,"y4":true,"y5":"a\nb","y6":7}
	{"y0":2.5,"y1":null,"y2":-5,"y3":-6,"y4":false,"y5":"é","y6":1}
	{"y0":1.5,"y1":2.5,"y2":3,"y3":4,"y4":false,"y5":"x,y","y6":5}
	END
'
ok 'float16: every value there and back, the nearest of what lies between' '
	copies m h:FLOAT16:N,1
	cat >ask.py <<-END
	import struct
	def half(bits):
	    return struct.unpack("<e", struct.pack("<H", bits))[0]
	for bits in range(0x7c00):
	    v, up = half(bits), half(bits + 1) if bits < 0x7bff else 65536.0
	    mid = (v + up) / 2
	    for x in v, mid, mid * (1 - 1e-15), mid * (1 + 1e-15):
	        print(repr(x), repr(-x), sep="\n")
	END
	python3 ask.py >in.csv
	printf "%s\n" 1e300 -inf nan "\"\"" -1e-300 >>in.csv
	run m in.csv >out
	cat >check.py <<-END
	import itertools, struct
	def half(text):
	    try:
	        return struct.pack("<e", float(text))
	    except OverflowError:
	        return struct.pack("<e", float("-inf" if text[0] == "-" else "inf"))
	asked, got = open("in.csv").read().split(), open("out").read().split()
	assert len(asked) == len(got) == 0x7c00 * 8 + 5
	for a, g in zip(asked[:-5], got):
	    h = half(a)
	    assert half(g) == h, (a, g)
	    if g.strip("-") == "inf":
	        continue
	    digits = len(g.lower().split("e")[0].replace("-", "").replace(".", "").strip("0"))
	    v = struct.unpack("<e", h)[0]
	    assert digits < 2 or half(f"{v:.{digits - 2}e}") != h, (a, g)
	print(*got[-5:])
	END
	python3 check.py >last
	same last <<-END
	inf -inf nan nan -0
	END
	copies two h:FLOAT16:N,2 n:INT64:N,1
	printf "%s\n" "{\"h\":[0.1,65520],\"n\":1}" "[null,-1e-7,2]" >in.jsonl
	json two in.jsonl >out
	same out <<-END
	{"y0":[0.1,null],"y1":1}
	{"y0":[null,-1e-07],"y1":2}
	END
	printf "%s\n" 0.1,1e5,3 >in.csv
	run two in.csv >out
	same out <<-END
	0.1,inf,3
	END
	model sum <<-END
	model([node("Add", ["x", "c"], ["y"])],
	      [value("x", tensor(FLOAT16, ["N", 2]))],
	      [value("y", tensor(FLOAT16, ["N", 2]))],
	      [constant("c", FLOAT16, [2], [0.5, 2048.0])])
	END
	printf "%s\n" 0.25,1 1,3 >in.csv
	run sum in.csv >out
	same out <<-END
	0.75,2048
	1.5,2052
	END
	printf "%s\n" 1,x >in.csv
	refused sum in.csv >out
	same out <<-END
	record 0: column 2: "x" is not float16
	END
'
ok 'columns are dealt to several inputs, or named by the header' '
	copies m age:INT64:N,1 size:FLOAT:N,2 name:STRING:N
	printf "%s\n" 7,1.5,2.5,ann 8,3,4,bob >in.csv
	run m in.csv >out
	same out <<-END
	7,1.5,2.5,ann
	8,3,4,bob
	END
	printf "%s\n" "id,name,size,\"age\",size" "x,ann,1.5,7,2.5" "y,bob,3,8,4" >h.csv
	rm -rf parts
	bt-split --header h.csv >refs
	bt-predict -m onnx -d m -o parts <refs >results
	cat parts/* | tail -n 2 >out
	same out <<-END
	7,1.5,2.5,ann
	8,3,4,bob
	END
'
ok 'nested arrays; sizes that the record decides' '
	copies m x:FLOAT:N,2,3
	cat >in.jsonl <<-END
	[[1,2,3],[4,5,6]]
	{"x":[[0,0,0],[0,0,1]]}
	END
	json m in.jsonl >out
	same out <<-END
	[[1,2,3],[4,5,6]]
	[[0,0,0],[0,0,1]]
	END
	echo 1,2,3,4,5,6 >in.csv
	json m in.csv >out
	same out <<-END
	[[1,2,3],[4,5,6]]
	END
	copies any x:INT64:N,T
	printf "%s\n" 1,2 3,4 5 6,7,8 >in.csv
	json any in.csv >out
	same out <<-END
	[1,2]
	[3,4]
	5
	[6,7,8]
	END
	printf "%s\n" "[1,2]" "[]" "[3]" >in.jsonl
	run any in.jsonl --accept application/jsonlines >out
	same out <<-END
	[1,2]
	[]
	3
	END
	copies fixed x:DOUBLE:4 k:INT32:
	printf "%s\n" 1,2,3,4,5 6,7,8,9,0 >in.csv
	json fixed in.csv >out
	same out <<-END
	{"y0":[1,2,3,4],"y1":5}
	{"y0":[6,7,8,9],"y1":0}
	END
'
ok 'a document of records' '
	copies m x:FLOAT:N,2
	for doc in "[[1,2],[3,4]]" "{\"instances\":[[1,2],[3,4]]}" \
	    "[{\"x\":[1,2]},{\"x\":[3,4]}]" "{\"instances\":[{\"x\":[1,2]},{\"x\":[3,4]}]}"; do
		echo "$doc" >in.json
		whole m in.json --accept application/json >out
		echo >>out
		same out <<-END
		[[1,2],[3,4]]
		END
	done
	echo "[1,2]" >in.json
	whole m in.json --accept application/json >out
	echo >>out
	same out <<-END
	[[1,2]]
	END
	copies s a:FLOAT:N,1 b:STRING:N,1
	echo "[[1,\"p\"],[2,\"q\"]]" >in.json
	whole s in.json --accept text/csv >out
	same out <<-END
	1,p
	2,q
	END
'
ok 'an object that was not split' '
	copies m x:FLOAT:N,2
	printf "1,2\r\n3,4\r\n" >in.csv
	whole m in.csv >out
	same out <<-END
	1,2
	3,4
	END
'
ok 'an object that was not split: a quote means what it means to bt-split' '
	copies m x:STRING:N,1
	while IFS="%" read -r body want; do
		printf %b "$body" >in.csv
		printf "%s: %s\n" "$body" "$want" >&3
		printf "%s: %s\n" "$body" \
		    "$(whole m in.csv --accept application/jsonlines | tr "\n" " " | sed "s/ $//")"
	done >out 3>want <<-END
	a"b\nc\n%"a\"b" "c"
	"x\ny"\r\n\r\n\nz%"x\ny" "z"
	"x""\n""y"\n"z"\n%"x\"\n\"y" "z"
	a\r\nb"%"a" "b\""
	\n\n%
	END
	diff -u want out
	printf "a\n\n\"b\nc" >in.csv
	bt-split -t None in.csv >refs
	rm -rf parts
	fails 1 bt-predict -m onnx -d m -o parts <refs >results
	grep "a%20quoted%20field%20that%20is%20never%20closed%20(line%201%20of%20it)" results
'
ok 'a line of text for a model of strings' '
	copies m x:STRING:N,1
	printf "%s\n" "good, very \"good\"" "" bad >in.txt
	json m in.txt >out
	same out <<-END
	"good, very \"good\""
	""
	"bad"
	END
'
ok 'labels and maps of probabilities, as scikit-learn models are converted' '
	for labels in ints strings; do
		test $labels = ints && l="classlabels_ints=[3, 5]" e=INT64 ||
		    l="classlabels_strings=[\"no\", \"yes\"]" e=STRING
		z=$(echo "$l" | sed "s/strings=/&/; s/classlabels_ints/classlabels_int64s/")
		model $labels <<-END
		model([node("LinearClassifier", ["x"], ["label", "scores"], "ai.onnx.ml",
		            coefficients=[-1.0, 0.0, 1.0, 0.0], intercepts=[0.0, 0.0],
		            multi_class=0, post_transform="SOFTMAX", $l),
		       node("ZipMap", ["scores"], ["p"], "ai.onnx.ml", $z)],
		      [value("x", tensor(FLOAT, ["N", 2]))],
		      [value("label", tensor($e, ["N"])),
		       value("p", sequence(mapping($e, tensor(FLOAT, []))))])
		END
	done
	printf "%s\n" 0,9 -20,9 >in.csv
	run ints in.csv >out
	sed "s/,[0-9.e-]*$/,rest/" out >cut
	same cut <<-END
	3,0.5,rest
	3,1,rest
	END
	json strings in.csv | sed 2q >out
	head -n 1 out >first
	same first <<-END
	{"label":"no","p":{"no":0.5,"yes":0.5}}
	END
'
ok 'what is wrong with a record is said, with both numbers' '
	copies m x:FLOAT:N,3
	printf "%s\n" 1,2 3,4 >in.csv
	{
		refused m in.csv
		printf "%s\n" 1,2,3 4,5 >in.csv
		refused m in.csv
		printf "%s\n" 1,2,3 4,abc,6 >in.csv
		refused m in.csv
		printf "%s\n" "[1,2,3]" "[1,2]" >in.jsonl
		refused m in.jsonl
		printf "%s\n" "[1,2,3]" "[1,\"2\",3]" >in.jsonl
		refused m in.jsonl
		printf "%s\n" "{\"y\":[1,2,3]}" >in.jsonl
		refused m in.jsonl
		printf "%s\n" "[[1,2,3],[1,2]]" >in.json
		refused m in.json
		printf "%s\n" "[1,2" >in.jsonl
		refused m in.jsonl
		echo 1 2 3 >in.txt
		refused m in.txt
	} >out
	same out <<-END
	record 0: 2 columns, but the model'\''s input "x", float[3], takes 3
	record 1: 2 columns, not 3 as in the batch'\''s first record
	record 1: column 2: "abc" is not a number
	record 1: x: 2 elements, not 3: the input is float[3]
	record 1: x[1]: "2" is not float
	record 0: no member "x", which is an input
	record 0: row 1: x: 2 elements, not 3: the input is float[3]
	record 0: not JSON: the text ends inside a value at byte 4
	record 0: text/plain: this model takes text/csv and JSON
	END
'
ok 'so with several inputs' '
	q="'\''"
	copies m n:INT64:N,1 s:STRING:N,1 m:FLOAT:N,2,2
	{
		for row in 1,a,1,2,3 "1.5,a,1,2,3,4" ",a,1,2,3,4" \
		    "99999999999999999999,a,1,2,3,4"; do
			echo "$row" >in.csv
			refused m in.csv
		done
		for row in "[1,2]" "[1,2,3,4,5,6]" "{\"n\":1,\"s\":2}" 5 \
		    "{\"n\":1,\"s\":\"a\",\"m\":[[1,2],[3,true]]}" \
		    "{\"n\":1,\"s\":\"a\",\"m\":[1,2]}" \
		    "{\"n\":1,\"s\":\"a\\u0000\",\"m\":[[1,2],[3,4]]}"; do
			printf "%s\n" "$row" >in.jsonl
			refused m in.jsonl
		done
		printf "%s\n" n,s,m,m 1,a,2,3 >h.csv
		bt-split --header h.csv >refs
		fails 1 bt-predict -m onnx -d m -o parts <refs >results
		printf "%s\n" "m,m,m,m,id,n,s" 1,2,3,4,x,1,a 1,2,3,4,x,1 >h.csv
		bt-split --header h.csv >refs
		fails 1 bt-predict -m onnx -d m -o parts <refs >>results
		sed "s/.*onnx:%20//; s/%20/ /g; s/%22/\"/g; s/%27/$q/g; s/%2C/,/g" results
		copies any n:INT64:N,1 t:INT64:N,T
		echo 1,2 >in.csv
		refused any in.csv
	} >out
	same out <<-END
	record 0: 5 columns, but the model'\''s inputs take 6
	record 0: column 1: "1.5" is not int64, which input "n" takes
	record 0: column 1: "" is not int64, which input "n" takes
	record 0: column 1: "99999999999999999999" is not int64, which input "n" takes
	record 0: 2 elements, but the model'\''s inputs take 6
	record 0: s[0]: 2 is not string
	record 0: s[0]: 2 is not string
	record 0: neither an object nor an array, but the model has 3 inputs
	record 0: m[1][1]: true is not float
	record 0: m[0]: 1 is not an array; the input is float[2][2]
	record 0: s[0]: "a\u0000" is not string without U+0000
	the header has 2 columns "m", but the model'\''s input takes 4
	6 columns, but the header has 7
	record 0: input "t", int64[?], has no fixed width, and the model has several inputs: use JSON
	END
'
ok 'the model refuses a value: that record is found' '
	model m <<-END
	model([node("Gather", ["table", "x"], ["y"])],
	      [value("x", tensor(INT64, ["N"]))], [value("y", tensor(FLOAT, ["N"]))],
	      [constant("table", FLOAT, [3], [10.0, 20.0, 30.0])])
	END
	printf "%s\n" 0 2 7 1 >in.csv
	rm -rf parts
	bt-split in.csv >refs
	fails 1 bt-predict --isolate -m onnx -d m -o parts <refs >results
	awk -F "\t" "{ sub(/,crc.*/, \"\", \$1); print \$1, (\$2 == \"!\") }" results | sort >out
	same out <<-END
	in.csv#bytes=0+4,records=0+2 0
	in.csv#bytes=4+2,records=2+1 1
	in.csv#bytes=6+2,records=3+1 0
	END
	grep -q "ONNX%20Runtime" results
'
ok 'an output that has not a row a record' '
	model m <<-END
	model([node("ReduceSum", ["x"], ["y"], keepdims=1)],
	      [value("x", tensor(FLOAT, ["N", 1]))], [value("y", tensor(FLOAT, [1, 1]))])
	END
	printf "%s\n" 1 2 >in.csv
	refused m in.csv --invocations-max-retries 0 >out
	same out <<-END
	records 0 to 1: output "y" has 1 row, but 2 went in
	END
'
ok 'models that are no models' '
	mkdir m
	: >m/model.onnx
	unloadable m "ONNX Runtime: "
	echo text >m/model.onnx
	unloadable m "ONNX Runtime: "
	head -c 300 "$rings/model.onnx" >m/model.onnx
	unloadable m "ONNX Runtime: "
	echo 1,2 >in.csv
	python3 - "$rings/model.onnx" <<-END
	import random, subprocess, sys
	data = open(sys.argv[1], "rb").read()
	rng = random.Random(3)
	seen = set()
	for i in range(12):
	    bad = bytearray(data)
	    for _ in range(8):
	        bad[rng.randrange(len(bad))] = rng.randrange(256)
	    if i % 3 == 0:
	        bad = bad[:rng.randrange(len(bad))]
	    open("m/model.onnx", "wb").write(bad)
	    p = subprocess.run(["bt-predict", "-m", "onnx", "-d", "m", "-o", "parts",
	        "in.csv#bytes=0+4,records=0+1,last"], capture_output=True)
	    assert p.returncode in (0, 1, 255), (i, p)
	    assert b"crash" not in p.stderr, (i, p)
	END
'
# What a session with threads of its own starts, or a library that reports.
ok 'one thread, and nothing is reported or left behind' '
	mkdir home tmp
	unset ORT_DISABLE_TELEMETRY XDG_CACHE_HOME
	echo 0.5,0 >p.csv
	bt-split p.csv >refs
	mkfifo fifo
	HOME=$PWD/home TMPDIR=$PWD/tmp bt-predict -m onnx -d "$rings" -o parts \
	    <fifo >results & predict=$!
	exec 4>fifo
	cat refs >&4
	for _ in $(seq 500); do
		test ! -s results || break
		sleep 0.02
	done
	test -s results
	ps -o nlwp= --ppid $predict | xargs >threads
	exec 4>&-
	wait $predict
	echo 1 | same threads
	find home tmp -mindepth 1 >left
	find /tmp -maxdepth 1 -name "mat-debug-*" -newer refs >>left
	same left </dev/null
'
ok 'a GPU computes if there is one' '
	real=${BT_ONNXRUNTIME:-$(ldconfig -p | sed -n "s/.*=> \(.*libonnxruntime\.so\.1.*\)/\1/p" | head -n 1)}
	echo 0.5,0 >p.csv
	bt-split p.csv >refs
	gpu() {	# gpu DEVICES LIBRARY: what bt-predict says
		CUDA_VISIBLE_DEVICES=$1 REAL_ONNXRUNTIME=$real BT_ONNXRUNTIME=$2 \
		    bt-predict -m onnx -d "$rings" -o parts <refs 2>&1 >results
		test -s results
	}
	for devices in 1 0,1 "" -1; do
		gpu "$devices" "$B/tests/plugins/onnx_cuda.so"
	done >out
	same out <<-END
	device 0
	device 0
	END
	gpu 0 "$real" >out
	grep "^bt-predict: onnx: warning: ONNX Runtime.*; the processor computes\$" out
	gpu "" "$real" >out
	same out </dev/null
'
ok 'inputs and outputs that are not dealt with' '
	model m <<-END
	model([node("Shape", ["x"], ["y"])], [value("x", tensor(BFLOAT16, ["N"]))],
	      [value("y", tensor(INT64, ["N"]))])
	END
	unloadable m "m/model.onnx: input \"x\" has elements of type 16: only float16, float, double, integers, bool and strings are supported"
	model m <<-END
	model([node("SequenceConstruct", ["x"], ["y"])],
	      [value("x", tensor(FLOAT, ["N"]))],
	      [value("y", sequence(tensor(FLOAT, ["N"])))])
	END
	unloadable m "output \"y\" is a sequence, but not of maps: only tensors and maps are supported"
	model m <<-END
	model([node("SequenceLength", ["x"], ["y"])],
	      [value("x", sequence(tensor(FLOAT, ["N"])))],
	      [value("y", tensor(INT64, []))])
	END
	unloadable m "input \"x\" is not a tensor"
'
ok 'standard error has nothing but what is wrong' '
	echo 0.5,0 >p.csv
	bt-split p.csv >refs
	bt-predict -m onnx -d "$rings" -o parts <refs >results 2>err
	test ! -s err
'
finish
