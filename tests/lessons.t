#!/bin/sh
# The lessons: what their commands print is what their pages say, in both languages.
. "${0%/*}/lib.sh"
. "$top/tests/python.sh"
lessons=$top/examples/lessons

# blocks PAGE: what of it the runner reads, what it needs and its fences.
blocks() {
	awk '/^<!-- needs:/ { print } /^```/ { print; fence = !fence; next } fence' "$1"
}

# What both pages of a lesson have in common word for word is run once; the first
# lesson in Vietnamese, too, as it is short.
for page in "$lessons"/[0-9][0-9]-*/README.md; do
	folder=${page%/*} number=${page#"$lessons/"}
	number=${number%%-*}
	ok "lesson $number: the same commands and outputs in both languages" '
		blocks "$folder/README.md" >en
		blocks "$folder/README.vi.md" >vi
		test -s en
		diff en vi
	'
	for language in en vi; do
		test "$language$number" = vi01 || test "$language" = en || continue
		title="lesson $number prints what its page says ($language)"
		"$lessons/run" --"$language" --check "$number" >"$tmp/checked" 2>&1 || :
		case $(cat "$tmp/checked") in
		*': skipped'*) skip "$title" "$(cat "$tmp/checked")" ;;
		*)	ok "$title" 'cat "$tmp/checked"; tail -n 1 "$tmp/checked" | grep " blocks\$"' ;;
		esac
	done
done
ok 'Vietnamese letters are composed' '
	cd "$top"
	LC_ALL=C fails 1 grep -rlP "\xcc[\x80-\xbf]|\xcd[\x80-\xaf]" \
	    README.vi.md examples/lessons examples/poster/*.svg
'
ok 'pictures are there' '
	grep -o "](\(.*\.svg\))" "$lessons"/*/README*.md | sed "s,/[^/]*:](,/,; s/)//" >pictures
	test -s pictures
	xargs ls <pictures >/dev/null
'

# lesson: standard input is lesson 1 of a course in this folder.
lesson() {
	mkdir -p course/lessons/01-one
	cp "$lessons/run" course/lessons/
	cat >course/lessons/01-one/README.md
}

ok 'marks stand for text in a line, and for lines' '
	lesson <<-\END
	# 1. One

	```sh
	one=1
	```

	```sh
	seq 5; echo $one; pwd; echo "x y z" >&2
	```

	```text
	1
	…
	5
	1
	/…/lesson
	x…z
	```

	Words.

	```sh
	cat <<A
	```
	A
	```
	END
	sed -i "/^cat <<A/,/^A/c echo a" course/lessons/01-one/README.md
	printf "%s\n" "" "\`\`\`text" a "\`\`\`" >>course/lessons/01-one/README.md
	course/lessons/run --check 1 >out
	same out <<-END
	01-one/README.md: 3 blocks
	END
	course/lessons/run | head -n 3 >out
	same out <<-END
	bt lesson N replays lesson N: it shows each command, waits for Enter and runs it.

	     1. One
	END
	course/lessons/run 1 </dev/null | diff - course/lessons/01-one/README.md
'
ok 'what is not on the page is a failure, and shown' '
	lesson <<-\END
	```sh
	echo "id=5 is"; echo b
	```
	```text
	id=… is
	c
	```
	END
	fails 1 course/lessons/run --check 1 >out
	same out <<-END
	@@ -1,2 +1,2 @@
	 id=… is
	-c
	+b
	END
	said "course/lessons/01-one/README.md: line 1: - is the page, + what was printed"
	lesson <<-\END
	```sh
	echo loud
	```
	END
	fails 1 course/lessons/run --check 1 >out
	grep -x +loud out
	lesson <<-\END
	```sh
	exit
	```
	```sh
	true
	```
	END
	fails 1 course/lessons/run --check 1
	said "line 4: not reached"
	for text in "1 2 3" "1 … 4" "… 2" "2 …" "1 … 2" "1 … 3 …4"; do
		{ printf "%s\n" "\`\`\`sh" "seq 3" "\`\`\`" "\`\`\`text"
		  printf "%s\n" "$text" | tr " " "\n"; echo "\`\`\`"; } | lesson
		case $text in
		"1 2 3") course/lessons/run --check 1 ;;
		*)	fails 1 course/lessons/run --check 1 ;;
		esac
	done
'
ok 'what a lesson needs, and lessons that are not there' '
	lesson <<-\END
	# 1. One
	<!-- needs: sh no_such_thing -->
	```sh
	false; echo no
	```
	END
	course/lessons/run --check 1 >out
	same out <<-END
	01-one/README.md: skipped, as there is no no_such_thing
	END
	printf "%s\n" "<!-- needs: s3 -->" "\`\`\`sh" "echo \$BT_BUCKET" "\`\`\`" |
	    lesson
	env -u BT_BUCKET course/lessons/run --check 1 >out
	same out <<-END
	01-one/README.md: skipped, as there is no S3 server; the page says how to start or name one
	END
	mkdir few
	ln -s "$B/bt-split" few
	PATH=few:/usr/bin:/bin course/lessons/run --check 1 >out
	same out <<-END
	01-one/README.md: skipped, as there is no bt-s3cat; the page says how to build it
	END
	printf "%s\n" "\`\`\`text" mine "\`\`\`" >>course/lessons/01-one/README.md
	BT_BUCKET=mine course/lessons/run --check 1 >out
	same out <<-END
	01-one/README.md: 1 blocks
	END
	fails 2 course/lessons/run --check 2
	said "lesson: no lesson of that number; bt lesson lists them"
	for number in x ../1 "" 001; do fails 2 course/lessons/run "$number"; done
	fails 2 course/lessons/run --check
	fails 2 course/lessons/run 1 2
	fails 1 env PATH=/usr/bin:/bin course/lessons/run 1
	said "the tools are not on PATH"
'
if "$BT_PYTHON" -c 'import pty' 2>/dev/null; then
	ok 'at a terminal, Enter runs the next command' '
		lesson <<-\END
		# 1. One

		```sh
		word=seen
		echo "$word"
		```
		```text
		seen
		```

		The end.
		END
		"$BT_PYTHON" -c "
import os, pty
pid, fd = pty.fork()
if pid == 0:
    os.execv(\"course/lessons/run\", [\"run\", \"1\"])
os.write(fd, b\"\n\")
try:
    while piece := os.read(fd, 4096):
        os.write(1, piece)
except OSError:
    pass
os.waitpid(pid, 0)" | tr -d "\r" | sed 1d >out
		same out <<-\END
		# 1. One

		    word=seen
		    echo "$word"

		[Enter] seen

		The end.
		END
	'
else
	skip 'at a terminal, Enter runs the next command' 'no python3'
fi
finish
