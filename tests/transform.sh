# transform.sh - small jobs, for tests of bt-transform.
# shellcheck shell=sh disable=SC2154

# bt-transform prefers the tools in its own folder.  Here it stands alone, so that
# a test can put others before them in PATH.
mkdir "$tmp/alone"
cp "$B/bt-transform" "$tmp/alone/"
PATH=$tmp/alone:$PATH

# A job starts hundreds of processes, and looking for leaks as one ends takes as
# long as all else under the sanitizers.  The tests of each tool look.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"

# request NAME S3URI [MEMBERS]: a job of the model m.
request() {
	cat <<-END
	{ "TransformJobName": "$1", "ModelName": "m",
	  "TransformInput": { "DataSource": { "S3DataSource": {
	      "S3DataType": "S3Prefix", "S3Uri": "$2" } },
	    "ContentType": "text/csv", "SplitType": "Line" },
	  "TransformOutput": { "S3OutputPath": "out", "Accept": "text/csv",
	    "AssembleWith": "Line" }
	END
	printf '%s }\n' "${3:+, $3}"
}

# model IMAGE [URL [MEMBERS]]
model() {
	mkdir -p "$BT_HOME/models"
	{
		printf '{ "ModelName": "m", "PrimaryContainer": { "Image": "%s"' "$1"
		test -z "${2-}" || printf ', "ModelDataUrl": "%s"' "$2"
		test -z "${3-}" || printf ', %s' "$3"
		echo ' } }'
	} >"$BT_HOME/models/m.json"
}

# model_of_loads: a script that adds a line to the file loads each time it is loaded.
model_of_loads() {
	mkdir m
	cat >m/inference.py <<-END
	def model_fn(model_dir):
	    with open("$PWD/loads", "a") as f:
	        f.write("load\n")
	def input_fn(body, content_type):
	    return body
	def predict_fn(body, model):
	    return body
	def output_fn(body, accept):
	    return body
	END
	model python "$PWD/m"
}

# run_job ARGUMENT ...: quietly, and what it says stays in the file err.
run_job() {
	bt-transform "$@" >arn 2>err
}

# dated: with its times and seconds out of a description.
dated() {
	sed 's/20[0-9-]*T[0-9:.]*+00:00/TIME/'
}

unfolded() {	# lines that go on are one
	sed ':a
	    /\\$/{ N; s/[[:blank:]]*\\\n[[:blank:]]*/ /; ba
	    }'
}

# kill_all: -9, all that runs for this test's jobs.
kill_all() {
	while :; do
		env -u BT_HOME grep -lzs "^BT_HOME=$BT_HOME\$" \
		    /proc/[0-9]*/environ >"$tmp/alive" || :
		test -s "$tmp/alive" || break
		while IFS=/ read -r _ _ pid _; do
			kill -9 "$pid" 2>/dev/null || :
		done <"$tmp/alive"
	done
}
