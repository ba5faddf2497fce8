#!/bin/sh
# Fields of CSV records.
# shellcheck disable=SC2034 # csv is used in the quoted scripts
. "${0%/*}/lib.sh"
csv=$B/tests/csv

ok 'a record is cut at commas outside quotes' '
	"$csv" fields >out <<-\END
	a,b,c
	"a,b",c
	"a""b,",""
	,
	END
	same out <<-\END
	3 [a] [b] [c]
	2 ["a,b"] [c]
	2 ["a""b,"] [""]
	2 [] []
	END
'
ok 'a record without bytes has one field' '
	echo | "$csv" fields >out
	same out <<-\END
	1 []
	END
'
ok 'fields over the maximum are counted, not written' '
	echo 1,2,3,4,5,6,7,8,9,10 | "$csv" fields >out
	same out <<-\END
	10 [1] [2] [3] [4] [5] [6] [7] [8]
	END
'
ok 'a quote inside an unquoted field is data, a blank before it too' '
	"$csv" fields >out <<-\END
	5" disk,3
	a, "b,c"
	END
	same out <<-\END
	2 [5" disk] [3]
	3 [a] [ "b] [c"]
	END
'
ok 'an unclosed field goes up to the end' '
	echo "a,\"b,c" | "$csv" fields >out
	same out <<-\END
	2 [a] ["b,c]
	END
'
ok 'the index has commas and ends outside quotes' '
	printf "a,b\n\"x,\"\"y\",2\r\n\n5\" d,\"p\nq\"\n" >in
	"$csv" index <in >out
	same out <<-\END
	1 3| 11 14| 15| 20 26|
	END
'
ok 'quotes come off' '
	printf "\"a\"\"b,\"" | "$csv" unquote >out
	printf " 5\" x" | "$csv" unquote >>out
	printf "\"\"" | "$csv" unquote >>out
	printf "a\"b, 5\" x" | cmp - out
'
ok 'quotes go on where they are needed' '
	for text in plain "a,b" "a\"b" " a " "a
b" ""; do
		printf %s "$text" | "$csv" quote
		echo ";"
	done >out
	printf "a\r" | "$csv" quote | od -An -c | tr -d " " >>out
	same out <<-\END
	plain;
	"a,b";
	"a""b";
	 a ;
	"a
	b";
	;
	"a\r"
	END
'
ok 'index and fields agree on random texts, whatever the body' '
	"$csv" random 3 20000 >out
	same out <<-\END
	agree
	END
'
finish
