#!/bin/sh
# InputFilter and OutputFilter on records.
. "${0%/*}/lib.sh"
PATH=$B/tests:$PATH

ok 'columns of CSV, as they are spelled' '
	filter "\$[2,0]" text/csv >out <<-END
	1.10,x,"a ""b"", c",y
	"1,2",, 3 
	a
	END
	same out <<-END
	"a ""b"", c",1.10
	 3 ,"1,2"
	wrong: no column 2 in a row of 1 column
	END
'
ok 'a CR at the end is of no column' '
	printf "a,b\r\n\"c\",\r\n" | filter "\$[1,0]" text/csv >out
	same out <<-END
	b,a
	,"c"
	END
'
ok 'rows of any width' '
	{
		echo a,b
		seq 1000 | paste -sd, -
		echo c
	} | filter "\$[0,-1]" text/csv >out
	same out <<-END
	a,b
	1,1000
	c,c
	END
'
ok 'members and elements of JSON' '
	filter "\$.features[0]" application/jsonlines >out <<-END
	{"id":1,"features":[1.10,2]}
	 {"features" : [ {"a" : 1} ] }
	{"features":[01]}
	{"features":{}}
	END
	same out <<-"END"
	1.10
	{"a" : 1}
	wrong: byte 13 of it: a number with a leading zero
	wrong: no element 0 in $['\''features'\''], an object
	END
'
ok 'an error leaves nothing behind' '
	filter "\$[\"a\",\"b\"]" application/json >out <<-END
	{"a":1}
	{"b":2,"a":1}
	END
	same out <<-"END"
	wrong: no member "b" in $
	{"a":1,"b":2}
	END
'
ok 'the whole record, whatever it is' '
	printf "{\nx 1:2\n" | filter "\$" text/libsvm >out
	same out <<-END
	{
	x 1:2
	END
'
ok 'a type without columns or members' '
	echo "1 1:2" | filter "\$[0]" text/libsvm >out
	same out <<-END
	wrong: only text/csv, application/json or application/jsonlines can be filtered
	END
'
ok 'a slice is one of an array' '
	filter "\$[1:]" application/jsonlines >out <<-END
	{"a":1}
	7
	"x"
	null
	true
	[1,2,3]
	END
	filter "\$.a[0,1:]" application/jsonlines >>out <<-END
	{"a":{"b":1}}
	{"a":[1,2,3]}
	END
	same out <<-"END"
	wrong: a slice of $, an object
	wrong: a slice of $, a number
	wrong: a slice of $, a string
	wrong: a slice of $, true, false or null
	wrong: a slice of $, true, false or null
	[2,3]
	wrong: no element 0 in $['\''a'\''], an object
	[1,2,3]
	END
'
ok 'RFC 9535: below what is not there, nothing is there' '
	echo "{\"b\":1}" >p
	printf "in.jsonl#bytes=0+8,records=0+1,last\tp#bytes=0+8,records=0+1\tms=1\n" >line
	for path in ".a.*" ".a[*]" ".a[1:]" ".a[0,1]" ".a..b" ".a[?@.b]" ".b[1:]" ".b.*" "[0][1].*"; do
		bt-join --jsonpath=rfc9535 -f "\$$path" line
	done | uniq >out
	fails 1 bt-join --jsonpath=rfc9535 -f "\$.a.c" line >>out
	same out <<-END
	[]
	END
	said "no member \"a\" in \$"
'
finish
