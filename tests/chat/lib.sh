# lib.sh - a server, a model and what became of a run, for the tests of chat.
# shellcheck shell=sh disable=SC2154
test -f "$B/plugins/chat.so" || { echo "1..0 # SKIP no plugin chat"; exit 0; }
unset BT_HTTP_URL BT_HTTP_HEADERS BT_CHAT_KEY BT_CHAT_KEY_FILE KEY BODIES
here=$top/tests/chat
export here PYTHONDONTWRITEBYTECODE=1

# serve: starts the server; its requests go to the file log.
serve() {
	rm -f port
	LOG=$PWD/log python3 "$here/server.py" & server=$!
	# shellcheck disable=SC2064
	trap "kill $server 2>/dev/null || :" EXIT
	await test -s port
	BT_HTTP_URL=http://127.0.0.1:$(cat port)
	export BT_HTTP_URL
}

# model JSON: the model, in the folder m.
model() {
	mkdir -p m
	printf '%s\n' "$1" >m/chat.json
}

# chat MEMBERS: a model that asks with the record, MEMBERS beside its body.
chat() {
	model "{ \"body\": { \"model\": \"m\", \"messages\": [
	    { \"role\": \"user\", \"content\": \"{{record}}\" } ] } ${1:+, $1} }"
}

# predict OPTION ...: of the references in the file refs.
predict() {
	bt-predict -m chat -d m -o parts "$@" <refs >results
}

# Records and error of each failure.
errors() {
	sed -n "s/.*records=\([0-9]*+[0-9]*\).*	!	.* status=\([^ ]*\) error=[^:]*:%20chat:%20/\1 \2 /p" results |
	    sed "s/%20/ /g; s/%2C/,/g; s/%22/\"/g; s/%27/\x27/g; s/127.0.0.1:[0-9]*/HOST/"
}
