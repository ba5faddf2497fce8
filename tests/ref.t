#!/bin/sh
# References and result lines: bt-ref(5).
. "${0%/*}/lib.sh"
PATH=$B/tests:$PATH

ok 'a reference comes out as it went in' '
	cat >in <<-END
	reviews.csv#bytes=0+6291400,records=0+52311
	reviews.csv#bytes=6291400+301,records=52311+40,last
	a%20b%0A.rec#bytes=8+5,records=3+1,split=RecordIO,bare,crc32c=e3069283
	t.txt#bytes=0+9,records=0+1,split=None,header=0+4,type=text/csv,last
	h.csv#bytes=4+9,records=0+1,header=0+4,Send-header,crc32c=e3069283
	q.csv#bytes=18446744073709551614+1,records=0+1,newlines=keep
	n.csv#bytes=9999999999999999999+1000,records=100+99
	END
	ref <in | sed "/^path=.*[^>]$/,/>$/d; /^path=/d" >out
	diff -u in out
'
ok 'the path is decoded' '
	printf "%s\n" "a%20%22%25%2c%C3%A9é#bytes=0+0,records=0+0,last" | ref >out
	same out <<-END
	path=<a "%,éé>
	a%20%22%25%2c%C3%A9é#bytes=0+0,records=0+0,last
	END
'
ok 'keys of a later version are kept, before last' '
	echo "a#bytes=0+1,records=0+1,flavour=x%2Cy,last,colour=red,crc32c=00000000" | ref >out
	same out <<-END
	path=<a>
	a#bytes=0+1,records=0+1,crc32c=00000000,flavour=x%2Cy,colour=red,last
	END
'
ok 'what is no reference is refused with the reason' '
	cat >in <<-END
	reviews.csv
	#bytes=0+1,records=0+1
	a#bytes=1,records=0+1
	a#bytes=0+1
	a#bytes=0+1,records=0
	a#bytes=0+1,records=0+1x
	a#bytes=18446744073709551615+1,records=0+1
	a#bytes=99999999999999999999+1,records=0+1
	a b#bytes=0+1,records=0+1
	a,b#bytes=0+1,records=0+1
	a#bytes=0+1,records=0+1,note=a#b
	a#bytes=0+1,records=0+1,note=\\
	a#bytes=0+1,records=0+1,note="
	a#bytes=0+x"
	a#bytes=0+1,records=0+1,Must=know
	a#bytes=0+1,records=0+1,crc32c=123
	a#bytes=0+1,records=0+1,split=Word
	a#bytes=0+1,records=0+1,Send-header=1
	a#bytes=0+1,records=0+1,last=1
	a#bytes=0+1,records=0+1,,last
	a%0#bytes=0+1,records=0+1
	a%00b#bytes=0+1,records=0+1
	END
	ref <in >out
	same out <<-END
	not PATH#bytes=OFFSET+LENGTH,records=FIRST+COUNT
	not PATH#bytes=OFFSET+LENGTH,records=FIRST+COUNT
	bytes= is not OFFSET+LENGTH
	records= is not FIRST+COUNT
	records= is not FIRST+COUNT
	bytes after records=FIRST+COUNT
	bytes= is not OFFSET+LENGTH
	bytes= is not OFFSET+LENGTH
	a byte in it that is written %XX
	a byte in it that is written %XX
	a byte in it that is written %XX
	a byte in it that is written %XX
	a byte in it that is written %XX
	a byte in it that is written %XX
	a key in capitals, which this version does not know
	crc32c= is not eight hexadecimal digits
	split= is not Line, RecordIO, TFRecord or None
	Send-header takes no value
	last takes no value
	a key is empty
	bad path=<a%0>
	a%0#bytes=0+1,records=0+1
	bad path=<a%00b>
	a%00b#bytes=0+1,records=0+1
	END
'
ok 'result lines' '
	printf "a#bytes=0+1,records=0+1\tp#bytes=0+2,records=0+1\tstart=1.000 ms=2\n" >in
	printf "a#bytes=0+1,records=0+1\t!\tms=2 error=no%%20luck\n" >>in
	printf "a#bytes=0+1,records=0+1 ! error=x\n" >>in
	printf "a#bytes=0+1,records=0+1\tp\tms=2\n" >>in
	ref result <in >out
	same out <<-END
	path=<a>
	a#bytes=0+1,records=0+1
	path=<p>
	p#bytes=0+2,records=0+1
	error=<>
	path=<a>
	a#bytes=0+1,records=0+1
	error=<no luck>
	not REF, a tab, REPLY-REF or !, a tab, keys
	not PATH#bytes=OFFSET+LENGTH,records=FIRST+COUNT
	END
'
ok 'a result line has three columns, and the sum of what stands before it' '
	line="a#bytes=0+1,records=0+1\tp#bytes=0+2,records=0+1\tms=2"
	printf "$line sum=5cc6a6c3\n$line sum=5cc6a6c4\n$line sum=80e1fc4\n" >in
	printf "$line sum=5cc6a6c3 status=500 error=x\n$line\tms=2\n" >>in
	ref result <in >out
	same out <<-END
	path=<a>
	a#bytes=0+1,records=0+1
	path=<p>
	p#bytes=0+2,records=0+1
	error=<>
	its sum= is not that of the line: cut off, or changed
	its sum= is not that of the line: cut off, or changed
	path=<a>
	a#bytes=0+1,records=0+1
	path=<p>
	p#bytes=0+2,records=0+1
	error=<x>
	not REF, a tab, REPLY-REF or !, a tab, keys
	END
'
ok 'a line that was cut off anywhere and one that runs into it are none' '
	printf "0.1\n0.2\nx\n" >in.csv
	echo "{ \"format\": \"bt-linear\", \"version\": 1, \"kind\": \"linear\", \"weights\": [1] }" >model.json
	bt-split -b SingleRecord in.csv >refs
	fails 1 bt-predict -m linear -d . -o parts <refs >results
	awk "{ line[NR] = \$0 } END {
	    for (a = 1; a <= NR; a++)
		for (b = 1; b <= NR; b++)
		    for (n = 1; n <= length(line[a]); n++)
			print substr(line[a], 1, n) line[b] }" results >torn
	test "$(wc -l <torn)" -gt 1000
	ref result <torn >out
	fails 1 grep -q "^path=" out
	ref result <results | grep -c "^error=<..*>" >out
	same out <<-END
	1
	END
'
finish
