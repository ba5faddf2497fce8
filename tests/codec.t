#!/bin/sh
# Records to a matrix and back: format/codec.h.
. "${0%/*}/lib.sh"
PATH=$B/tests:$PATH

# refused TYPE RECORDS WHY
refused() {
	printf "%b" "$2" >in
	fails 1 codec "$1" <in >out
	echo "$3" | diff -u - out
}

ok 'CSV: numbers, in quotes or not, empty fields, CR' '
	printf "1,2,3\n,\"4\", 5 \r\n\"\",\"-0.5\",nan\n\" 1e5\t\",inf,-1e-7\n" >in
	printf "0.123456789,123456789,0.1234567890123456789" >>in
	codec text/csv <in >out
	same out <<-END
	5x3
	1,2,3
	nan,4,5
	nan,-0.5,nan
	100000,inf,-1e-07
	0.12345679,123456790,0.12345679
	END
'
ok 'CSV: a record without bytes has one empty field' '
	printf "\n7\n\r\n" | codec text/csv >out
	same out <<-END
	3x1
	nan
	7
	nan
	END
'
ok 'CSV: what is no number is named with its column' '
	refused text/csv "1,2,3\n1,abc,3\n" \
	    "record 1: column 2: \"abc\" is not a number"
	refused text/csv "a,2\n1,2\n" "record 0: column 1: \"a\" is not a number"
	refused text/csv "1,2\n1,\"a\"\"b\"\n" \
	    "record 1: column 2: \"a\"b\" is not a number"
	refused text/csv "1,1 2\n" "record 0: column 2: \"1 2\" is not a number"
	refused text/csv "1,0x10\n" "record 0: column 2: \"0x10\" is not a number"
	refused text/csv "1;2\n" "record 0: column 1: \"1;2\" is not a number"
	refused text/csv "1, \"2\"\n" \
	    "record 0: column 2: \"\"2\"\" is not a number"
	refused text/csv "1,2\n3,4\0033[2J\n" \
	    "record 1: column 2: \"4\\x1b[2J\" is not a number"
'
ok 'CSV: a long field is cut short, between characters' '
	refused text/csv "0,x$(printf "%060d" 0)\n" \
	    "record 0: column 2: \"x000000000000000000000000000000000000000...\" is not a number"
	refused text/csv "xéééééééééééééééééééééééééééé\n" \
	    "record 0: column 1: \"xééééééééééééééééééé...\" is not a number"
'
ok 'CSV: each row is as wide as the first' '
	refused text/csv "1,2,3\n1,2,3\n1,2\n" \
	    "record 2: 2 columns, not 3 as in the batch'\''s first record"
	refused text/csv "1,2,3\n1,2,3,\n" \
	    "record 1: 4 columns, not 3 as in the batch'\''s first record"
	refused text/csv "1,\"2,5\"\n1,2,3\n" \
	    "record 0: column 2: \"2,5\" is not a number"
	refused text/csv "1,2\n\n" \
	    "record 1: 1 column, not 2 as in the batch'\''s first record"
'
ok 'libsvm: as wide as the largest index, what is absent is NaN' '
	printf "1 0:0.5 3:2\r\n-1 qid:3 1:7 # 9:9\n\n0:nan 2:1e5 2:4\n+1\n" >in
	codec text/libsvm <in >out
	same out <<-END
	5x4
	0.5,nan,nan,2
	nan,7,nan,nan
	nan,nan,nan,nan
	nan,nan,4,nan
	nan,nan,nan,nan
	END
	codec "text/x-libsvm; charset=utf-8" application/jsonlines <in >out
	sed -n 2p out | grep -Fx "[0.5,null,null,2]"
'
ok 'libsvm: what is wrong with a word' '
	refused text/libsvm "x 0:1\n" \
	    "record 0: \"x\" is neither a label nor INDEX:VALUE"
	refused text/libsvm "1 0:1\n1 2\n" "record 1: \"2\" is not INDEX:VALUE"
	refused text/libsvm "1 -1:1\n" "record 0: \"-1:1\" is not INDEX:VALUE"
	refused text/libsvm "1 a:1\n" "record 0: \"a:1\" is not INDEX:VALUE"
	refused text/libsvm "1 0:\n" \
	    "record 0: \"0:\" has no number after its colon"
	refused text/libsvm "1 0:1x\n" \
	    "record 0: \"0:1x\" has no number after its colon"
	refused text/libsvm "1 18446744073709551616:1\n" \
	    "record 0: \"18446744073709551616:1\" has too large an index"
	refused text/libsvm "1 1073741823:1\n1\n" \
	    "record -1: 2 rows of 1073741824 columns are more than 1073741824 numbers"
'
ok 'JSON Lines: arrays and what may hold them' '
	cat >in <<-END
	[1,2.5,null]
	 [3 , -4e2 ,1e400] 
	{"features":[1,2,3]}
	{"id":7,"data":{"features":{"values":[0,-0,0.1]}}}
	{"instances":[4,5,6]}
	END
	codec application/jsonlines application/json <in >out
	same out <<-END
	5x3
	[1,2.5,null]
	[3,-400,null]
	[1,2,3]
	[0,-0,0.1]
	[4,5,6]
	END
'
ok 'JSON Lines: objects of numbers, by key' '
	cat >in <<-END
	{"a":1,"values":2,"c":3}
	{"a":4,"values":5,"c":null}
	{"c":9,"a":7,"values":8}
	END
	codec application/jsonlines <in >out
	same out <<-END
	3x3
	1,2,3
	4,5,nan
	7,8,9
	END
'
ok 'JSON: one document is a row, or a row for each of its elements' '
	printf "[[1,2],[3,4],[ 5 ,6]]\n" | codec application/json >out
	same out <<-END
	3x2
	1,2
	3,4
	5,6
	END
	echo "{\"instances\":[{\"features\":[1.5]},{\"features\":[-0.0]}]}" >in
	codec application/json application/jsonlines <in >out
	same out <<-END
	2x1
	1.5
	-0
	END
	printf "[{\"x\":1,\"y\":2},{\"y\":3,\"x\":4}]" >in
	codec application/json application/json <in >out
	same out <<-END
	2x2
	[1,2]
	[4,3]
	END
	echo "[1,2,3]" | codec application/json >out
	same out <<-END
	1x3
	1,2,3
	END
'
ok 'JSON: what is wrong, and where' '
	j=application/jsonlines
	refused $j "7\n" "record 0: neither an array nor an object of numbers"
	refused $j "[1]\n[01]\n" \
	    "record 1: not JSON: a number with a leading zero at byte 1"
	for n in +1 .5 1. 1.e5 nan Infinity 0x1 - 1e; do
		printf "[1]\n[$n]\n" >in
		fails 1 codec $j <in >out
		grep "^record 1: not JSON: " out
	done
	refused $j "[1,2]\n[1,\"2\"]\n" "record 1: [1]: \"2\" is not a number"
	refused $j "[1,2]\n[[1,2]]\n" \
	    "record 1: 1 number, not 2 as in the first record"
	refused $j "[1,2]\n[1,2,3]\n" \
	    "record 1: 3 numbers, not 2 as in the first record"
	refused $j "{\"a\":1}\n{\"a\":true}\n" \
	    "record 1: \"a\": true is not a number"
	refused $j "{\"a\":1,\"b\":2}\n{\"b\":3,\"c\":4}\n" \
	    "record 1: \"c\": not a key of the first record"
	refused $j "{\"a\":1,\"b\":2}\n{\"b\":3,\"b\":4}\n" \
	    "record 1: \"b\": given twice"
	refused $j "{\"a\":1}\n[1]\n" "record 1: an array, unlike the first record"
	refused $j "[1]\n{\"a\":1}\n" "record 1: an object, unlike the first record"
	refused application/json "[[1,2],[3,4],[5]]" \
	    "record 0: row 2: 1 number, not 2 as in the first row"
	refused application/json "[[1,2],[3,{}]]" \
	    "record 0: row 1: [1]: {} is not a number"
'
ok 'no records make no rows' '
	for t in text/csv text/libsvm application/json application/jsonlines; do
		codec $t </dev/null >out
		echo 0x0 | diff -u - out
	done
'
ok 'other types have no codec' '
	fails 2 codec text/plain </dev/null
	fails 2 codec text/csv text/libsvm </dev/null
	said "a type without a codec"
'
finish
