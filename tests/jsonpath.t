#!/bin/sh
# JSONPath: what a path selects, in Batch Transform's reading and in the
# standard's (-r), and what it refuses (-s: with the service's limits).
. "${0%/*}/lib.sh"
PATH=$B/tests:$PATH

path() {
	jsonpath "$@" || test $? -eq 1
}

ok 'the documented filters of JSON' '
	{
		path filter "\$" "{\"key\":1}" "[1]"
		path filter "\$.id" "{\"id\":\"a\"}"
		path filter "\$.id.*" "{\"id\":[1,{\"b\":2}]}"
		path filter "\$.features" "{\"id\":7,\"features\":[1.10,  2e0]}"
		path filter "\$[\"class\"]" "{\"class\":\"x\"}"
		path filter "\$[\"id\",\"SageMakerOutput\"]" \
		    "{\"id\":7,\"x\":0,\"SageMakerOutput\":{\"a\":0.10}}"
		path filter "\$.field1.[\"child1\",\"child2\"]" \
		    "{\"field1\":{\"child2\":2,\"child1\":[1]}}"
		path filter "\$[1]" "[5,6,7]"
		path filter "\$[1,3,5]" "[0,1,2,3,4,5]"
		path filter "\$[0,-1]" "[5,6,7]"
		path filter "\$[2:5]" "[0,1,2,3,4,5,6]"
		path filter "\$[:5]" "[0,1,2,3,4,5,6]"
		path filter "\$[2:]" "[0,1,2,3,4,5,6]"
	} >out
	same out <<-END
	{"key":1}
	[1]
	"a"
	[1,{"b":2}]
	[1.10,  2e0]
	"x"
	{"id":7,"SageMakerOutput":{"a":0.10}}
	{"child1":[1],"child2":2}
	6
	[1,3,5]
	[5,7]
	[2,3,4,5]
	[0,1,2,3,4,5]
	[2,3,4,5,6]
	END
'
ok 'the documented filters of CSV' '
	{
		path columns "\$" 5
		path columns "\$[1:]" 5
		path columns "\$[0,-1]" 6 7 6
		path columns "\$[0,5:]" 6
		path columns "\$[0:2, 5:]" 6
		path columns "\$[:14]" 16
		path columns "\$[1:4]" 6
		path columns "\$[1,3,5]" 6
		path columns "\$[*]" 3
		path columns "\$.*" 3 1
	} >out
	same out <<-END
	0 1 2 3 4
	1 2 3 4
	0 5
	0 6
	0 5
	0 5
	0 1 2 5
	0 1 2 3 4 5 6 7 8 9 10 11 12 13 14
	1 2 3 4
	1 3 5
	0 1 2
	0 1 2
	0
	END
'
ok 'a column that the row has not' '
	{
		path columns "\$[7]" 5 9
		path columns "\$[-6]" 5
		path columns "\$[:5]" 5
		path columns "\$[5:]" 5 1
		path columns "\$.a" 5
		path columns "\$[0][0]" 5
		path columns "\$[?@]" 5
	} >out
	same out <<-END
	no column 7 in a row of 5 columns
	7
	no column -6 in a row of 5 columns
	no column 5 in a row of 5 columns
	no column 5 in a row of 5 columns
	no column 5 in a row of 1 column
	no column "a": columns of CSV are numbers
	columns of CSV have nothing below them
	a filter does not select columns of CSV
	END
'
ok 'a name or an index that the value has not' '
	{
		path filter "\$.a[5]" "{\"a\":[5,6,7]}" "{\"a\":1}" "[1]" "{}"
		path filter "\$[0,3]" "[1,2,3]"
		path filter "\$[\"a\",\"b\"]" "{\"a\":1}" "[]"
		path filter "\$..x" "{}"
	} >out
	same out <<-END
	wrong: no element 5 in \$['\''a'\''], an array of 3
	wrong: no element 5 in \$['\''a'\''], a number
	wrong: no member "a" in \$, an array
	wrong: no member "a" in \$
	wrong: no element 3 in \$, an array of 3
	wrong: no member "b" in \$
	wrong: no member "a" in \$, an array
	[]
	END
'
ok 'the end of a slice: in it, or not' '
	array="[0,1,2,3,4,5,6]"
	for slice in 1:4 :-2 :-1 4:1:-1 ::2 9: -3: 5:2 0:0 ::-1; do
		path filter "\$[$slice]" "$array"
		path -r filter "\$[$slice]" "$array"
	done >out
	same out <<-END
	[1,2,3,4]
	[1,2,3]
	[0,1,2,3,4,5]
	[0,1,2,3,4]
	[0,1,2,3,4,5,6]
	[0,1,2,3,4,5]
	[4,3,2,1]
	[4,3,2]
	[0,2,4,6]
	[0,2,4,6]
	[]
	[]
	[4,5,6]
	[4,5,6]
	[]
	[]
	[0]
	[]
	[6,5,4,3,2,1,0]
	[6,5,4,3,2,1,0]
	END
'
ok 'several names: an object, or in the standard their nodes' '
	{
		path filter "\$[\"b\",\"a\"]" "{\"a\":1,\"b\":2}"
		path -r filter "\$[\"b\",\"a\"]" "{\"a\":1,\"b\":2}"
		path filter "\$[*][\"b\",\"a\"]" "[{\"a\":1,\"b\":2}]"
	} >out
	same out <<-END
	{"b":2,"a":1}
	[2,1]
	[2,1]
	END
'
ok 'what only the dialect reads' '
	for p in " \$ . a [ 0 ] " "\$.a.[0]" "\$.x-1" "\$é" "\$.0" "\$[0,1:]"; do
		path filter "$p" "{\"a\":[1],\"x-1\":2,\"0\":3}"
		path -r filter "$p" "{}"
	done >out
	same out <<-END
	1
	byte 0: a path begins with \$
	1
	byte 4: no name after a dot
	2
	byte 3: a segment begins with . or [, not -
	byte 1: a segment begins with . or [, not é
	byte 1: a segment begins with . or [, not é
	3
	byte 2: no name after a dot
	wrong: no element 0 in \$, an object
	[]
	END
'
ok 'what the service refuses' '
	b10=bbbbbbbbbb
	for p in "\$.a_b" "\$[0,5:]" "\$[0:2,246:]" "\$..a" "\$[::2]" \
	    "\$[1,*]" "\$[?@.a]" "\$.$b10$b10$b10$b10$b10${b10}bbb" \
	    "\$.x.['\''b'\'', '\''a'\'']"
	do
		path -s filter "$p" "{\"x\":{\"a\":1,\"b\":2}}"
	done >out
	same out <<-"END"
	byte 3: unexpected "_" in a JsonPath; letters, digits and $ [ ] * . space , : - '\'' are supported
	byte 1: only single range filters of format (eg: [1:5]) are supported; [0,5:] is not
	byte 1: only single range filters of format (eg: [1:5]) are supported; [0:2,246:] is not
	byte 1: ".." is not supported
	byte 2: steps are not supported
	byte 1: only several names or several indexes are supported; [1,*] is not
	byte 2: unexpected "?" in a JsonPath; letters, digits and $ [ ] * . space , : - '\'' are supported
	byte 63: 65 characters, more than 63
	{"b":2,"a":1}
	END
'
ok 'what is no path is refused where it is wrong' '
	for p in "" "a" "\$." "\$[" "\$[1" "\$[01]" "\$[-0]" \
	    "\$[9007199254740992]" "\$[\"a]" "\$[\"\\x\"]" \
	    "\$[\"\\ud800\"]" "\$[?@.a" "\$[?1]" "\$[?@.*==1]" \
	    "\$[?length(@.*)==1]" "\$[?count(1)==1]" "\$[?nul()]" \
	    "\$[?match(@)]" "\$[?length(@)]" "\$[?!@.a==1]" "\$.a b"
	do
		path filter "$p" "{}"
	done >out
	same out <<-"END"
	byte 0: a path begins with $
	byte 0: a path begins with $
	byte 2: no name after a dot
	byte 2: no name in quotes, index, slice, * or ? in brackets
	byte 3: no comma or ] after a selector
	byte 2: a number with a leading zero
	byte 2: -0 is not an index
	byte 2: an integer beyond 2^53 - 1
	byte 2: a string that is not closed
	byte 3: no such escape
	byte 3: half a surrogate pair
	byte 6: no comma or ] after a selector
	byte 3: a literal is not compared with anything
	byte 3: a query that may select several nodes is not a value
	byte 10: a query that may select several nodes is not a value
	byte 9: count() takes a query
	byte 3: no function nul()
	byte 10: match() takes two arguments
	byte 3: a function'\''s value is not compared with anything
	byte 7: no comma or ] after a selector
	byte 4: a segment begins with . or [, not b
	END
'
ok 'names are text, however they are spelled' '
	{
		path filter "\$.é" "{\"\\u00e9\":1}"
		path filter "\$[\"\\u00e9\"]" "{\"é\":1}"
		path filter "\$[\"\\ud83d\\ude00\"]" "{\"\\uD83D\\uDE00\":2}"
		path filter "\$[\"a\\n\\\"b\"]" "{\"a\\n\\\"b\":3,\"a\":4}"
		path filter "\$[\"\"]" "{\"\":5}"
		path filter "\$.a" "{\"a\":6,\"a\":7}"
	} >out
	same out <<-END
	1
	1
	2
	3
	5
	7
	END
'
ok 'numbers are compared as numbers, integers of any size' '
	{
		path nodes "\$[?@==1.0]" "[1,1.0,10e-1,2,\"1\",-1]"
		path nodes "\$[?@==12345678901234567890]" \
		    "[12345678901234567890,12345678901234567891,1e99]"
		path nodes "\$[?@>-12345678901234567890]" \
		    "[-12345678901234567891,-12345678901234567889,-0,\"a\"]"
		path nodes "\$[?@==0]" "[-0,0.0,-0e1]"
	} >out
	same out <<-END
	1
	1.0
	10e-1
	12345678901234567890
	-12345678901234567889
	-0
	-0
	0.0
	-0e1
	END
'
ok 'objects are compared by their members, whatever the order' '
	path nodes "\$.a[?@==\$.b]" "{\"b\":{\"x\":[1],\"y\":\"\\u0041\"},\"a\":[
	    {\"y\":\"A\",\"x\":[1.0]},{\"x\":[1]},{\"x\":[1],\"z\":\"A\"},[]]}" >out
	same out <<-END
	{"y":"A","x":[1.0]}
	END
'
ok 'regular expressions: I-Regexp, in linear time' '
	a=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
	{
		path nodes "\$[?search(@,\"^a|b\$\")]" "[\"ab\",\"xb\",\"xax\",\"b\"]"
		path nodes "\$[?match(@,\"(ab){2,3}\")]" \
		    "[\"ab\",\"abab\",\"ababab\",\"abababab\"]"
		path nodes "\$[?match(@,\"a{0,2}b?c{2,}\")]" \
		    "[\"cc\",\"aaacc\",\"abccc\",\"bc\"]"
		path nodes "\$[?match(@,\"[^\\\\p{L}-]+\")]" "[\"12\",\"1a\",\"-\",\"é\"]"
		path nodes "\$[?match(@,\"(a*)*b\")]" "[\"${a}c\",\"${a}b\"]"
		path nodes "\$[?match(@,\"a|bc|\")]" "[\"a\",\"bc\",\"b\",\"\"]"
		path nodes "\$[?match(@,\"\\\\d\")]" "[]"
		path nodes "\$[?match(@,\"(a{999}){999}\")]" "[]"
	} >out
	same out <<-"END"
	"ab"
	"xb"
	"b"
	"abab"
	"ababab"
	"cc"
	"abccc"
	"12"
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"
	"a"
	"bc"
	""
	byte 11: an escape that I-Regexp (RFC 9485) does not have
	byte 11: a regular expression with counts that are too large
	END
'
if python3 -c 'import sys, unicodedata as u; sys.exit(u.unidata_version != "14.0.0")'; then
ok 'the categories of Unicode are those of its table' '
	python3 "$top/tools/format/regex/unicode.py" >want
	sed -n "/^static const uint32_t runs/,/^};/p" \
	    "$top/tools/format/regex/unicode.c" | sed "1d; \$d" >out
	diff -u want out
'
else
	skip 'the categories of Unicode are those of its table' 'Python has others than Unicode 14'
fi
finish
