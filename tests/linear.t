#!/bin/sh
# The linear plugin: bt-linear(7).
. "${0%/*}/lib.sh"
PATH=$B/tests:$PATH

# run MODEL_DIR CONTENT_TYPE ACCEPT: standard input through the plugin.
run() {
	linear "$B/plugins/linear.so" "$@"
}

# model DIR: standard input is its model file, but for format and version.
model() {
	mkdir -p "$1"
	{ echo '{"format":"bt-linear","version":1,'; cat; } >"$1/model.json"
}

ok 'a linear model' '
	model m <<-END
	"kind":"linear","intercept":0.5,"weights":[2,-1,0.25]}
	END
	printf "%s\n" 1,2,4 "\"3\",0, -8" 0,0,0 1e3,.5,-0 |
	    run m text/csv text/csv >out
	same out <<-END
	1.5
	4.5
	0.5
	2000
	END
'
ok 'several values' '
	model m <<-END
	"kind":"linear","intercept":[0,1],"weights":[[1,0],[0.5,2]]}
	END
	printf "%s\n" 1,2 "3,-1" >in
	run m text/csv text/csv <in >out
	same out <<-END
	1,5.5
	3,0.5
	END
	run m text/csv application/jsonlines <in >out
	same out <<-END
	[1,5.5]
	[3,0.5]
	END
'
# 1/(1+exp(-1)) is 0.731058578..., 1/(1+exp(-30)) is 1 - 9.4e-14.
ok 'two classes' '
	model m <<-END
	"kind":"logistic","classes":["no","yes"],"intercept":-1,"weights":[1,1]}
	END
	printf "%s\n" 1,1 0,0 0.5,0.5 31,0 >in
	run m text/csv text/csv <in >out
	same out <<-END
	0.7310586,yes
	0.7310586,no
	0.5,no
	1,yes
	END
	run m text/csv application/jsonlines <in >out
	same out <<-END
	{"probability":0.7310586,"label":"yes"}
	{"probability":0.7310586,"label":"no"}
	{"probability":0.5,"label":"no"}
	{"probability":1,"label":"yes"}
	END
'
# exp(0), exp(1), exp(2) are to their sum as 0.09003057, 0.24472847, 0.66524096.
ok 'three classes, all that a prediction can show' '
	model m <<-END
	"kind":"logistic","weights":[[0],[1],[2]],
	"output":["label","probability","probabilities","value"]}
	END
	printf "%s\n" 1 -1 0 >in
	run m text/csv text/csv <in >out
	same out <<-END
	2,0.66524094,0.09003057,0.24472848,0.66524094,0,1,2
	0,0.66524094,0.66524094,0.24472848,0.09003057,0,-1,-2
	0,0.33333334,0.33333334,0.33333334,0.33333334,0,0,0
	END
	echo 1 | run m text/csv application/json >out
	same out <<-END
	{"label":"2","probability":0.66524094,"probabilities":[0.09003057,0.24472848,0.66524094],"value":[0,1,2]}
	END
'
ok 'large values neither overflow nor turn into NaN' '
	model m <<-END
	"kind":"logistic","weights":[[1],[-1]],"output":["label","probabilities"]}
	END
	printf "%s\n" 1e30 -1e30 | run m text/csv text/csv >out
	same out <<-END
	0,1,0
	1,0,1
	END
	model n <<-END
	"kind":"logistic","weights":[1],"output":["label","probabilities"]}
	END
	printf "%s\n" 1e30 -1e30 | run n text/csv text/csv >out
	same out <<-END
	1,0,1
	0,1,0
	END
'
# 1/(1+exp(0.1)) is 0.47502081..., 1/(1+exp(0.2)) 0.45016600....
ok 'a threshold decides between two classes' '
	model m <<-END
	"kind":"logistic","weights":[1],"threshold":0.463,
	"output":["label","probability","probabilities"]}
	END
	printf "%s\n" 0 -0.1 -0.2 >in
	run m text/csv text/csv <in >out
	same out <<-END
	1,0.5,0.5,0.5
	1,0.47502083,0.5249792,0.47502083
	0,0.549834,0.549834,0.45016602
	END
	for t in 0 0.5 0.50000006 1; do
		model m <<-END
		"kind":"logistic","weights":[1],"threshold":$t,"output":["label"]}
		END
		printf "%s\n" -1e9 0 1e9 | run m text/csv text/csv | xargs
	done >out
	same out <<-END
	1 1 1
	0 1 1
	0 0 1
	0 0 1
	END
'
ok 'predictions as Linear Learner writes them' '
	model two <<-END
	"kind":"logistic","weights":[1],"threshold":0.463,
	"classes":["no","yes"],"output":["score","predicted_label"]}
	END
	model three <<-END
	"kind":"logistic","weights":[[0],[1],[2]],"output":["score","predicted_label"]}
	END
	model line <<-END
	"kind":"linear","weights":[2],"output":["score"]}
	END
	printf "%s\n" 1 -0.2 >in
	for m in two three line; do
		for accept in csv jsonlines json; do
			case $accept in csv) accept=text/csv ;; *) accept=application/$accept ;; esac
			run $m text/csv $accept <in
			case $accept in */json) echo ;; esac
		done
	done >out
	same out <<-END
	0.7310586,1
	0.45016602,0
	{"score":0.7310586,"predicted_label":1}
	{"score":0.45016602,"predicted_label":0}
	{"predictions":[{"score":0.7310586,"predicted_label":1},{"score":0.45016602,"predicted_label":0}]}
	0.09003057,0.24472848,0.66524094,2
	0.40175956,0.3289329,0.2693075,0
	{"score":[0.09003057,0.24472848,0.66524094],"predicted_label":2}
	{"score":[0.40175956,0.3289329,0.2693075],"predicted_label":0}
	{"predictions":[{"score":[0.09003057,0.24472848,0.66524094],"predicted_label":2},{"score":[0.40175956,0.3289329,0.2693075],"predicted_label":0}]}
	2
	-0.4
	{"score":2}
	{"score":-0.4}
	{"predictions":[{"score":2},{"score":-0.4}]}
	END
	printf "1\n-0.2\n" >in.csv
	bt-predict -m linear -d two -o parts --accept application/json \
	    "in.csv#bytes=0+7,records=0+2,last" | bt-join --assemble-with None >out
	printf "%s" "{\"predictions\":[{\"score\":0.7310586,\"predicted_label\":1},{\"score\":0.45016602,\"predicted_label\":0}]}" | same out
'
ok 'labels are quoted where they need it' '
	model m <<-END
	"kind":"logistic","classes":["a,b","say \"c\""],"weights":[1],"output":["label"]}
	END
	printf "%s\n" 0 1 >in
	run m text/csv text/csv <in >out
	same out <<-END
	"a,b"
	"say ""c"""
	END
	run m text/csv application/jsonlines <in >out
	same out <<-END
	"a,b"
	"say \"c\""
	END
'
ok 'numbers in every content type' '
	model m <<-END
	"kind":"linear","weights":[1,10,100]}
	END
	printf "%s\n" "[1,2,3]" "{\"features\":[3,2,1]}" |
	    run m application/jsonlines application/jsonlines >out
	same out <<-END
	321
	123
	END
	echo "{\"instances\":[[1,2,3],[3,2,1]]}" | run m application/json text/csv >out
	same out <<-END
	321
	123
	END
	printf "%s\n" "1 0:1 2:3" "0 1:2" "0" | run m text/libsvm text/csv >out
	same out <<-END
	301
	20
	0
	END
	fails 1 run m text/plain text/csv </dev/null >out
	same out <<-END
	415 -1 text/plain: this model reads columns of numbers
	END
'
ok 'fewer or more columns than the model has' '
	model m <<-END
	"kind":"linear","weights":[1,10,100]}
	END
	echo 1,2 >in
	fails 1 run m text/csv text/csv <in >out
	printf "%s\n" 1,2,3,4 1,2,3,4 >in
	fails 1 run m text/csv text/csv <in >>out
	echo "0 3:1" >in
	fails 1 run m text/libsvm text/csv <in >>out
	same out <<-END
	400 0 2 columns, but the model has 3
	400 0 4 columns, but the model has 3
	400 0 4 columns, but the model has 3
	END
'
ok 'missing numbers' '
	printf "%s\n" 1,2 ,2 1,nan >in
	model m <<-END
	"kind":"linear","weights":[1,10]}
	END
	fails 1 run m text/csv text/csv <in >out
	same out <<-END
	400 1 column 1 is empty or not a number, and the model has no "missing" for it
	END
	model m <<-END
	"kind":"linear","weights":[1,10],"missing":5}
	END
	run m text/csv text/csv <in >out
	same out <<-END
	21
	25
	51
	END
	model m <<-END
	"kind":"linear","weights":[1,10],"missing":[7,null]}
	END
	head -n 2 in | run m text/csv text/csv >out
	fails 1 run m text/csv text/csv <in >>out
	same out <<-END
	21
	27
	400 2 column 2 is empty or not a number, and the model has no "missing" for it
	END
'
# The published FNV-1a of "a" is e40c292c, of "foobar" bf9cf968: with 16 bits
# they are at 292c ^ e40c = 52512 and f968 ^ bf9c = 18164.
# shellcheck disable=SC2034 # the scripts below use it
foobar='"kind":"linear","weights":{"52512":1,"18164":10},"text":{"bits":16'
ok 'words are hashed as published' '
	model m <<-END
	$foobar}}
	END
	printf "%s\n" a foobar "a foobar a foobar" "foobar,A-a!a" "" "-- b" |
	    run m text/plain text/csv >out
	same out <<-END
	1
	10
	11
	6.5
	0
	0
	END
	model m <<-END
	$foobar,"lowercase":false}}
	END
	printf "%s\n" a A FooBar | run m text/plain text/csv >out
	same out <<-END
	1
	0
	0
	END
'
ok 'the text of a CSV record' '
	printf "%s\n" "7,a" "7,\"a, \"\"foobar\"\" a,a\"" "\"x,a\",foobar" >in
	model m <<-END
	$foobar}}
	END
	run m text/csv text/csv <in >out
	same out <<-END
	1
	6.5
	10
	END
	model m <<-END
	$foobar,"columns":[0,-1]}}
	END
	tail -n 1 in | run m text/csv text/csv >out
	same out <<-END
	6.350853
	END
'
ok 'the text of a JSON record' '
	model m <<-END
	$foobar,"field":"t\"t"}}
	END
	cat >in <<-\END
	"a"
	{"id":1,"t\"t":"foobar"}
	{"t\u0022t":"\u0061\nfoo\u0062ar", "id": {}}
	END
	run m application/jsonlines text/csv <in >out
	same out <<-END
	1
	10
	7.7781744
	END
	tr "\n" , <in | sed "s/^/ {\"instances\" : [/; s/,$/] } /" |
	    run m application/json application/jsonlines >out2
	diff -u out out2
	sed -n 2p in | run m application/json text/csv >out
	same out <<-END
	10
	END
'
ok 'a record without text' '
	model m <<-END
	$foobar,"columns":[2]}}
	END
	for r in "{}" "{\"text\":1}" "{\"text\":null}" "[\"a\"]" "{\"text\":\"a}" ""; do
		printf "%s\n" "\"a\"" "$r" >in
		fails 1 run m application/jsonlines text/csv <in
	done >out
	printf "%s\n" 1,2,3 1,2 >in
	fails 1 run m text/csv text/csv <in >>out
	fails 1 run m text/libsvm text/csv </dev/null >>out
	same out <<-END
	400 1 no member "text"
	400 1 "text" is not a string
	400 1 "text" is not a string
	400 1 "text" is not a string
	400 1 byte 11: a string that is not closed
	400 1 byte 0: no value, where one should be
	400 1 the text is column 2, of a row of 2 columns
	415 -1 text/libsvm: this model reads text
	END
'
# A model of every place: the value of a word is its place.  Words that are one
# to the model have one value.
ok 'capitals, symbols and what is between words' '
	{
		printf "\"kind\":\"linear\",\"text\":{\"bits\":16},\"weights\":["
		awk "BEGIN { for (i = 0; i < 65535; i++) printf \"%d,\", i }"
		echo "65535]}"
	} | model m
	alike() {
		printf "%s\n" "$@" | run m text/plain text/csv | sort -u >out
		test "$(wc -l <out)" -eq 1
	}
	alike "TỐT QUÁ ĐƯỢC ƠN" "tốt quá được ơn" "Tốt Quá Được Ơn" "ơn, “được” … quá—tốt"
	alike ÀÉÎÕÜÞ àéîõüþ
	alike ŸŻĲŁ ÿżĳł
	alike ΑΩ αω
	alike ЁЖЯ ёжя
	alike "good👍👍" "👍good👍" "good 👍 👍" "GOOD.👍—👍"
	alike "❤️GOOD" "good❤"
	test "$(printf "%s\n" × ÷ « “ … 　 | run m text/plain text/csv | sort -u)" = 0
	printf "a\377\nA\377\n" | run m text/plain text/csv | uniq >out
	test "$(wc -l <out)" -eq 1
	printf "%s\n" ß ẞ ı İ | run m text/plain text/csv | sort -u >out
	test "$(wc -l <out)" -eq 4
'
# Texts are taken 4096 bytes at a time, by vectors, or by what else there is
# instead; the words and bytes of each are the same.
for cpu in avx2 plain; do
	ok "words and texts of any length, anywhere ($cpu)" '
		export BT_CPU='"$cpu"'
		{
			printf "\"kind\":\"linear\",\"text\":{\"bits\":16,\"ngrams\":2},\"weights\":["
			awk "BEGIN { for (i = 0; i < 65535; i++) printf \"%d,\", i }"
			echo "65535]}"
		} | model m
		awk "BEGIN {
			for (i = 0; i < 70; i++)
				print dots \"một hai b👍ƠN\" > \"short\"
			for (i = 0; i < 4030; i++)
				dots = dots \".\"
			for (i = 0; i < 140; i++) {
				dots = dots \".\"
				print dots \"Một, hai—b👍ơn\" (i % 7 ? \"\" : dots) > \"long\"
			}
		}"
		cat short long | run m text/plain text/csv | uniq -c >out
		same out <<-END
		    210 91705.664
		END
		for n in 8 9 17 4095 4096 4097 10000; do
			printf "%${n}s\n" | tr " " w
			printf "%${n}s\n" | sed "s/ /Đ /g"
		done | run m text/plain text/csv >out
		same out <<-END
		56975
		177914.02
		25850
		189597.12
		24797
		265137.16
		50317
		4192976.8
		5632
		4193488.8
		9981
		4194000.8
		42422
		6552623
		END
	'
done
ok 'runs of words' '
	{
		printf "\"kind\":\"linear\",\"text\":{\"bits\":1,\"ngrams\":3},"
		echo "\"weights\":[[1,1],{}],\"intercept\":[0,0.5]}"
	} | model m
	printf "%s\n" a "a b" "a b c" "a b c d" "" | run m text/plain text/csv >out
	# So many runs over their root: 1, 3, 6 and 9.
	same out <<-END
	1,0.5
	1.7320508,0.5
	2.4494898,0.5
	3,0.5
	0,0.5
	END
'
ok 'a damaged model file says what is wrong' '
	mkdir m
	try() {
		printf "%s" "$1" >m/model.json
		fails 1 run m text/csv text/csv </dev/null
	}
	head="\"format\":\"bt-linear\",\"version\":1,\"kind\":"
	{
		try ""
		try "{\"format\":\"bt-linear\",
		\"version\":1,}"
		try "[]"
		try "{\"a\":1,\"a\":2}"
		try "{\"format\":\"pmml\"}"
		try "{\"format\":\"bt-linear\",\"version\":2,\"kind\":\"linear\",\"weights\":[1]}"
		try "{\"format\":\"bt-linear\",\"version\":1,\"weights\":[1]}"
		try "{$head\"tree\",\"weights\":[1]}"
		try "{$head\"linear\"}"
		try "{$head\"linear\",\"weights\":[1],\"intercepts\":1}"
		try "{$head\"linear\",\"weights\":[]}"
		try "{$head\"linear\",\"weights\":[\"1\"]}"
		try "{$head\"linear\",\"weights\":{\"0\":1}}"
		try "{$head\"linear\",\"weights\":[[1,2],[1,2,3]]}"
		try "{$head\"linear\",\"weights\":[1,null]}"
		try "{$head\"linear\",\"weights\":[1],\"intercept\":[1,2]}"
		try "{$head\"linear\",\"weights\":[1],\"intercept\":[true]}"
		try "{$head\"linear\",\"weights\":[1],\"classes\":[\"a\",\"b\"]}"
		try "{$head\"linear\",\"weights\":[1],\"output\":[\"label\"]}"
		try "{$head\"logistic\",\"weights\":[1],\"output\":[\"labels\"]}"
		try "{$head\"logistic\",\"weights\":[1],\"classes\":[\"a\"]}"
		try "{$head\"logistic\",\"weights\":[1],\"classes\":[\"a\",2]}"
		try "{$head\"linear\",\"weights\":[1],\"threshold\":0.5}"
		try "{$head\"logistic\",\"weights\":[[1],[2]],\"threshold\":0.5}"
		try "{$head\"logistic\",\"weights\":[1],\"threshold\":1.5}"
		try "{$head\"logistic\",\"weights\":[1],\"threshold\":-1e99}"
		try "{$head\"logistic\",\"weights\":[1],\"threshold\":\"0.5\"}"
		try "{$head\"linear\",\"weights\":[1],\"missing\":[1,2]}"
		try "{$head\"linear\",\"weights\":[1],\"missing\":[\"0\"]}"
		try "{$head\"linear\",\"weights\":{},\"text\":{},\"missing\":0}"
		try "{$head\"linear\",\"weights\":{},\"text\":{\"bits\":25}}"
		try "{$head\"linear\",\"weights\":{},\"text\":{\"ngrams\":0}}"
		try "{$head\"linear\",\"weights\":{},\"text\":{\"bit\":2}}"
		try "{$head\"linear\",\"weights\":{},\"text\":{\"columns\":[]}}"
		try "{$head\"linear\",\"weights\":{},\"text\":{\"columns\":[\"text\"]}}"
		try "{$head\"linear\",\"weights\":[1,2],\"text\":{\"bits\":2}}"
		try "{$head\"linear\",\"weights\":{\"4\":1},\"text\":{\"bits\":2}}"
		try "{$head\"linear\",\"weights\":{\"x\":1},\"text\":{\"bits\":2}}"
		try "{$head\"linear\",\"weights\":{\"1\":\"x\"},\"text\":{\"bits\":2}}"
	} | sed "s|500 -1 m/model.json: ||" >out
	same out <<-\END
	line 1, column 0: '\''['\'' or '\''{'\'' expected near end of file
	line 2, column 15: string or '\''}'\'' expected near '\''}'\''
	format: not "bt-linear"
	line 1, column 10: duplicate object key near '\''"a"'\''
	format: not "bt-linear"
	version: not 1, the only known version
	Object item not found: kind
	kind: "tree", not "logistic" or "linear"
	Object item not found: weights
	"intercepts": no such member
	weights: an empty array, not an array of numbers
	weights: a string, not an array of numbers
	weights: an object, not an array of numbers
	weights: row 2 has 3 numbers, not 2
	weights: row 1: number 2 is null
	intercept: not 1 number, one a row of weights
	intercept: number 1 is a boolean
	classes: a linear model has none
	output: name 1 is not "value" or "score", the items of a linear model
	output: name 1 is not "label", "probability", "probabilities", "value", "score" or "predicted_label"
	classes: not 2 labels, as many as the weights make
	classes: label 2 is a number, not a string
	threshold: only a logistic model with one row of weights has one
	threshold: only a logistic model with one row of weights has one
	threshold: not a number from 0 to 1
	threshold: not a number from 0 to 1
	threshold: not a number from 0 to 1
	missing: not a number, nor an array of 1
	missing: number 1 is a string
	missing: a model on text has no columns of numbers
	text: bits: 25, not 1 to 24
	text: ngrams: 0, not 1 to 4
	text: "bit": no such member
	text: columns: not an array of column numbers
	text: columns: column 1 is not a column number
	weights: row 1 has 2 numbers, not 4 (2 to the power of bits)
	weights: "4": more than 3
	weights: "x": not a whole number
	weights: "1" is a string, not a number
	END
'
ok 'no model file' '
	fails 1 run . text/csv text/csv </dev/null >out
	same out <<-END
	500 -1 ./model.json: No such file or directory
	END
'
if python3 -c '' 2>/dev/null; then
	ok 'the plugin and train.py agree on every review' '
		cd "$top/examples/reviews"
		python3 train.py --predict >"$tmp/python"
		run models/sentiment text/csv text/csv <reviews.csv >"$tmp/csv"
		run models/sentiment application/jsonlines text/csv <reviews.jsonl >"$tmp/jsonl"
		cmp "$tmp/csv" "$tmp/jsonl"
		# Within the last of the six digits that train.py prints.
		paste -d, "$tmp/python" "$tmp/csv" | awk -F, "
		    { d = \$2 - \$4; if (\$3 != \$5 || d > 1e-6 || d < -1e-6) { print; bad = 1 } }
		    END { exit bad || NR < 600 }"
	'
	# A model of Linear Learner, of each kind: its weights stand by column.
	ok 'a model of Linear Learner becomes a model.json' '
		convert() {
			python3 "$top/tests/learner.py" "$@" >model.tar.gz
			mkdir -p m
			python3 "$top/examples/linear-learner/convert.py" model.tar.gz >m/model.json
			printf "%s\n" 1,0 -0.1,0 -1,0.8 | run m text/csv application/jsonlines
		}
		{
			convert binary_classifier logistic 0.463 "" 1/1
			convert multiclass_classifier softmax_loss 0.5 0,1,0 0,0,2/0,0,2
			convert regressor squared_loss 0.5 -1 1/10
		} >out
		same out <<-END
		{"score":0.7310586,"predicted_label":1}
		{"score":0.47502083,"predicted_label":1}
		{"score":0.45016602,"predicted_label":0}
		{"score":[0.09003057,0.24472848,0.66524094],"predicted_label":2}
		{"score":[0.22040935,0.59913474,0.18045591],"predicted_label":1}
		{"score":[0.227863,0.61939585,0.15274113],"predicted_label":1}
		{"score":0}
		{"score":-1.1}
		{"score":6}
		END
		tar -xzf model.tar.gz
		python3 "$top/examples/linear-learner/convert.py" model_algo-1 | cmp - m/model.json
	'
	ok 'what is no model of Linear Learner, or not one of these' '
		for loss in logistic hinge_loss; do
			python3 "$top/tests/learner.py" binary_classifier $loss 0.5 0 1/2 >$loss
		done
		echo hello >none
		tar -xzf logistic
		python3 - <<-END
		import zipfile
		a = zipfile.ZipFile("model_algo-1")
		with zipfile.ZipFile("cut", "w") as z:
		    z.writestr("additional-params.json", a.read("additional-params.json"))
		    z.writestr("mx-mod-0000.params", a.read("mx-mod-0000.params")[:90])
		END
		for file in hinge_loss none cut; do
			fails 1 python3 "$top/examples/linear-learner/convert.py" $file 2>&1
		done >out
		same out <<-END
		no model.json can say a binary_classifier of hinge_loss
		none: no model of Linear Learner: File is not a zip file
		damaged weights: cut short at byte 80
		END
	'
else
	skip 'the plugin and train.py agree on every review' 'no python3'
fi
ok 'students that pass' '
	cut -d, -f2- "$top/examples/scores/scores.csv" | head -n 4 |
	    run "$top/examples/scores/models/pass" text/csv text/csv >out
	same out <<-END
	0.93906057,fail
	0.93991333,pass
	0.8687555,fail
	0.7369159,fail
	END
'
# In bt-predict(1).
ok 'a folder, the file itself, a model.tar.gz' '
	model m <<-END
	"kind":"linear","weights":[1,10]}
	END
	printf "%s\n" 1,2 3,4 >in.csv
	ref="in.csv#bytes=0+8,records=0+2,last"
	tar -C m -czf a.tar.gz model.json
	tar -C m -czf b.tar.gz .
	tar --format=pax -C m -cf c.tar model.json
	gzip -c </dev/null | cat - b.tar.gz >d.tar.gz
	for d in m m/model.json a.tar.gz b.tar.gz c.tar d.tar.gz; do
		bt-predict -m linear -d $d -o parts "$ref" >out
		cat parts/*
		rm -r parts
	done >all
	same all <<-END
	$(for i in 1 2 3 4 5 6; do printf "%s\n" 21 43; done)
	END
'
ok 'a model that cannot be loaded is 255' '
	model m <<-END
	"kind":"linear","weights":[1,10]}
	END
	ref="in.csv#bytes=0+8,records=0+2,last"
	tar -C m -czf a.tar.gz model.json
	tar -czf none.tar.gz m
	head -c 100 a.tar.gz >cut.tar.gz
	{ head -c 60 a.tar.gz; echo damage; tail -c +68 a.tar.gz; } >bad.tar.gz
	gzip -dc a.tar.gz | tr 1 2 >bad.tar
	echo "{" >m/model.json
	while read -r d why; do
		fails 255 bt-predict -m linear -d "$d" -o parts "$ref"
		said "bt-predict: linear: $why"
	done <<-\END
	none.tar.gz none.tar.gz: model.json: 
	cut.tar.gz cut.tar.gz: the gzip data is cut short
	bad.tar.gz bad.tar.gz: 
	bad.tar bad.tar: damaged, or no tar archive: 
	m m/model.json: line 2, column 0: 
	m/model.json m/model.json: line 2, column 0: 
	END
	fails 255 bt-predict -m linear -o parts "$ref"
	said "bt-predict: linear: no model: a folder with model.json is required"
'
ok 'a record that is at fault is named' '
	model m <<-END
	"kind":"linear","weights":[1,10]}
	END
	printf "%s\n" 1,2 3, >in.csv
	fails 1 bt-predict -m linear -d m -o parts "in.csv#bytes=0+7,records=5+2,last" >out
	said "bt-predict: in.csv: record 6 (byte 4): linear: column 2 is empty or not a number"
'
ok 'words in the first record of an object may be a header row' '
	model m <<-END
	"kind":"linear","weights":[1,10]}
	END
	printf "%s\n" a,b 1,2 c,4 >in.csv
	for ref in 0+8,records=0+2 4+8,records=1+2,last; do
		fails 1 bt-predict -m linear -d m -o parts "in.csv#bytes=$ref" 2>&1 >results
	done >out
	printf "%s\n" "1;2" >in.csv
	fails 1 bt-predict -m linear -d m -o parts "in.csv#bytes=0+4,records=0+1" 2>>out >results
	same out <<-END
	bt-predict: in.csv: record 0 (byte 0): linear: column 1: "a" is not a number (a header row? bt-split --header)
	bt-predict: in.csv: record 2 (byte 8): linear: column 1: "c" is not a number
	bt-predict: in.csv: record 0 (byte 0): linear: column 1: "1;2" is not a number
	END
	printf "%s\n" id,a,b 7,1,2 >in.csv
	fails 1 bt-predict --input-filter "\$[1:]" -m linear -d m -o parts \
	    "in.csv#bytes=0+13,records=0+2,last" 2>out >results
	same out <<-END
	bt-predict: in.csv: record 0 (byte 0): linear: after the input filter, column 1: "a" is not a number (a header row? bt-split --header)
	END
'
finish
