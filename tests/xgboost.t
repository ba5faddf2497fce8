#!/bin/sh
# The xgboost plugin: bt-xgboost(7).
. "${0%/*}/lib.sh"
PATH=$B/tests:$PATH

ok 'numbers are spelled as Python spells them' '
	cat >check.py <<-END
	import sys
	for line in sys.stdin:
	    text, bits = line.split()
	    if not "nan" in bits and repr(float.fromhex(bits)) != text:
	        sys.exit(f"{text}, not {float.fromhex(bits)!r}, for {bits}")
	END
	for kind in any float chance rest edge; do
		xgboost $kind 30000 >numbers
		python3 check.py <numbers
	done
'

# trees OBJECTIVE CLASSES BASE_SCORE LEFT:RIGHT[:CUT] ...: a model of two
# columns in JSON, a tree for each pair.  A tree answers LEFT where column 0 is
# below CUT (0.5) or missing, else RIGHT.
trees() {
	awk -v q="$*" 'BEGIN {
		n = split(q, a, " "); trees = n - 3; classes = a[2]
		printf "{\"learner\":{\"attributes\":{},\"feature_names\":[],\"feature_types\":[],"
		printf "\"gradient_booster\":{\"model\":{\"gbtree_model_param\":{\"num_parallel_tree\":\"1\",\"num_trees\":\"%d\",\"size_leaf_vector\":\"0\"},\"tree_info\":[", trees
		for (i = 0; i < trees; i++)
			printf "%s%d", i ? "," : "", classes ? i % classes : 0
		printf "],\"trees\":["
		for (i = 0; i < trees; i++) {
			if (split(a[i + 4], v, ":") < 3)
				v[3] = 0.5
			for (j = 1; j <= 3; j++) # XGBoost wants floats to look so
				v[j] = v[j] (v[j] ~ /e/ ? "" : "E0")
			printf "%s{\"base_weights\":[0E0,0E0,0E0],\"categories\":[],\"categories_nodes\":[],\"categories_segments\":[],\"categories_sizes\":[],", i ? "," : ""
			printf "\"default_left\":[1,0,0],\"id\":%d,\"left_children\":[1,-1,-1],\"loss_changes\":[1E0,0E0,0E0],\"parents\":[2147483647,0,0],\"right_children\":[2,-1,-1],", i
			printf "\"split_conditions\":[%s,%s,%s],\"split_indices\":[0,0,0],\"split_type\":[0,0,0],\"sum_hessian\":[2E0,1E0,1E0],", v[3], v[1], v[2]
			printf "\"tree_param\":{\"num_deleted\":\"0\",\"num_feature\":\"2\",\"num_nodes\":\"3\",\"size_leaf_vector\":\"0\"}}"
		}
		printf "]},\"name\":\"gbtree\"},\"learner_model_param\":{\"base_score\":\"%s\",\"boost_from_average\":\"1\",\"num_class\":\"%d\",\"num_feature\":\"2\",\"num_target\":\"1\"},", a[3], classes
		p = a[1] ~ /^multi/ ? "\"softmax_multiclass_param\":{\"num_class\":\"" classes "\"}" : "\"reg_loss_param\":{\"scale_pos_weight\":\"1\"}"
		printf "\"objective\":{\"name\":\"%s\",%s}},\"version\":[1,7,4]}", a[1], p
	}'
}

# model DIR TREES-ARGUMENTS
model() {
	dir=$1
	shift
	mkdir -p "$dir"
	trees "$@" >"$dir/xgboost-model"
}

# run DIR FILE [BT-PREDICT-OPTION ...]: the replies to a file of lines.
run() {
	dir=$1 file=$2
	shift 2
	rm -rf parts
	bt-split "$file" >refs
	bt-predict -m xgboost -d "$dir" -o parts "$@" <refs >results
	cat parts/*
}

# refused DIR FILE [OPTION ...]: what the result line says is wrong, to out.
refused() {
	dir=$1 file=$2
	shift 2
	rm -rf parts
	bt-split "$file" >refs
	fails 1 bt-predict -m xgboost -d "$dir" -o parts "$@" <refs >results
	python3 -c "
import sys, urllib.parse
print(urllib.parse.unquote(open(\"results\").read().split(\"error=\")[1]), end=\"\")" >out
}

# unloadable DIR TEXT: bt-predict ends with 255 and says it.
unloadable() {
	fails 255 bt-predict -m xgboost -d "$1" -o parts "in.csv#bytes=0+4,records=0+1,last"
	said "$2"
}

ok 'one output a record; an empty field is missing' '
	model m reg:squarederror 0 0.5 -1:2
	printf "%s\n" 0.4,1 0.5,1 ,1 "\"7\", 1" nan,1 >in.csv
	run m in.csv >out
	same out <<-END
	-0.5
	2.5
	-0.5
	2.5
	-0.5
	END
'
ok 'CSV delimited by tabs, semicolons, bars or blanks' '
	model m reg:squarederror 0 0 -1:2
	printf "%s\n" "1;0.4" "0,1" "1	2" "1 | 2" "0 1" ";2" "1; 2" >in.csv
	run m in.csv >out
	same out <<-END
	2.0
	-1.0
	2.0
	2.0
	-1.0
	-1.0
	2.0
	END
	printf "1;2\r\n0;2" >in.csv
	bt-split --split-type None in.csv >refs
	bt-predict -m xgboost -d m -o parts2 <refs >results
	printf "%s\n" 2.0 -1.0 | cmp - parts2/*
	while IFS="%" read -r row why; do
		printf "%s\n" 0,1 "$row" >in.csv
		refused m in.csv
		grep -F "record 1 (" out
		grep -F "$why" out
		fails 1 grep "a header row" out
	done <<-END
	1,5;2%column 2: "5;2" is not a number
	1,5;2,5%3 columns, not 2
	1;2;3%3 columns, not 2
	1;x%column 2: "x" is not a number
	1; 2|3%column 2: "2|3" is not a number
	1.2.3%1 column, not 2
	END
	sed "s/\"num_feature\":\"2\"/\"num_feature\":\"1\"/g" m/xgboost-model >m/one
	rm m/xgboost-model
	printf "0 1\n" >in.csv
	refused m in.csv
	grep -F "column 1: \"0 1\" is not a number" out
'
ok 'a float is widened to a double' '
	model m reg:squarederror 0 0 0.1:1e-7 0:0
	model big reg:squarederror 0 0 1e22:-123456789
	printf "%s\n" 0,1 1,1 >in.csv
	run m in.csv >out
	same out <<-END
	0.10000000149011612
	1.0000000116860974e-07
	END
	run big in.csv >out
	same out <<-END
	9.999999778196308e+21
	-123456792.0
	END
'
ok 'several outputs: columns, or in strict Python lists' '
	model m multi:softprob 3 0 0:200 0:0 0:0
	printf "%s\n" 0,1 1,1 >in.csv
	third=0.3333333432674408
	run m in.csv >out
	same out <<-END
	$third,$third,$third
	1.0,0.0,0.0
	END
	BT_STRICT=1 run m in.csv >out
	same out <<-END
	[$third, $third, $third]
	[1.0, 0.0, 0.0]
	END
'
ok 'JSON and JSON Lines' '
	model one reg:squarederror 0 0 -1:2
	model two multi:softprob 2 0 0:0 0:0
	printf "%s\n" 0,1 1,1 >in.csv
	run one in.csv --accept application/json >out
	printf "%s" "{\"predictions\": [{\"score\": -1.0}, {\"score\": 2.0}]}" | same out
	run two in.csv --accept application/jsonlines >out
	same out <<-END
	{"score": [0.5, 0.5]}
	{"score": [0.5, 0.5]}
	END
'
ok 'strict leaves the accept unheard, as the container does in a batch job' '
	model m reg:squarederror 0 0 -1:2
	printf "%s\n" 0,1 1,1 >in.csv
	BT_STRICT=1 run m in.csv --accept application/json >out
	same out <<-END
	-1.0
	2.0
	END
	grep -F "type=text/csv" results
'
ok 'JSON Lines in' '
	model m reg:squarederror 0 0 -1:2
	printf "%s\n" "[0,1]" "{\"features\":[1,null]}" "[null,2]" >in.jsonl
	run m in.jsonl --accept text/csv >out
	same out <<-END
	-1.0
	2.0
	-1.0
	END
'
ok 'an object that was not split is its lines' '
	model m reg:squarederror 0 0 -1:2
	printf "0,1\r\n\n1,1" >in.csv
	bt-split --split-type None in.csv >refs
	bt-predict -m xgboost -d m -o parts <refs >results
	cat parts/* >out
	same out <<-END
	-1.0
	2.0
	END
	printf "0,1\n1,1\n2\n" >in.csv
	bt-split --split-type None in.csv >refs
	fails 1 bt-predict -m xgboost -d m -o parts2 <refs >results
	grep "line%202%20of%20it" results
'

# unsplit BODY: the replies to an object that is not split, or what is wrong.
unsplit() {
	rm -rf parts
	printf %b "$1" >in.csv
	bt-split --split-type None in.csv >refs
	if bt-predict -m xgboost -d m -o parts <refs >results 2>err; then
		cat parts/*
	else
		python3 -c "
import urllib.parse
print(urllib.parse.unquote(open(\"results\").read().split(\"error=\")[1]), end=\"\")"
	fi
}

ok 'an object that was not split: a quote means what it means to bt-split' '
	model m reg:squarederror 0 0 -1:2
	while IFS="%" read -r body want; do
		printf "%s: %s\n" "$body" "$want" >&3
		printf "%s: %s\n" "$body" "$(unsplit "$body" |
		    sed "s/.*xgboost: //" | tr "\n" " " | sed "s/ $//")"
	done >out 3>want <<-END
	"0",1\r\n\r\n\n1,"1"%-1.0 2.0
	0,1\n"1","1"\r\n%-1.0 2.0
	\n\n%
	%
	"0","1\n"\n1,1\n%column 2: "1\x0a" is not a number (line 0 of it)
	0,1"\n1,1\n%column 2: "1"" is not a number (line 0 of it)
	0,1\n"1"x,1\n%bytes after a closing quote (line 1 of it)
	0,1\n\n"1,1\n%a quoted field that is never closed (line 1 of it)
	END
	diff -u want out
'

# What can be chosen, by objective; 0.5 is the chance of a margin of 0.
choose() {
	SAGEMAKER_INFERENCE_OUTPUT=$1
	export SAGEMAKER_INFERENCE_OUTPUT
}
ok 'chosen outputs of two classes' '
	model m binary:logistic 0 0.5 0:40
	printf "%s\n" 0,1 1,1 >in.csv
	choose "predicted_label, Labels,probability,probabilities,raw_score,raw_scores"
	run m in.csv >out
	same out <<-END
	0,"[0, 1]",0.5,"[0.5, 0.5]",0.5,"[0.5, 0.5]"
	1,"[0, 1]",1.0,"[0.0, 1.0]",1.0,"[0.0, 1.0]"
	END
	choose probabilities,predicted_label,probabilities
	run m in.csv --accept application/jsonlines >out
	same out <<-END
	{"predicted_label": 0, "probabilities": [0.5, 0.5]}
	{"predicted_label": 1, "probabilities": [0.0, 1.0]}
	END
	run m in.csv --accept application/json >out
	printf "%s" "{\"predictions\": [{\"predicted_label\": 0, \"probabilities\": [0.5, 0.5]}, {\"predicted_label\": 1, \"probabilities\": [0.0, 1.0]}]}" |
	    same out
'
ok 'chosen outputs of many classes' '
	model m multi:softprob 3 0 0:0 0:200 0:0
	model max multi:softmax 3 0 0:0 0:1 0:0
	printf "%s\n" 1,1 >in.csv
	choose raw_scores,predicted_label,labels,probability
	run m in.csv >out
	same out <<-END
	"[0.0, 1.0, 0.0]",1,"[0, 1, 2]",1.0
	END
	choose predicted_label,labels,raw_score,raw_scores
	run max in.csv >out
	same out <<-END
	1.0,"[0, 1, 2]",1.0,"[0.0, 1.0]"
	END
'
ok 'chosen outputs of the others' '
	model raw binary:logitraw 0 0 0:2
	model hinge binary:hinge 0 0.5 -3:2
	model reg reg:squarederror 0 0 -3:2
	printf "%s\n" 0,1 1,1 >in.csv
	choose predicted_label,raw_scores
	run raw in.csv >out
	same out <<-END
	0,"[1.0, 0.0]"
	1,"[-1.0, 2.0]"
	END
	run hinge in.csv >out
	same out <<-END
	0.0,"[1.0, 0.0]"
	1.0,"[0.0, 1.0]"
	END
	choose predicted_score
	run reg in.csv >out
	same out <<-END
	-3.0
	2.0
	END
'
ok 'a choice that the model does not have' '
	model m reg:squarederror 0 0 -1:2
	model other reg:squaredlogerror 0 0.5 0:1
	printf "0,1\n" >in.csv
	choose predicted_label,predicted_score
	run m in.csv >out 2>err
	same out <<-END
	nan,-1.0
	END
	grep -F "SAGEMAKER_INFERENCE_OUTPUT: reg:squarederror has no \"predicted_label\": it is NaN" err
	run m in.csv --accept application/jsonlines >out
	same out <<-END
	{"predicted_score": -1.0, "predicted_label": null}
	END
	BT_STRICT=1 run m in.csv --accept application/jsonlines >out
	same out <<-END
	{"predicted_score": -1.0, "predicted_label": NaN}
	END
	choose predicted_scores
	unloadable m "\"predicted_scores\" is not one of predicted_label, labels,"
	BT_STRICT=1 run m in.csv >out
	echo nan | same out
	choose predicted_score
	unloadable other "SAGEMAKER_INFERENCE_OUTPUT: not for models of reg:squaredlogerror"
'

ok 'libsvm: the first index is 1 where a batch has no 0' '
	model m reg:squarederror 0 0 -1:2
	printf "%s\n" "1 1:0.7 2:1" "0 2:3 # none" "qid:3 1:0" >one.libsvm
	run m one.libsvm >out
	same out <<-END
	2.0
	-1.0
	-1.0
	END
	printf "%s\n" "0:0.7 1:1" "1:3" >zero.libsvm
	run m zero.libsvm >out
	same out <<-END
	2.0
	-1.0
	END
	printf "1:0.7\n" >it.libsvm
	run m it.libsvm >out
	echo 2.0 | same out
	BT_LIBSVM_BASE=0 run m it.libsvm >out
	echo -1.0 | same out
	BT_LIBSVM_BASE=2
	export BT_LIBSVM_BASE
	unloadable m "BT_LIBSVM_BASE: \"2\", not 0 or 1"
'
ok 'libsvm that is refused' '
	model m reg:squarederror 0 0 -1:2
	printf "1 1:1\n1 1:0 3:2\n" >in.libsvm
	refused m in.libsvm
	grep -F "record 1 (" out
	grep -F "index 3, but the model has 2 columns: 1 to 2" out
	printf "1 0:1 0:2\n" >in.libsvm
	refused m in.libsvm
	grep -F "index 0 occurs twice" out
	printf "1 0:1\nno 0:2\n" >in.libsvm
	refused m in.libsvm
	grep -F "\"no\" is neither a label nor INDEX:VALUE" out
	printf "1 0:x\n" >in.libsvm
	refused m in.libsvm
	grep -F "\"0:x\" has no number after its colon" out
'

# message KIND: features {"values": ...}, two columns, of which none has no number.
message() {
	case $1 in
	dense)	printf '\n\026\n\006values\022\f\022\n\n\b\000\000\200?\000\000\000\000' ;;
	sparse)	printf '\n\030\n\006values\022\016\022\f\n\004\000\000\200?\022\001\000\032\001\002' ;;
	double)	printf '\n\036\n\006values\022\024\032\022\n\020\000\000\000\000\000\000\360?\000\000\000\000\000\000\000\000' ;;
	int)	printf '\n\020\n\006values\022\006:\004\n\002\000\000' ;;
	none)	printf '\n\021\n\006values\022\007\022\005\n\000\032\001\002' ;;
	esac
}
# record KIND: the message in its frame.
record() {
	message "$1" >payload
	n=$(wc -c <payload)
	# shellcheck disable=SC2059
	printf "\\n#\\327\\316\\$(printf %03o "$n")\\000\\000\\000"
	cat payload
	head -c $(((4 - n % 4) % 4)) /dev/zero
}
ok 'RecordIO of protobuf: float, double, int32, sparse' '
	model m reg:squarederror 0 0 -1:2
	for kind in dense sparse double int none; do
		record $kind
	done >in.rec
	rec="--content-type application/x-recordio-protobuf"
	bt-split --split-type RecordIO $rec in.rec >refs
	bt-predict -m xgboost -d m -o parts $rec <refs >results
	cat parts/* >out
	same out <<-END
	2.0
	2.0
	2.0
	-1.0
	-1.0
	END
	bt-split --split-type None $rec in.rec >refs
	bt-predict -m xgboost -d m -o parts2 $rec <refs >results
	cat parts2/* | same out
'

ok 'the short content types of the container' '
	model m reg:squarederror 0 0 -1:2
	printf "0.7,1\n0,1\n" >csv
	printf "1 1:0.7\n1 1:0.3\n" >libsvm
	{ record dense; record int; } >recordio-protobuf
	for type in csv libsvm recordio-protobuf; do
		test $type = recordio-protobuf && split=RecordIO || split=Line
		bt-split --split-type $split -c $type $type >refs
		grep -c "type=$type" refs
		bt-predict -m xgboost -d m -o $type.parts <refs >results
		grep -o "type=text/csv" results
		cat $type.parts/*
	done >out
	same out <<-END
	1
	type=text/csv
	2.0
	-1.0
	1
	type=text/csv
	2.0
	-1.0
	1
	type=text/csv
	2.0
	-1.0
	END
	bt-split -c text/plain csv >refs
	bt-predict -m xgboost -d m -o parts --content-type CSV --accept csv <refs >results
	printf "%s\n" 2.0 -1.0 | cmp - parts/*
	grep -F "type=text/csv" results
'

# records: prints the frames of standard input as their Records' labels.
cat >"${tmp:?}/records.py" <<'END'
import struct, sys
def fields(b):
    while b:
        n, i = b[1], 2
        assert b[0] & 7 == 2 and n < 128
        yield b[0] >> 3, b[i:i + n]
        b = b[i + n:]
data = sys.stdin.buffer.read()
while data:
    magic, n = struct.unpack("<II", data[:8])
    assert magic == 0xced7230a and set(data[8 + n:8 + n + -n % 4]) <= {0}
    words = []
    for number, entry in fields(data[8:8 + n]):
        (one, key), (two, value) = fields(entry)
        ((float32, tensor),) = fields(value)
        ((values, packed),) = fields(tensor)
        assert (number, one, two, float32, values) == (2, 1, 2, 2, 1)
        words += [key.decode(), *struct.unpack(f"<{len(packed) // 4}f", packed)]
    print(*words)
    data = data[8 + n + -n % 4:]
END
ok 'replies in RecordIO of protobuf, where it is asked for' '
	model m multi:softprob 2 0 0:200 0:0
	model reg reg:squarederror 0 0 -1:2
	model raw binary:logitraw 0 0 0:2
	printf "%s\n" 0,1 1,1 >in.csv
	accept=application/x-recordio-protobuf
	rec="--accept $accept"
	run reg in.csv $rec >out
	python3 "$tmp/records.py" <out >labels
	same labels <<-END
	score -1.0
	score 2.0
	END
	grep -F "type=$accept" results
	bt-join --assemble-with None <results | cmp - out
	run m in.csv $rec | python3 "$tmp/records.py" >labels
	same labels <<-END
	score 0.5 0.5
	score 1.0 0.0
	END
	choose predicted_label,labels,raw_scores,probability,labels
	run raw in.csv $rec 2>log | python3 "$tmp/records.py" >labels
	same labels <<-END
	predicted_label 0.0 labels 0.0 1.0 raw_scores 1.0 0.0 probability nan
	predicted_label 1.0 labels 0.0 1.0 raw_scores -1.0 2.0 probability nan
	END
	choose predicted_label,labels,probabilities,probability
	run m in.csv $rec | python3 "$tmp/records.py" >labels
	same labels <<-END
	predicted_label 0.0 labels 0.0 1.0 probabilities 0.5 0.5 probability 0.5
	predicted_label 0.0 labels 0.0 1.0 probabilities 1.0 0.0 probability 1.0
	END
'

ok 'several models: the mean, or the answer of most' '
	for i in 0 1 2; do
		model m$i reg:squarederror 0 0 -$i:$i
		model v$i multi:softmax 3 0 $i:$i 1:1 0:$((i * 4))
	done
	mkdir mean vote
	for i in 0 1 2; do
		cp m$i/xgboost-model mean/xgboost-model-$i
		cp v$i/xgboost-model vote/xgboost-model-$i
	done
	mkdir mean/code
	echo hello >mean/code/inference.py
	echo hello >mean/.hidden
	printf "%s\n" 0,1 1,1 >in.csv
	run mean in.csv >out
	same out <<-END
	-1.0
	1.0
	END
	SAGEMAKER_INFERENCE_ENSEMBLE=false run mean in.csv >out
	same out <<-END
	0.0
	0.0
	END
	run vote in.csv >out
	same out <<-END
	0.0
	2.0
	END
'
ok 'models that do not go together' '
	model m reg:squarederror 0 0 -1:1
	model n multi:softmax 3 0 0:0 1:1 0:0
	mv n/xgboost-model m/z
	printf "0,1\n" >in.csv
	unloadable m "m/z: 3 classes, but the first model has 0"
'
ok 'an archive, or the file itself' '
	model m reg:squarederror 0 0 -1:2
	tar -czf model.tar.gz -C m ./xgboost-model
	mkdir k
	cp m/xgboost-model k/xgboost-model-0
	cp m/xgboost-model k/xgboost-model-1
	tar -czf k.tar.gz -C k .
	printf "0,1\n" >in.csv
	for from in model.tar.gz k.tar.gz m/xgboost-model; do
		run $from in.csv >out
		echo -1.0 | same out
	done
	tar -czf none.tar.gz in.csv
	unloadable none.tar.gz "none.tar.gz: in.csv: "
	mkdir d
	mv model.tar.gz d
	unloadable d "d/model.tar.gz: compressed; unpack a model.tar.gz, or give it instead"
'

ok 'a script in the model is not run, which is said' '
	model m reg:squarederror 0 0 1:2
	mkdir m/code
	: >m/code/inference.py
	echo 0,0 >x.csv
	run m x.csv >out 2>err
	cat err >>out
	same out <<-END
	1.0
	bt-predict: xgboost: warning: code/inference.py is not run; -m python -E BT_FRAMEWORK=xgboost runs it, and in a job SAGEMAKER_PROGRAM in the container'\''s Environment
	END
'
ok 'columns that are not the model'\''s' '
	model m reg:squarederror 0 0 -1:2
	printf "0,1,2\n" >in.csv
	refused m in.csv
	grep -F "record 0 (" out
	grep -F "3 columns, but the model has 2 (is one of them the label?)" out
	printf "0\n" >in.csv
	refused m in.csv
	grep -F "1 column, but the model has 2" out
	printf "0,1\n0,1,2\n" >in.csv
	refused m in.csv
	grep -F "record 1 (" out
	grep -F "3 columns, not 2" out
	printf "0,1\n0,abc\n" >in.csv
	refused m in.csv
	grep -F "record 1 (" out
	grep -F "column 2: \"abc\" is not a number" out
	printf "0,1\n0,1\n1e39,0\n" >in.csv
	refused m in.csv
	grep -F "record 2 (" out
	grep -F "column 1: infinite, or too large for a float" out
'
ok 'models that are none' '
	printf "0,1\n" >in.csv
	mkdir m
	unloadable m "m: no xgboost-model, nor another model file"
	unloadable nowhere "nowhere: No such file or directory"
	: >m/xgboost-model
	unloadable m "m/xgboost-model: empty"
	echo hello world >m/xgboost-model
	unloadable m "not an XGBoost model: it begins with 68 65 6c 6c 6f 20 77 6f"
	head -c 4 /dev/zero >m/xgboost-model
	unloadable m "not an XGBoost model: it begins with 00 00 00 00"
	trees reg:squarederror 0 0 -1:2 >whole
	head -c 500 whole >m/xgboost-model
	unloadable m "a damaged model in JSON: byte 500: "
	sed "s/^{/{\n  /" whole >m/xgboost-model
	run m in.csv >out
	echo -1.0 | same out
'
ok 'a base_score of any generation' '
	printf "%s\n" 0,1 1,1 >in.csv
	for base in 1.5 1.50000000e+00 15E-1 "[1.5E0]" "[1.5]"; do
		model m reg:squarederror 0 "$base" -1:2
		run m in.csv
	done | uniq -c | sed "s/^ *//" >out
	for _ in 1 2 3 4 5; do printf "%s\n" "1 0.5" "1 3.5"; done | same out
	model m multi:softmax 3 "[1E0,1.5E0,-2E0]" 0:0 0:-0.75 0:9
	run m in.csv >out
	same out <<-END
	1.0
	2.0
	END
	model m multi:softmax 3 "[1E0,1.5E0]" 0:0 0:0 0:0
	unloadable m "m/xgboost-model: a model of XGBoost 3.1 or later: its base_score is a list, which this one would misread"
'
# without_library COMMAND ...: as where there is no libxgboost.
without_library() {
	mkdir -p none
	: >none/libxgboost.so.0
	: >none/libxgboost.so
	LD_LIBRARY_PATH=$PWD/none "$@"
}
ok 'trees need no libxgboost, and what needs it says so' '
	model m binary:logistic 0 0.5 0:40
	printf "%s\n" 0,1 1,1 >in.csv
	without_library run m in.csv >out
	same out <<-END
	0.5
	1.0
	END
	while IFS="|" read -r edit why; do
		sed "$edit" m/xgboost-model >x
		mkdir -p n
		mv x n/xgboost-model
		without_library unloadable n "n/xgboost-model: this model needs libxgboost, because $why: "
		said "none/libxgboost.so.0: file too short; "
		said " (Debian: apt-get install libxgboost0; elsewhere set LD_LIBRARY_PATH to the folder with libxgboost.so)"
	done <<-\END
	s/"name":"gbtree"/"name":"gblinear"/|its booster is gblinear
	s/binary:logistic/survival:aft/|its objective is survival:aft
	s/"base_score":"0.5"/"base_score":"1"/|its base_score is not one of its objective
	s/"attributes":{}/"attributes":{"best_ntree_limit":"2"}/|it has fewer trees than it says
	s/"size_leaf_vector":"0"}}/"size_leaf_vector":"2"}}/|its leaves are lists of numbers
	s/"id":0/"id":1/|it is not built as XGBoost'\''s models of trees are
	END
'
# XGBOOST_TREES says how many models, XGBOOST_NODES of at most how many nodes.
if xgboost_trees 0 1 1 >/dev/null 2>&1; then
	ok 'random models: what is walked is what libxgboost predicts, to the bit' '
		xgboost_trees "${XGBOOST_TREES:-150}" "${XGBOOST_SEED:-1}" \
		    "${XGBOOST_NODES:-2000}" >out
		grep "^${XGBOOST_TREES:-150} models, [1-9]" out
	'
else
	skip 'random models' 'no libxgboost'
fi
# XGBoost itself follows such branches.
ok 'trees that are not whole' '
	printf "0,1\n" >in.csv
	mkdir m
	trees multi:softprob 3 0 0:1 0:1 0:1 >whole
	while IFS="|" read -r edit why; do
		sed "$edit" whole >m/xgboost-model
		unloadable m "m/xgboost-model: a damaged model$why"
	done <<-\END
	s/"left_children":.1,/"left_children":[3,/| in JSON: a branch leads out of its tree
	s/"right_children":.2,/"right_children":[99999999999,/| in JSON: a branch leads out of its tree
	s/"right_children":.2,/"right_children":[0,/| in JSON: the sides of a branch are not next to each other
	s/"right_children":.2,/"right_children":[1,/| in JSON: the sides of a branch are not next to each other
	s/"left_children":.1,/"left_children":[0,/; s/"right_children":.2,/"right_children":[1,/| in JSON: branches of a tree meet again
	s/"parents":.2147483647,0/"parents":[2147483647,90000/| in JSON: a node whose parent is not in its tree
	s/"split_indices":.0,/"split_indices":[-1,/| in JSON: a branch asks for no column
	s/"left_children":.1,-1,/"left_children":[1,/| in JSON: a tree with more of one thing than of another
	s/"split_indices":.0,/"split_indices":[2,/|: a tree asks for column 3 of 2
	s/"parents"/"parent"/g; s/"split_indices":.0,/"split_indices":[9,/|: a tree asks for column 10 of 2
	s/"tree_info":.0,1/"tree_info":[0,-1/| in JSON: a tree of no class
	s/"num_class":"3"/"num_class":"2000000000"/|: 2000000000 classes in
	s/"split_conditions"/"split_condition"/|, or one for another XGBoost:
	END
	trees reg:squarederror 0 0 -1:2 |
	    sed "s/\"num_target\":\"1\"/\"num_target\":\"2000000000\"/" >m/xgboost-model
	unloadable m "m/xgboost-model: a damaged model: 2000000000 classes in"
	# XGBoost 3 finds this one itself.
	sed "s/\"tree_info\":.0,1/\"tree_info\":[0,3/" whole >m/xgboost-model
	unloadable m "m/xgboost-model: a damaged model"
	said ": a tree of class 4 of 3" ||
	    said ", or one for another XGBoost: Check failed: model.iteration_indptr.back()"
'
ok 'pickles of something else' '
	printf "0,1\n" >in.csv
	mkdir m
	python3 -c "
import pickle
pickle.dump(range(3), open(\"m/xgboost-model\", \"wb\"))"
	unloadable m "a pickle of builtins.range, not of xgboost.core.Booster"
	python3 -c "
import pickle
pickle.dump([1, 2.5, \"x\", None, b\"y\"], open(\"m/xgboost-model\", \"wb\"), 3)"
	unloadable m "a pickle of no class, not of xgboost.core.Booster"
	printf "\200\004\214\014xgboost.core\214\007Booster\223B\377\377\377\377x" >m/xgboost-model
	unloadable m "a pickle that is cut short: byte 26 needs more than its 32 bytes"
	printf "\200\003cxgboost.core\nBooster\n\377" >m/xgboost-model
	unloadable m "a damaged pickle: byte 24 is 0xff"
	printf "\200\002cxgboost.core\nBooster\nN." >m/xgboost-model
	unloadable m "a pickle of a Booster without a model"
	printf "\200\002cxgboost.core\nBooster\nP1\n." >m/xgboost-model
	unloadable m "a damaged pickle: byte 24 is 0x50 (PERSID), which no saved Booster has"
	python3 -c "
import collections, pickle
pickle.dump(collections.Counter(), open(\"m/xgboost-model\", \"wb\"), 0)"
	unloadable m "a pickle of collections.Counter, not of xgboost.core.Booster"
	before="ccopy_reg\n_reconstructor\n(cxgboost.core\nBooster\nc__builtin__\nobject\nNtR(d"
	printf "${before}S'\''handle'\''\nc__builtin__\nbytearray\n(V\\\\u0100bcd\nS'\''latin-1'\''\ntRsb." >m/xgboost-model
	unloadable m "a damaged pickle: the text at byte 107 is not bytes"
	printf "${before}S'\''handle'\''\nc__builtin__\nbytearray\n(Vhello\nS'\''latin-1'\''\ntRsb." >m/xgboost-model
	unloadable m "a damaged model in the binary format: it does not begin as one"
'

ok 'the example' '
	cd "$top/examples/breast-cancer"
	bt-split tumours.csv |
	    bt-predict -m xgboost -d models/diagnosis --input-filter "\$[1:]" \
	        -o "$tmp/parts" |
	    bt-join --join-source Input --output-filter "\$[0,-1]" >"$tmp/out"
	head -n 2 "$tmp/out" >"$tmp/head"
	same "$tmp/head" <<-END
	1,0.9128978252410889
	2,0.9950248599052429
	END
	paste -d, "$tmp/out" labels.csv |
	    awk -F, "\$1 == \$3 && (\$2 > 0.5) == (\$4 == \"malignant\") { n++ }
	        END { print n }" >"$tmp/right"
	echo 561 | same "$tmp/right"
'

python=
for p in "${PYTHON:-python3}" /usr/bin/python3; do
	test -n "$python" || ! "$p" -c 'import xgboost' 2>/dev/null || python=$p
done
if test -z "$python"; then
	skip 'the answers of Python' 'no python3-xgboost'
	finish
fi

# All kinds of boosters and objectives in all formats, on numbers of which
# some are missing: the bytes that Python prints.
cat >"${tmp:?}/train.py" <<'END'
import os, pickle, struct
import numpy as np, xgboost as xgb
rng = np.random.default_rng(1)
rows = 300
X = np.round(rng.normal(size=(rows, 5)) * 100, 4)
X[rng.random(X.shape) < 0.1] = np.nan
first = np.nan_to_num(X[:, 0])
noise = rng.normal(size=rows) * 20
two = xgb.DMatrix(X, (first + noise > 0).astype(int))
three = xgb.DMatrix(X, np.clip(np.nan_to_num(X[:, 2]) // 60 + 1, 0, 2))
any_ = xgb.DMatrix(X, first * 0.3 + noise)
above = xgb.DMatrix(X, np.abs(first) + 0.1)
def text(v):
    return "" if np.isnan(v) else repr(float(v))
with open("in.csv", "w") as f:
    f.writelines(",".join(map(text, r)) + "\n" for r in X)
with open("in.libsvm", "w") as f:
    f.writelines("1" + "".join(f" {i + 1}:{text(v)}" for i, v in enumerate(r)
                 if not np.isnan(v)) + "\n" for r in X)
kinds = {"dart": ("binary:logistic", two, {"booster": "dart", "rate_drop": 0.2}),
         "gblinear": ("binary:logistic", two, {"booster": "gblinear"}),
         "gblinear-classes": ("multi:softprob", three, {"booster": "gblinear", "num_class": 3}),
         "forest": ("binary:logistic", two, {"num_parallel_tree": 3, "subsample": 0.5}),
         "outputs": ("reg:squarederror", xgb.DMatrix(X, np.nan_to_num(X[:, :3])), {})}
for data, names in ((two, "binary:logistic binary:logitraw binary:hinge"),
                    (three, "multi:softmax multi:softprob"),
                    (any_, "reg:squarederror rank:pairwise"),
                    (above, "reg:gamma reg:tweedie count:poisson")):
    for o in names.split():
        kinds[o.replace(":", "-")] = (o, data, {"num_class": 3} if data is three else {})
plain = xgb.DMatrix(X)
def save(booster, name, p):
    for kind in "json", "ubj", "deprecated", "pickle3", "pickle5":
        d = f"{name}.{kind}"
        os.mkdir(d)
        if kind.startswith("pickle"):
            with open(d + "/xgboost-model", "wb") as f:
                pickle.dump(booster, f, int(kind[-1]))
        else:
            booster.save_model(f"{d}/m.{kind}")
            os.rename(f"{d}/m.{kind}", d + "/xgboost-model")
    with open(name + ".wanted", "w") as f:
        f.write("\n".join(map(str, p.tolist())) + "\n")
for name, (objective, data, more) in kinds.items():
    b = xgb.train({"objective": objective, "nthread": 1, "verbosity": 0, **more}, data, 6)
    save(b, name, b.predict(plain))
b = xgb.train({"objective": "binary:logistic", "nthread": 1, "num_parallel_tree": 2}, two, 9)
b.set_attr(best_ntree_limit="8")
b.best_ntree_limit = 8
save(b, "early", b.predict(plain, iteration_range=(0, 4)))
# As XGBoost 1.0 pickled: the binary format with its configuration after it.
b = xgb.train({"objective": "binary:logistic", "nthread": 1}, two, 6)
b.save_model("m.deprecated")
model = open("m.deprecated", "rb").read()
old = b"CONFIG-offset:" + struct.pack("<q", len(model)) + model + b.save_config().encode()
open("old.wanted", "w").write("\n".join(map(str, b.predict(plain).tolist())) + "\n")
xgb.Booster.__getstate__ = lambda self: {"handle": bytearray(old)}
os.mkdir("old.pickle")
with open("old.pickle/xgboost-model", "wb") as f:
    pickle.dump(b, f, 3)
# As those before pickled, under Python 2.
open("older.wanted", "w").write(open("old.wanted").read())
xgb.Booster.__getstate__ = lambda self: {"handle": bytearray(model)}
os.mkdir("older.pickle")
with open("older.pickle/xgboost-model", "wb") as f:
    pickle.dump(b, f, 0)
END
ok 'the answers of Python, byte for byte' '
	"$python" -W ignore "$tmp/train.py" 2>log || { cat log; false; }
	export BT_STRICT=1
	n=0
	for wanted in *.wanted; do
		name=${wanted%.wanted}
		for dir in "$name".*/; do
			for in in in.csv in.libsvm; do
				run "$dir" $in >out
				cmp out "$wanted"
				n=$((n + 1))
			done
		done
	done
	test $n -eq 164
	run binary-logistic.ubj in.csv >out
	bt-split --batch-strategy SingleRecord in.csv >refs
	rm -r parts
	bt-predict -m xgboost -d binary-logistic.ubj -o parts <refs >results
	cat parts/* | same out
'
# Every protocol of pickle, and every form in which XGBoost has pickled a model:
# alone (before 1.0), with its configuration (to 1.5), JSON and UBJSON.
cat >"${tmp:?}/pickles.py" <<'END'
import json, os, pickle, struct
import numpy as np, xgboost as xgb
rng = np.random.default_rng(1)
X = np.round(rng.normal(size=(50, 3)), 3)
np.savetxt("in.csv", X, "%r", ",")
data = xgb.DMatrix(X, X[:, 0] * X[:, 1] > 0)
b = xgb.train({"objective": "binary:logistic", "nthread": 1}, data, 6)
for trees in "all", "4":
    some = {} if trees == "all" else {"iteration_range": (0, 4)}
    with open("wanted-" + trees, "w") as f:
        f.write("\n".join(map(str, b.predict(data, **some).tolist())) + "\n")
binary, config = bytes(b.save_raw("deprecated")), b.save_config().encode()
forms = {"alone": binary,
         "config": b"CONFIG-offset:" + struct.pack("<q", len(binary)) + binary + config,
         "json": b'{"Model":' + bytes(b.save_raw("json")) + b',"Config":' + config + b"}",
         "ubjson": bytes(b.__getstate__()["handle"])}
# Before 1.0 the version was 0, and base_score a margin, as it is now for hinge.
h = xgb.train({"objective": "binary:hinge", "nthread": 1}, data, 2)
open("wanted-hinge", "w").write("\n".join(map(str, h.predict(data).tolist())) + "\n")
hinge = bytearray(h.save_raw("deprecated"))
at = 24 if hinge.startswith(b"binf") else 20
assert hinge[at] == int(xgb.__version__.split(".")[0])
hinge[at:at + 8] = bytes(8)
state = {}
xgb.Booster.__getstate__ = lambda self: state
def save(name, trees, pickled):
    os.mkdir(f"{name}.{trees}")
    with open(f"{name}.{trees}/xgboost-model", "wb") as f:
        f.write(pickled)
for form, handle in forms.items():
    for protocol in range(6):
        state = {"feature_names": ["a", "b", "c"], "handle": bytearray(handle)}
        save(f"{form}{protocol}", "all", pickle.dumps(b, protocol))
for protocol in range(6):
    state = {"best_iteration": 3, "handle": bytearray(binary), "best_ntree_limit": 4}
    save(f"early{protocol}", "4", pickle.dumps(b, protocol))
    state = {"best_ntree_limit": 6, "handle": binary}
    save(f"bytes{protocol}", "all", pickle.dumps(b, protocol))
save("file", "hinge", hinge)
state = {"handle": hinge}
save("pickle0", "hinge", pickle.dumps(b, 0))
# Python 2 leaves all of Latin-1 but these two as it is.
text = binary.replace(b"\\", b"\\u005c").replace(b"\n", b"\\u000a")
head = b"ccopy_reg\n_reconstructor\np1\n(cxgboost.core\nBooster\np2\nc__builtin__\nobject\np3\nNtRp4\n(dp5\n"
save("python2", "4", head + b"S'best_ntree_limit'\np6\nI4\nsS'handle'\np7\nc__builtin__\nbytearray\np8\n(V"
     + text + b"\np9\nS'latin-1'\np10\ntp11\nRp12\nsb.")
END
ok 'pickles of every protocol, with the model in every form' '
	"$python" -W ignore "$tmp/pickles.py" 2>log || { cat log; false; }
	bt-split in.csv >refs
	n=0
	for dir in *.all *.4 *.hinge; do
		bt-predict -m xgboost -d "$dir" -o parts <refs >results
		cat parts/* | cmp - "wanted-${dir##*.}" || { echo "$dir"; false; }
		rm -r parts
		n=$((n + 1))
	done
	test $n -eq 39
'
# XGBoost 3.1 writes base_score as a list; those before take it for 0.  A model that
# XGBoost would have to read is then refused.
cat >"${tmp:?}/list.py" <<'END'
import os, pickle, struct
import numpy as np, xgboost as xgb
def listed(data):
    at, n = data.find(b"base_scoreSL"), 0
    while at >= 0:
        size = struct.unpack_from(">q", data, at + 12)[0]
        text = b"[" + data[at + 20:at + 20 + size] + b"]"
        data = data[:at + 12] + struct.pack(">q", len(text)) + text + data[at + 20 + size:]
        at, n = data.find(b"base_scoreSL", at + 12), n + 1
    assert n > 0
    return data
X = np.array([[0.0, 1.0], [1.0, 1.0]])
np.savetxt("in.csv", X, "%r", ",")
def save(b, name):
    state = b.__getstate__()["handle"]
    for kind, data in ("ubj", b.save_raw("ubj")), ("pickle", state):
        data = listed(bytes(data))
        if kind == "pickle":
            getstate = xgb.Booster.__getstate__
            xgb.Booster.__getstate__ = lambda self: {"handle": bytearray(data)}
            data = pickle.dumps(b)
            xgb.Booster.__getstate__ = getstate
        os.mkdir(name + kind)
        open(name + kind + "/xgboost-model", "wb").write(data)
b = xgb.train({"nthread": 1, "base_score": 0.75}, xgb.DMatrix(X, [1.0, 2.0]), 2)
open("wanted", "w").write("\n".join(map(str, b.predict(xgb.DMatrix(X)).tolist())) + "\n")
save(b, "trees-")
save(xgb.train({"nthread": 1, "booster": "gblinear"}, xgb.DMatrix(X, [1.0, 2.0]), 2), "linear-")
END
ok 'a base_score in brackets in UBJSON and in a pickle' '
	"$python" -W ignore "$tmp/list.py" 2>log || { cat log; false; }
	for m in trees-ubj trees-pickle; do
		run $m in.csv >out
		cmp out wanted
	done
	for m in linear-ubj linear-pickle; do
		unloadable $m "$m/xgboost-model: a model of XGBoost 3.1 or later: its base_score is a list, which this one would misread"
	done
'
# No prefix of a file may pass for a model.
ok 'models that are cut short' '
	"$python" -W ignore "$tmp/train.py" 2>log
	mkdir m
	for dir in dart.json dart.ubj dart.deprecated dart.pickle5 old.pickle older.pickle gblinear.deprecated; do
		size=$(wc -c <$dir/xgboost-model)
		for keep in 2 40 150 300 400 $((size / 2)) $((size - 50)) $((size - 1)); do
			head -c $keep $dir/xgboost-model >m/xgboost-model
			unloadable m "m/xgboost-model: "
		done
	done
'
ok 'weights that are not one for each column and class' '
	"$python" -W ignore "$tmp/train.py" 2>log
	mkdir m
	sed "s/\"num_feature\":\"5\"/\"num_feature\":\"6\"/" gblinear-classes.json/xgboost-model >m/xgboost-model
	unloadable m "m/xgboost-model: a damaged model: 18 weights for 6 columns and 3 classes"
	python3 -c "
data = bytearray(open(\"gblinear.deprecated/xgboost-model\", \"rb\").read())
assert data[8] == 5
data[8] = 4
open(\"m/xgboost-model\", \"wb\").write(data)"
	unloadable m "m/xgboost-model: a damaged model: 6 weights for 4 columns and 1 class"
'
# mutate.py FILE DIR N: N copies of a model, each damaged in another way.
cat >"${tmp:?}/mutate.py" <<'END'
import os, random, sys
whole = open(sys.argv[1], "rb").read()
for seed in range(int(sys.argv[3])):
    r, data = random.Random(seed), bytearray(whole)
    at, n = r.randrange(len(data)), r.choice((1, 4, 16, 300))
    kind = seed % 4
    if kind == 0:
        for _ in range(r.choice((1, 2, 8))):
            data[r.randrange(len(data))] = r.randrange(256)
    elif kind == 1:
        del data[at:at + n]
    elif kind == 2:
        data[at:at] = r.randbytes(n)
    else:
        start = r.randrange(len(data) - 8)
        data[at:at + 8] = data[start:start + 8]
    os.makedirs(f"{sys.argv[2]}/{seed}")
    open(f"{sys.argv[2]}/{seed}/xgboost-model", "wb").write(data)
END
# MUTANTS says how many of each format.
ok 'a damaged model predicts, or is refused as one' '
	"$python" -W ignore "$tmp/train.py" 2>log
	head -n 3 in.csv >three.csv
	bt-split three.csv >refs
	for dir in dart.json dart.ubj dart.deprecated dart.pickle5 old.pickle older.pickle gblinear.deprecated; do
		python3 "$tmp/mutate.py" $dir/xgboost-model mutants "${MUTANTS:-25}"
		for m in mutants/*; do
			status=0
			bt-predict -m xgboost -d "$m" -o parts --invocations-max-retries 0 \
			    <refs >results 2>err || status=$?
			case $status in
			0)	;;
			255)	grep -E "damaged|cut short|ends early|not an XGBoost model|a pickle of|empty" err ;;
			*)	echo "$dir $m: exit $status"; cat err; false ;;
			esac
			rm -rf parts
		done
		rm -r mutants
	done
'
finish
