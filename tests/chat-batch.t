#!/bin/sh
# Files of OpenAI's batch format run unchanged: bt-chat(7).
. "${0%/*}/lib.sh"
. "${0%/*}/chat/lib.sh"

ok 'requests are sent as they are, answers are lines of the batch output format' '
	BODIES=$PWD/bodies
	export BODIES
	serve
	model "{}"
	cat >in.jsonl <<-\END
	{"custom_id": "a \u00e9\"1", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "m", "odd": [1.0, {"x": null}], "messages": [{"role": "user", "content": "say hi"}]}}
	{"custom_id": "b", "method": "POST", "url": "/v1/completions", "body": {"model": "m", "prompt": "slow 50 finish length x"}}
	{"custom_id": "c", "method": "POST", "url": "/v1/embeddings", "body": {"model": "m", "input": ["x", "yy"]}}
	{"custom_id": "d", "url": "/v1/chat/completions", "body": {"model": "none", "messages": [{"content": "a"}]}}
	{"custom_id": "e", "url": "/v1/completions", "body": {"prompt": "status 400 plain <b>"}}
	{"custom_id": "f", "url": "/v1/completions", "body": {"prompt": "once z error 429 x y"}}
	END
	bt-split in.jsonl >refs
	predict 2>err
	cat parts/* >out
	same out <<-\END
	{"id":"batch_req_0","custom_id":"a \u00e9\"1","response":{"status_code":200,"request_id":"cmpl-1","body":{"id":"cmpl-1","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"hi","refusal":null}}],"usage":{"prompt_tokens":2,"completion_tokens":1,"total_tokens":3}}},"error":null}
	{"id":"batch_req_1","custom_id":"b","response":{"status_code":200,"request_id":"cmpl-1","body":{"id":"cmpl-1","choices":[{"index":0,"finish_reason":"length","text":"x"}],"usage":{"prompt_tokens":5,"completion_tokens":1,"total_tokens":6}}},"error":null}
	{"id":"batch_req_2","custom_id":"c","response":{"status_code":200,"request_id":null,"body":{"object":"list","data":[{"object":"embedding","index":1,"embedding":[2,0.5]},{"object":"embedding","index":0,"embedding":[1,0.5]}],"usage":{"prompt_tokens":2,"completion_tokens":0,"total_tokens":2}}},"error":null}
	{"id":"batch_req_3","custom_id":"d","response":{"status_code":404,"request_id":null,"body":{"error":{"message":"The model `none` does not exist","type":"x","param":null,"code":"model_not_found"}}},"error":null}
	{"id":"batch_req_4","custom_id":"e","response":{"status_code":400,"request_id":null,"body":"plain <b>"},"error":null}
	{"id":"batch_req_5","custom_id":"f","response":{"status_code":200,"request_id":"cmpl-1","body":{"id":"cmpl-1","choices":[{"index":0,"finish_reason":"stop","text":"again"}],"usage":{"prompt_tokens":6,"completion_tokens":1,"total_tokens":7}}},"error":null}
	END
	sort err >out
	same out <<-END
	bt-predict: chat: 7 requests (1 sent again), 15 prompt tokens, 3 completion tokens
	bt-predict: chat: warning: in.jsonl: record 3: the server answered 404: The model \`none\` does not exist
	bt-predict: chat: warning: in.jsonl: record 4: the server answered 400: plain <b>
	END
	grep odd bodies >out
	same out <<-END
	{"model": "m", "odd": [1.0, {"x": null}], "messages": [{"role": "user", "content": "say hi"}]}
	END
'
ok 'a line that is no request fails alone; the key goes to no other path' '
	serve
	model "{}"
	cat >in.jsonl <<-\END
	{"custom_id": "a", "url": "/v1/completions", "body": {"prompt": "say a"}}
	{"custom_id": "b", "url": "/v1/files", "body": {}}
	{"custom_id": "b", "url": "/v1/files?/v1/completions", "body": {}}
	{"custom_id": "b", "url": "@host/v1/completions", "body": {}}
	{"custom_id": "b", "url": "/x y/completions", "body": {}}
	{"custom_id": "b", "method": "DELETE", "url": "/v1/completions", "body": {}}
	{"custom_id": "b", "url": "/v1/completions", "body": "x"}
	{"custom_id": "b", "url": "/v1/completions", "body": {"stream": true}}
	{"custom_id": "b", "body": {}}
	{"custom_id": 1, "url": "/v1/completions", "body": {}}
	{"text": "a review"}
	{"custom_id": "b"
	{"custom_id": "z", "url": "/v1/completions", "body": {"prompt": "say z"}}
	END
	bt-split in.jsonl >refs
	fails 1 predict --isolate
	errors >out
	same out <<-\END
	1+1 400 url: not a path like /v1/chat/completions, /v1/completions or /v1/embeddings
	2+1 400 url: not a path like /v1/chat/completions, /v1/completions or /v1/embeddings
	3+1 400 url: not a path like /v1/chat/completions, /v1/completions or /v1/embeddings
	4+1 400 url: not a path like /v1/chat/completions, /v1/completions or /v1/embeddings
	5+1 400 method: not POST
	6+1 400 body: not an object
	7+1 400 body: stream: answers are read whole
	8+1 400 url: not a string
	9+1 400 no request of OpenAI'"'"'s batch format: custom_id, a string, is missing (chat.json has no body)
	10+1 400 no request of OpenAI'"'"'s batch format: custom_id, a string, is missing (chat.json has no body)
	11+1 400 not JSON at byte 17: the text ends inside a value
	END
	sort log >out
	same out <<-END
	/v1/completions say a
	/v1/completions say z
	END
	grep -o "\"custom_id\":\"[a-z]\"" parts/* >out
	same out <<-END
	"custom_id":"a"
	"custom_id":"z"
	END
	fails 1 predict --accept text/csv
	said "answers in OpenAI'"'"'s batch format are no rows of CSV: --accept application/jsonlines"
'
finish
