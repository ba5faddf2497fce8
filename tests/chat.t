#!/bin/sh
# The plugin chat and what servers of language models may answer: bt-chat(7).
. "${0%/*}/lib.sh"
. "${0%/*}/chat/lib.sh"

ok 'columns by name and by number, a quote, a newline, UTF-8; a chat as OpenAI has it' '
	BODIES=$PWD/bodies
	export BODIES
	serve
	model "{ \"body\": { \"model\": \"m\", \"temperature\": 0, \"messages\": [
	    { \"role\": \"system\", \"content\": \"Label\\nthis\" },
	    { \"role\": \"user\", \"content\": \"{{ text }} by {{\$[0]}}, {{\$[-1]}}: {{\$[0,1]}}\" } ] } }"
	printf "id,text,end\n1,\"a \"\"b\"\"\\\\, c\",z\r\n2,\"ngon\nl\303\240nh\",y\n" >in.csv
	bt-split --header=send --embedded-newlines=keep in.csv >refs
	predict
	cat parts/* >out
	same out <<-END
	"a ""b""\\, c by 1, z: 1,""a """"b""""\\, c"""
	"ngon
	lành by 2, y: 2,""ngon
	lành"""
	END
	sort bodies >out
	same out <<-\END
	{"model": "m", "temperature": 0, "messages": [{"role": "system", "content": "Label\nthis"}, {"role": "user", "content": "a \"b\"\\, c by 1, z: 1,\"a \"\"b\"\"\\, c\""}]}
	{"model": "m", "temperature": 0, "messages": [{"role": "system", "content": "Label\nthis"}, {"role": "user", "content": "ngon\nlành by 2, y: 2,\"ngon\nlành\""}]}
	END
'
ok 'members by name and by JSONPath; a document of text' '
	serve
	model "{ \"body\": { \"model\": \"m\", \"messages\": [
	    { \"role\": \"user\", \"content\": \"{{a}} {{\$.b[1]}} {{\$[\\\"a\\\",\\\"c\\\"]}} {{c}}\" } ] } }"
	echo "{\"a\": \"say\", \"b\": [1, \"\\u00e9\\\"\"], \"c\": {\"d\": 1.50}}" >in.jsonl
	bt-split in.jsonl >refs
	predict
	cat parts/* >out
	same out <<-\END
	"é\" {\"a\":\"say\",\"c\":{\"d\": 1.50}} {\"d\": 1.50}"
	END
	rm -r parts
	chat
	printf "say one\ntwo\n" >in.txt
	bt-split --split-type None in.txt >refs
	predict
	cat parts/* >out
	same out <<-END
	"one
	two"
	END
'
ok 'answers out of order come in the order of the records; many at a time' '
	serve
	chat "\"in_flight\": 7"
	for i in 9 8 7 6 5 4 3 2 1 0; do echo "slow ${i}0 say $i"; done >in.txt
	bt-split in.txt >refs
	predict
	cat parts/* >out
	seq 9 -1 0 | same out
	echo 7 | same most
'
ok 'answers of JSON: columns, objects, and what is none or not of the schema' '
	serve
	json="\"response_format\": { \"type\": \"json_schema\", \"json_schema\": { \"name\": \"l\", \"schema\": {
	    \"type\": \"object\", \"required\": [\"label\"], \"properties\": {
	    \"label\": { \"enum\": [\"good\", \"bad\"] }, \"n\": { \"type\": \"integer\" } } } } }"
	cat >in.txt <<-\END
	say {"label": "good",\n "n": 1}
	think {"n": 2, "label": "bad", "more": [1, "x"]}
	once a say {"label": "ugly", "n": 1}
	say {"label": "good"}
	say none
	say {"n": 1}
	say {"label": "good", "n": 0.5}
	finish length {"label": "good", "n":
	END
	sed -i "s/^once a say .*/once a say {\"label\": \"ugly\", \"n\": 1}/" in.txt
	printf "{\"label\": \"bad\", \"n\": 3}\n" >again
	bt-split in.txt >refs
	model "{ \"columns\": [\"n\", \"label\"], \"tries\": 2, \"body\": { \"model\": \"m\", $json,
	    \"messages\": [ { \"role\": \"user\", \"content\": \"{{record}}\" } ] } }"
	fails 1 predict --isolate
	cat parts/* >out
	same out <<-END
	1,good
	2,bad
	END
	errors >out
	same out <<-END
	2+1 400 the answer is not JSON: no value, where one should be at byte 0 (2 tries)
	3+1 400 the answer has no n (2 tries)
	4+1 400 the answer is not JSON: no value, where one should be at byte 0 (2 tries)
	5+1 400 the answer has no label (2 tries)
	6+1 400 the answer: n: not of the schema'"'"'s type (2 tries)
	7+1 400 the answer was cut (finish_reason length): allow more tokens (2 tries)
	END
	rm -r parts
	head -n 2 in.txt >two.txt
	bt-split two.txt >refs
	predict --accept application/jsonlines
	cat parts/* >out
	same out <<-END
	{"n":1,"label":"good"}
	{"n":2,"label":"bad"}
	END
	rm -r parts
	sed "s/\"columns\".*\"tries\"/\"tries\"/" m/chat.json >new && mv new m/chat.json
	predict --accept application/jsonlines
	cat parts/* >out
	same out <<-END
	{"label":"good","n":1}
	{"n":2,"label":"bad","more":[1,"x"]}
	END
	: >log
	fails 1 predict
	errors >out
	same out <<-END
	0+2 406 answers of JSON are no rows of CSV: set columns in chat.json, or --accept application/jsonlines
	END
	same log </dev/null
'
ok 'completions, and embeddings of many records a request' '
	serve
	model "{ \"body\": { \"model\": \"m\", \"prompt\": \"say {{record}}\" } }"
	seq 3 >in.txt
	bt-split in.txt >refs
	predict
	cat parts/* >out
	seq 3 | same out
	model "{ \"records_per_request\": 2, \"in_flight\": 1, \"body\": { \"model\": \"m\", \"input\": \"{{record}}\" } }"
	printf "%s\n" a bb ccc dddd eeeee >in.txt
	bt-split in.txt >refs
	rm -r parts
	: >log
	predict
	cat parts/* >out
	same out <<-END
	1,0.5
	2,0.5
	3,0.5
	4,0.5
	5,0.5
	END
	same log <<-END
	/v1/embeddings a|bb
	/v1/embeddings ccc|dddd
	/v1/embeddings eeeee
	END
'
ok 'of many records a request, the one that is refused is found' '
	serve
	model "{ \"records_per_request\": 3, \"in_flight\": 1, \"body\": { \"model\": \"m\", \"input\": \"{{record}}\" } }"
	printf "%s\n" a b "error 400 x too long" c >in.txt
	bt-split in.txt >refs
	fails 1 predict --isolate
	errors >out
	same out <<-END
	2+1 400 the server answered 400: too long
	END
	cat parts/* >out
	same out <<-END
	1,0.5
	1,0.5
	1,0.5
	END
	same log <<-END
	/v1/embeddings a|b|error 400 x too long
	/v1/embeddings a
	/v1/embeddings b
	/v1/embeddings error 400 x too long
	/v1/embeddings c
	END
'
ok 'a record that is refused fails alone, and no answer is paid for twice' '
	serve
	chat
	cat >in.txt <<-\END
	a
	error 400 context_length_exceeded This model has 8 tokens
	b
	finish content_filter x
	finish length cut off
	refuse I cannot say
	say
	c
	END
	printf "bytes \377 of another time\n" >>in.txt
	echo d >>in.txt
	bt-split in.txt >refs
	fails 1 predict --isolate
	said "bt-predict: in.txt: record 1 (byte 2): chat: the server answered 400: This model has 8 tokens"
	errors >out
	same out <<-END
	1+1 400 the server answered 400: This model has 8 tokens
	3+1 400 the answer was not finished (finish_reason "content_filter")
	4+1 400 the answer was cut (finish_reason length): allow more tokens
	5+1 400 the model refused: I cannot say
	6+1 400 the answer is empty (4 tries)
	8+1 400 {{record}}: not UTF-8, as a string in JSON is
	END
	cat parts/* >out
	same out <<-END
	a
	b
	c
	d
	END
	sort log | uniq -c | sed "s/^ *//" >out
	same out <<-END
	1 /v1/chat/completions a
	1 /v1/chat/completions b
	1 /v1/chat/completions c
	1 /v1/chat/completions d
	1 /v1/chat/completions error 400 context_length_exceeded This model has 8 tokens
	1 /v1/chat/completions finish content_filter x
	1 /v1/chat/completions finish length cut off
	1 /v1/chat/completions refuse I cannot say
	4 /v1/chat/completions say
	END
	grep -c "	!	" results >out
	fails 1 predict
	errors >out
	same out <<-END
	0+10 400 the server answered 400: This model has 8 tokens
	END
'
ok 'what is wrong for a while costs a wait: 429 with Retry-After, 5xx, broken replies' '
	serve
	chat
	cat >in.txt <<-END
	once a error 429 rate_limit_exceeded slow down
	once b status 500 no
	once c status 502 no
	once d status 503 no
	once e status 504 no
	once f short
	once g chunk-cut
	once h close
	once i garbage
	once j gzip
	once k reply {"choices": [
	once l reply {"choices": [ {"message": {"content": null}} ]}
	once n reply []
	END
	bt-split in.txt >refs
	before=$(date +%s%N)
	predict
	test $((($(date +%s%N) - before) / 1000000)) -ge 1000
	cat parts/* | uniq -c | sed "s/^ *//" >out
	same out <<-END
	13 again
	END
	grep -c "" log >out
	same out <<-END
	26
	END
'
ok 'a quota that is used up, a model that is not there: one request, not one each' '
	serve
	chat "\"in_flight\": 1"
	printf "%s\n" a "error 429 insufficient_quota You have no money" b c >in.txt
	bt-split --max-records 2 in.txt >refs
	fails 1 predict
	errors >out
	same out <<-END
	0+2 400 the server answered 429: You have no money
	2+2 400 the server answered 429: You have no money
	END
	same log <<-END
	/v1/chat/completions a
	/v1/chat/completions error 429 insufficient_quota You have no money
	END
	: >log
	sed "s/\"m\"/\"none\"/" m/chat.json >new && mv new m/chat.json
	fails 1 predict
	said "the server answered 404: The model \`none\` does not exist"
	grep -c "" log >out
	echo 1 | same out
'
ok 'a request that takes too long' '
	serve
	chat "\"timeout\": 1, \"tries\": 1"
	printf "%s\n" a hang stall b >in.txt
	bt-split in.txt >refs
	fails 1 predict --isolate
	errors >out
	same out <<-END
	1+1 400 http://HOST: connected and sent, but no answer within 1 s
	2+1 400 http://HOST: only 5 bytes of the answer within 1 s
	END
	cat parts/* >out
	same out <<-END
	a
	b
	END
'
ok 'more than fits into the time of a batch: it is halved, nothing is asked twice' '
	serve
	chat "\"in_flight\": 1"
	for i in 1 2 3 4 5 6; do echo "slow 350 $i"; done >in.txt
	bt-split in.txt >refs
	predict --invocations-timeout-in-seconds 1
	cat parts/* >out
	seq 6 | same out
	# Requests that were under way when the time was over are sent again.
	test "$(sort -u log | wc -l)" -eq 6
	test "$(grep -c "" log)" -le 10
	test "$(grep -c "" results)" -ge 2
'
ok 'large answers: the memory for them is bounded, the batch is halved' '
	serve
	chat
	i=0
	while test $((i += 1)) -le 100; do echo "big x1000000"; done >in.txt
	bt-split in.txt >refs
	predict
	grep -c "" results >out
	echo 2 | same out
	grep -c "" log >out
	echo 100 | same out
	cat parts/* | wc -c >out
	echo 100000100 | same out
	chat "\"tries\": 1"
	echo "big x17000000" >in.txt
	bt-split in.txt >refs
	fails 1 predict
	errors >out
	same out <<-END
	0+1 400 http://HOST: the answer has more than 16777216 bytes
	END
'
ok 'a dead server costs a wait' '
	serve
	port=$(cat port)
	kill $server
	wait $server || :
	chat "\"in_flight\": 2"
	seq 20 >in.txt
	bt-split --max-records 5 in.txt >refs
	predict & predict=$!
	PORT=$port serve
	wait $predict
	cat parts/* >out
	seq 20 | same out
	kill $server
	wait $server || :
	fails 1 predict --start-timeout 1 --isolate
	errors | sed "s/no server.*: no/no/" >out
	for i in $(seq 0 19); do
		echo "$i+1 500 no connection: Connection refused"
	done >want
	sed "s/http:.*: no/no/" out | diff want -
'
ok 'a killed run is resumed: what has a line is not asked again' '
	serve
	chat "\"in_flight\": 2"
	for i in 1 2 3 4; do echo $i; done >in.txt
	printf "after go 5\nafter go 6\n" >>in.txt
	bt-split --max-records 2 in.txt >refs
	predict & predict=$!
	await eval "test \$(grep -c after log) -eq 2"
	await eval "test \$(grep -c \"\" results) -eq 2"
	kill -9 $predict
	wait $predict || :
	mv results first
	: >go
	bt-todo first <refs >left
	bt-predict -m chat -d m -o parts <left >second
	cat first second | bt-join >out
	seq 6 | same out
	grep -v after log | sort >out
	seq 4 | sed "s,^,/v1/chat/completions ," | same out
'
ok 'the key: in the environment or in a file; a wrong one ends the run' '
	KEY=sk-secret-0123456789
	export KEY
	serve
	chat
	echo a >in.txt
	echo "echo-key" >>in.txt
	bt-split --max-records 1 in.txt >refs
	BT_CHAT_KEY=$KEY; export BT_CHAT_KEY
	fails 1 predict
	cp "$tmp/err" err1
	same parts/* <<-END
	a
	END
	fails 1 predict --isolate
	unset BT_CHAT_KEY
	(umask 077; printf "%s\r\n" $KEY >key)
	fails 1 env BT_CHAT_KEY_FILE=$PWD/key bt-predict -m chat -d m -o parts <refs >results2
	cp "$tmp/err" err2
	rm key
	grep -c "answered 400: x*Bearer \*\*\*" err1 err2 >out
	same out <<-END
	err1:1
	err2:1
	END
	fails 255 env BT_CHAT_KEY=sk-secret-other bt-predict -m chat -d m -o parts <refs >results3
	said "/v1/models: the server answered 401: Incorrect API key provided: Bearer ***************"
	cp "$tmp/err" err3
	fails 255 predict
	said "the server answered 401: Incorrect API key provided: none; set BT_CHAT_KEY or BT_CHAT_KEY_FILE"
	fails 255 predict -E BT_CHAT_KEY=sk-secret
	said "chat: -E BT_CHAT_KEY shows the key to all users: set it in the environment, or BT_CHAT_KEY_FILE"
	cp "$tmp/err" err4
	fails 255 env BT_CHAT_KEY="sk-secret x" bt-predict -m chat -d m -o parts <refs >results4
	said "chat: BT_CHAT_KEY: a key is one word without blanks"
	fails 255 env BT_CHAT_KEY_FILE=none bt-predict -m chat -d m -o parts <refs >results4
	said "chat: BT_CHAT_KEY_FILE=none: No such file or directory"
	fails 1 grep -r sk-secret .
'
ok 'the cost: tokens, and money if prices are known' '
	serve
	chat "\"prices\": { \"prompt\": 2.5, \"completion\": 10 }"
	printf "%s\n" "say one two" "once a status 500 x" "say" >in.txt
	bt-split in.txt >refs
	fails 1 predict --isolate
	said "bt-predict: chat: 7 requests (4 sent again), 12 prompt tokens, 3 completion tokens, cost 6e-05"
	# The first line has it all: the batch was asked about before it was cut up.
	sed "s/.* bytes=[0-9]* //; s/ *sum=.*//" results >out
	same out <<-END
	prompt_tokens=12 completion_tokens=3 cost=6e-05
	
	END
	mkdir job
	cp results job
	bt-report --text job >report
	grep -E "^ *(tokens|cost) " report | sed "s/^ *//; s/  */ /g" >out
	same out <<-END
	tokens 12 of prompts, 3 of answers
	cost 6e-05
	END
'
ok 'a chat.json that is wrong' '
	BT_HTTP_URL=http://127.0.0.1:9
	export BT_HTTP_URL
	echo a >in.txt
	bt-split in.txt >refs
	body="\"body\": { \"messages\": [ \"{{record}}\" ] }"
	while IFS="	" read -r json why; do
		model "$json"
		fails 255 predict
		sed "s/.*chat.json: //" "$tmp/err" >got
		echo "$why" | diff - got
	done <<-END
	{ 	byte 3: the text ends inside a value
	[]	not a JSON object
	{ $body, "modle": 1 }	modle: not a setting of bt-chat(7)
	{ "body": 1 }	body: not an object
	{ "body": {} }	body: messages, prompt or input is missing
	{ "body": { "messages": [] } }	body: no placeholder, such as {{record}}
	{ "body": { "messages": [ "{{record" ] } }	body: {{ without }}
	{ "body": { "messages": [ "{{}}" ] } }	body: {{}} names nothing
	{ "body": { "messages": [ "{{\$[}}" ] } }	body: {{\$[}}: no name in quotes, index, slice, * or ? in brackets
	{ "body": { "messages": [ "{{record}}" ], "stream": true } }	body: stream: answers are read whole
	{ $body, "url": "/v1/files" }	url: /v1/files: not a path like /v1/chat/completions, /v1/completions or /v1/embeddings
	{ $body, "tries": 0 }	tries: less than 1
	{ $body, "in_flight": 1.5 }	in_flight: not a whole number
	{ $body, "columns": ["a"] }	columns: only for answers of JSON, which response_format in body asks for
	{ $body, "columns": "a" }	columns: not an array of names
	{ $body, "records_per_request": 2 }	records_per_request: a chat has one record
	{ $body, "prices": { "input": 1 } }	prices: prompt and completion are expected
	{ $body, "prices": { "prompt": "1" } }	prices: prompt: not a price
	{ "body": { "input": "{{record}}", "user": "{{a}}" } }	body: a placeholder outside of input: only with records_per_request 1
	{ "body": { "input": ["{{record}}"] } }	body: input: a string is required for many records a request
	{ "url": "/v1/completions" }	url and columns need a body; without one each record is a request with its own url
	END
	chat
	fails 255 bt-predict -m chat -d . -o parts <refs
	said "chat: ./chat.json: No such file or directory"
	fails 255 bt-predict -m chat -o parts <refs
	said "chat: a model folder with chat.json is required: -d"
	fails 255 predict -E BT_HTTP_URL=ftp://x
	said "chat: chat.json: server: not http://host:port"
	unset BT_HTTP_URL
	fails 255 predict
	said "chat: chat.json: server: missing, and so is BT_HTTP_URL"
'
ok 'records that the placeholders do not fit' '
	serve
	model "{ \"body\": { \"model\": \"m\", \"messages\": [ { \"content\": \"{{text}}\" } ] } }"
	printf "id,text\n1,a\n2\n" >in.csv
	bt-split in.csv >refs
	fails 1 predict
	errors >out
	bt-split --header=send in.csv >refs
	fails 1 predict --isolate
	errors >>out
	sed "s/text/review/" in.csv >other.csv
	bt-split --header=send other.csv >refs
	fails 1 predict
	errors >>out
	printf "%s\n" "{\"text\": \"a\"}" "{\"a\": 1}" "[1]" >in.jsonl
	bt-split in.jsonl >refs
	fails 1 predict --isolate
	errors >>out
	cp in.csv in.txt
	bt-split in.txt >refs
	fails 1 predict
	errors >>out
	same out <<-END
	0+3 400 names of columns need the header row: bt-split --header=send, or write {{\$[0]}}
	1+1 400 {{text}}: 1 fields; the header row has column 2
	0+2 400 {{text}}: the header row has no such column
	1+1 400 {{text}}: no such member
	2+1 400 {{text}}: not a JSON object
	0+3 400 {{text}} is not for records of text/plain: write {{record}}
	END
'
finish
