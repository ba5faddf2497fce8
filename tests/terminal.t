#!/bin/sh
# What a tool says before it reads a terminal.
. "${0%/*}/lib.sh"
python3 -c 'import pty' 2>/dev/null || { echo "1..0 # SKIP no python3"; exit 0; }

# terminal STATUS COMMAND ...: its standard input is a terminal at its end.
terminal() {
	status=$1
	shift
	fails "$status" timeout 60 python3 -c '
import os, pty, subprocess, sys
terminal, end = pty.openpty()
os.write(terminal, b"\4")
sys.exit(subprocess.call(sys.argv[1:], stdin=end))' "$@"
}

ok 'what it waits for' '
	terminal 0 bt-split -o x.csv >out
	same "$tmp/err" <<-END
	bt-split: reading an object from the terminal
	END
	terminal 0 bt-split --files0-from - >out
	same "$tmp/err" <<-END
	bt-split: reading names from the terminal, a NUL after each
	END
	terminal 1 bt-join
	same "$tmp/err" <<-END
	bt-join: reading result lines from the terminal
	bt-join: no result lines
	END
	: >results
	terminal 0 bt-todo results
	same "$tmp/err" <<-END
	bt-todo: reading references from the terminal
	END
'
ok 'nothing where it does not read it' '
	terminal 2 bt-split >out
	same "$tmp/err" <<-END
	bt-split: standard input: it can be read only once: add -o FILE to keep it in a file
	END
	echo 1 >in
	terminal 0 bt-split in >out
	test ! -s "$tmp/err"
	terminal 0 bt-split -o y.csv -- cat >out
	test ! -s "$tmp/err"
	: >results
	terminal 0 bt-todo --answered results
	test ! -s "$tmp/err"
'
finish
