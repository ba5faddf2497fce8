#!/bin/sh
# The examples of the manual pages run as a reader pastes them: as they are
# rendered, indented, at 80 columns, into a new shell, one after the other.
. "${0%/*}/lib.sh"
. "${0%/*}/pages.sh"
if ! command -v mandoc >/dev/null; then
	echo '1..0 # SKIP no mandoc'
	exit 0
fi

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
		    "    return [environ[\"wsgi.input\"].read()]" >app.py
		sed "s/read()/&.replace(b\"instances\", b\"predictions\", 1)/" app.py >vertex.py ;;
	bt-model)
		export CPATH="$top/tools"
		rm -rf model
		cp -r "$top/examples/plugin/model" "$top/examples/plugin/dot.c" .
		echo 1,2,3 >rows.csv ;;
	bt-onnx | bt-transform) copy_examples examples ;;
	bt-linear)
		copy_examples examples
		printf "%s\n" 1,0 0,1 >examples/linear-learner/data.csv
		python3 "$top/tests/learner.py" binary_classifier logistic 0.463 -1 1/1 \
		    >examples/linear-learner/model.tar.gz ;;
	bt-python)
		mkdir -p model/code
		sed "s/^           //" "$tmp/blocks/1" >model/code/inference.py
		mkdir lengths
		sed "s/^           //" "$tmp/blocks/3" >lengths/inference.py ;;
	bt-xgboost)
		copy_examples examples
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
	bt-share) sed "s/^           //" "$tmp/blocks/3" >task ;;
	bt-todo)
		mkdir results.d
		cp results results.d ;;
	bt-job)
		mkdir -p home/.bt/jobs
		bt-job --json --model "$top/examples/jobs/models/sentiment.json" \
		    "$top/examples/jobs/jsonlines.json" |
		    sed "s,data/,s3://bucket/data/,; s,\"out/,\"s3://bucket/out/," >job.json
		copy_examples examples
		(cd examples/jobs && bt-transform --transform-job-name reviews \
		    --model models/sentiment.json jsonlines.json >arn 2>&1) ;;
	esac
}

# why_not FILE: why a block is not run here, or nothing.
why_not() {
	case $(sed 's/^ *//' "$1") in
	*BT_ENGINE=* | bt-transform\ describe*bt-transform\ resume*) echo 'it needs a cluster' ;;
	docker* | *'docker run'*) echo 'it needs Docker' ;;
	*'npm install'* | *'pip install'* | *https://*) echo 'it needs the network' ;;
	*s3://*) echo 'it needs S3' ;;
	*ssh\ * | *'http://'* | *'parallel -S'*) echo 'it needs a server' ;;
	*'-m chat'*) echo 'it needs a server: tests/chat-page.t has one' ;;
	*sbatch\ *) echo 'it needs Slurm' ;;
	*'while bt-report'*) echo 'it goes on until the job has ended' ;;
	parallel* | *'parallel '*) command -v parallel >/dev/null || echo 'it needs GNU parallel' ;;
	'{'* | 'import '* | 'def '* | '/*'* | '#!'*) echo 'it is a file' ;;
	*pgrep*) echo 'nothing runs in the background' ;;
	*'python3 '*) command -v python3 >/dev/null || echo 'it needs Python' ;;
	*'-m onnx'*) test -n "${BT_ONNXRUNTIME-}" || echo 'it needs ONNX Runtime' ;;
	*pkg-config*) echo 'it needs an installation' ;;
	esac
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
