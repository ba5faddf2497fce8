#!/bin/sh
# The protocols of other model servers: bt-http(7).  The servers themselves are
# in no package that the tests could install, so these are written by what their
# makers publish.
. "${0%/*}/lib.sh"
test -f "$B/plugins/http.so" || { echo "1..0 # SKIP no plugin http"; exit 0; }
unset BT_HTTP_URL BT_HTTP_UNIX BT_HTTP_HEADERS STATE REPLY STATUS METADATA
server="python3 $(cd "${0%/*}/http" && pwd)/protocols.py"
export server
export PYTHONDONTWRITEBYTECODE=1

# One server for all but those that are started by bt-predict.
(cd "$tmp" && PORT=0 exec $server) & pid=$!
trap 'kill $pid' EXIT
await test -s "$tmp/port"
port=$(cat "$tmp/port")
export port

# headers: the log of requests, and what the server does.
headers() {
	echo "X-Log: $PWD/log"
	test -z "${REPLY-}" || printf "%s\n" "X-Reply: $REPLY"
	test -z "${STATUS-}" || printf "%s\n" "X-Status: $STATUS"
	test -z "${STATE-}" || printf "%s\n" "X-State: $STATE"
	test -z "${METADATA-}" || printf "%s\n" "X-Metadata: $METADATA"
}

# predict PROTOCOL OPTION ...: the references in refs.  The server's requests go
# to the file log, those for predictions to the file posts; the joined replies to
# the file out.
predict() {
	protocol=$1
	shift
	rm -rf log parts
	BT_HTTP_HEADERS=$(headers) bt-predict -m http -E "BT_HTTP_URL=http://127.0.0.1:$port" \
	    -E "BT_HTTP_PROTOCOL=$protocol" -E BT_HTTP_MODEL=m \
	    --invocations-max-retries 0 -o parts "$@" <refs >results || return
	sed -n "s/^POST //p" log >posts
	bt-join <results >out
}

# errors: status and error of each batch without a reply.
errors() {
	sed -n "s/.*	!	.* status=\([^ ]*\) error=\([^:]*\):%20http:%20/\1 \2: /p" results |
	    sed "s/%20/ /g; s/%2C/,/g; s/%22/\"/g; s/%27/'/g; s/%5C/\\\\/g"
}

ok 'TensorFlow Serving: instances, predictions, the state of the model' '
	printf "%s\n" "1,2.50,-3e2" "4,5,6" "7,8,9" >in.csv
	bt-split --max-records 2 in.csv >refs
	STATE="{\"model_version_status\":[{\"version\":\"1\",\"state\":\"LOADING\"}]}" \
	    predict tensorflow
	same log <<-\END
	GET /v1/models/m None */* 
	GET /v1/models/m None */* 
	POST /v1/models/m:predict application/json application/json {"instances":[[1,2.50,-3e2],[4,5,6]]}
	POST /v1/models/m:predict application/json application/json {"instances":[[7,8,9]]}
	END
	same out <<-\END
	-296.5
	15
	24
	END
	predict tensorflow -E BT_HTTP_MODEL=m/versions/3 -E BT_HTTP_HEALTH_ROUTE=/healthy
	same out <<-\END
	-296.5
	15
	24
	END
	sed 2d log >one
	same one <<-\END
	GET /healthy None */* 
	POST /v1/models/m/versions/3:predict application/json application/json {"instances":[[7,8,9]]}
	END
'
ok 'CSV in JSON: numbers that JSON spells otherwise, text' '
	printf "%s\n" ".5,+1,1.,007" "-.5e3,-00.10,+1.E5, 2 " "0,-0,1e9,00" \
	    "a b,\"1\",\"say \"\"no\"\"\",\"\"" "0x10,1_0,e5,\\" >in.csv
	bt-split in.csv >refs
	predict tensorflow
	same posts <<-\END
	/v1/models/m:predict application/json application/json {"instances":[[0.5,1,1.0,7],[-0.5e3,-0.10,1.0E5,2],[0,-0,1e9,0],["a b","1","say \"no\"",""],["0x10","1_0","e5","\\"]]}
	END
'
ok 'CSV in JSON: what has no number' '
	printf "%s\n" "1,2" "1," "nan,2" "3,-inf" >in.csv
	bt-split --max-records 1 in.csv >refs
	fails 1 predict tensorflow
	errors >errs
	same errs <<-\END
	400 record 1 (byte 4): column 2: an empty field is no number in JSON: BT_HTTP_MISSING=null or NaN says what to send
	400 record 2 (byte 7): column 1: nan is no number in JSON: BT_HTTP_MISSING=null or NaN says what to send
	400 record 3 (byte 13): column 2: -inf is no number in JSON; a string needs quotes
	END
	head -n 3 in.csv >3.csv
	bt-split 3.csv >refs
	predict tensorflow -E BT_HTTP_MISSING=null
	cut -d " " -f 4- posts >body
	same body <<-\END
	{"instances":[[1,2],[1,null],[null,2]]}
	END
	fails 1 predict tensorflow -E BT_HTTP_MISSING=NaN
	errors >errs
	same errs <<-\END
	400 records 0 to 2 (byte 0): the server answered 400: JSON Parse error: no number: NaN
	END
'
ok 'CSV in JSON: records of another width, bytes that are not UTF-8' '
	printf "%s\n" "1,2" "3,4,5" >in.csv
	bt-split in.csv >refs
	fails 1 predict tensorflow
	errors >errs
	same errs <<-\END
	400 record 1 (byte 4): 3 fields; the first record has 2
	END
	printf "a,\351\n" >in.csv
	bt-split in.csv >refs
	fails 1 predict tensorflow
	errors >errs
	same errs <<-\END
	400 record 0 (byte 0): column 2: not UTF-8, as a string in JSON is
	END
'
ok 'instances as objects, named by the header row' '
	printf "%s\n" "a,\"b \"\"c\"\"\"" "1,2" "x,\"4\"" >in.csv
	bt-split --header in.csv >refs
	predict kserve -E BT_HTTP_INSTANCE_TYPE=object
	cut -d " " -f 4- posts >body
	same body <<-\END
	{"instances":[{"a":1,"b \"c\"":2},{"a":"x","b \"c\"":"4"}]}
	END
	same out <<-\END
	3
	2
	END
	bt-split in.csv >refs
	fails 1 predict kserve -E BT_HTTP_INSTANCE_TYPE=object
	errors >errs
	same errs <<-\END
	400 records 0 to 2 (byte 0): BT_HTTP_INSTANCE_TYPE=object needs a header row: bt-split --header
	END
	printf "%s\n" "a,a" "1,2" >in.csv
	bt-split --header in.csv >refs
	fails 1 predict kserve -E BT_HTTP_INSTANCE_TYPE=object
	errors >errs
	same errs <<-\END
	400 record 0 (byte 4): the header row: column 2: a second "a"
	END
'
ok 'JSON Lines: a record is an element; text: a string' '
	printf "%s\n" "{\"x\": 1.50}" "[1, 2]" "\"a\"" >in.jsonl
	bt-split in.jsonl >refs
	predict kserve
	printf "%s\n" "good \"film\"" "bad" >in.txt
	cut -d " " -f 4- posts >body
	bt-split in.txt >refs
	same out <<-\END
	1.5
	3
	1
	END
	predict kserve
	cut -d " " -f 4- posts >>body
	same body <<-\END
	{"instances":[{"x": 1.50},[1, 2],"a"]}
	{"instances":["good \"film\"","bad"]}
	END
	sed "s/.*,type=//; s/,crc32c.*//" results >type
	same type <<-\END
	application/jsonlines
	END
	printf "%s\n" 1 "2],[3" >in.jsonl
	bt-split in.jsonl >refs
	fails 1 predict kserve
	errors >errs
	same errs <<-\END
	400 record 1 (byte 2): not JSON at byte 1: something after the value
	END
'
ok 'a JSON document is the request, and the reply a document' '
	printf "{\"instances\": [1, 2]}" >in.json
	bt-split --split-type None in.json >refs
	predict kserve
	same posts <<-\END
	/v1/models/m:predict application/json application/json {"instances": [1, 2]}
	END
	printf "%s\n" "{" "    \"predictions\": [1, 2" "    ]" "}" | head -c -1 >want
	cmp want parts/*
	printf "%s\n" "{}" "{}" >in.json
	bt-split --split-type Line in.json >refs
	fails 1 predict kserve
	errors >errs
	same errs <<-\END
	400 records 0 to 1 (byte 0): 2 documents are no request: bt-split --batch-strategy SingleRecord, or application/jsonlines for records
	END
'
ok 'a batch that was not split has the lines as records' '
	printf "%s\n" 1,2 "" 3,4 >in.csv
	bt-split --split-type None in.csv >refs
	predict kserve
	cut -d " " -f 4- posts >body
	same body <<-\END
	{"instances":[[1,2],[3,4]]}
	END
	printf "%s\n" 3 7 | cmp - parts/*
	REPLY="{\"predictions\":[1]}" fails 1 predict kserve
	errors >errs
	same errs <<-\END
	500 record 0 (byte 0): 1 predictions for 2 records
	END
'
ok 'what predictions become: CSV, JSON Lines, JSON' '
	printf "%s\n" 1 2 3 4 5 6 >in.csv
	bt-split in.csv >refs
	export REPLY="{\"predictions\": [[0.10, \"a,b\"], 1e-5, true, null, [], \"x y\"]}"
	predict tensorflow
	same out <<-\END
	0.10,"a,b"
	1e-5
	true
	""
	""
	x y
	END
	predict tensorflow --accept application/jsonlines
	same out <<-\END
	[0.10,"a,b"]
	1e-5
	true
	null
	[]
	"x y"
	END
	predict tensorflow --accept application/json
	cat parts/* >reply
	echo >>reply
	same reply <<-\END
	[[0.10,"a,b"],1e-5,true,null,[],"x y"]
	END
'
ok 'predictions that are no rows of CSV' '
	printf "%s\n" 1 2 >in.csv
	bt-split in.csv >refs
	REPLY="{\"predictions\": [1, {\"a\": [1, 2]}]}"
	export REPLY
	fails 1 predict tensorflow
	errors >errs
	REPLY="{\"predictions\": [[[1]], 1]}" fails 1 predict tensorflow
	errors >>errs
	same errs <<-\END
	406 record 1 (byte 2): the prediction is an object, not a row of CSV: --accept application/jsonlines
	406 record 0 (byte 0): the prediction is an array of arrays or objects, not a row of CSV: --accept application/jsonlines
	END
	predict tensorflow --accept "*/*"
	same out <<-\END
	1
	{"a":[1,2]}
	END
'
ok 'NaN and Infinity in a reply: null, or refused' '
	printf "%s\n" 1 2 3 4 >in.jsonl
	bt-split in.jsonl >refs
	export REPLY="{\"predictions\": [[1, \"NaN\"], NaN, -Infinity, [Infinity]]}"
	predict mlflow
	same out <<-\END
	[1,"NaN"]
	null
	null
	[null]
	END
	fails 1 predict mlflow --strict
	errors >errs
	same errs <<-\END
	400 record 1 (byte 2): the prediction has NaN or Infinity, which JSON has not (BT_STRICT=1)
	END
	predict mlflow -E BT_STRICT=0 --strict
	REPLY="{\"predictions\": [NaN, NaNa]}" fails 1 predict mlflow
	errors >errs
	same errs <<-\END
	500 records 0 to 3 (byte 0): the reply is not JSON: no value, where one should be at byte 17
	END
'
ok 'another number of predictions, or none' '
	printf "%s\n" 1 2 3 >in.csv
	bt-split in.csv >refs
	REPLY="{\"predictions\": [1, 2]}" fails 1 predict tensorflow
	errors >errs
	REPLY="{\"predictions\": [1, 2, 3, 4]}" fails 1 predict tensorflow
	errors >>errs
	REPLY="{\"predictions\": []}" fails 1 predict tensorflow
	errors >>errs
	REPLY="{\"outputs\": [1, 2, 3]}" fails 1 predict tensorflow
	errors >>errs
	REPLY="predictions" fails 1 predict tensorflow
	errors >>errs
	same errs <<-\END
	count records 0 to 2 (byte 0): 2 predictions for 3 records
	count records 0 to 2 (byte 0): 4 predictions for 3 records
	500 records 0 to 2 (byte 0): the reply has no predictions
	500 records 0 to 2 (byte 0): the reply has no array "predictions"
	500 records 0 to 2 (byte 0): the reply is not JSON: no value, where one should be at byte 0
	END
'
ok 'the text in the body of an error' '
	echo 1 >in.csv
	bt-split in.csv >refs
	while read -r body; do
		STATUS="400 $body" fails 1 predict tensorflow
		errors
	done >errs <<-\END
	{ "error": "no \"x\"", "message": "b" }
	{"error":{"code":1,"message":"deep"},"detail":"c"}
	{"error":{"code":1},"message":"later"}
	{"code":404,"type":"T","message":"of TorchServe"}
	{"error_code":"BAD_REQUEST","message":"of\nMLflow","stack_trace":"no"}
	{"detail":"of FastAPI"}
	{"detail":[{"loc":1}]}
	plain
	END
	same errs <<-\END
	400 record 0 (byte 0): the server answered 400: no "x"
	400 record 0 (byte 0): the server answered 400: deep
	400 record 0 (byte 0): the server answered 400: later
	400 record 0 (byte 0): the server answered 400: of TorchServe
	400 record 0 (byte 0): the server answered 400: of
	400 record 0 (byte 0): the server answered 400: of FastAPI
	400 record 0 (byte 0): the server answered 400: {"detail":[{"loc":1}]}
	400 record 0 (byte 0): the server answered 400: plain
	END
'
ok 'Vertex AI: its variables, for a server of ours and for another' '
	printf "%s\n" 1,2 3,4 >in.csv
	bt-split in.csv >refs
	export BT_HTTP_PROTOCOL=vertex BT_HTTP_HEADERS="X-Log: $PWD/log"
	bt-predict -m http -d "exec $server" -o parts <refs >results
	bt-predict -m http -d "exec $server" -o parts <refs >results \
	    -E AIP_HTTP_PORT=1 -E AIP_PREDICT_ROUTE=/v1/e:predict -E AIP_HEALTH_ROUTE=/h
	export AIP_HTTP_PORT="$port" AIP_HEALTH_ROUTE=/healthy AIP_PREDICT_ROUTE=/v1/models/m:predict
	bt-predict -m http -o parts <refs >results
	same log <<-\END
	GET /health None */* 
	POST /predict application/json application/json {"instances":[[1,2],[3,4]]}
	GET /h None */* 
	POST /v1/e:predict application/json application/json {"instances":[[1,2],[3,4]]}
	GET /healthy None */* 
	POST /v1/models/m:predict application/json application/json {"instances":[[1,2],[3,4]]}
	END
	bt-join <results >out
	same out <<-\END
	3
	7
	END
'
ok 'MLflow: a frame with the columns of the header row, records, instances' '
	printf "%s\n" a,b 1,2 ",x" >in.csv
	bt-split --header in.csv >refs
	predict mlflow --accept application/jsonlines -E BT_HTTP_MISSING=null
	cat log >all
	same out <<-\END
	{"sum":3}
	{"sum":1}
	END
	predict mlflow --accept application/jsonlines -E BT_HTTP_MISSING=null -E BT_HTTP_INSTANCE_TYPE=object
	cat posts >>all
	sed 1d in.csv >2.csv
	bt-split 2.csv >refs
	predict mlflow --accept application/jsonlines -E BT_HTTP_MISSING=null
	cat posts >>all
	printf "%s\n" "{\"a\":1}" "{\"a\":2}" >in.jsonl
	bt-split in.jsonl >refs
	predict mlflow
	cat posts >>all
	printf "%s\n" "[1,2]" "[3]" >in.jsonl
	bt-split in.jsonl >refs
	predict mlflow
	cat posts >>all
	same all <<-\END
	GET /ping None */* 
	POST /invocations application/json application/json {"dataframe_split":{"columns":["a","b"],"data":[[1,2],[null,"x"]]}}
	/invocations application/json application/json {"dataframe_records":[{"a":1,"b":2},{"a":null,"b":"x"}]}
	/invocations application/json application/json {"instances":[[1,2],[null,"x"]]}
	/invocations application/json application/json {"dataframe_records":[{"a":1},{"a":2}]}
	/invocations application/json application/json {"instances":[[1,2],[3]]}
	END
	printf "%s\n" "{\"a\":1}" 2 >in.jsonl
	bt-split in.jsonl >refs
	fails 1 predict mlflow
	errors >errs
	printf "%s\n" a,b 1,2 3 >in.csv
	bt-split --header in.csv >refs
	fails 1 predict mlflow
	errors >>errs
	same errs <<-\END
	400 record 1 (byte 8): no object; the first record is one
	400 record 1 (byte 8): 1 fields; the header row has 2
	END
'
ok 'a header row that is sent' '
	printf "%s\r\n" a,b 1,2 3,4 5,6 >in.csv
	bt-split --header=send --max-records 2 in.csv >refs
	predict sagemaker --accept application/json
	sed -n 3,4p log >posts
	same posts <<-\END
	POST /invocations text/csv application/json a,b\r\n1,2\r\n3,4\r\n
	POST /invocations text/csv application/json a,b\r\n5,6\r\n
	END
	cat parts/* >reply
	echo >>reply
	same reply <<-\END
	{"predictions": [3.0, 7.0]}{"predictions": [11.0]}
	END
'
ok 'TorchServe: a request for each record' '
	printf "%s\n" 1,2 3,4 >in.csv
	bt-split in.csv >refs
	predict torchserve
	cat log >all
	same out <<-\END
	3.0
	7.0
	END
	printf "%s\n" "{\"a\":1}" "[2, 3]" >in.jsonl
	bt-split in.jsonl >refs
	predict torchserve
	cat posts >>all
	same out <<-\END
	{"sum":1}
	{"sum":5}
	END
	same all <<-\END
	GET /ping None */* 
	POST /predictions/m text/csv text/csv 1,2
	POST /predictions/m text/csv text/csv 3,4
	/predictions/m application/json application/jsonlines {"a":1}
	/predictions/m application/json application/jsonlines [2, 3]
	END
	printf "%s\n" a,b 1,2 >in.csv
	bt-split --header=send in.csv >refs
	REPLY="a \"cat\"" predict torchserve
	same posts <<-\END
	/predictions/m text/csv text/csv a,b\n1,2
	END
	same out <<-\END
	"a ""cat"""
	END
	bt-split in.csv >refs
	STATUS="503 {\"code\":503,\"type\":\"ServiceUnavailableException\",\"message\":\"full\"}" \
	    fails 1 predict torchserve
	errors >errs
	same errs <<-\END
	503 records 0 to 1 (byte 0): the server answered 503: full
	END
'
ok 'Azure ML: the batch as it is, a reply that may be JSON in a string' '
	printf "%s\n" 1,2 3,4 >in.csv
	bt-split in.csv >refs
	predict azure
	same log <<-\END
	GET / None */* 
	POST /score text/csv text/csv 1,2\n3,4\n
	END
	same out <<-\END
	3.0
	7.0
	END
	predict azure --accept application/json
	cat parts/* >reply
	echo >>reply
	same reply <<-\END
	[3.0, 7.0]
	END
	echo 1,2 >in.csv
	bt-split in.csv >refs
	REPLY="{\"a\": [1, 2]}" predict azure --accept application/jsonlines
	same out <<-\END
	{"a":[1,2]}
	END
'
ok 'Open Inference Protocol: a CSV batch is the one input' '
	printf "%s\n" 1,2,3 4,5,.5 >in.csv
	bt-split in.csv >refs
	predict kserve-v2
	same log <<-\END
	GET /v2/health/ready None */* 
	GET /v2/models/m None */* 
	POST /v2/models/m/infer application/json application/json {"inputs":[{"name":"x","shape":[2,3],"datatype":"FP32","data":[1,2,3,4,5,0.5]}]}
	END
	same out <<-\END
	6
	9.5
	END
	for shape in "[-1]" "[-1,-1]" "[-1,3,1]" "[-1,-1,3]" "[2,3]" "[-1,2]" "[3,3]" "[-1,-1,-1,3]"; do
		METADATA="{\"inputs\":[{\"name\":\"x\",\"datatype\":\"INT64\",\"shape\":$shape}]}" \
		    predict kserve-v2 && sed "s/.*shape\":\(.*\),\"data.*/\1/" posts || errors
	done >shapes 2>&1
	grep -v "^bt-predict" shapes >out
	same out <<-\END
	400 records 0 to 1 (byte 0): input "x": 2 records of shape [3] do not fit [-1]
	[2,3],"datatype":"INT64"
	[2,3,1],"datatype":"INT64"
	[2,1,3],"datatype":"INT64"
	[2,3],"datatype":"INT64"
	400 records 0 to 1 (byte 0): input "x": 2 records of shape [3] do not fit [-1,2]
	400 records 0 to 1 (byte 0): input "x": 2 records of shape [3] do not fit [3,3]
	400 records 0 to 1 (byte 0): input "x": 2 records of shape [3] do not fit [-1,-1,-1,3]
	END
	printf "%s\n" 1,2,a >in.csv
	bt-split in.csv >refs
	fails 1 predict kserve-v2
	errors >errs
	same errs <<-\END
	400 record 0 (byte 0): column 3: text, but input "x" is FP32
	END
'
ok 'Open Inference Protocol: several inputs, by name' '
	export METADATA="{\"inputs\":[{\"name\":\"n\",\"datatype\":\"INT32\",\"shape\":[-1,1]},{\"name\":\"t\",\"datatype\":\"BYTES\",\"shape\":[-1]},{\"name\":\"b\",\"datatype\":\"BOOL\",\"shape\":[-1]}]}"
	printf "%s\n" t,b,n "1,True,5" "\"a\",0,6" >in.csv
	bt-split --header in.csv >refs
	predict kserve-v2
	cat posts >all
	printf "%s\n" "{\"n\": [5], \"t\": \"x\", \"b\": true}" "{\"t\": \"y\", \"n\": [6], \"b\": false}" >in.jsonl
	bt-split in.jsonl >refs
	predict kserve-v2
	cat posts >>all
	sed "s/.*json //" all >bodies
	same bodies <<-\END
	{"inputs":[{"name":"n","shape":[2,1],"datatype":"INT32","data":[5,6]},{"name":"t","shape":[2],"datatype":"BYTES","data":["1","a"]},{"name":"b","shape":[2],"datatype":"BOOL","data":[true,0]}]}
	{"inputs":[{"name":"n","shape":[2,1],"datatype":"INT32","data":[5,6]},{"name":"t","shape":[2],"datatype":"BYTES","data":["x","y"]},{"name":"b","shape":[2],"datatype":"BOOL","data":[true,false]}]}
	END
	bt-split in.csv >refs
	fails 1 predict kserve-v2
	errors >errs
	for line in "{\"n\":1,\"t\":\"x\"}" "{\"n\":1,\"t\":\"x\",\"b\":1,\"z\":1}" \
	    "{\"n\":1,\"n\":1,\"t\":\"x\",\"b\":1}" "{\"n\":null,\"t\":\"x\",\"b\":1}" \
	    "{\"n\":1,\"t\":2,\"b\":1}" "[1,\"x\",true]" "{\"n\":[],\"t\":\"x\",\"b\":1}"; do
		echo "$line" >in.jsonl
		bt-split in.jsonl >refs
		fails 1 predict kserve-v2
		errors
	done >>errs
	printf "%s\n" t,b,c "1,True,5" >in.csv
	bt-split --header in.csv >refs
	fails 1 predict kserve-v2
	errors >>errs
	sed "s/record.*(byte [06]): //" errs >out
	same out <<-\END
	400 the model has 3 inputs, whose names are needed: bt-split --header finds them in a header row
	400 no value for input "b"
	400 the model has no input "z"
	400 a second value for input "n"
	400 input "n": null cannot be in a tensor
	400 a number, but input "t" is BYTES
	400 the model has 3 inputs, whose names are needed: objects in JSON Lines have them
	400 input "n": an array of 0 values
	400 the header row: the model has no input "c"
	END
'
ok 'Open Inference Protocol: inputs that the server does not tell' '
	export METADATA="{\"name\":\"m\"}"
	printf "%s\n" "{\"a\": [[1, 2], [3, 4]], \"b\": \"x\"}" "{\"b\": \"y\", \"a\": [[5, 6], [7, 8]]}" >in.jsonl
	bt-split in.jsonl >refs
	predict kserve-v2
	cat posts >all
	printf "%s\n" a b >in.csv
	bt-split in.csv >refs
	predict kserve-v2
	cat posts >>all
	printf "%s\n" 1,2 3,4 >in.csv
	bt-split in.csv >refs
	predict kserve-v2
	cat posts >>all
	sed "s/.*json //" all >bodies
	same bodies <<-\END
	{"inputs":[{"name":"a","shape":[2,2,2],"datatype":"FP64","data":[1,2,3,4,5,6,7,8]},{"name":"b","shape":[2],"datatype":"BYTES","data":["x","y"]}]}
	{"inputs":[{"name":"input-0","shape":[2,1],"datatype":"BYTES","data":["a","b"]}]}
	{"inputs":[{"name":"input-0","shape":[2,2],"datatype":"FP64","data":[1,2,3,4]}]}
	END
	for line in "{\"a\": [[1, 2], [3]]}" "{\"a\": [1, [2]]}" "{}"; do
		echo "$line" >in.jsonl
		bt-split in.jsonl >refs
		fails 1 predict kserve-v2
		errors
	done >errs
	same errs <<-\END
	400 record 0 (byte 0): input "a": an array of 1 values; the first has 2
	400 record 0 (byte 0): input "a": not of the first value'"'"'s shape
	400 record 0 (byte 0): an object without members
	END
'
ok 'Open Inference Protocol: outputs, joined by row' '
	printf "%s\n" 1,2,3 4,5,6 >in.csv
	bt-split in.csv >refs
	export REPLY="{\"outputs\":[{\"name\":\"label\",\"shape\":[2],\"datatype\":\"BYTES\",\"data\":[\"a\",\"b\"]},{\"name\":\"p\",\"shape\":[2,2],\"datatype\":\"FP32\",\"data\":[0.1,0.9,0.8,0.2]}]}"
	predict kserve-v2
	cat out >all
	predict kserve-v2 --accept application/jsonlines
	cat out >>all
	REPLY="{\"outputs\":[{\"name\":\"p\",\"shape\":[2,1,2],\"datatype\":\"FP32\",\"data\":[0.1,0.9,0.8,0.2]}]}"
	predict kserve-v2 --accept application/jsonlines
	cat out >>all
	REPLY="{\"outputs\":[{\"name\":\"p\",\"shape\":[2,2],\"datatype\":\"FP32\",\"data\":[[0.1,NaN],[0.8,0.2]]}]}"
	predict kserve-v2 --accept application/jsonlines
	cat out >>all
	same all <<-\END
	a,0.1,0.9
	b,0.8,0.2
	{"label":"a","p":[0.1,0.9]}
	{"label":"b","p":[0.8,0.2]}
	[[0.1,0.9]]
	[[0.8,0.2]]
	[0.1,null]
	[0.8,0.2]
	END
	fails 1 predict kserve-v2 --strict
	errors >errs
	same errs <<-\END
	400 record 0 (byte 0): the prediction has NaN or Infinity, which JSON has not (BT_STRICT=1)
	END
'
ok 'Open Inference Protocol: outputs out of shape' '
	printf "%s\n" 1,2,3 4,5,6 >in.csv
	bt-split in.csv >refs
	while read -r REPLY; do
		export REPLY
		fails 1 predict kserve-v2
		errors
	done >errs <<-\END
	{"outputs":[{"name":"y","shape":[2,2],"data":[1,2,3]}]}
	{"outputs":[{"name":"y","shape":[2,2],"data":[1,2,3,4,5]}]}
	{"outputs":[{"name":"y","shape":[3],"data":[1,2,3]}]}
	{"outputs":[{"name":"y","shape":[2],"data":[1,2]},{"name":"z","shape":[1],"data":[1]}]}
	{"outputs":[{"name":"y","shape":[2,0],"data":[]}]}
	{"outputs":[{"name":"y","shape":[2],"parameters":{"binary_data_size":8}}]}
	{"outputs":[{"shape":[2],"data":[1,2]}]}
	{"outputs":[]}
	{"outputs":[{"name":"y","shape":[0],"data":[]}]}
	END
	sed "s/record.*(byte 0): //" errs >out
	same out <<-\END
	500 the reply: output "y": its shape is not that of its data
	500 the reply: output "y": its shape is not that of its data
	count 3 predictions for 2 records
	500 the reply: output 2 has not as many rows as the first
	500 the reply: output 1 has no shape of whole numbers, none of them 0
	500 the reply: output 1 has no data in JSON
	500 the reply: output 1 has no name
	500 the reply has no "outputs"
	500 the reply has no predictions
	END
'
ok 'metadata that is wrong' '
	printf "%s\n" 1,2,3 >in.csv
	bt-split in.csv >refs
	for METADATA in "[" "[]" "{\"inputs\":[{}]}" "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"a\\\"b\"}]}" \
	    "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[0]}]}"; do
		export METADATA
		fails 255 predict kserve-v2
		cat "$tmp/err"
	done >errs
	fails 255 predict kserve-v2 -E BT_HTTP_MODEL=other
	cat "$tmp/err" >>errs
	fails 255 predict kserve-v2 -E BT_HTTP_PREDICT_ROUTE=/x
	cat "$tmp/err" >>errs
	same errs <<-\END
	bt-predict: http: GET /v2/models/m: the answer is not a JSON object
	bt-predict: http: GET /v2/models/m: the answer is not a JSON object
	bt-predict: http: GET /v2/models/m: input 1: it has no name
	bt-predict: http: GET /v2/models/m: input 1: it has no datatype
	bt-predict: http: GET /v2/models/m: input 1: its shape is wrong
	bt-predict: http: GET /v2/models/other: the server answered 404: { "error": "Servable not found" }
	bt-predict: http: BT_HTTP_PREDICT_ROUTE=/x: does not end in /infer
	END
'
ok 'the limit of a payload is for the request with what the protocol adds' '
	yes 1 | head -n 400000 >in.csv
	bt-split in.csv >refs
	predict kserve -E SAGEMAKER_MAX_PAYLOAD_IN_MB=1
	grep -c "" posts >n
	cut -f1 results | sed "s/.*records=//; s/,.*//" >>n
	same n <<-\END
	2
	0+200000
	200000+200000
	END
'
ok 'settings that are wrong' '
	echo 1 >in.csv
	bt-split in.csv >refs
	wrong() {
		fails 255 bt-predict -m http -E BT_HTTP_URL=http://127.0.0.1:9 -o parts "$@" <refs
		cat "$tmp/err" >>errs
	}
	wrong -E BT_HTTP_PROTOCOL=tf
	wrong -E BT_HTTP_PROTOCOL=kserve
	wrong -E BT_HTTP_PROTOCOL=kserve -E BT_HTTP_MODEL=m -E BT_HTTP_HEALTH_ROUTE=ready
	wrong -E BT_HTTP_PROTOCOL=vertex -E AIP_PREDICT_ROUTE=predict
	wrong -E BT_HTTP_PROTOCOL=vertex -E AIP_HTTP_PORT=0
	wrong -E BT_HTTP_HEADER_ROW=1
	wrong -E BT_HTTP_INSTANCE_TYPE=object
	wrong -E BT_HTTP_MISSING=0
	same errs <<-\END
	bt-predict: http: BT_HTTP_PROTOCOL=tf: not one of sagemaker, tensorflow, kserve, kserve-v2, vertex, mlflow, torchserve, azure
	bt-predict: http: BT_HTTP_PROTOCOL=kserve: set BT_HTTP_MODEL to the model'"'"'s name
	bt-predict: http: BT_HTTP_HEALTH_ROUTE=ready: not a path, which begins with /
	bt-predict: http: AIP_PREDICT_ROUTE=predict: not a path, which begins with /
	bt-predict: http: AIP_HTTP_PORT=0: less than 1
	bt-predict: http: BT_HTTP_HEADER_ROW is gone: bt-split --header=send, or bt-transform'"'"'s
	bt-predict: http: BT_HTTP_INSTANCE_TYPE=object is not for BT_HTTP_PROTOCOL=sagemaker
	bt-predict: http: BT_HTTP_MISSING=0: not null or NaN
	END
'
finish
