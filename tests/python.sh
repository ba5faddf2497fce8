# python.sh - what the tests of the python plugin have in common.
# shellcheck shell=sh
# Not a version manager's: one that starts at once.
BT_PYTHON=$(python3 -c 'import sys; print(sys.executable)')
# A script that is written twice in a second would be the first one, compiled.
export BT_PYTHON PYTHONDONTWRITEBYTECODE=1

# script [FILE]: standard input is m/code/inference.py, or m/FILE.
script() {
	mkdir -p m/code
	cat >"m/${1:-code/inference.py}"
}

# with_numpy TITLE: BT_PYTHON has it from here on; without one, all of TITLE is skipped.
with_numpy() {
	for python in "$BT_PYTHON" /usr/bin/python3 ""; do
		test -z "$python" || ! "$python" -c 'import numpy' 2>/dev/null || break
	done
	if test -z "$python"; then
		skip "$1" 'no numpy'
		finish
	fi
	export BT_PYTHON="$python"
}

# run OPTION ...: the replies to refs.
run() {
	rm -rf parts
	bt-predict -m python -d m -o parts "$@" <refs >results || return
	cat parts/*
}

# predict FILE OPTION ...: the replies to it.
predict() {
	bt-split "$1" >refs
	shift
	run "$@"
}

# errors: tries, status and error of the results that are one.
errors() {
	sed -n "s/.*	!	.* tries=\([0-9]*\) .* status=\([^ ]*\) error=/\1 \2 /p" results |
	    sed "s/%20/ /g; s/%2C/,/g; s/%22/\"/g; s/%27/'/g; s/%23/#/g; s/%25/%/g"
}

# script_that STATEMENT ...: predict_fn does that to each line; a line replies
# with itself else.
script_that() {
	script <<-END
	import os, signal, sys, time
	def model_fn(model_dir):
	    return None
	def input_fn(body, content_type):
	    return body.decode().splitlines()
	def predict_fn(lines, model):
	    for line in lines:
	        $1
	    return lines
	def output_fn(lines, accept):
	    return "".join(line + "\n" for line in lines), "text/plain"
	END
}
