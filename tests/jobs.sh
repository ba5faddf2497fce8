# jobs.sh - the requests of examples/jobs, and what becomes of them.
# shellcheck shell=sh disable=SC2154
#
# They are run in $jobs, the folder of a copy of the examples, whose outputs are
# to be as below tests/jobs: written by hand, or by Python from the data.
export BT_HOME="$tmp/bt" PYTHONDONTWRITEBYTECODE=1
copy_examples "$tmp/examples"
jobs=$tmp/examples/jobs
"$jobs/generate.py"

# The system's Python may have more than the first on PATH, which may be a
# version manager's; that one starts slowly.
BT_PYTHON=$(python3 -c 'import sys; print(sys.executable)')
for python in "$BT_PYTHON" /usr/bin/python3; do
	if "$python" -c 'import sklearn' 2>/dev/null; then
		BT_PYTHON=$python
		break
	fi
done
export BT_PYTHON

# model_of JOB: the file of the CreateModel request.
model_of() {
	sed -n 's,.*"ModelName": "\(.*\)".*,models/\1.json,p' "$jobs/$1.json"
}

# lacks JOB: what this machine has not, but the job needs.
lacks() {
	case $(model_of "$1") in
	*/server.json) test -f "$B/plugins/http.so" || echo 'no libcurl' ;;
	*/rings.json)
		bt-predict --probe -m onnx -d "$tmp/examples/onnx/models/rings" \
		    >/dev/null 2>&1 || echo 'no libonnxruntime' ;;
	*/wines.json)
		"$BT_PYTHON" -c 'import sklearn' 2>/dev/null || echo 'no scikit-learn' ;;
	esac
	case $1 in
	manifest | capture) test -x "$B/bt-s3cat" || echo 'no libraries for S3' ;;
	esac
}

# Trains the model of examples/sklearn, and calls its functions from Python.
train_wines() {
	(cd "$tmp/examples/sklearn" && "$BT_PYTHON" train.py && "$BT_PYTHON" - <<-END
	import os, sys
	sys.path.insert(0, "model/code")
	import inference
	model = inference.model_fn("model")
	with open("wines.csv") as rows, open("want", "w") as want:
	    for row in rows:
	        name, _, rest = row.partition(",")
	        reply = inference.output_fn(
	            inference.predict_fn(inference.input_fn(rest, "text/csv"), model), "text/csv")
	        want.write(name + "," + reply[0])
	END
	)
}

# want JOB: the folder of what should come out.
want() {
	case $1 in
	concurrent) echo "$top/tests/jobs/breast-cancer" ;;
	sklearn)
		mkdir -p "$tmp/wines"
		cp "$tmp/examples/sklearn/want" "$tmp/wines/wines.csv.out"
		echo "$tmp/wines" ;;
	*)	echo "$top/tests/jobs/$1" ;;
	esac
}

# compare JOB FOLDER: what came out, ids and times aside, with what should.
compare() {
	if test "$1" = capture; then
		sed -Ei 's/,[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12},20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$/,ID,TIME/' \
		    "$2/scores.csv.out"
	fi
	diff -r "$(want "$1")" "$2"
}

# in_s3 BUCKET <REQUEST: with its paths in S3, and archives for models.
in_s3() {
	sed -E "s,(\"(S3Uri|S3OutputPath|DestinationS3Uri|ModelDataUrl)\": \")(\.\./)?,\1s3://$1/,
	    s,(\"ModelDataUrl\": \"[^\"]*),\1/model.tar.gz,"
}
