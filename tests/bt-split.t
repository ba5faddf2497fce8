#!/bin/sh
# bt-split: lines of text.
. "${0%/*}/lib.sh"
PATH=$B/tests:$PATH

# alike PAYLOAD FLAGS TYPE FILE: in references and messages whatever is read
# at a time; these are in out, err and status.
alike() {
	for step in 262144 1 2 3 64 65 1000; do
		s=0
		split "$1" $step "$2" "$3" "$4" >out.$step 2>err.$step || s=$?
		echo $s >status.$step
		for f in out err status; do
			test $step = 262144 && cp $f.$step $f
			cmp $f $f.$step
		done
	done
}

# ranges FILE: the bytes that the references in FILE name, one range after
# the other.
ranges() {
	sed "s/.*#bytes=\([0-9]*\)+\([0-9]*\),.*/\1 \2/" "$1" |
	while read -r at n; do
		tail -c +$((at + 1)) "$2" | head -c "$n"
	done
}

# plain: references without their checksums.
plain() {
	sed "s/,crc32c=[0-9a-f]*//"
}

ok 'a batch ends with the last record that fits' '
	yes | head -c 3000000 >in
	bt-split -p 1 in >out
	same out <<-END
	in#bytes=0+1048576,records=0+524288,crc32c=314de67e
	in#bytes=1048576+1048576,records=524288+524288,crc32c=314de67e
	in#bytes=2097152+902848,records=1048576+451424,crc32c=6a2afad0,last
	END
'
ok 'checksums are CRC-32C of the range' '
	printf 123456789 >in
	bt-split in >out
	same out <<-END
	in#bytes=0+9,records=0+1,crc32c=e3069283,last
	END
	printf "x\n123456789\ny" >in2
	bt-split -b SingleRecord in2 | sed -n "s/.*+1,//p" >out
	bt-split -n 1 in2 | sed -n "s/.*+1,//p" >out2
	cmp out out2
	grep -c crc32c= out
'
ok 'references are the same whatever is read at a time' '
	awk "BEGIN { for (i = 0; i < 400; i++) {
		printf \"%d,\\\"a, \\\"\\\"b\\\"\\\"\\\",%s%s\", i, substr(\"xxxxxxxxxxxxxxxxxxxxxxxxxxx\", i % 27), i % 5 ? \"\n\" : \"\r\n\"
		if (i % 7 == 0) printf \"\n\r\n\" } }" >a.csv
	for payload in 0 60 1000; do
		for flags in - s 7 h hs h7; do
			alike $payload $flags text/csv a.csv
			test "$(cat status)" = 0
		done
	done
	alike 30 - text/csv a.csv
	test "$(cat status)" = 1
'
ok 'the ranges are the records' '
	printf "a\n\nb\r\n\r\nc" >a.csv
	bt-split -b SingleRecord a.csv >refs
	ranges refs a.csv >got
	printf "a\nb\r\nc" | cmp - got
	bt-split a.csv >refs
	ranges refs a.csv >got
	cmp got a.csv
'
ok 'SingleRecord: each record by itself, blank lines left out' '
	printf "a,1\n\n\r\nb,2\r\nc,3" >a.csv
	bt-split -b SingleRecord a.csv | plain >out
	same out <<-END
	a.csv#bytes=0+4,records=0+1
	a.csv#bytes=7+5,records=1+1
	a.csv#bytes=12+3,records=2+1,last
	END
'
ok 'in plain text each line is a record' '
	printf "a\n\n\nb\n" >in
	bt-split --batch-strategy SingleRecord in | plain >out
	same out <<-END
	in#bytes=0+2,records=0+1
	in#bytes=2+1,records=1+1
	in#bytes=3+1,records=2+1
	in#bytes=4+2,records=3+1,last
	END
'
ok 'a batch begins and ends with a record' '
	printf "\n\r\na\n\nb\n\r\n\n" >a.jsonl
	bt-split a.jsonl | plain >out
	same out <<-END
	a.jsonl#bytes=3+5,records=0+2,last
	END
	alike 5 - application/jsonlines a.jsonl
	plain <out >got
	same got <<-END
	a.jsonl#bytes=3+5,records=0+2,last
	END
	alike 4 - application/jsonlines a.jsonl
	plain <out >got
	same got <<-END
	a.jsonl#bytes=3+2,records=0+1
	a.jsonl#bytes=6+2,records=1+1,last
	END
'
ok 'an object without records has one reference' '
	: >a.csv
	printf "\n\r\n\r" >b.csv
	printf "\357\273\277" >c.csv
	bt-split a.csv b.csv c.csv >out
	bt-split -b SingleRecord -t None a.csv >>out
	same out <<-END
	a.csv#bytes=0+0,records=0+0,last
	b.csv#bytes=0+0,records=0+0,last
	c.csv#bytes=0+0,records=0+0,last
	a.csv#bytes=0+0,records=0+0,split=None,last
	END
'
ok '--max-records' '
	printf "a\nb\nc\nd\ne\n" >in
	bt-split --max-records 2 in | plain >out
	same out <<-END
	in#bytes=0+4,records=0+2
	in#bytes=4+4,records=2+2
	in#bytes=8+2,records=4+1,last
	END
	printf "a\nb\n" >in
	bt-split -n 2 in | plain >out
	same out <<-END
	in#bytes=0+4,records=0+2,last
	END
'
ok 'a header row is told of, not counted' '
	printf "\n\"id\",x\n1,2\n3,4\n" >a.csv
	bt-split --header a.csv | plain >out
	bt-split --header -b SingleRecord a.csv | plain >>out
	printf "id" >b.csv
	bt-split --header b.csv >>out
	same out <<-END
	a.csv#bytes=8+8,records=0+2,header=1+7,last
	a.csv#bytes=8+4,records=0+1,header=1+7
	a.csv#bytes=12+4,records=1+1,header=1+7,last
	b.csv#bytes=0+0,records=0+0,header=0+2,last
	END
'
ok 'a header row is kept, skipped or sent' '
	printf "id,x\n1,2\n3,4\n" >a.csv
	printf "id" >b.csv
	for use in keep skip send; do
		bt-split --header=$use a.csv b.csv
	done | plain >out
	same out <<-END
	a.csv#bytes=5+8,records=0+2,header=0+5,last
	b.csv#bytes=0+0,records=0+0,header=0+2,last
	a.csv#bytes=5+8,records=0+2,last
	b.csv#bytes=0+0,records=0+0,last
	a.csv#bytes=5+8,records=0+2,header=0+5,Send-header,last
	b.csv#bytes=0+0,records=0+0,header=0+2,Send-header,last
	END
	bt-split -b SingleRecord "$(bt-split --header=send a.csv)" | plain >out
	same out <<-END
	a.csv#bytes=5+4,records=0+1,header=0+5,Send-header
	a.csv#bytes=9+4,records=1+1,header=0+5,Send-header,last
	END
	fails 2 bt-split --header=no a.csv
	said "bt-split: --header no: not keep, skip or send"
'
ok 'a payload has room for the header row that is sent' '
	printf "%1023s\n" x >kb
	(printf "%99s\n" id; for i in 0 1 2 3; do cat kb kb kb kb; done) >16
	for i in 1 2 3 4 5 6 7 8; do sed 1d 16; done >more
	cat 16 more more more more more more more more >a.csv
	bt-split -p 1 --header a.csv | plain >out
	bt-split -p 1 --header=send a.csv | plain >>out
	bt-split -p 1 -n 1024 --header=send a.csv | plain >>out
	bt-split -p 1 "$(bt-split -p 0 --header=send a.csv)" | plain >>out
	same out <<-END
	a.csv#bytes=100+1048576,records=0+1024,header=0+100
	a.csv#bytes=1048676+16384,records=1024+16,header=0+100,last
	a.csv#bytes=100+1047552,records=0+1023,header=0+100,Send-header
	a.csv#bytes=1047652+17408,records=1023+17,header=0+100,Send-header,last
	a.csv#bytes=100+1047552,records=0+1023,header=0+100,Send-header
	a.csv#bytes=1047652+17408,records=1023+17,header=0+100,Send-header,last
	a.csv#bytes=100+1047552,records=0+1023,header=0+100,Send-header
	a.csv#bytes=1047652+17408,records=1023+17,header=0+100,Send-header,last
	END
	(head -n 1 a.csv; printf "%1048500s\n" x) >b.csv
	bt-split -p 1 --header b.csv
	fails 1 bt-split -p 1 --header=send b.csv
	said "bt-split: b.csv: record 0 (line 2, byte 100): 1048501 bytes, more than the 1048476 of --max-payload-in-mb 1 without the header row"
	(printf "%1048575s\n" id; echo 1) >c.csv
	fails 1 bt-split -p 1 --header=send c.csv
	said "bt-split: c.csv: record 0 (line 2, byte 1048576): 2 bytes, more than the 1 of --max-payload-in-mb 1 without the header row"
'
ok 'a record that looks like a header row is told of, once' '
	printf "id,a\n1,x\n" >a.csv
	printf "\357\273\277\r\n\n\"id\",\"a, b\"\r\n\"1\",x" >b.csv
	for in in a.csv b.csv; do
		bt-split $in >out 2>err
		echo "bt-split: $in: first record looks like a header: --header keeps it from the model" |
		    cmp - err
		plain <out >>got
	done
	bt-split a.csv b.csv 2>err | plain >all
	cmp all got
	test "$(wc -l <err)" -eq 1
	bt-split --check a.csv 2>err
	test "$(wc -l <err)" -eq 1
	(printf "id,a\n"; sleep 0.2; printf "1,x\n") | bt-split -c text/csv -o c.csv 2>err
	test "$(wc -l <err)" -eq 1
'
ok 'others do not look like one' '
	printf "id,a\n1,x\n" >a.csv
	printf "x,a\ny,b\n" >words.csv
	printf "1,a\n2,b\n" >rows.csv
	printf "a,b,c\n2,b\n" >fields.csv
	printf "a,b\n" >one.csv
	printf "\"a\n1,b\n" >bad.csv
	: >none.csv
	bt-split words.csv rows.csv fields.csv one.csv none.csv 2>err
	bt-split --header a.csv 2>>err
	bt-split -t None a.csv 2>>err
	bt-split -c text/plain a.csv 2>>err
	printf "a.csv\0" | bt-split --files0-from - 2>>err
	bt-split "a.csv#bytes=0+9,records=0+2" 2>>err
	test ! -s err
	fails 1 bt-split bad.csv
	test "$(wc -l <"$tmp/err")" -eq 1
'
ok 'a byte order mark is in no record, but of plain text' '
	printf "\357\273\277\"a,b\",c\nd\n" >a.csv
	cp a.csv a.txt
	bt-split -b SingleRecord a.csv a.txt | plain >out
	bt-split --header a.csv | plain >>out
	same out <<-END
	a.csv#bytes=3+8,records=0+1
	a.csv#bytes=11+2,records=1+1,last
	a.txt#bytes=0+11,records=0+1
	a.txt#bytes=11+2,records=1+1,last
	a.csv#bytes=11+2,records=0+1,header=3+8,last
	END
	alike 20 s text/csv a.csv
'
ok 'NUL and bytes that are not UTF-8 are data' '
	printf "a\000b\n\377\n" >a.csv
	bt-split a.csv | plain >out
	same out <<-END
	a.csv#bytes=0+6,records=0+2,last
	END
'
ok 'the content type is named where the suffix would say otherwise' '
	echo 1 >a.csv
	echo 1 >a.dat
	bt-split -c "text/csv; charset=utf-8" a.csv | plain >out
	bt-split --content-type text/csv a.dat | plain >>out
	bt-split -c "application/x-a,b" a.csv | plain >>out
	same out <<-END
	a.csv#bytes=0+2,records=0+1,last
	a.dat#bytes=0+2,records=0+1,type=text/csv,last
	a.csv#bytes=0+2,records=0+1,type=application/x-a%2Cb,last
	END
'
ok 'names of any bytes' '
	d="a b\"c'"'"'d
#e%f,é\\.csv"
	echo 1 >"$d"
	bt-split "$d" | plain >out
	same out <<-END
	a%20b%22c%27d%0A%23e%25f%2Cé%5C.csv#bytes=0+2,records=0+1,last
	END
	bt-split "$(cat out)" | plain >out2
	cmp out out2
	bt-split "$(cat out)" | xargs -n 1 bt-split | plain >out2
	cmp out out2
'
ok 'SplitType None: one record' '
	printf "a\n\nb" >a.json
	bt-split -t None a.json >out
	bt-split --split-type none -b SingleRecord a.json >>out
	same out <<-END
	a.json#bytes=0+4,records=0+1,split=None,crc32c=a433d618,last
	a.json#bytes=0+4,records=0+1,split=None,crc32c=a433d618,last
	END
	head -c 1048577 /dev/zero >b
	fails 1 bt-split -p 1 -t None b >out
	said "bt-split: b: 1048577 bytes, more than the 1048576 of --max-payload-in-mb 1, and --split-type None sends it whole"
	test ! -s out
	bt-split -p 0 -t None b
	fails 1 bt-split -p 1 -t None -o c - <b >out
	said "bt-split: c: at least 1048577 bytes, more than"
'
ok 'a newline inside quotes is refused, with its place' '
	printf "a,b\n\n1,\"x,\"\"y\",\"u\nv\"\n2,3\n" >a.csv
	fails 1 bt-split a.csv >out
	same "$tmp/err" <<-END
	bt-split: a.csv: record 1 (line 3, byte 5): a newline inside a quoted field, column 3 (--embedded-newlines=keep keeps it as one record)
	END
	test ! -s out
	printf "a,b\r\n\"x\r\ny\"\r\n" >b.csv
	fails 1 bt-split --header b.csv
	said "bt-split: b.csv: record 0 (line 2, byte 5): a newline inside a quoted field, column 1 ("
	printf "\"a\nb\"\n" >c.csv
	fails 1 bt-split --header c.csv
	said "bt-split: c.csv: header row (line 1, byte 0): a newline inside a quoted field, column 1 ("
	for flags in - s 2 h hs; do
		alike 0 $flags text/csv a.csv
		test "$(cat status)" = 1
		grep "(line 3, byte 5)" err
	done
'
ok '--embedded-newlines=keep' '
	printf "a,\"b\n\nc\"\n\nd\n" >a.csv
	bt-split --embedded-newlines=keep a.csv | plain >out
	bt-split --embedded-newlines keep -b SingleRecord a.csv | plain >>out
	same out <<-END
	a.csv#bytes=0+12,records=0+2,newlines=keep,last
	a.csv#bytes=0+9,records=0+1,newlines=keep
	a.csv#bytes=10+2,records=1+1,newlines=keep,last
	END
	alike 9 - text/csv a.csv
	alike 9 k text/csv a.csv
	alike 9 sk text/csv a.csv
	echo "x\"" >a.txt
	bt-split --embedded-newlines keep a.txt | plain >out
	same out <<-END
	a.txt#bytes=0+3,records=0+1,last
	END
	printf "a\n\"b\n\n\"\nc,\"d\"e\n" >b.csv
	fails 1 bt-split --embedded-newlines=keep b.csv
	said "bt-split: b.csv: record 2 (line 5, byte 8): bytes after a closing quote, column 2"
	for flags in k sk k2; do
		alike 0 $flags text/csv b.csv
		grep "record 2 (line 5, byte 8)" err
	done
'
ok 'a quote that is never closed, bytes after one' '
	printf "1,2\n3,\"4,5" >a.csv
	fails 1 bt-split a.csv
	said "bt-split: a.csv: record 1 (line 2, byte 4): a quoted field that is never closed, column 2"
	alike 0 - text/csv a.csv
	printf "1,2\n3,\"4\"5\n" >a.csv
	fails 1 bt-split a.csv
	said "bt-split: a.csv: record 1 (line 2, byte 4): bytes after a closing quote, column 2"
	alike 0 - text/csv a.csv
	alike 0 s text/csv a.csv
'
ok 'a quote inside an unquoted field is data, or refused by --strict' '
	printf "1\n5\" pipe,2\n" >a.csv
	bt-split a.csv | plain >out
	same out <<-END
	a.csv#bytes=0+12,records=0+2,last
	END
	fails 1 bt-split --strict a.csv
	said "bt-split: a.csv: record 1 (line 2, byte 2): a quote inside an unquoted field, column 1 (without --strict it is data)"
	alike 0 t text/csv a.csv
'
ok 'no quotes are looked at in other types' '
	printf "\"a\nb\n" >a.txt
	bt-split a.txt | plain >out
	same out <<-END
	a.txt#bytes=0+5,records=0+2,last
	END
'
ok 'a record larger than the payload is refused, with its place and size' '
	{ echo a; echo b; head -c 1048577 /dev/zero; echo; echo c; } >in
	for how in "-b MultiRecord" "-b SingleRecord" "-n 10"; do
		fails 1 bt-split -p 1 $how in >out
		said "bt-split: in: record 2 (line 3, byte 4): 1048578 bytes, more than the 1048576 of --max-payload-in-mb 1"
		ranges out in >got
		printf "a\nb\n" | cmp got -
	done
	printf "a\n12345678\nb\n" >in2
	for flags in - s 3; do
		alike 8 $flags text/plain in2
		grep "record 1 (line 2, byte 2): 9 bytes, more than the 8" err
		alike 9 $flags text/plain in2
		test ! -s err
	done
	printf "12345678" >in2
	alike 8 - text/plain in2
	test ! -s err
	alike 7 - text/plain in2
	grep "record 0 (line 1, byte 0): 8 bytes, more than the 7" err
	alike 7 h text/plain in2
	grep "header row (line 1, byte 0): 8 bytes, more than the 7" err
'
ok 'a line of 90 MB, and one of 200 MB' '
	truncate -s 90000000 in
	bt-split -p 100 in | plain >out
	same out <<-END
	in#bytes=0+90000000,records=0+1,last
	END
	truncate -s 200000000 in
	fails 1 bt-split -p 100 in
	said "bt-split: in: record 0 (line 1, byte 0): 200000000 bytes, more than the 104857600 of --max-payload-in-mb 100"
	bt-split -p 0 in >out
'
ok 'after an error the next object is done' '
	printf "\"a\n" >a.csv
	echo b >b.csv
	fails 1 bt-split a.csv missing.csv . b.csv >out
	said "bt-split: missing.csv: No such file or directory"
	said "bt-split: .: Is a directory"
	plain <out >got
	same got <<-END
	b.csv#bytes=0+2,records=0+1,last
	END
'
ok '--check and --check-json find lines that are not JSON' '
	printf "\357\273\277{\"a\":1}\n\n\r\n{\"a\":NaN}\n{\"a\":}\n" >a.jsonl
	fails 1 bt-split --check a.jsonl
	echo "bt-split: a.jsonl: record 1 (line 4, byte 14): not JSON at byte 19: no value, where one should be" |
	    same "$tmp/err"
	fails 1 bt-split --check-json a.jsonl >out
	said "bt-split: a.jsonl: record 1 (line 4, byte 14): not JSON at byte 19: no value, where one should be"
	same out </dev/null
	bt-split a.jsonl | plain >out
	same out <<-\END
	a.jsonl#bytes=3+28,records=0+3,last
	END
	# The end of the object, white space, other types.
	printf "1\n[2" >b.jsonl
	fails 1 bt-split --check b.jsonl
	said "b.jsonl: record 1 (line 2, byte 2): not JSON at byte 4: the text ends inside a value"
	printf "1\n \n3" >c.jsonl
	fails 1 bt-split --check c.jsonl
	said "c.jsonl: record 1 (line 2, byte 2): not JSON at byte 2: no value, where one should be"
	cp c.jsonl c.json
	bt-split --check c.json c.jsonl -c text/plain >out
	fails 1 bt-split --check-json c.json
	cp c.jsonl c.csv
	bt-split --check --check-json c.csv >out
	# A part of an object, named as in the whole.
	fails 1 bt-split --check "a.jsonl#bytes=14+10,records=1+1"
	said "a.jsonl: record 1 (line 4, byte 14): not JSON at byte 19"
	# Lines that lie on the border of two reads, and longer than one.
	awk "BEGIN { for (i = 0; i < 30000; i++) {
		print \"{\\\"i\\\": \" i \"}\"
		if (i % 10000 == 0) { printf \"[\"; for (k = 0; k < 200000; k++) printf \"%d,\", k; print \"0]\" }
	} }" >d.jsonl
	for more in "" "-b SingleRecord" "-n 7"; do
		bt-split $more --check d.jsonl >>out
		bt-split $more --check-json d.jsonl >checked
		bt-split $more d.jsonl | cmp - checked
	done
	grep -n "{\"i\": 25000}" d.jsonl | cut -d: -f1 | grep -x 25004
	sed "25004s/}/]/" d.jsonl >e.jsonl
	fails 1 bt-split --check e.jsonl
	said "e.jsonl: record 25003 (line 25004, byte $(head -n 25003 e.jsonl | wc -c)): not JSON at byte "
	fails 1 bt-split -p 1 --check e.jsonl
	said "e.jsonl: record 1 (line 2, byte 9): "
	said "more than the 1048576 of --max-payload-in-mb 1"
'
ok '--check prints counts' '
	printf "1\n2\n\n3\n" >a.csv
	echo "\"" >b.csv
	fails 1 bt-split --check -n 2 a.csv b.csv >out
	same out <<-END
	a.csv: records=3 batches=2 bytes=6
	END
'
ok 'a reference is cut again, and keeps its place and keys' '
	printf "id\na\nb\n\nc\nd\n" >a.csv
	bt-split --header -n 3 a.csv >refs
	plain <refs >out
	same out <<-END
	a.csv#bytes=3+7,records=0+3,header=0+3
	a.csv#bytes=10+2,records=3+1,header=0+3,last
	END
	xargs bt-split -b SingleRecord <refs | plain >out
	same out <<-END
	a.csv#bytes=3+2,records=0+1,header=0+3
	a.csv#bytes=5+2,records=1+1,header=0+3
	a.csv#bytes=8+2,records=2+1,header=0+3
	a.csv#bytes=10+2,records=3+1,header=0+3,last
	END
	bt-split "a.csv#bytes=3+4,records=7+2,type=a%20b,colour=red,last" | plain >out
	same out <<-END
	a.csv#bytes=3+4,records=7+2,type=a%20b,colour=red,last
	END
'
ok 'the pieces of a reference: errors count from the start of the file' '
	printf "a\n\"b\nc\"\nd\n\"e\"f\n" >a.csv
	fails 1 bt-split "a.csv#bytes=8+7,records=2+2,newlines=keep"
	said "bt-split: a.csv: record 3 (line 5, byte 10): bytes after a closing quote, column 1"
'
ok 'a reference whose bytes have changed is refused, its last piece not printed' '
	printf "a\nb\nc\n" >in
	bt-split in >ref
	printf "a\nX\nc\n" >in
	fails 1 bt-split -n 2 "$(cat ref)" >out
	said "bt-split: in: bytes 0+6: crc32c 9a8eca6f, not edec2fbe"
	plain <out >got
	same got <<-END
	in#bytes=0+4,records=0+2
	END
	fails 1 bt-split "in#bytes=0+6,records=0+2" >out
	said "bt-split: in: bytes 0+6: 3 records, not the 2 of the reference"
	test ! -s out
	fails 1 bt-split "in#bytes=4+4,records=0+1"
	said "bt-split: in: bytes 4+4, but it has 6"
	fails 1 bt-split "in#bytes=4,records=0+1"
	said "bt-split: in#bytes=4,records=0+1: neither a file nor a reference: bytes= is not OFFSET+LENGTH"
	fails 1 bt-split "in#bytes=0+2,records=0+1,Must=know"
'
ok 'a result line is no reference' '
	echo 1 >in
	line=$(printf "in#bytes=0+2,records=0+1\t!\terror=x")
	fails 1 bt-split "$line"
	said "bt-split: in#bytes=0+2,records=0+1%09!%09error=x: neither a file nor a reference: a result line, whose first column is one"
'
ok 'an empty reference stays one' '
	printf "\n\n" >a.csv
	bt-split a.csv | xargs bt-split >out
	same out <<-END
	a.csv#bytes=0+0,records=0+0,last
	END
'
if [ -r /proc/version ]; then
	ok 'a file that has more bytes than it said is refused' '
		fails 1 bt-split /proc/version >out
		said "bt-split: /proc/version: it is longer than the 0 bytes that it had at first"
		test ! -s out
	'
else
	skip 'a file that has more bytes than it said is refused' 'no /proc'
fi
if strace -o "$tmp/calls" true 2>/dev/null; then
	ok 'a small object costs six system calls' '
		for n in 10 30; do
			seq -f "in/%g" $n >names
			mkdir -p in
			while read -r name; do echo 1 >"$name"; done <names
			tr "\n" "\0" <names >names0
			ASAN_OPTIONS=detect_leaks=0 strace -qq -o calls.$n \
			    -e trace=%file,%desc bt-split --files0-from names0 >out
		done
		test $(($(grep -vc mmap calls.30) - $(grep -vc mmap calls.10))) -le 120
	'
else
	skip 'a small object costs six system calls' 'no strace(1) here'
fi
ok 'a file that is cut while it is read is refused' '
	# Its reading stops where the pipe of references is full.
	seq 300000 >in
	bt-split -b SingleRecord in 2>err | {
		read -r ref
		: >in
		cat >out
	}
	grep "bt-split: in: it ended at byte [0-9]* of 1988895 while it was read" err
	test "$(grep -c last out)" -eq 0
'
ok 'a file goes before a reference' '
	echo x >"a#bytes=0+1,records=0+1"
	bt-split "a#bytes=0+1,records=0+1" | plain >out
	same out <<-END
	a%23bytes=0+1%2Crecords=0+1#bytes=0+2,records=0+1,last
	END
'
ok 'references are at most 4096 bytes, and the error says so' '
	d=$(head -c 200 /dev/zero | tr "\0" "%")
	p=$d/$d/$d/$d/$d/$d/$d
	mkdir -p "$p"
	echo 1 >"$p/a"
	fails 1 bt-split "$p/a" >out
	said "a reference to it is longer than 4096 bytes"
	test ! -s out
'
ok 'whole lines in each write' '
	seq 10000 >in
	bt-split -b SingleRecord in >refs
	(for i in 1 2 3; do bt-split -b SingleRecord in & done; wait) | cat >out
	cat refs refs refs | sort >want
	sort out | cmp - want
'
ok 'a full disk is an error' '
	echo a >in
	fails 1 bt-split in >/dev/full
	said "bt-split: standard output: No space left on device"
	fails 1 bt-split --check in >/dev/full
	said "bt-split: standard output: No space left on device"
'
ok 'a reader that goes away ends it quietly' '
	seq 200000 >in
	{ s=0; bt-split -b SingleRecord in 2>err || s=$?; echo $s >status; } | head -n 1 >out
	test ! -s err
	test "$(cat status)" -eq 141
'
ok 'what the command line can have wrong' '
	fails 2 bt-split -p 101 in
	said "--max-payload-in-mb 101: more than 100"
	fails 2 bt-split -p x in
	fails 2 bt-split -n 0 in
	said "--max-records 0: less than 1"
	fails 2 bt-split -t Word in
	said "--split-type Word: not Line, RecordIO, TFRecord or None"
	fails 2 bt-split -b Some in
	said "--batch-strategy Some: not MultiRecord or SingleRecord"
	fails 2 bt-split --embedded-newlines=drop in
	fails 2 bt-split --compression-type Bzip2 in
	fails 2 bt-split -t TFRecord --header in
	fails 2 bt-split -c json in
	said "bt-split: --content-type json: not like text/csv"
	fails 2 bt-split --frob in
	said "usage: bt-split"
'
ok 'an object is cut once' '
	printf "1\n" >a.csv
	mkdir d
	cp a.csv d
	for second in a.csv ./a.csv .//./a.csv; do
		fails 2 bt-split a.csv "$second" d/a.csv
		said "bt-split: $second: this object is named twice"
	done >out
	printf "%s\0" d/a.csv d//a.csv >names
	fails 2 bt-split --files0-from names >>out
	said "bt-split: d//a.csv: this object is named twice" >>out
	fails 2 bt-split - - <a.csv
	sed "s/,crc.*//; s/: .*//" out >short
	same short <<-END
	a.csv#bytes=0+2,records=0+1
	d/a.csv#bytes=0+2,records=0+1
	bt-split
	a.csv#bytes=0+2,records=0+1
	d/a.csv#bytes=0+2,records=0+1
	bt-split
	a.csv#bytes=0+2,records=0+1
	d/a.csv#bytes=0+2,records=0+1
	bt-split
	d/a.csv#bytes=0+2,records=0+1
	bt-split
	END
'
ok 'a spool overwrites no file, but with --overwrite' '
	printf "mine,1\n" | tee b.csv >wanted
	printf "other,2\n" | gzip >b.csv.gz
	fails 1 bt-split -o . b.csv b.csv.gz >out
	said "bt-split: b.csv.gz: ./b.csv: it exists; remove it, or use --overwrite"
	fails 1 bt-split -o b.csv - <wanted
	cmp wanted b.csv
	mkdir d
	mv b.csv.gz d
	fails 1 bt-split -o . --overwrite b.csv d/b.csv.gz
	said "bt-split: d/b.csv.gz: ./b.csv: it is an input, which the spool would overwrite"
	fails 1 bt-split -o . --overwrite d/b.csv.gz b.csv
	cmp wanted b.csv
	ln -s b.csv link
	ln b.csv hard
	mkfifo fifo
	fails 1 bt-split -o link - <wanted
	fails 1 bt-split -o link --overwrite - <wanted
	said "bt-split: standard input: link: it is not a regular file"
	fails 1 bt-split -o fifo --overwrite - <wanted
	fails 1 bt-split -o hard --overwrite b.csv d/b.csv.gz
	cmp wanted b.csv
	printf "something longer\n" >spool
	bt-split -o spool --overwrite d/b.csv.gz
	printf "other,2\n" | cmp - spool
'
ok 'a spool that is written again is never shorter than it was' '
	seq 100000 | tee in.csv | gzip >in.csv.gz
	bt-split -o s/ in.csv.gz >refs
	ASAN_OPTIONS=detect_leaks=0 strace -f -o calls -e trace=ftruncate,openat bt-split -o s/ --overwrite in.csv.gz >again
	cmp refs again
	cmp in.csv s/in.csv
	grep -c "s/in.csv.*O_TRUNC" calls >out || :
	sed -n "s/.*ftruncate([0-9]*, \([0-9]*\)).*/ftruncate \1/p" calls >>out
	same out <<-END
	0
	ftruncate 588895
	END
'
ok 'read, mapped or from a pipe, the batches are the same' '
	# A third of what is had at once begins between the CR and the LF of a blank line.
	{ echo 99999,; yes "$(printf "1,2\n\r\n\r\n12,")" | head -c 48000000; } >in.csv
	for how in "--max-records 7" "--max-payload-in-mb 1"; do
		bt-split $how in.csv | cut -d"#" -f2 >file
		bt-split $how -o spool.csv --overwrite - <in.csv | cut -d"#" -f2 >pipe
		cmp file pipe
		wc -l <file >>out
	done
	same out <<-END
	1142858
	46
	END
'
ok 'a line that is too large is not kept to its end' '
	head -c 50000000 /dev/zero >zeros
	for form in cat gzip; do
		rm -f spool
		$form <zeros >zeros.x
		fails 1 bt-split -c text/csv -o spool - <zeros.x
		said "bt-split: spool: record 0 (line 1, byte 0): at least 6"
		test "$(wc -c <spool)" -lt 7000000
	done
'
finish
