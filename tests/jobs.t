#!/bin/sh
# The requests of examples/jobs, run here.
. "${0%/*}/lib.sh"
. "${0%/*}/jobs.sh"

test -n "$(lacks sklearn)" || train_wines
for file in "$jobs"/*.json; do
	job=${file##*/} job=${job%.json} why=$(lacks "$job")
	if test -n "$why"; then
		skip "$job" "$why"
		continue
	fi
	ok "$job" '
		cd "$jobs"
		bt-transform --model "$(model_of "$job")" "$job.json" >"$tmp/arn"
		compare "$job" "out/$job"
		bt-transform describe "$job" | grep "\"TransformJobStatus\": \"Completed\""
		test ! -s "$BT_HOME/jobs/$job/log"
	'
done

ok 'each request is valid, and one for the service with paths in S3' '
	cd "$jobs"
	for file in *.json; do
		job=${file%.json} model=$(model_of "$job")
		bt-job --check --model "$model" "$file"
		fails 1 bt-job --check --strict "$file"
		in_s3 bucket <"$file" >"$tmp/job.json"
		in_s3 bucket <"$model" >"$tmp/model.json"
		bt-job --check --strict --model "$tmp/model.json" "$tmp/job.json"
		test "$job" = "$(sed -n "s/.*\"TransformJobName\": \"\(.*\)\".*/\1/p" "$file")"
		grep "^| \`$job\` | \`$(basename "$model" .json)\` |" README.md
	done
'
ok 'the README prints what comes out' '
	grep -Fx "    $(head -n 1 "$top/tests/jobs/jsonlines/reviews.jsonl.out")" \
	    "$top/README.md"
'
if ! command -v shellcheck >/dev/null; then
	skip 'what dry runs print passes shellcheck' 'no shellcheck'
	finish
fi
ok 'what dry runs print passes shellcheck' '
	cd "$jobs"
	for file in *.json; do
		job=${file%.json}
		test -z "$(lacks "$job")" || continue
		bt-transform --dry-run --overwrite --model "$(model_of "$job")" \
		    --transform-job-name dry "$file" >"$tmp/script"
		shellcheck -s sh "$tmp/script"
	done
'
finish
