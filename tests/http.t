#!/bin/sh
# The http plugin and what a server may answer: bt-http(7).
. "${0%/*}/lib.sh"
test -f "$B/plugins/http.so" || { echo "1..0 # SKIP no plugin http"; exit 0; }
PATH=$B/tests:$PATH
unset BT_HTTP_URL BT_HTTP_UNIX BT_HTTP_HEADERS LISTEN PING PARAMETERS CAP
faults="python3 $(cd "${0%/*}/http" && pwd)/faults.py"
export faults
export PYTHONDONTWRITEBYTECODE=1

# predict OPTION ...: each line of the file in.txt is a batch, and tells the
# server what to do; its requests go to the file log.
predict() {
	bt-split --max-records 1 in.txt >refs
	LOG=$PWD/log bt-predict -m http -E BT_HTTP_COMMAND="exec $faults" -o parts "$@" <refs >results
}

# Tries, status and error of each batch without a reply.
errors() {
	sed -n "s/.*	!	.* tries=\([0-9]*\) .* status=\([^ ]*\) error=[^:]*:%20http:%20/\1 \2 /p" results |
	    sed "s/%20/ /g; s/%2C/,/g; s/%22/\"/g; s/%27/'/g; s/127.0.0.1:[0-9]*/HOST/"
}

ok 'the contract: ping, execution-parameters, invocations, one connection' '
	printf "%s\n" a b c >in.txt
	predict
	cmp in.txt parts/*
	sed "s/.*split=//; s/	start.*//; s/.*,type=/type=/; s/,crc.*//" results >out
	same out <<-END
	type=text/plain
	type=text/plain
	type=text/plain
	END
	same log <<-END
	1 GET /ping HTTP/1.1 0
	1 GET /execution-parameters HTTP/1.1 0
	1 POST /invocations HTTP/1.1 2
	1 POST /invocations HTTP/1.1 2
	1 POST /invocations HTTP/1.1 2
	END
'
ok 'the headers of a request' '
	printf "%s\n" "headers 1" "headers 2" >"a b.csv"
	printf "%s\n" "X-Amzn-SageMaker-Custom-Attributes: accept_eula=true" "" \
	    "X-Empty:" "Authorization:  Bearer secret" >h
	bt-split "a b.csv" | BT_HTTP_HEADERS=$(cat h) \
	    bt-predict -m http -E BT_HTTP_COMMAND="exec $faults" --accept "*/*" -o parts >results
	sed "s/127.0.0.1:.*/HOST/; s,bt-predict/.*,VERSION," parts/* >out
	same out <<-END
	accept: */*
	authorization: Bearer secret
	content-length: 20
	content-type: text/csv
	host: HOST
	user-agent: VERSION
	x-amzn-sagemaker-custom-attributes: accept_eula=true
	x-bt-first-record: 0
	x-bt-object: a%20b.csv
	x-bt-record-count: 2
	x-empty: 
	END
'
ok 'a header that is none, or not the user'"'"'s to set; its value is not shown' '
	echo a >in.txt
	fails 255 predict -E BT_HTTP_HEADERS="content-length: secret"
	said "bt-predict: http: BT_HTTP_HEADERS: line 1: content-length is set by bt-predict"
	fails 1 grep secret "$tmp/err"
	fails 255 predict -E BT_HTTP_HEADERS="X y: secret"
	said "BT_HTTP_HEADERS: line 1: not \"Name: value\""
	fails 1 grep secret "$tmp/err"
	fails 255 predict -E BT_HTTP_HEADERS="$(printf "X: secret\rY: secret")"
	said "BT_HTTP_HEADERS: line 1: X has a control byte in its value"
	fails 1 grep secret "$tmp/err"
'
ok 'the reply has the type that the server says' '
	cat >in.txt <<-END
	as application/json;charset=utf-8 {"predictions":[1]}
	as text/csv 1,2
	as application/jsonlines {"a":1}\n
	END
	predict
	sed "s/.*,type=//; s/,crc32c.*//" results >out
	same out <<-END
	application/json;charset=utf-8
	text/csv
	application/jsonlines
	END
'
ok 'another number of predictions than records' '
	printf "%s\n" "as text/csv 1\n2" >in.txt
	fails 1 predict
	errors >out
	same out <<-END
	1 count 2 predictions for 1 records
	END
'
ok 'replies in chunks, and of connections that close after each' '
	printf "%s\n" "chunked and longer than one" drop drop a >in.txt
	predict
	cmp in.txt parts/*
	grep -c POST log >out
	same out <<-END
	4
	END
'
ok 'statuses that end the batch; the first line of the body says why' '
	cat >in.txt <<-END
	status 400 no such column\nTraceback
	status 404
	status 302 elsewhere
	status 406 only csv
	status 415 only json
	status 422 {\n  "message": "too short"\n}
	status 413 too much
	status 507 out of memory
	END
	fails 1 predict
	errors >out
	same out <<-END
	1 400 the server answered 400: no such column
	1 400 the server answered 404
	1 400 the server answered 302, and redirects are not followed: elsewhere
	1 406 the server answered 406 to Accept: text/plain: only csv
	1 415 the server answered 415 to Content-Type: text/plain: only json
	1 400 the server answered 422: { "message": "too short" }
	1 413 the server answered 413 to 20 bytes: too much
	1 413 the server answered 507 to 25 bytes: out of memory
	END
	grep -c POST log >out
	same out <<-END
	8
	END
'
ok 'statuses that are tried again' '
	cat >in.txt <<-END
	status 500 <!doctype html>\n<title>500</title>\n<p>It  broke.</p>
	status 408
	status 502 bad gateway
	status 503 later
	status 504
	once a status 500
	once b status 503
	END
	fails 1 predict --invocations-max-retries 1
	errors >out
	same out <<-END
	2 500 the server answered 500: 500 It broke.
	2 503 the server answered 408
	2 503 the server answered 502: bad gateway
	2 503 the server answered 503: later
	2 503 the server answered 504 (a time limit on its side)
	END
	sed -n "s/.*	parts.* tries=\([0-9]\).*/\1/p" results | xargs >out
	same out <<-END
	2 2
	END
	grep -c POST log >out
	same out <<-END
	14
	END
'
ok '429 has its Retry-After' '
	echo "once a status 429 slow down" >in.txt
	before=$(date +%s)
	predict
	test $(($(date +%s) - before)) -ge 1
	grep -c POST log >out
	same out <<-END
	2
	END
'
ok 'broken replies: what came, and what was to come' '
	printf "%s\n" short chunk-cut garbage close gzip >in.txt
	fails 1 predict --invocations-max-retries 1
	errors | sed "s/HTTP: .*/HTTP/" >out
	same out <<-END
	2 503 http://HOST: the connection was closed after 5 of 100 bytes of the answer
	2 503 http://HOST: the connection was closed after 5 bytes of the answer
	2 503 http://HOST: the answer is not HTTP
	2 503 http://HOST: the connection was closed without an answer
	2 503 http://HOST: the answer is compressed, which was not requested
	END
	for fault in short chunk-cut garbage close gzip; do
		echo "once $fault.was $fault"
	done >in.txt
	predict
	cat parts/* | cmp - in.txt
'
ok 'time runs out: how far it came; the server stays' '
	printf "%s\n" hang stall a >in.txt
	fails 1 predict --invocations-max-retries 0 --invocations-timeout-in-seconds 1
	errors >out
	same out <<-END
	1 503 http://HOST: connected and sent, but no answer within 0.9 s
	1 503 http://HOST: only 5 bytes of the answer within 0.9 s
	END
	grep -c ping log >out
	same out <<-END
	1
	END
'
ok '413 halves the batch, and a server need not have read it' '
	seq 100000 100299 >in.txt
	bt-split in.txt | CAP=1000 LOG=$PWD/log bt-predict -m http \
	    -E BT_HTTP_COMMAND="exec $faults" -o parts >results
	cmp in.txt parts/*
	grep -o "records=[0-9+]*," results | sort -u | grep -c "" >out
	cut -f1 results | sed "s/.*records=//; s/,.*//" >out
	same out <<-END
	0+75
	75+75
	150+75
	225+75
	END
	grep -c POST log >out
	same out <<-END
	7
	END
	seq 1 500000 >in.txt
	bt-split in.txt >refs
	fails 1 env CAP=1 bt-predict -m http -E BT_HTTP_COMMAND="exec $faults" \
	    -o parts "in.txt#bytes=0+3388895,records=0+1,split=None" >results
	errors >out
	same out <<-END
	1 413 the server answered 413 to 3388895 bytes: at most 1000 bytes
	END
'
ok 'a server that ends: how, and another is started' '
	printf "%s\n" a exit crash b >in.txt
	fails 1 predict --invocations-max-retries 0
	errors | sed "s/http.*; //" >out
	same out <<-END
	1 503 the server exited with status 3
	1 503 the server was killed by a signal: Aborted
	END
	grep -c ping log >out
	same out <<-END
	3
	END
	cat parts/* >out
	same out <<-END
	a
	b
	END
'
ok 'a server that runs already, by URL and by socket; proxies are for others' '
	export LOG="$PWD/log" http_proxy=http://127.0.0.1:9 HTTP_PROXY=http://127.0.0.1:9 all_proxy=http://127.0.0.1:9
	PORT=0 $faults & pid=$!
	SOCKET=$PWD/s LISTEN=socket $faults & pid="$pid $!"
	trap "kill $pid" EXIT
	await test -s port
	printf "%s\n" headers >in.txt
	bt-split in.txt >refs
	bt-predict -m http -E BT_HTTP_URL="http://user:secret@127.0.0.1:$(cat port)/v1/" -o parts <refs >results
	cat parts/* >headers
	grep -x "authorization: Basic dXNlcjpzZWNyZXQ=" headers
	rm parts/*
	bt-predict -m http -E BT_HTTP_UNIX="$PWD/s" -o parts <refs >results
	grep -x "host: localhost" parts/*
	same log <<-END
	1 GET /v1/ping HTTP/1.1 0
	1 GET /v1/execution-parameters HTTP/1.1 0
	1 POST /v1/invocations HTTP/1.1 8
	1 GET /ping HTTP/1.1 0
	1 GET /execution-parameters HTTP/1.1 0
	1 POST /invocations HTTP/1.1 8
	END
	echo "status 400 no" >in.txt
	echo close >>in.txt
	bt-split --max-records 1 in.txt >refs
	fails 1 bt-predict -m http -E BT_HTTP_URL="http://user:secret@127.0.0.1:$(cat port)" -o parts <refs >results
	fails 1 grep secret "$tmp/err" results
'
ok 'execution parameters' '
	export BT_HTTP_COMMAND="exec $faults"
	for it in "as application/json {\"MaxConcurrentTransforms\":8,\"BatchStrategy\":\"SINGLE_RECORD\",\"MaxPayloadInMB\":20}" \
	    "as application/json {\"BatchStrategy\":\"NONE\",\"MaxPayloadInMB\":\"6\"}" \
	    "status 500 {}" "as application/json [1" close; do
		PARAMETERS=$it http "$B/plugins/http.so"
	done >all
	grep -v "^log 2 GET /ping" all >out	# a slow start
	same out <<-END
	8 20 SINGLE_RECORD
	0 0 -
	0 0 -
	log 1 GET /execution-parameters: the answer is not a JSON object; ignored
	0 0 -
	log 1 GET /execution-parameters: the answer is not a JSON object; ignored
	0 0 -
	END
'
finish
