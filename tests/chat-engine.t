#!/bin/sh
# The plugin chat and a real engine: llama.cpp, by node-llama-cpp, with a tiny
# model.  BT_LLAMA is the node_modules with it; .ci/run installs it.
. "${0%/*}/lib.sh"
. "${0%/*}/chat/lib.sh"
packages=${BT_LLAMA:-$top/build-npm-llama/node_modules}
if ! command -v node >/dev/null || ! test -d "$packages/node-llama-cpp"; then
	echo '1..0 # SKIP no node with node-llama-cpp'
	exit 0
fi
export packages

# engine: starts it, once for all tests.
mkdir "$tmp/engine"
(
	cd "$tmp/engine" || exit
	python3 "$here/gguf.py" tiny.gguf
	exec node "$here/engine.mjs" "$packages" tiny.gguf
) >"$tmp/engine/log" 2>&1 &
engine=$!
trap 'kill $engine 2>/dev/null || :' EXIT
await test -s "$tmp/engine/port" || cat "$tmp/engine/log"
BT_HTTP_URL=http://127.0.0.1:$(cat "$tmp/engine/port")
export BT_HTTP_URL

ok 'the reviews of the example, English and Vietnamese: each gets one of the labels' '
	for n in 1 2 3 4 5 6; do
		sed -n "${n}p; $((n * 70))p" "$top/examples/reviews/reviews.jsonl"
	done >in.jsonl
	"$top/examples/reviews/ask" in.jsonl >out.jsonl
	"$top/examples/reviews/ask" in.jsonl >again.jsonl
	cmp out.jsonl again.jsonl
	sed "s/,\"SageMakerOutput\":{\"label\":\"\(positive\|neutral\|negative\)\"}}\$/}/" out.jsonl |
	    cmp - in.jsonl
	grep -c "[ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữự]" in.jsonl
'
ok 'a review that is too long for the context fails alone, with the words of the engine' '
	model "{ \"body\": { \"messages\": [ { \"role\": \"user\", \"content\": \"{{\$[-1]}}\" } ],
	    \"response_format\": { \"type\": \"json_schema\", \"json_schema\": { \"name\": \"n\",
	    \"schema\": { \"enum\": [ \"a\", \"b\" ] } } } } }"
	head -n 3 "$top/examples/reviews/reviews.csv" >in.csv
	yes "too long" | head -n 200 | tr "\n" " " >>in.csv
	echo >>in.csv
	bt-split in.csv >refs
	fails 1 predict --isolate --accept application/jsonlines
	errors | sed "s/[0-9]* tokens/N tokens/" >out
	same out <<-END
	3+1 400 the server answered 400: N tokens and 64 to answer exceed the context of 1024
	END
	cat parts/* >out
	fails 1 grep -nvx "\"[ab]\"" out
	grep -c "" out >n
	echo 3 | same n
'
ok 'embeddings' '
	model "{ \"body\": { \"model\": \"tiny\", \"input\": \"{{\$[-1]}}\" } }"
	head -n 5 "$top/examples/reviews/reviews.csv" >in.csv
	bt-split in.csv >refs
	predict
	awk -F , "{ print NF }" parts/* >out
	same out <<-END
	48
	48
	48
	48
	48
	END
	cat parts/* >all
	sort -u all | grep -c "" >n
	echo 5 | same n
	# One by one they are the same, in the same order.
	bt-split --max-records 1 in.csv >refs
	rm -r parts
	predict
	cat parts/* | cmp - all
'
finish
