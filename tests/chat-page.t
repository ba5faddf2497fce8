#!/bin/sh
# The examples of bt-chat(7) run as a reader pastes them, with a server that gives
# each review a label.
. "${0%/*}/lib.sh"
. "${0%/*}/chat/lib.sh"
. "${0%/*}/pages.sh"
if ! command -v mandoc >/dev/null; then
	echo '1..0 # SKIP no mandoc'
	exit 0
fi

# why_not FILE: why a block is not run here, or nothing.
why_not() {
	case $(cat "$1") in
	*'"server"'* | *'"custom_id"'*) echo 'it is a file' ;;
	*https://*) echo 'it needs the network' ;;
	esac
}

for shell in dash bash; do
	export shell
	ok "the examples run in $shell" '
		mkdir "$tmp/blocks"
		(cd "$tmp/blocks"; blocks "$top/man/bt-chat.7")
		LABELS=1
		export LABELS
		serve
		folder
		rm -rf parts
		mkdir labels
		cp "$tmp/blocks/1" labels/chat.json
		printf "{\"custom_id\":\"r-1\",\"url\":\"/v1/completions\",\"body\":{\"prompt\":\"say hi\"}}\n" >requests.jsonl
		run_blocks $shell
		rm -rf "$tmp/blocks"
		grep -c "" reviews.csv.out >got
		echo 814 | same got
		sed "s/,\(good\|bad\)\$//" reviews.csv.out | cmp - reviews.csv
		grep -c ",good\$" reviews.csv.out
		jq -r ".custom_id, .response.body.choices[0].text" answers.jsonl >got
		same got <<-END
		r-1
		hi
		END
	'
done
finish
