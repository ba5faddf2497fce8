#!/bin/sh
# The examples of the manual pages run as a reader pastes them: as they are
# rendered, indented, at 80 columns, into a new shell, one after the other.
. "${0%/*}/lib.sh"
if ! command -v mandoc >/dev/null; then
	echo '1..0 # SKIP no mandoc'
	exit 0
fi

# rendered PAGE: the EXAMPLES, as a terminal of 80 columns shows them.
rendered() {
	mandoc -Tascii -Owidth=80 "$1" | sed "s/.$(printf '\b')//g" |
	    sed -n '/^EXAMPLES/,/^[A-Z]/p' | sed '1d; $d' | sed '/^     \/\*/,/BT_PLUGIN(/d'
}

# blocks PAGE: each example in a file 1, 2, ... here, with its indentation.
blocks() {
	rendered "$1" | awk '
		/^           / { if (!in_one) n++; in_one = 1; printf "%s", blank; print >n; blank = ""; next }
		/^$/ && in_one { next }
		{ in_one = 0 }
	'
}

# source PAGE: the lines of the examples in the page, for comparison.
source_lines() {
	awk '
		/^\.Sh / { in_it = $2 == "EXAMPLES"; next }
		!in_it { next }
		/^\.Bd -literal/ { b = 1; next }
		/^\.Ed/ { b = 0; next }
		/^\.Dl / { sub(/^\.Dl /, ""); print; next }
		/^\.\\" .* begins/ { b = 0 }
		/^\.\\"/ { next }
		b { print }
	' "$1" | sed 's/\\e/\\/g; s/\\-/-/g; s/\\&//g; s/\\(aq/'"'"'/g; /^$/d'
}

# What the examples find where they are run: files of the names that they use.
folder() {
	cp -r "$top/examples/reviews/." .
	cp -r models/sentiment model
	cp -r models/sentiment sentiment
	cp reviews.csv in.csv
	cp reviews.jsonl in.jsonl
	mkdir data in spool out
	cp reviews.csv data/
	cp reviews.csv in/
	bt-split --max-records 100 reviews.csv >refs
	bt-predict -m linear -d model -o parts <refs >results
	printf '1.5,2\n3,4\n' >rows.csv
	tar -czf model.tar.gz -C model .
	gzip -c reviews.csv >in/a.csv.gz
	HOME=$PWD/home
	mkdir home
	export HOME
	unset BT_HOME
	export url="file://$PWD/reviews.csv"
}

# for_page NAME: what one page's examples need besides.
for_page() {
	case $1 in
	bt-filter)
		rm -rf model
		cp -r "$top/examples/scores/models/pass" model
		cp "$top/examples/scores/scores.csv" in.csv
		printf '{"id": 1, "features": [1, 2, 3]}\n' >in.jsonl ;;
	bt-http)
		printf "%s\n" "def app(environ, start_response):" \
		    "    start_response(\"200 OK\", [(\"Content-Type\", \"text/csv\")])" \
		    "    return [environ[\"wsgi.input\"].read()]" >app.py ;;
	bt-linear | bt-onnx | bt-transform) cp -r "$top/examples" . ;;
	bt-python)
		mkdir -p model/code
		sed "s/^           //" "$tmp/blocks/1" >model/code/inference.py ;;
	bt-xgboost)
		cp -r "$top/examples" .
		tar -czf examples/breast-cancer/model.tar.gz \
		    -C examples/breast-cancer/models/diagnosis .
		cut -d, -f2- examples/breast-cancer/tumours.csv >examples/breast-cancer/data.csv ;;
	bt-s3manifest) echo '[{"prefix": "s3://bucket/in/"}, "a"]' >today.manifest ;;
	bt-split)
		cp in/a.csv.gz .
		printf '%s\t!\terror=x\n' "$(head -n 1 refs)" >results ;;
	bt-join)
		bt-split --max-records 100 data/reviews.csv |
		    bt-predict -m linear -d model -o parts >results ;;
	bt-todo)
		mkdir results.d
		cp results results.d ;;
	bt-job)
		mkdir -p home/.bt/jobs
		bt-job --json --model "$top/examples/jobs/models/sentiment.json" \
		    "$top/examples/jobs/jsonlines.json" |
		    sed "s,data/,s3://bucket/data/,; s,\"out/,\"s3://bucket/out/," >job.json
		cp -r "$top/examples" .
		(cd examples/jobs && bt-transform --transform-job-name reviews \
		    --model models/sentiment.json jsonlines.json >arn 2>&1) ;;
	esac
}

# why_not FILE: why a block is not run here, or nothing.
why_not() {
	case $(sed 's/^ *//' "$1") in
	docker* | *'docker run'*) echo 'it needs Docker' ;;
	*'npm install'* | *'pip install'* | *https://*) echo 'it needs the network' ;;
	*s3://*) echo 'it needs S3' ;;
	*ssh\ * | *'http://'* | *'parallel -S'*) echo 'it needs a server' ;;
	*'while bt-report'*) echo 'it goes on until the job has ended' ;;
	parallel* | *'parallel '*) command -v parallel >/dev/null || echo 'it needs GNU parallel' ;;
	'{'* | 'import '* | 'def '* | '/*'* | '#!'*) echo 'it is a file' ;;
	*pgrep*) echo 'nothing runs in the background' ;;
	*'-m onnx'*) test -n "${BT_ONNXRUNTIME-}" || echo 'it needs ONNX Runtime' ;;
	*'-m xgboost'*) test -e "$B/plugins/xgboost.so" || echo 'it needs libxgboost' ;;
	*pkg-config*) echo 'it needs an installation' ;;
	esac
}

# run_blocks SHELL: all that can run here, one after the other, in a new shell.
run_blocks() {
	block=0
	while block=$((block + 1)) && test -e "$tmp/blocks/$block"; do
		why=$(why_not "$tmp/blocks/$block")
		if test -n "$why"; then
			echo ": example $block is not run: $why"
			continue
		fi
		cat "$tmp/blocks/$block"
		echo "test \$? -eq 0 || { echo 'example $block failed' >&2; exit 1; }"
	done >"$tmp/script"
	"$1" <"$tmp/script" >"$tmp/out" 2>"$tmp/err2" || { cat "$tmp/err2"; return 1; }
	if grep -E "not found|^usage|: syntax|No such file" "$tmp/err2"; then return 1; fi
}

for file in "$top"/man/*.[1-9]; do
	page=${file##*/} page=${page%.*}
	grep -q '^\.Sh EXAMPLES' "$file" || continue
	ok "$page: no line of an example is wrapped, none ends only if it is not indented" '
		source_lines "$file" | sed "s/^[ 	]*//" >want
		rendered "$file" | sed -n "s/^           *//p" | sed "s/^[ 	]*//; /^\$/d" |
		    diff want -
		rendered "$file" >text
		fails 1 grep "<<" text
	'
	ok "$page: the examples run" '
		mkdir "$tmp/blocks"
		(cd "$tmp/blocks"; blocks "$file")
		for shell in dash bash; do
			mkdir $shell
			(
				cd $shell
				folder
				for_page "$page"
				run_blocks $shell
			) || { rm -rf "$tmp/blocks"; false; }
		done
		rm -rf "$tmp/blocks"
	'
done
finish
