# pages.sh - the examples of the manual pages, as a reader pastes them.
# shellcheck shell=sh disable=SC2154

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
	copy_examples examples
	mv examples/reviews/* .
	rm -r examples
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
