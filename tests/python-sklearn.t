#!/bin/sh
# A pipeline of scikit-learn through the python plugin: examples/sklearn.
. "${0%/*}/lib.sh"
. "${0%/*}/python.sh"

for python in "$BT_PYTHON" /usr/bin/python3 ""; do
	test -z "$python" || ! "$python" -c 'import sklearn' 2>/dev/null || break
done
if test -z "$python"; then
	skip 'a pipeline of scikit-learn' 'no scikit-learn'
	finish
fi
export BT_PYTHON="$python"

ok 'what the functions say when Python calls them, in batches of any size' '
	cp -r "$top/examples/sklearn" x
	cd x
	"$BT_PYTHON" train.py
	test "$(wc -l <wines.csv)" -eq 89
	cat >want.py <<-\EOF
	import sys
	sys.path.insert(0, "model/code")
	import inference
	model = inference.model_fn("model")
	for line in open("wines.csv"):
	    name, _, rest = line.partition(",")
	    reply = inference.output_fn(
	        inference.predict_fn(inference.input_fn(rest, "text/csv"), model), "text/csv")
	    print(name, reply[0], sep=",", end="")
	EOF
	"$BT_PYTHON" want.py >want
	for n in 1 50; do
		bt-split --max-records $n wines.csv | xargs -P 2 -n 45 \
		    bt-predict -m python -d model --input-filter "\$[1:]" -o parts |
		    bt-join --join-source Input --output-filter "\$[0,-2,-1]" >out
		diff -u want out
	done
	test "$(awk -F, "\$1 == \$2" out | wc -l)" -ge 80
	printf "{\"instances\": [[%s]]}" "$(head -n 1 wines.csv | cut -d, -f2-)" >one.json
	bt-split --split-type None one.json | bt-predict -m python -d model -o one >/dev/null
	cat one/*.part >reply
	"$BT_PYTHON" -c "import json; print(json.load(open(\"reply\"))[\"predictions\"][0][\"label\"])" >label
	head -n 1 want | cut -d, -f2 | cmp - label
'
finish
