#!/bin/sh
# format/records: lines as records, all at once and while they are read.
. "${0%/*}/lib.sh"
PATH=$B/tests:$PATH

# cut [-q] [-b] BODY: what records are in BODY, however it comes.
cut() {
	options=
	while [ $# -gt 1 ]; do
		options="$options $1"
		shift
	done
	printf %b "$1" >in
	# shellcheck disable=SC2086 # several options
	for step in 1 2 3 5 70 ""; do
		records $options $step <in >"cut.$step"
		cmp "cut.$step" cut.1 >&2
	done
	cat cut.1
}

ok 'lines' '
	for body in "" a "a\n" "a\nb" "a\r\nb\r\n" "\n\na\n\r\n" "a\r" "\r" "a\rb\n" "\"a\n\"\n"; do
		cut "$body"
	done | tr "\r" R >out
	same out <<-END
	 0
	[a] 1
	[a] 1
	[a][b] 2
	[a][b] 2
	[][][a][] 4
	[a] 1
	[] 1
	[aRb] 1
	["a]["] 2
	END
'
ok 'without blank ones' '
	for body in "" "\n" "\r\n" "\r" "\n\na\n\r\nb\n\n\r" " \n"; do
		cut -b "$body"
	done >out
	same out <<-END
	 0
	 0
	 0
	 0
	[a][b] 2
	[ ] 1
	END
'
ok 'with quotes' '
	for body in "" "\"a\nb\",c\nd" "\"a\r\n\"\r\n" "a\"b\nc\"\n" " \"a\nb\n" \
	    "\"a\"\"\n\"\"\"\nb" "\n\n\"\n\"\n" "\"a\"\r\n\"b\"\r"; do
		cut -q -b "$body"
	done | tr "\r" R >out
	same out <<-END
	 0
	["a
	b",c][d] 2
	["aR
	"] 1
	[a"b][c"] 2
	[ "a][b] 2
	["a""
	"""][b] 2
	["
	"] 1
	["a"]["b"] 2
	END
'
ok 'quotes that are wrong' '
	for body in "a\n\"b" "\"" "a\n\nb\n\"c\"d\n" "\"a\"\"\n"; do
		cut -q -b "$body"
	done >out
	same out <<-END
	[a] 1: a quoted field that is never closed
	 0: a quoted field that is never closed
	[a][b] 2: bytes after a closing quote
	 0: a quoted field that is never closed
	END
'
ok 'more lines than one look finds' '
	seq 1 1000 >want
	records <want | tr -d "[" | tr "]" "\n" | sed "s/^ .*//" | grep . | cmp - want
	sed "s/.*/\"&\"/" want | records -q | tr -d "[\"" | tr "]" "\n" |
	    sed "s/^ .*//" | grep . | cmp - want
'
ok 'bt-split finds the same records' '
	for body in "\"a\nb\",c\nd" "\"a\r\n\"\r\n" "a\"b\nc\"\n" " \"a\nb\n" \
	    "\"a\"\"\n\"\"\"\nb" "\n\n\"\n\"\n" "\"a\"\r\n\"b\"\r" "a\n\nb"; do
		cut -q -b "$body" | sed -n "s/.*] //p"
		printf %b "$body" >in.csv
		bt-split --embedded-newlines keep -b SingleRecord in.csv | wc -l >&3
	done >out 3>want
	diff -u want out
'
finish
