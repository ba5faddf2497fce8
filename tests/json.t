#!/bin/sh
# What JSON is, and what it is made of.
. "${0%/*}/lib.sh"
PATH=$B/tests:$PATH

ok 'a value stands alone, white space around it' '
	printf "\n\t {\"a\" : [1 , 2]}\r\n " >in
	json check in >out
	same out <<-END
	{"a" : [1 , 2]}
	END
'
ok 'what is wrong is said with its place' '
	while IFS= read -r text; do
		printf %s "$text" >in
		json check in
	done >out <<-"END"
	
	nul
	truex
	[1,]
	[1 2]
	[1}
	{"a":1 "b"}
	{"a":1,}
	{a:1}
	{"a"}
	"ab
	"a\x"
	"\u12g4"
	01
	-
	1.
	1.e5
	1e+
	[[]
	1 2
	END
	same out <<-"END"
	byte 0: no value, where one should be
	byte 0: no value, where one should be
	byte 4: something after the value
	byte 3: no value, where one should be
	byte 3: no comma or ] after an element
	byte 2: no comma or ] after an element
	byte 7: no comma or } after a member
	byte 7: no name in quotes, where a member should be
	byte 1: no name in quotes, where a member should be
	byte 4: no colon after a name
	byte 3: a string that is not closed
	byte 2: an escape that JSON does not have
	byte 1: an escape that JSON does not have
	byte 0: a number with a zero before it
	byte 1: the text ends inside a value
	byte 2: the text ends inside a value
	byte 2: no digit, where a number needs one
	byte 3: the text ends inside a value
	byte 3: the text ends inside a value
	byte 2: something after the value
	END
'
finish
