#!/bin/sh
# bt-predict on references: what it prints, and what is in its part files.
. "${0%/*}/lib.sh"

plugins=$B/tests/plugins

# show OPTION ... REF ...: what the model is given.
show() {
	rm -rf shown
	bt-predict -m "$plugins/show.so" -o shown "$@" >results || return
	cat shown/*
}

# errors: status and error of the results that are one.
errors() {
	sed -n "s/.*	!	.* status=\([^ ]*\) error=/\1 /p" results |
	    sed "s/%20/ /g; s/%2C/,/g; s/%22/\"/g"
}

# What is different each time becomes the same: shown FILE.
shown() {
	sed "s/parts\/[^ #]*\.part/PART/; s/start=[0-9.]* ms=[0-9]*/start=S ms=M/;
	    s/worker=[^ ]*/worker=W/; s/sum=[0-9a-f]*$/sum=X/" "$1"
}

three() {
	printf "a,b\nc,d\n\ne,f\n" >x.csv
	cat >refs <<-END
	x.csv#bytes=0+8,records=0+2
	x.csv#bytes=8+5,records=2+1,last
	END
}

ok 'references as arguments' '
	three
	xargs bt-predict -m identity -o parts <refs >results
	shown results >out
	tr "|" "\t" <<-END | same out
	x.csv#bytes=0+8,records=0+2|PART#bytes=0+8,records=0+2,type=text/csv,crc32c=1d252c29|start=S ms=M tries=1 worker=W bytes=8 sum=X
	x.csv#bytes=8+5,records=2+1,last|PART#bytes=8+5,records=2+1,type=text/csv,crc32c=efa94f1c|start=S ms=M tries=1 worker=W bytes=5 sum=X
	END
	cmp x.csv parts/*.part
'
ok 'references on standard input' '
	three
	xargs bt-predict -m identity -o parts <refs >results
	bt-predict -m identity -o again <refs >results2
	shown results >one
	sed "s/again/parts/" results2 >two && shown two >three
	diff -u one three
	cmp x.csv again/*.part
'
ok 'no references, no model: the exit status is 0' '
	bt-predict -m identity -o parts </dev/null >out
	bt-predict -m no-such-model -o parts </dev/null >>out
	same out </dev/null
	test -z "$(ls parts)"
'
ok 'the request: records without line ends, the body as it stands' '
	printf "h,k\r\na,b\r\n\r\nc\n" >x.csv
	show "x.csv#bytes=5+9,records=0+2,header=0+5,last" \
	    "x.csv#bytes=12+2,records=1+1,header=0+5,last" >out
	same out <<-"END"
	<a,b> x.csv@5+0 text/csv>text/csv header<h,k> body<a,b\0d\0a\0d\0ac\0a> 
	<c> 
	<c> x.csv@12+1 text/csv>text/csv header<h,k> body<c\0a> 
	END
'
ok 'a header row that is sent: in the body, in no record' '
	printf "h,k\r\na,b\r\n\r\nc\n" >x.csv
	show "x.csv#bytes=5+9,records=0+2,header=0+5,Send-header,last" \
	    "x.csv#bytes=12+2,records=1+1,header=0+5,Send-header,last" >out
	show --input-filter "\$[0]" \
	    "x.csv#bytes=5+9,records=0+2,header=0+5,Send-header,last" >>out
	show "x.csv#bytes=12+2,records=1+1,Send-header,last" >>out
	printf "h,k" >>x.csv
	show "x.csv#bytes=5+5,records=0+1,header=14+3,Send-header" >>out
	same out <<-"END"
	<a,b> x.csv@5+0 text/csv>text/csv header<h,k> body<h,k\0d\0aa,b\0d\0a\0d\0ac\0a> 
	<c> 
	<c> x.csv@12+1 text/csv>text/csv header<h,k> body<h,k\0d\0ac\0a> 
	<a> x.csv@5+0 text/csv>text/csv header<h> body<h\0aa\0ac\0a> 
	<c> 
	<c> x.csv@12+1 text/csv>text/csv header<> body<c\0a> 
	<a,b> x.csv@5+0 text/csv>text/csv header<h,k> body<h,k\0aa,b\0d\0a> 
	END
	printf "h\n1\n2\n3\n" >y.csv
	bt-split --header=send -n 2 y.csv >refs
	bt-predict -m identity -o parts <refs >results
	bt-join -j Input <results >joined
	same joined <<-END
	h,SageMakerOutput
	1,1
	2,2
	3,3
	END
	bt-split --header=send y.csv | bt-predict -m identity -m "$plugins/show.so" -o two |
	    bt-join >joined
	same joined <<-"END"
	<1> y.csv@2+0 text/csv>text/csv header<> body<1\0a2\0a3\0a> 
	<2> 
	<3> 
	END
'
ok 'text: a blank line is a record, and the last may lack its end' '
	printf "a\n\nc" >x.txt
	show "x.txt#bytes=0+4,records=0+3,last" >out
	same out <<-"END"
	<a> x.txt@0+0 text/plain>text/plain header<> body<a\0a\0ac> 
	<> 
	<c> 
	END
'
ok 'newlines inside quotes, kept' '
	printf "1,\"a\nb\"\n2,c\n" >x.csv
	show "x.csv#bytes=0+12,records=0+2,newlines=keep,last" >out
	same out <<-"END"
	<1,"a\0ab"> x.csv@0+0 text/csv>text/csv header<> body<1,"a\0ab"\0a2,c\0a> 
	<2,c> 
	END
'
ok 'a plugin that lists no types gets a short one as it is' '
	printf "1\n" >x.txt
	show "x.txt#bytes=0+2,records=0+1,type=csv,last" >out
	same out <<-"END"
	<1> x.txt@0+0 csv>csv header<> body<1\0a> 
	END
'
ok 'SplitType None: the object is one record' '
	printf "{\n}\n" >x.json
	show --accept text/csv "x.json#bytes=0+4,records=0+1,split=None,last" >out
	same out <<-"END"
	<{\0a}\0a> x.json@0+0 application/json>text/csv header<> body<{\0a}\0a> 
	END
	bt-predict -m identity -o parts "x.json#bytes=0+4,records=0+1,split=None,last" >results
	shown results | cut -f2 >out
	same out <<-END
	PART#bytes=0+4,records=0+1,split=None,type=application/json,crc32c=2a5ff12d
	END
'
ok 'TFRecord' '
	{
		printf "\3\0\0\0\0\0\0\0\260\231\111\16abcn\127\361\41"
		printf "\0\0\0\0\0\0\0\0\51\3\230\7\330\352\202\242"
		printf "\1\0\0\0\0\0\0\0\1u\336\101\12\26\136\125\231"
	} >x.tfrecord
	show "x.tfrecord#bytes=0+52,records=0+3,split=TFRecord,last" | sed "s/body.*//" >out
	show "x.tfrecord#bytes=12+3,records=0+1,split=TFRecord,bare" >>out
	same out <<-"END"
	<abc> x.tfrecord@0+0 application/x-tfrecord>application/x-tfrecord header<> 
	<> 
	<\0a> 
	<abc> x.tfrecord@12+0 application/x-tfrecord>application/x-tfrecord header<> body<abc> 
	END
	fails 1 show "x.tfrecord#bytes=0+51,records=0+3,split=TFRecord"
	said "x.tfrecord: records 0 to 2 (byte 0): the object ends inside its checksum, after 3 bytes of 4"
'
ok 'RecordIO, with a record in parts' '
	{
		printf "\12\43\327\316\3\0\0\0abc\0"
		printf "\12\43\327\316\4\0\0\40wxyz"
		printf "\12\43\327\316\0\0\0\100"
		printf "\12\43\327\316\1\0\0\140!\0\0\0"
		printf "\12\43\327\316\0\0\0\0"
	} >x.rec
	show "x.rec#bytes=0+52,records=0+3,split=RecordIO,last" | sed "s/body.*//" >out
	show "x.rec#bytes=12+32,records=1+1,split=RecordIO,parts" >>out
	show "x.rec#bytes=12+32,records=1+1,split=RecordIO" >>out
	show "x.rec#bytes=8+3,records=0+1,split=RecordIO,bare" >>out
	same out <<-"END"
	<abc> x.rec@0+0 application/x-recordio>application/x-recordio header<> 
	<wxyz\0a#\d7\ce\0a#\d7\ce!> 
	<> 
	<wxyz\0a#\d7\ce\0a#\d7\ce!> x.rec@12+1 application/x-recordio>application/x-recordio header<> body<wxyz\0a#\d7\ce\0a#\d7\ce!> 
	<wxyz\0a#\d7\ce\0a#\d7\ce!> x.rec@12+1 application/x-recordio>application/x-recordio header<> body<\0a#\d7\ce\04\00\00 wxyz\0a#\d7\ce\00\00\00@\0a#\d7\ce\01\00\00`!\00\00\00> 
	<abc> x.rec@8+0 application/x-recordio>application/x-recordio header<> body<abc> 
	END
	fails 1 show "x.rec#bytes=24+8,records=0+1,split=RecordIO"
	said "x.rec: record 0 (byte 24): a later part of a record without its first"
'
ok 'content types: of the reference, of the name, of the option' '
	echo 1 >x
	cp x x.jsonl
	{
		show "x#bytes=0+2,records=0+1,type=text/csv"
		show "x#bytes=0+2,records=0+1"
		show x.jsonl"#bytes=0+2,records=0+1"
		show --content-type "text/csv; charset=utf-8" --accept application/json \
		    "x#bytes=0+2,records=0+1"
	} >out
	same out <<-"END"
	<1> x@0+0 text/csv>text/csv header<> body<1\0a> 
	<1> x@0+0 text/plain>text/plain header<> body<1\0a> 
	<1> x.jsonl@0+0 application/jsonlines>application/jsonlines header<> body<1\0a> 
	<1> x@0+0 text/csv; charset=utf-8>application/json header<> body<1\0a> 
	END
'
ok 'numbers in, numbers out, in each type' '
	printf "1,2\n3,\"4.5\"\n" >x.csv
	printf "[1,2]\n{\"features\":[3,4.5]}\n" >x.jsonl
	printf "[[1,2],[3,4.5]]" >x.json
	printf "0 0:1 1:2\n1 0:3 1:4.5\n" >x.libsvm
	for ref in "x.csv#bytes=0+12,records=0+2" "x.jsonl#bytes=0+27,records=0+2" \
	    "x.json#bytes=0+15,records=0+1,split=None" "x.libsvm#bytes=0+22,records=0+2"; do
		for accept in text/csv application/json application/jsonlines; do
			rm -rf parts
			bt-predict -m "$plugins/rows.so" --accept $accept -o parts "$ref" >results
			cat parts/*
			test $accept != application/json || echo
		done
	done >out
	for i in 1 2 3 4; do printf "3\n7.5\n[3,7.5]\n3\n7.5\n"; done | same out
	bt-predict -m "$plugins/rows.so" -o parts "x.libsvm#bytes=0+22,records=0+2" >results
	shown results | cut -f2 >out
	same out <<-END
	PART#bytes=0+6,records=0+2,type=text/csv,crc32c=ca4aa880
	END
'
ok 'types that a model does not know' '
	echo 1 >x.png
	echo x >x.csv
	fails 1 bt-predict -m "$plugins/rows.so" -o parts "x.png#bytes=0+2,records=0+1" >results
	errors | sed "s,/.*/rows,rows," >out
	fails 1 bt-predict -m "$plugins/rows.so" -o parts --accept image/png \
	    "x.csv#bytes=0+2,records=0+1" >results
	errors | sed "s,/.*/rows,rows," >>out
	fails 1 bt-predict -m "$plugins/rows.so" -o parts "x.csv#bytes=0+2,records=7+1" >results
	errors | sed "s,/.*/,," >>out
	same out <<-END
	415 record 0 (byte 0): rows.so: numbers cannot be read from image/png
	406 record 0 (byte 0): rows.so: numbers cannot be written as image/png
	400 record 7 (byte 0): rows.so: column 1: "x" is not a number
	END
'
ok 'replies are counted where their type has records' '
	printf "1\n2\n" >x.csv
	printf "1" >one.csv
	try() {	# try TYPE REPLY [REF]
		printf "%s %s: " "$1" "$2" | tr "\n" "/"
		if REPLY=$2 bt-predict -m "$plugins/raw.so" -o parts --accept "$1" \
		    --invocations-max-retries 0 "${3-x.csv#bytes=0+4,records=0+2}" >results; then
			shown results | cut -f2 | sed "s/PART#bytes=[^,]*,//; s/,type.*//"
		else
			errors | sed "s/.*raw.so: //"
		fi
	}
	one="one.csv#bytes=0+1,records=0+1"
	{
		try text/csv "3
4"
		try text/csv "3
"
		try text/csv "\"a
b\"
4
"
		try text/csv "\"a"
		try application/jsonlines "{}
{}"
		try application/jsonlines "[1,2]"
		try application/json "[1,2]"
		try application/json "{\"predictions\": [{\"s\":1},{\"s\":2}]}"
		try application/json "{\"predictions\": [{\"s\":1}]}"
		try application/json "{\"predictions\": [1], \"predictions\": [1,2]}"
		try application/json "{\"predictions\": [1,2], \"predictions\": 7}"
		try application/json "{\"a\":1}"
		try application/json "[1,2"
		try application/json "[1,2]" $one
		try application/json "{\"a\":1}" $one
		try application/json "[7]" $one
		try text/plain "of any
number of

lines"
	} >out 2>err
	same out <<-END
	text/csv 3/4: records=0+2
	text/csv 3/: 1 predictions for 2 records
	text/csv "a/b"/4/: records=0+2,newlines=keep
	text/csv "a: the reply is not CSV: a quoted field that is never closed
	application/jsonlines {}/{}: records=0+2
	application/jsonlines [1,2]: 1 predictions for 2 records
	application/json [1,2]: records=0+2
	application/json {"predictions": [{"s":1},{"s":2}]}: records=0+2
	application/json {"predictions": [{"s":1}]}: 1 predictions for 2 records
	application/json {"predictions": [1], "predictions": [1,2]}: records=0+2
	application/json {"predictions": [1,2], "predictions": 7}: 1 predictions for 2 records
	application/json {"a":1}: 1 predictions for 2 records
	application/json [1,2: the reply is not JSON: the text ends inside a value at byte 4
	application/json [1,2]: records=0+1,split=None
	application/json {"a":1}: records=0+1,split=None
	application/json [7]: records=0+1
	text/plain of any/number of//lines: records=0+1,split=None
	END
'
ok 'each line of JSON Lines is JSON, or its record has failed' '
	lines() {	# lines REPLY [OPTION ...]: what becomes of three records
		REPLY=$1
		shift
		REPLY=$(printf "%b" "$REPLY") bt-predict -m "$plugins/raw.so" -o parts \
		    --accept application/jsonlines --invocations-max-retries 0 "$@" \
		    "x.csv#bytes=0+6,records=0+3" >results && shown results | cut -f2 |
		    sed "s/PART#bytes=[^,]*,//; s/,type.*//" || errors
	}
	printf "1\n2\n3\n" >x.csv
	{
		lines "1\n\n{\"a\":[2]}\r\n 3"
		lines "1\n{\"a\" 1}\n3\n"
		lines "1\n \n3\n"
		lines "1\n2\n{'\''a'\'': 1}"
		lines "1\n{\n\"a\":1}\n"
		lines "1\n}\n"
		lines "1\nnan\n3"
		lines "1\nxNaN\n3"
		lines "1\n\"NaN\n3"
		lines "NaN\n-NaN\n3"
	} >out 2>err
	sed "s,[^ ]*/raw.so: the reply is not JSON Lines,RAW," out >got
	same got <<-\END
	records=0+3
	500 record 1 (byte 2): RAW: line 2: no colon after a name at byte 5
	500 record 1 (byte 2): RAW: line 2: no value, where one should be at byte 0
	500 record 2 (byte 4): RAW: line 3: no name in quotes, where a member should be at byte 1
	500 record 1 (byte 2): RAW: line 2: the text ends inside a value at byte 1
	500 records 0 to 2 (byte 0): RAW: line 2: no value, where one should be at byte 0
	500 record 1 (byte 2): RAW: line 2: no value, where one should be at byte 0
	500 record 1 (byte 2): RAW: line 2: no value, where one should be at byte 0
	500 record 1 (byte 2): RAW: line 2: a string that is not closed at byte 4
	500 record 1 (byte 2): RAW: line 2: no digit, where a number needs one at byte 1
	END
	printf "{\"x\":1}\n{\"x\":}\n{\"x\":3}\n" >x.jsonl
	bt-split x.jsonl | fails 1 bt-predict -m identity -o parts --isolate >results
	cut -f1 results >out
	same out <<-\END
	x.jsonl#bytes=0+8,records=0+1,crc32c=7c4e74de
	x.jsonl#bytes=8+7,records=1+1,crc32c=34788402
	x.jsonl#bytes=15+8,records=2+1,crc32c=332126d3,last
	END
	errors | grep -c "^500 record 1 (byte 8): identity: the reply is not JSON Lines: line 1: "
'
ok 'NaN and Infinity in JSON become null, in strings and with BT_STRICT they stay' '
	reply() {	# reply REPLY TYPE REF [OPTION ...]
		rm -rf parts
		REPLY=$(printf "%b" "$1") bt-predict -m "$plugins/raw.so" -o parts --accept "$2" \
		    --invocations-max-retries 0 "$3" >results && shown results | cut -f2 |
		    sed "s/.*\(records=[^,]*\).*/\1: /" | tr -d "\n" && cat parts/* || errors
		echo
	}
	printf "1\n2\n" >x.csv
	printf "{}" >x.json
	two="x.csv#bytes=0+4,records=0+2" one="x.csv#bytes=0+2,records=0+1"
	whole="x.json#bytes=0+2,records=0+1,split=None"
	for strict in 0 1; do
		export BT_STRICT=$strict
		reply "{\"NaN\":NaN,\"a\":[-Infinity,\"-Infinity\\\\\\\\\",Infinity]}\n\"\\\\\"NaN\"" \
		    application/jsonlines "$two"
		reply "[NaN, {\"a\":1.5}]" application/json "$two"
		reply "{\"predictions\":[Infinity,\n\"NaN\"]}\n" application/json "$two"
		reply "NaN" application/json "$one"
		reply "{\"a\": NaN}\n" application/json "$whole"
		reply "{\"a\": NaN}\nNaN\n" application/jsonlines "$whole"
		reply "[NaNa,1]" application/json "$two"
		reply "no JSON" application/json "$whole"
		reply "1\nno JSON" application/jsonlines "$whole"
	done >out 2>err
	sed "s,[^ ]*/raw.so,RAW," out >got
	same got <<-\END
	records=0+2: {"NaN":null,"a":[null,"-Infinity\\",null]}
	"\"NaN"
	records=0+2: [null, {"a":1.5}]
	records=0+2: {"predictions":[null,
	"NaN"]}
	records=0+1: null
	records=0+1: {"a": null}
	records=0+1: {"a": null}
	null
	500 records 0 to 1 (byte 0): RAW: the reply is not JSON: no value, where one should be at byte 1

	records=0+1: no JSON
	500 record 0 (byte 0): RAW: the reply is not JSON Lines: line 2: no value, where one should be at byte 0

	records=0+2: {"NaN":NaN,"a":[-Infinity,"-Infinity\\",Infinity]}
	"\"NaN"
	records=0+2: [NaN, {"a":1.5}]
	records=0+2: {"predictions":[Infinity,
	"NaN"]}
	records=0+1: NaN
	records=0+1: {"a": NaN}
	records=0+1: {"a": NaN}
	NaN
	500 records 0 to 1 (byte 0): RAW: the reply is not JSON: no value, where one should be at byte 1

	records=0+1: no JSON
	500 record 0 (byte 0): RAW: the reply is not JSON Lines: line 2: no value, where one should be at byte 0

	END
'
ok 'a reply of another type is counted if it has the form that was asked for' '
	typed() {	# typed TYPE REPLY [OPTION ...]
		type=$1 reply=$2
		shift 2
		printf "%s %s: " "$type" "$*"
		TYPE=$type REPLY=$(printf "%b" "$reply") bt-predict -m "$plugins/raw.so" \
		    -o parts --invocations-max-retries 0 "$@" \
		    "x.csv#bytes=0+4,records=0+2" "x.csv#bytes=0+4,records=0+2" >results 2>said || :
		if grep -q "	!	" results; then errors | head -n 1; else
			shown results | cut -f2 | sed -n "1s/PART#bytes=[^,]*,//; 1s/,crc.*//p"
		fi
		grep -v "record.* 0 to 1" said || :
	}
	printf "1\n2\n" >x.csv
	printf "1" >one.csv
	{
		typed text/html "3\n4" --accept text/csv
		typed text/html "3\n" --accept text/csv
		typed application/octet-stream "\"3\n4\",4\n5\n" --accept "text/csv; charset=utf-8"
		typed text/html "" --accept text/csv
		typed text/plain "{}\n{}\n" --accept application/jsonlines
		typed text/plain "{}\n" --accept application/jsonlines
		typed text/plain "{}\n{\n" --accept application/jsonlines
		typed text/plain "{}\nNaN" --accept application/jsonlines
		typed text/html "\"3\n" --accept text/csv
		typed text/html "3\n" --accept application/json
		typed text/html "3\n"
		typed text/html "3\n4\n"
		typed image/png "3\n4\n"
		typed image/png "3\n4\n" --no-count
		typed text/csv "3\n4\n5\n" --no-count
		typed application/jsonlines "3\n" --no-count
		typed application/json "[1, NaN]" --no-count
	} >out
	sed "s,[^ ]*/raw.so,RAW," out >got
	same got <<-\END
	text/html --accept text/csv: records=0+2,type=text/csv
	text/html --accept text/csv: count records 0 to 1 (byte 0): RAW: 1 predictions for 2 records
	application/octet-stream --accept text/csv; charset=utf-8: records=0+2,newlines=keep,type=text/csv;%20charset=utf-8
	text/html --accept text/csv: count records 0 to 1 (byte 0): RAW: 0 predictions for 2 records
	text/plain --accept application/jsonlines: records=0+2,type=application/jsonlines
	text/plain --accept application/jsonlines: count records 0 to 1 (byte 0): RAW: 1 predictions for 2 records
	text/plain --accept application/jsonlines: records=0+2,type=text/plain
	text/plain --accept application/jsonlines: records=0+2,type=application/jsonlines
	text/html --accept text/csv: records=0+1,split=None,type=text/html
	bt-predict: a reply is text/html and does not have the form of text/csv: it is not counted, as with --no-count
	text/html --accept application/json: records=0+1,split=None,type=text/html
	bt-predict: replies of text/html are not counted: if each line is a prediction, give --accept text/csv or application/jsonlines, otherwise --no-count
	text/html : records=0+1,split=None,type=text/html
	bt-predict: replies of text/html are not counted: if each line is a prediction, give --accept text/csv or application/jsonlines, otherwise --no-count
	text/html : records=0+2,type=text/html
	image/png : records=0+1,split=None,type=image/png
	bt-predict: replies of image/png are not counted: if each line is a prediction, give --accept text/csv or application/jsonlines, otherwise --no-count
	image/png --no-count: records=0+1,split=None,type=image/png
	text/csv --no-count: records=0+1,split=None,type=text/csv
	application/jsonlines --no-count: records=0+1,split=None,type=application/jsonlines
	application/json --no-count: records=0+1,split=None,type=application/json
	END
	printf "{\"a\":1}\n{\"a\":2}\n" >x.jsonl
	bt-split x.jsonl | bt-predict -m identity -o many --no-count >results
	bt-join results | cmp - x.jsonl
'
ok 'a reply that is whole is one record for the next model' '
	printf "1\n2\n3\n" >x.csv
	TYPE=text/html REPLY="<p>" bt-predict -m "$plugins/raw.so" -m "$plugins/show.so" \
	    -o parts "x.csv#bytes=0+6,records=0+3" >results || :
	errors | sed "s,/.*/,," >out
	same out <<-\END
	count records 0 to 2 (byte 0): show.so (model 2 of 2): 1 predictions for 3 records
	END
'
ok 'the input filter' '
	printf "id,a,b\n7,1,2\n8,3,\"4,5\"\n" >x.csv
	show --input-filter "\$[1:]" "x.csv#bytes=7+15,records=0+2,header=0+7" >out
	show --input-filter "\$[1:2]" --jsonpath rfc9535 "x.csv#bytes=7+6,records=0+1" >>out
	show --input-filter "\$" "x.csv#bytes=7+6,records=0+1" >>out
	printf "{\"id\":1,\"x\":[1.50,2]}\n" >x.jsonl
	show --input-filter "\$.x" "x.jsonl#bytes=0+22,records=0+1" >>out
	printf "{\"id\":1,\n\"x\":[1.50,2]}\n" >x.json
	show --input-filter "\$.x" --accept text/plain \
	    "x.json#bytes=0+23,records=0+1,split=None" >>out
	same out <<-"END"
	<1,2> x.csv@7+0 text/csv>text/csv header<a,b> body<1,2\0a3,"4,5"\0a> 
	<3,"4,5"> 
	<1> x.csv@7+0 text/csv>text/csv header<> body<1\0a> 
	<7,1,2> x.csv@7+0 text/csv>text/csv header<> body<7,1,2\0a> 
	<[1.50,2]> x.jsonl@0+0 application/jsonlines>application/jsonlines header<> body<[1.50,2]\0a> 
	<[1.50,2]> x.json@0+0 application/json>text/plain header<> body<[1.50,2]> 
	END
	echo a >x.txt
	fails 1 show --input-filter "\$[3]" "x.csv#bytes=7+15,records=3+2" >out
	errors >out
	fails 1 show --input-filter "\$[3]" "x.txt#bytes=0+2,records=0+1"
	errors >>out
	same out <<-END
	400 record 3 (byte 7): input filter: no column 3 in a row of 3 columns
	415 record 0 (byte 0): an input filter needs CSV or JSON, not text/plain
	END
	fails 2 show --input-filter "\$[" x
	said "bt-predict: --input-filter \$[: character 3: "
	fails 2 show --input-filter "\$[a_b]" --strict x
	fails 2 show --input-filter "[0]" x
	said "bt-predict: --input-filter [0]: character 1: a path begins with \$; does it stand in single quotes?"
	fails 2 bt-join --output-filter -1 x
	said "bt-join: --output-filter -1: character 1: a path begins with \$; does it stand in single quotes?"
'
ok 'a pipeline: each reply is the next request' '
	printf "1,2\n3,4\n" >x.csv
	bt-predict -m identity -m "$plugins/rows.so" --model "$plugins/show.so" -o parts \
	    "x.csv#bytes=0+8,records=5+2" >results
	cat parts/* >out
	same out <<-"END"
	<3> x.csv@0+5 text/csv>text/csv header<> body<3\0a7\0a> 
	<7> 
	END
	printf "1,2\n3,x\n" >y.csv
	fails 1 bt-predict -m identity -m "$plugins/rows.so" -o parts \
	    "y.csv#bytes=0+8,records=5+2" >results
	errors | sed "s,/.*/,," >out
	printf "1,2\n7,7\n" >z.csv
	fails 1 bt-predict -m "$plugins/rows.so" -m identity -o parts \
	    "z.csv#bytes=0+8,records=5+2" >results
	errors | sed "s,/.*/,," >>out
	echo segv >s.csv
	fails 1 bt-predict -m identity -m "$plugins/as_told.so" -o parts \
	    --invocations-max-retries 0 "s.csv#bytes=0+5,records=0+1" >results
	errors | sed "s,/.*/,," >>out
	same out <<-END
	400 record 6 (byte 4): rows.so (model 2 of 2): column 2: "x" is not a number
	count records 5 to 6 (byte 0): rows.so (model 1 of 2): 1 predictions for 2 records
	crash record 0 (byte 0): as_told.so (model 2 of 2): model crashed: Segmentation fault
	END
'
ok 'an object that grows between two references has what was added' '
	echo a >in
	mkfifo refs
	bt-predict -m identity -o parts <refs >results &
	exec 4>refs
	echo "in#bytes=0+2,records=0+1" >&4
	n=0
	while ! test -s results && test $n -lt 100; do
		sleep 0.05
		n=$((n + 1))
	done
	test -s results
	echo b >>in
	echo "in#bytes=2+2,records=1+1,last" >&4
	exec 4>&-
	wait $!
	cat parts/*.part | same in
'
if strace -o "$tmp/calls" true 2>/dev/null; then
	ok 'a small object costs four system calls' '
		for n in 10 30; do
			seq -f "%g.csv" $n | while read -r name; do
				echo 1 >"$name"
				bt-split "$name"
			done >refs
			ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o calls.$n \
			    -e trace=%file,%desc bt-predict -m identity -o parts.$n <refs >out
			test "$(wc -l <out)" -eq $n
		done
		test $(($(grep -vc "mmap\|poll" calls.30) - $(grep -vc "mmap\|poll" calls.10))) -le 85
	'
else
	skip 'a small object costs four system calls' 'no strace(1) here'
fi
ok 'an object that is not what the reference says' '
	three
	cp x.csv y.csv
	fails 1 bt-predict -m identity -o parts "x.csv#bytes=0+8,records=0+2,crc32c=1d252c29" \
	    "x.csv#bytes=0+8,records=0+2,crc32c=01234567" "x.csv#bytes=8+6,records=2+1" \
	    "x.csv#bytes=99+1,records=2+1" "gone.csv#bytes=0+1,records=0+1" ".#bytes=0+1,records=0+1" \
	    "x.csv#bytes=0+8,records=0+3" "x.csv#bytes=8+5,records=0+1,header=9+9" \
	    "y.csv#bytes=0+8,records=0+2" >results
	errors >out
	same out <<-END
	input records 0 to 1 (byte 0): the file has changed: crc32c 1d252c29, the reference says 01234567
	input record 2 (byte 8): the file ends at byte 13, the range is bytes 8 to 14
	input record 2 (byte 99): the file ends at byte 13, the range is bytes 99 to 100
	input record 0 (byte 0): No such file or directory
	input record 0 (byte 0): Is a directory
	input records 0 to 2 (byte 0): 2 records in the range, the reference says 3
	input record 0 (byte 8): the file ends at byte 13, the header row is bytes 9 to 18
	END
	said "bt-predict: gone.csv: record 0 (byte 0): No such file or directory"
	grep -c "	parts/" results >out
	same out <<-END
	2
	END
'
ok 'small ranges in order, out of order, and of two objects' '
	seq 1 30000 >a.txt
	seq 30001 60000 >b.txt
	for f in a b; do
		awk "{ printf \"$f.txt#bytes=%d+%d,records=%d+1\\n\", at, length + 1, NR - 1
		    at += length + 1 }" $f.txt >$f.refs
	done
	{
		cat a.refs
		paste -d "\n" a.refs b.refs | head -n 2000
		sort -r b.refs
	} >refs
	{
		cat a.txt
		paste -d "\n" a.txt b.txt | head -n 2000
		sort -r b.refs | sed "s/.*records=\([0-9]*\).*/\1/" | awk "{ print \$1 + 30001 }"
	} >want
	bt-predict -m identity -o parts <refs >results
	cmp want parts/*
	cut -f1 results | cmp - refs
'
ok 'ranges that are read in several steps' '
	awk "BEGIN { print \"h\"; for (i = 1; i <= 150000; i++) {
	    print i + 100; if (i % 7 == 0) print \"\"; if (i % 1000 == 0) printf \"\\r\\n\" } }" >x.csv
	size=$(($(wc -c <x.csv) - 2))
	bt-predict -m "$plugins/rows.so" -o parts \
	    "x.csv#bytes=2+$size,records=0+150000,header=0+2,last" >results
	seq 101 150100 | cmp - parts/*
	tail -c +3 x.csv >y.csv
	bt-predict -m "$plugins/rows.so" -o again "y.csv#bytes=0+$size,records=0+150000" >results
	seq 101 150100 | cmp - again/*
	{ echo h; printf "%0700000d\n1\n%0600000d" 2 3; } >z.txt
	bt-predict -m identity -o long "z.txt#bytes=2+1300003,records=0+3" >results
	tail -c +3 z.txt | cmp - long/*
	fails 1 bt-predict -m identity -o long "z.txt#bytes=2+1300003,records=0+4" >results
	said "3 records in the range, the reference says 4"
	fails 1 bt-predict -m identity -o long \
	    "z.txt#bytes=2+1300003,records=0+3,crc32c=00000001" >results
	said "the file has changed: crc32c "
'
ok 'names with any bytes' '
	dir=$(printf "a b\"\\\\#%%,\n\303\251é")
	mkdir "$dir"
	echo x >"$dir/in,put.txt"
	ref="a%20b%22%5C%23%25%2C%0A$(printf "\303\251é")/in%2Cput.txt#bytes=0+2,records=0+1"
	bt-predict -m identity -o "$dir" "$ref" >results
	test "$(cut -f1 results)" = "$ref"
	part=$(cut -f2 results)
	bt-predict -m identity -o again "${part%%,*},records=0+1" >results
	echo x | cmp - again/*
'
ok 'references as long as they may be, and longer' '
	name=x
	echo x >x
	while test ${#name} -lt 3600; do name=./$name; done
	short="#bytes=0+2,records=0+1,note="
	pad() {	# pad N: a reference of N bytes
		printf "%s%s%0$(($1 - ${#name} - ${#short}))d\n" "$name" "$short" 0
	}
	for n in 3800 3970 4095 4096 5000 70000; do pad $n; done >refs
	echo "x#bytes=0+2,records=0+1" >>refs
	fails 1 bt-predict -m identity -o parts <refs >results
	awk -F "\t" "length >= 4096 { exit 1 }
	    { print length(\$1), (\$2 == \"!\" ? \$3 : \"\") }" results |
	    sed "s/start=.*status=/status=/; s/error=\(...........\).*/error=\1/" >out
	same out <<-END
	3800 
	3970 status=line error=record%200%
	23 
	END
	cut -c 1-15 "$tmp/err" | sort | uniq -c | sed "s/^ *//" >out
	grep -c "longer than 4095 bytes, the limit of a reference" "$tmp/err" >>out
	grep -c "its result line would be longer than 4096 bytes" "$tmp/err" >>out
	same out <<-END
	5 bt-predict: ./.
	3
	2
	END
	fails 1 bt-predict -m identity -o parts "$(sed -n 4p refs)"
	said "longer than 4095 bytes, the limit of a reference"
'
ok 'a torn last reference is refused' '
	three
	head -c 50 refs >torn
	fails 1 bt-predict -m identity -o parts <torn >results
	said "bt-predict: x.csv#bytes=8+5,record: the last line of standard input has no newline"
	cut -f1 results >out
	head -n 1 refs | same out
'
if command -v script >/dev/null; then
ok 'on a terminal it says what it waits for' '
	three
	script -qec "bt-predict -m identity -o parts" typescript </dev/null >out
	grep -F "bt-predict: waiting for references from the terminal; bt-split FILE makes them" out
	script -qec "bt-predict -m identity -o parts <refs >results 2>err" typescript </dev/null
	script -qec "bt-predict -m identity -o parts $(head -n 1 refs) >results 2>err" typescript </dev/null
	same err </dev/null
'
else
	skip 'on a terminal it says what it waits for' 'no script(1)'
fi
ok 'what is no reference is said, and the rest goes on' '
	three
	{ echo; echo "x.csv"; cat refs; echo "x.csv#bytes=0+8,records=0+2,NEW=1"; } >more
	fails 1 bt-predict -m identity -o parts <more >results
	cut -f1 results | cmp - refs
	wc -l <"$tmp/err" >out
	same out <<-END
	3
	END
	said "bt-predict: x.csv: a file, not a reference: bt-split x.csv makes them"
	said "bt-predict: : not PATH#bytes=OFFSET+LENGTH,records=FIRST+COUNT"
	bt-predict -m identity -o parts <refs >results
	fails 1 bt-predict -m identity -o parts <results
	said ": a result line, not a reference: bt-join reads these"
	fails 1 bt-predict -m identity -o parts . no.csv
	said "bt-predict: .: not PATH#bytes="
	said "bt-predict: no.csv: not PATH#bytes="
	seq 30 | fails 1 bt-predict -m identity -o parts
	sed -n "10,\$p" "$tmp/err" >out
	same out <<-END
	bt-predict: 10: not PATH#bytes=OFFSET+LENGTH,records=FIRST+COUNT
	bt-predict: 20 more of these; bt-split FILE makes references
	END
'
ok 'an object without records has an empty reply' '
	: >x.csv
	bt-predict -m "$plugins/rows.so" -o parts "x.csv#bytes=0+0,records=0+0,last" >results
	shown results | cut -f1,2 >out
	tr "|" "\t" <<-END | same out
	x.csv#bytes=0+0,records=0+0,last|PART#bytes=0+0,records=0+0,type=text/csv,crc32c=00000000
	END
'
ok 'result lines come as soon as the next reference has to be waited for' '
	three
	mkfifo in
	bt-predict -m identity -o parts <in >results &
	exec 3>in
	head -n 1 refs >&3
	await test -s results
	cut -f1 results | cmp - refs || head -n 1 refs | diff - results | grep -q "^<" || :
	test "$(wc -l <results)" -eq 1
	tail -n 1 refs >&3
	exec 3>&-
	wait $!
	cut -f1 results | cmp - refs
'
ok 'the environment of the model' '
	echo environment >x.txt
	KEY=mine bt-predict -m "$plugins/as_told.so" -o parts "x.txt#bytes=0+12,records=0+1" \
	    >results 2>err
	OMP_NUM_THREADS=4 bt-predict -m "$plugins/as_told.so" -E KEY="a b=c" -o parts \
	    "x.txt#bytes=0+12,records=0+1" >results 2>>err
	same err <<-END
	1 mine
	4 a b=c
	END
'
ok 'settings of each model, and of all' '
	export BT_PLUGIN_PATH="$B/tests/plugins"
	cat >in.txt <<-\END
	echo "echo $K $L ${M-none}, \$K \$L \${M-none}"
	END
	bt-split in.txt >refs
	while read -r options; do
		rm -rf parts
		K=outer L=outer bt-predict $options -o parts <refs >results
		cat parts/*
	done >out <<-\END
	-E K=all -E L=all -m shell -d . -m shell -d .
	-E K=all -E L=all -m shell -d . -E L=one -E M=one -m shell -d .
	-E K=all -m shell -d . -E L=one -m shell -d . -E L=two -E M=two
	-m shell -d . -E K=1 -E L=1 -m shell -d . -E K=2 -E K=3
	-m shell -d . -m shell -d . --isolate -E K=all -E L=all
	-m shell -d . -E K=1 -m shell -d . -E K=2 --isolate -E K=all -E L=all
	-m shell -d . -E K=1 -m shell -d . -E L=2 --isolate --environment L=3
	END
	same out <<-END
	all all none, all all none
	all one one, all all none
	all one none, all two two
	1 1 none, 3 outer none
	all all none, all all none
	all all none, all all none
	1 3 none, outer 3 none
	END
'
ok 'a model folder that is not there' '
	three
	fails 255 bt-predict -m identity -d nowhere -o parts "$(head -n 1 refs)"
	said "bt-predict: identity: nowhere: No such file or directory"
	: >empty
	fails 255 bt-predict -m identity -d empty -o parts "$(head -n 1 refs)"
	said "bt-predict: identity: empty: empty"
	echo bad >file
	fails 255 bt-predict -m linear -d file -o parts "$(head -n 1 refs)"
	said "bt-predict: linear: file: line 1, column "
'
ok 'the command line' '
	for args in "" "-m x" "-o x" "-d x -m x -o x" "-m x -d x -d y -o x" \
	    "-m x -o x -E 1=2" "-m x -o x --invocations-max-retries 4" \
	    "-m x -o x --invocations-timeout-in-seconds 0" \
	    "--jsonpath other"; do
		fails 2 bt-predict $args 2>&1 | head -n 1 | cut -c 1-70
	done >out
	same out <<-END
	bt-predict: no -m MODEL: the name of a plugin, or its path
	bt-predict: no -o DIR: the folder for the replies
	bt-predict: no -m MODEL: the name of a plugin, or its path
	bt-predict: -d x: no -m before it
	bt-predict: -d y: -m x already has one
	bt-predict: -E 1=2: not KEY=VALUE
	bt-predict: --invocations-max-retries 4: more than 3
	bt-predict: --invocations-timeout-in-seconds 0: less than 1
	bt-predict: --jsonpath other: not sagemaker or rfc9535
	END
'
ok 'options of earlier versions name what is there instead' '
	for option in --unpack=x "--unpack x -m y" --max-model-in-mb=1 "--max-payload-in-mb 6" \
	    --batch-strategy --max-concurrent-transforms; do
		fails 2 bt-predict $option 2>&1
	done >out
	same out <<-END
	bt-predict: --unpack: no longer an option: bt-unpack ARCHIVE FOLDER
	bt-predict: --unpack: no longer an option: bt-unpack ARCHIVE FOLDER
	bt-predict: --max-model-in-mb: no longer an option: bt-unpack --max-model-in-mb N ARCHIVE FOLDER, and -d FOLDER
	bt-predict: --max-payload-in-mb: no longer an option: -E SAGEMAKER_MAX_PAYLOAD_IN_MB=N
	bt-predict: --batch-strategy: no longer an option: -E SAGEMAKER_BATCH_STRATEGY=MULTI_RECORD, or =SINGLE_RECORD
	bt-predict: --max-concurrent-transforms: no longer an option: -E SAGEMAKER_MAX_CONCURRENT_TRANSFORMS=N
	END
'
ok 'the part file never takes the place of another' '
	three
	touch file
	fails 1 bt-predict -m identity -o file/dir "$(head -n 1 refs)"
	said "bt-predict: file/dir: Not a directory"
	fails 1 bt-predict -m identity -o file "$(head -n 1 refs)"
	said "Not a directory"
'
finish
