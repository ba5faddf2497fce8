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
	byte 0: a number with a leading zero
	byte 1: the text ends inside a value
	byte 2: the text ends inside a value
	byte 2: no digit, where a number needs one
	byte 3: the text ends inside a value
	byte 3: the text ends inside a value
	byte 2: something after the value
	END
'
ok 'a line ends its value' '
	printf "%s\n" "{\"a\":1}" " [1,2] " "" " 	 " "[1," "2]" \
	    "\"a" "b\"" "{\"a\":tru}" >in
	printf "3\r\n4" >>in
	json lines in >out
	same out <<-"END"
	{"a":1}
	[1,2]
	
	
	byte 3: the text ends inside a value
	byte 1: something after the value
	byte 2: a string that is not closed
	byte 0: no value, where one should be
	byte 5: no value, where one should be
	3
	4
	END
'
ok 'the members of an object, and what their text stands for' '
	cat >in <<-"END"
	{"id" : 12345678901234567890 , "\u0061\"\n\\" :"\ud83d\ude00\u00e9\/\ud800",
	"a": {"b":[{}]}, "c":[ ] ,"d":-0.10e+5,"e":true,"f":false,"g":null, "c":"]}\"{["}
	END
	json walk in >out
	same out <<-"END"
	9 not empty
	id=0 12345678901234567890
	a"
	\=" 😀é/�
	a={ {"b":[{}]}
	c=[ [ ]
	d=0 -0.10e+5
	e=t true
	f=f false
	g=n null
	c=" ]}"{[
	END
'
ok 'the elements of an array' '
	echo " [ ] " >in
	json walk in >out
	echo "{	}" >in
	json walk in >>out
	echo "[[1,[2]] ,\"\",3]" >in
	json walk in >>out
	same out <<-"END"
	0 empty
	0 empty
	3 not empty
	[ [1,[2]]
	" 
	0 3
	END
'
ok 'text in quotes' '
	printf "a\"b\\c/\b\f\n\r\t\001\037\177é" >in
	json quote in >out
	printf "\"a\\\\\"b\\\\\\\\c/\\\\b\\\\f\\\\n\\\\r\\\\t\\\\u0001\\\\u001f\177é\"\n" >want
	cmp want out
'
ok 'brackets 1024 deep, and no deeper' '
	printf "%1024s" "" | tr " " "[" >in
	printf "%1024s" "" | tr " " "]" >>in
	json check in >out
	echo >>in
	cmp in out
	{ printf "["; cat in; } >in2
	json check in2 >out
	same out <<-END
	byte 1024: brackets more than 1024 deep
	END
	printf "%1023s" "" | tr " " "[" >in
	printf "{\"a\":{" >>in
	json check in >out
	same out <<-END
	byte 1028: brackets more than 1024 deep
	END
'
# A record as they are, cut everywhere and with odd bytes in every place.
record() {
	cat <<-'END'
	{"id": "R000\u00e9001","u\n\"x\\":-0.5e-3, "text":"abc \"def\" ghi jkl mno pqr stu vwx yz, \"abc\", \/ \b\f\n\r\t \\\\ defghijklmnopqrstuvwxyz 0123456789 abcdefghijklmnopqrstuvwxyz",
	 "rating":4,"e":{},"f":[ ],"features":[0.1,-2.5E+3,100,[true,false,null,[[{"a":[]}]]],1e5,0,-0,0.12345678901234567890123456789012345],
	 "list":[0.49671,-0.13826, 0.64769,1.52303,-0.23415,-0.23414,1.57921, 10,0.76743,-0.46947]}
	END
}
for body in plain sse2 avx2 neon; do
	if test "$(BT_CPU=$body json body)" = $body; then
		ok "jansson agrees with the $body body" "
			BT_CPU=$body"'
			record >in
			json oracle in >out
			same out <<-END
			11481 agreed
			END
		'
	else
		skip "jansson agrees with the $body body" 'this machine lacks it'
	fi
done
finish
