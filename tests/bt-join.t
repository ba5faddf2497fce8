#!/bin/sh
# Result lines in, predictions in the order of their records out.  The result
# lines are made here: no other tool has a part in it.
. "${0%/*}/lib.sh"

# shellcheck disable=SC2034
tab=$(printf '\t')

# answer OBJECT REPLIES N [KEYS]: the result lines of a model that answered
# each N lines of OBJECT with so many of REPLIES.
# shellcheck disable=SC2016
answer() {
	awk -v object="$1" -v part="$2" -v n="$3" -v keys="${4-}" '
	FILENAME == ARGV[1] { size[FNR] = length($0) + 1; next }
	{ reply[FNR] = length($0) + 1 }
	END {
		for (i = 0; i < FNR; i += n) {
			bytes = bytes2 = count = 0
			for (k = i + 1; k <= i + n && k <= FNR; k++) {
				bytes += size[k]
				bytes2 += reply[k]
				count++
			}
			printf "%s#bytes=%d+%d,records=%d+%d%s%s\t", object, at, bytes,
			    i, count, keys, i + count == FNR ? ",last" : ""
			printf "%s#bytes=%d+%d,records=%d+%d\tms=1 tries=1\n", part, at2,
			    bytes2, i, count
			at += bytes
			at2 += bytes2
		}
	}' "$1" "$2"
}

# crc TEXT: the checksum of these lines.
crc() {
	printf "%s\n" "$1" >"$tmp/crc.csv"
	bt-split -c text/plain "$tmp/crc.csv" | sed "s/.*crc32c=//; s/,.*//"
}

# numbers N: N records and their replies, in in.csv and part.
numbers() {
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) print i ",x" i * i }' >in.csv
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) print i / 4 }' >part
	paste -d, in.csv part >want
}

# odd_rows: records and replies of many widths, with quotes and CR LF.
odd_rows() {
	awk 'BEGIN {
		srand(7)
		for (i = 0; i < 3000; i++) {
			n = int(rand() * 3) + (i % 100 < 50 ? 3 : 1)
			row = ""
			for (k = 0; k < n; k++) {
				r = int(rand() * 7)
				field = i
				if (r == 0) field = "\"a,\"\"\""
				if (r == 1) field = ""
				if (r == 2) field = " \"b\""
				if (r == 3) field = "a long field of 20 bytes"
				row = row (k ? "," : "") field
			}
			printf "%s%s\n", row == "" ? "x" : row, rand() < 0.2 ? "\r" : ""
		}
	}' >in.csv
	awk 'BEGIN {
		srand(8)
		for (i = 0; i < 3000; i++) {
			printf "%s", i / 8
			for (n = int(rand() * rand() * 12); n > 0; n--)
				printf ",%s", rand() < 0.3 ? "\"p,\"" : n
			print ""
		}
	}' >part
}

ok 'replies in the order of their records' '
	numbers 7
	answer in.csv part 3 >results
	bt-join results >out
	cmp part out
	bt-join <results >out
	cmp part out
	tail -n 1 results >b
	head -n 2 results | bt-join - b >out
	cmp part out
'
ok 'JoinSource Input: record, comma, reply' '
	numbers 7
	answer in.csv part 3 | bt-join -j Input >out
	same out <<-END
	0,x0,0
	1,x1,0.25
	2,x4,0.5
	3,x9,0.75
	4,x16,1
	5,x25,1.25
	6,x36,1.5
	END
'
ok 'result lines in any order give the same bytes' '
	numbers 1000
	answer in.csv part 3 >results
	for order in sort "sort -r" "shuf -n 999" "tac"; do
		$order results | bt-join --join-source Input >out
		cmp want out
	done
'
ok 'records and replies longer than a block' '
	awk "BEGIN { for (i = 0; i < 5; i++) { printf \"%d,\", i
	    for (k = 0; k < 40000 * i; k++) printf \"longtext\"
	    print \"\" } }" >in.csv
	awk "BEGIN { for (i = 5; i > 0; i--) { for (k = 0; k < 40000 * i; k++)
	    printf \"reply\"
	    print \"\" } }" >part
	paste -d, in.csv part >want
	for n in 1 2 5; do
		answer in.csv part $n | sort -r | bt-join -j Input >out
		cmp want out
	done
'
ok 'CR LF stays at the end of the line; the last line gets an LF' '
	printf "a,b\r\nc,d\ne,f" >in.csv
	printf "1\n2\r\n3" >part
	printf "%s\t%s\t\n" "in.csv#bytes=0+12,records=0+3,last" \
	    "part#bytes=0+6,records=0+3" >results
	bt-join -j Input results >out
	printf "a,b,1\r\nc,d,2\ne,f,3\n" >want
	cmp want out
	printf "a,b\r\nc,d\ne,f\r" >in.csv
	sed "s/0+12/0+13/" results | bt-join -j Input >out
	printf "a,b,1\r\nc,d,2\ne,f,3\r\n" >want
	cmp want out
'
ok 'blank lines are neither records nor replies' '
	printf "a\n\n\r\nb\n\n" >in.csv
	printf "1\n\n2\n\n" >part.csv
	printf "%s\t%s\t\n" "in.csv#bytes=0+8,records=0+2,last" \
	    "part.csv#bytes=0+6,records=0+2" >results
	bt-join -j Input results >out
	printf "a,1\nb,2\n" | same out
	bt-join results >out
	printf "1\n2\n" | same out
'
ok 'records with newlines in quotes' '
	printf "1,\"a\nb\"\n2,\"c\"\"\n\n\"\n" >in.csv
	printf "x\n\"y\nz\"\n" >part.csv
	printf "%s\t%s\t\n" "in.csv#bytes=0+18,records=0+2,newlines=keep,last" \
	    "part.csv#bytes=0+8,records=0+2" >results
	bt-join -j Input results >out
	printf "1,\"a\nb\",x\n2,\"c\"\"\n\n\",\"y\nz\"\n" | same out
'
ok 'the header row stays at the top, with a name for the prediction' '
	printf "id,text\n1,a\n2,b\n" >in.csv
	printf "0.5\n0.6\n" >part
	line="in.csv#bytes=8+8,records=0+2,header=0+8,last"
	printf "%s\t%s\t\n" $line "part#bytes=0+8,records=0+2" >results
	bt-join -j Input results >out
	same out <<-END
	id,text,SageMakerOutput
	1,a,0.5
	2,b,0.6
	END
	bt-join results >out
	cmp part out
	printf "0.5,x,\"y,z\"\n0.6,y,z\n" >part
	printf "%s\t%s\t\n" $line "part#bytes=0+20,records=0+2" |
	    bt-join -j Input -f "\$[0,3:4]" >out
	same out <<-END
	id,SageMakerOutput1,SageMakerOutput2
	1,x,"y,z"
	2,y,z
	END
	printf "%s\t%s\t\n" "in.csv#bytes=0+0,records=0+0,header=0+8,last" \
	    "part#bytes=0+0,records=0+0" | bt-join -j Input >out
	echo "id,text,SageMakerOutput" | same out
'
ok 'an output filter selects columns by their text' '
	printf "1,\"a, \"\"b\"\"\",1.50\r\n2,c,07\n" >in.csv
	printf "0.5,x\n0.6,\"y,\"\n" >part
	printf "%s\t%s\t\n" "in.csv#bytes=0+26,records=0+2,last" \
	    "part#bytes=0+15,records=0+2" >results
	bt-join -j Input -f "\$[0,-1]" results >out
	printf "1,x\r\n2,\"y,\"\n" | same out
	bt-join -j Input -f "\$[1:3]" results >out
	printf "\"a, \"\"b\"\"\",1.50,0.5\r\nc,07,0.6\n" | same out
	bt-join -j Input -f "\$[3,2,2]" results >out
	printf "0.5,1.50,1.50\r\n0.6,07,07\n" | same out
	bt-join -f "\$[1]" --accept text/csv results >out
	printf "x\n\"y,\"\n" | same out
	fails 1 bt-join -j Input -f "\$[5]" results >out
	said "in.csv: record 0 (byte 0): "
'
ok 'rows of another width: each by its own' '
	printf "1,2,3\n1\n1,2,3,4,5\n" >in.csv
	printf "x\ny,z\nw\n" >part
	answer in.csv part 3 >results
	bt-join -j Input -f "\$[0,-1]" results >out
	printf "1,x\n1,z\n1,w\n" | same out
	bt-join -j Input -f "\$[0,2]" results >out
	printf "1,3\n1,z\n1,3\n" | same out
	fails 1 bt-join -j Input -f "\$[0,3]" results >out
	said "in.csv: record 1 (byte 6): "
'
ok 'a filter gives the same bytes whatever the batches' '
	odd_rows
	for n in 1 40 3000; do answer in.csv part $n >results.$n; done
	for filter in "[0]" "[-1]" "[0,-1]" "[-2,0]" "[0,0]" "[0:1]" "[1:]" "[:0]" \
	    "[0,-1,-2]" "[-2:]" "[0,1]" "[1,0]" "[*]" "[0:1,-1]"; do
		bt-join -j Input -f "\$$filter" results.1 >want
		for n in 40 3000; do
			bt-join -j Input -f "\$$filter" results.$n >out
			cmp want out
		done
	done
	test "$(wc -l <want)" -eq 3000
	fails 1 bt-join -j Input -f "\$[4]" -o dir results.1
	said "in.csv: record "
	cp "$tmp/err" want
	for n in 40 3000; do
		fails 1 bt-join -j Input -f "\$[4]" -o dir results.$n
		cmp want "$tmp/err"
	done
'
ok 'a JSON object gets a member; all else stays as it is spelled' '
	cat >in.jsonl <<-\END
	{"id": 12345678901234567890123, "x":1.10, "u":"\u00e9\/"}
	{}
	{ }
	  {"a":{"SageMakerOutput":1}}  
	{"SageMakerOutput":null,"b":[1e5, 2]}
	{"SageMaker\u004futput":0,"SageMakerOutput":[1],"c":"\u004f"}
	[1, 2]
	"text"
	1e400
	END
	cat >part.jsonl <<-\END
	{"label": 1}
	 2
	"x"
	[1,2 , 3]
	{"new":1.0}
	5
	6
	{}
	null
	END
	cat >want <<-\END
	{"id": 12345678901234567890123, "x":1.10, "u":"\u00e9\/","SageMakerOutput":{"label": 1}}
	{"SageMakerOutput":2}
	{ "SageMakerOutput":"x"}
	  {"a":{"SageMakerOutput":1},"SageMakerOutput":[1,2 , 3]}  
	{"SageMakerOutput":{"new":1.0},"b":[1e5, 2]}
	{"SageMaker\u004futput":5,"SageMakerOutput":5,"c":"\u004f"}
	{"SageMakerInput":[1, 2],"SageMakerOutput":6}
	{"SageMakerInput":"text","SageMakerOutput":{}}
	{"SageMakerInput":1e400,"SageMakerOutput":null}
	END
	for n in 1 2 9; do
		answer in.jsonl part.jsonl $n | bt-join -j Input >out
		diff -u want out
	done
	answer in.jsonl part.jsonl 9 | bt-join -j Input --strict >out
	same out <<-\END
	{"SageMakerOutput":{"label":1},"id":12345678901234567890123,"u":"\u00e9\/","x":1.10}
	{"SageMakerOutput":2}
	{"SageMakerOutput":"x"}
	{"SageMakerOutput":[1,2,3],"a":{"SageMakerOutput":1}}
	{"SageMakerOutput":{"new":1.0},"b":[1e5,2]}
	{"SageMakerOutput":5,"SageMaker\u004futput":5,"c":"\u004f"}
	{"SageMakerInput":[1,2],"SageMakerOutput":6}
	{"SageMakerInput":"text","SageMakerOutput":{}}
	{"SageMakerInput":1e400,"SageMakerOutput":null}
	END
'
ok 'a reply that is one array, or predictions, is dealt to the records' '
	printf "{\"a\":1}\n{\"a\":2}\n" >in.jsonl
	cat >want <<-END
	{"a":1,"SageMakerOutput":0.50}
	{"a":2,"SageMakerOutput":[2]}
	END
	for reply in "[0.50, [2]]" "{\"predictions\":[0.50,[2]], \"n\":1}" "[0.50,
	    [2]
	]"; do
		for part in p.json p.jsonl; do
			printf "%s" "$reply" >$part
			printf "%s\t%s\t\n" "in.jsonl#bytes=0+16,records=0+2,last" \
			    "$part#bytes=0+${#reply},records=0+2" | bt-join -j Input >out
			diff -u want out
		done
	done
	printf "[1,2,3]" >p.json
	printf "%s\t%s\t\n" "in.jsonl#bytes=0+16,records=0+2,last" \
	    "p.json#bytes=0+7,records=0+2" >results
	fails 1 bt-join -j Input results
	said "in.jsonl: records 0 to 1: the reply is one JSON value, not 2 lines"
'
ok 'a JSON document' '
	printf "{\"a\":[1,\n2]}\n" >in.json
	printf "{\"p\": 1}\n" >p.json
	printf "%s\t%s\t\n" "in.json#bytes=0+13,records=0+1,split=None,last" \
	    "p.json#bytes=0+9,records=0+1" >results
	bt-join -j Input results >out
	printf "{\"a\":[1,\n2],\"SageMakerOutput\":{\"p\": 1}}\n" | same out
	bt-join -j Input -f "\$.SageMakerOutput.p" results >out
	printf "1\n" | same out
	bt-join -f "\$.p" --assemble-with Line results >out
	printf "1\n" | same out
	bt-join -f "\$.p" --assemble-with None results >out
	printf "1" | cmp - out
	bt-join results >out
	cmp p.json out
'
ok 'an output filter on JSON Lines' '
	printf "{\"id\":1,\"f\":[1,2]}\n{\"id\":2.50,\"f\":[]}\n" >in.jsonl
	printf "{\"s\":0.10}\n{\"s\":2}\n" >p.jsonl
	answer in.jsonl p.jsonl 1 >results
	bt-join -j Input -f "\$[\"id\",\"SageMakerOutput\"]" results >out
	same out <<-END
	{"id":1,"SageMakerOutput":{"s":0.10}}
	{"id":2.50,"SageMakerOutput":{"s":2}}
	END
	bt-join -f "\$.s" results >out
	printf "0.10\n2\n" | same out
	fails 1 bt-join -j Input -f "\$.f[1]" results >out
	said "in.jsonl: record 1 (byte 19): "
'
ok 'what is not JSON is named by record and byte' '
	printf "{\"a\":1}\n{\"a\":01}\n" >in.jsonl
	printf "1\n2\n" >p.jsonl
	answer in.jsonl p.jsonl 2 >results
	fails 1 bt-join -j Input -o out results
	said "in.jsonl: record 1 (byte 8): not JSON at byte 13: "
	sed "s/,last/,crc32c=00000000,last/" results >changed
	fails 1 bt-join -j Input -o out changed
	said "in.jsonl: records 0 to 1: the input: bytes 0 to 17 have crc32c "
	printf "{\"a\":1}\n{\"a\":10}\n" >in.jsonl
	answer in.jsonl p.jsonl 2 >results
	printf "1\n}\n" >p.jsonl
	fails 1 bt-join -j Input -o out results
	said "in.jsonl: record 1 (byte 8): p.jsonl: not JSON at byte 2: "
	test -z "$(ls -A out)"
'
ok 'AssembleWith' '
	echo x >in.txt
	printf "a\nb" >part
	result="in.txt#bytes=0+2,records=0+1,last${tab}part#bytes=0+3,records=0+1$tab"
	echo "$result" | bt-join >out
	printf "a\nb\n" | cmp - out
	echo "$result" | bt-join --assemble-with None >out
	printf "a\nb" | cmp - out
	echo "$result" | sed s/,last/,split=None,last/ | bt-join >out
	printf "a\nb" | cmp - out
	echo "$result" | sed s/,last/,split=None,last/ |
	    bt-join --assemble-with Line >out
	printf "a\nb\n" | cmp - out
	: >part
	echo "$result" | sed s/0+3/0+0/ | bt-join >out
	printf "\n" | cmp - out
'
ok 'an object without records' '
	: >in.csv
	: >part
	echo "in.csv#bytes=0+0,records=0+0,last${tab}part#bytes=0+0,records=0+0$tab" >results
	bt-join results >out
	cmp in.csv out
	bt-join -j Input -o dir results
	cmp in.csv dir/in.csv.out
'
ok 'missing references are named' '
	numbers 10
	answer in.csv part 2 >results
	for join in None Input; do
		sed 3d results >some
		fails 1 bt-join -j $join -o dir some
		said "in.csv: no result for records 4 to 5 (bytes 20 to 32)"
		sed 1d results >some
		fails 1 bt-join -j $join -o dir some
		said "in.csv: no result for records 0 to 1 (bytes 0 to 10)"
		sed "\$d" results >some
		fails 1 bt-join -j $join -o dir some
		said "in.csv: no result from record 8 (byte 44) on: the last batch is missing"
		sed s/,last// results >some
		fails 1 bt-join -j $join -o dir some
		said "in.csv: no result from record 10 (byte 56) on: the last batch is missing"
	done
	: >none
	fails 1 bt-join -o dir none
	said "no result lines"
	test -z "$(ls -A dir)"
'
ok 'a last result line without a newline is absent' '
	numbers 4
	answer in.csv part 2 >results
	printf %s "$(cat results)" >torn
	fails 1 bt-join -o dir torn
	said "no result from record 2 (byte 10) on"
	printf "%sx" "$(cat results)" >torn
	fails 1 bt-join -o dir torn
	test -z "$(ls -A dir)"
	(cat results; printf "in.csv#byt") | bt-join >out
	cmp part out
'
ok 'a batch answered twice: the first line counts, the same one again is nothing' '
	numbers 10
	sed "s/.*/again/" part >other
	answer in.csv part 2 >results
	answer in.csv other 2 >others
	for order in cat tac "shuf -n 10"; do
		bt-join -o dir results results 2>said
		test ! -s said
		(cat results; sed -n "2p;5p" results) | $order | bt-join >out 2>said
		cmp part out
		test ! -s said
	done
	for n in 1 3 5; do
		for order in cat tac; do
			(cat results; sed -n ${n}p others) | bt-join -o dir 2>said
			cmp part dir/in.csv.out
			echo "bt-join: 1 result line is ignored: only the first line for each record is used" |
			    same said
		done
		(sed -n ${n}p others; tac results) | bt-join >out 2>said
		sed "$((2 * n - 1)),$((2 * n))s/.*/again/" part | cmp - out
	done
	bt-join results others others >out 2>said
	cmp part out
	echo "bt-join: 5 result lines are ignored: only the first line for each record is used" |
	    same said
'
ok 'a batch and pieces of it: what a line before has settled stays so' '
	numbers 10
	sed "s/.*/again/" part >other
	answer in.csv part 5 >whole
	answer in.csv other 1 >pieces
	(cat whole; sed -n "7,8p" pieces) | bt-join >out
	cmp part out
	(cat pieces; cat whole) | bt-join >out
	cmp other out
	(sed -n 7p pieces; cat whole) >some
	fails 1 bt-join -o dir some
	said "in.csv: no result for records 5 to 5 (bytes 26 to 32)"
	(cat some; sed "7d" pieces | tac) | bt-join >out
	sed "6,10s/.*/again/" part | cmp - out
	test -z "$(ls -A dir)"
'
ok 'failures and answers: the first line counts' '
	numbers 4
	answer in.csv part 2 >results
	sed "1s/	[^	]*	/	!	/" results >failed
	(cat results; cat failed) | bt-join >out
	cmp part out
	(head -n 1 failed; cat results) >some
	fails 1 bt-join -o dir some
	said "in.csv: records 0 to 1: the model failed"
	(head -n 1 failed; tac results) | bt-join --on-error skip --errors e >out
	tail -n 2 part | cmp - out
	test "$(wc -l <e)" -eq 2
	printf "e.csv#bytes=0+0,records=0+0,last	!	error=x\n" >empty
	cat empty empty >some
	fails 1 bt-join -o dir some
	echo "bt-join: e.csv: record 0: x" | same "$tmp/err"
	bt-join -o dir --on-error skip some
	test -e dir/e.csv.out
	rm -r dir
	(cat failed failed; tac failed) >some
	fails 1 bt-join -o dir --errors e some
	test "$(wc -l <e)" -eq 2
'
ok 'the objects whose outputs are in their places are named' '
	for name in a "b c" d "e
	f"; do
		printf "1\n2\n" >"$name"
		bt-split "$name" | bt-predict -m identity -o parts >>all
	done
	mkdir other other/a.out out
	fails 1 bt-join -o other --names all >got
	same got <<-\END
	b%20c
	d
	e%0A%09f
	END
	fails 1 bt-join -o out --names all >/dev/full
	said "bt-join: standard output: No space left on device"
	test "$(ls -d out/*.out | tr "\n" ,)" = "out/a.out,out/b c.out,out/d.out,out/e,	f.out,"
	fails 2 bt-join --names all
	said "bt-join: --names needs -o: standard output is the output"
'
ok 'a last batch is known by any line that says it' '
	numbers 10
	answer in.csv part 2 >results
	sed s/,last// results >before
	for order in cat tac; do
		(cat before; $order results) | bt-join >out 2>said
		cmp part out
		(tail -n 1 results; $order before) | bt-join >out
		cmp part out
	done
	for order in cat tac; do
		(cat before; echo "in.csv#bytes=56+0,records=10+0,last	part#bytes=0+0,records=0+0	") |
		    $order | bt-join >out 2>said
		cmp part out
		test ! -s said
	done
	sed "3s/+2	/+2,last	/" results >some
	fails 1 bt-join -o dir some
	said "in.csv: records to 8, after the last batch, which ends at 6"
	tac some >other
	fails 1 bt-join -o dir other
	said "in.csv: two last batches, of 10 and of 6 records: the object has changed between two runs"
	(head -n 2 before; sed "2s/+2	/+2,last	/" results) >some
	fails 1 bt-join -o dir some
	said "in.csv: records to 6, after the last batch, which ends at 4"
	test -z "$(ls -A dir)"
'
ok 'batches that overlap' '
	numbers 10
	answer in.csv part 2 >results
	sed "2s/records=2+2/records=1+2/; 2s/in.csv#bytes=10/in.csv#bytes=5/" results >some
	fails 1 bt-join -o dir some
	sed "2s/in.csv#bytes=10/in.csv#bytes=9/" results >some
	fails 1 bt-join -o dir some
	said "in.csv: record 2 begins at byte 9, before the end of the record before it, 10"
	test -z "$(ls -A dir)"
'
ok 'two last batches, and records after the last' '
	numbers 10
	answer in.csv part 2 >results
	sed "2s/+2$tab/+2,last$tab/" results >some
	for order in cat tac; do
		$order some >now
		fails 1 bt-join -o dir now
	done
	sed "2s/+2$tab/+2,last$tab/; \$s/,last//" results >some
	for order in cat tac "sort -R"; do
		$order some >now
		fails 1 bt-join -o dir now
		grep -F "after the last batch, which ends at 4" "$tmp/err"
	done
	test -z "$(ls -A dir)"
'
ok 'a reply with another number of records than its batch' '
	numbers 10
	answer in.csv part 5 >results
	sed "s/\(part#bytes=0+\)[0-9]*/\17/" results >some
	for filter in "\$" "\$[0]"; do
		fails 1 bt-join -j Input -f "$filter" -o dir some
		said "in.csv: records 0 to 4: the reply has 2 records, not 5"
	done
	sed "s/records=5+5/records=5+4/" results >some
	for join in None Input; do
		fails 1 bt-join -j $join -o dir some
		said "in.csv: records 5 to 8: the reply has 5 records, not 4"
	done
	sed "s/records=5+5/records=5+4/g" results >some
	fails 1 bt-join -j Input -o dir some
	said "in.csv: records 5 to 8: the input has 5 records there, not 4"
	fails 1 bt-join --accept text/csv -o dir some
	said "in.csv: records 5 to 8: the reply has 5 records, not 4"
	sed "s/records=5+5/records=5+6/g" results >some
	fails 1 bt-join -j Input -o dir some
	said "in.csv: records 5 to 10: the input has 5 records there, not 6"
	test -z "$(ls -A dir)"
'
ok 'an input or a reply that was changed, cut or removed' '
	printf "123456789" >in.csv
	printf "1\n" >part.csv
	printf "%s\t%s\t\n" \
	    in.csv#bytes=0+9,records=0+1,crc32c=e3069283,last \
	    part.csv#bytes=0+2,records=0+1,crc32c=00000000 >results
	fails 1 bt-join -j Input -o dir results
	said "in.csv: record 0: part.csv: bytes 0 to 2 have crc32c "
	fails 1 bt-join -o dir results
	said "in.csv: record 0: part.csv: bytes 0 to 2 have crc32c "
	sed "s/,crc32c=00000000//" results >good
	bt-join -j Input good >out
	echo 123456789,1 | same out
	printf "123456780" >in.csv
	bt-join good >out
	fails 1 bt-join -j Input -o dir good
	said "in.csv: record 0: the input: bytes 0 to 9 have crc32c "
	printf "12345678" >in.csv
	fails 1 bt-join -j Input -o dir good
	said "in.csv: record 0: the input ends at byte 8, not 9: it has been cut since"
	rm in.csv
	fails 1 bt-join -j Input -o dir good
	said "in.csv: record 0: the input: No such file or directory"
	for filter in "\$" "\$[0]"; do
		printf 1 >part.csv
		fails 1 bt-join -o dir -f "$filter" good
		said "in.csv: record 0: part.csv ends at byte 1, not 2"
		rm part.csv
		fails 1 bt-join -o dir -f "$filter" good
		said "in.csv: record 0: part.csv: No such file or directory"
	done
	test -z "$(ls -A dir)"
'
ok 'standard output has one object' '
	numbers 4
	cp in.csv b.csv
	(answer in.csv part 2; answer b.csv part 2) >results
	fails 1 bt-join results
	said "in.csv, b.csv: 2 objects or more: give -o DIR"
	bt-join -j Input -o dir results
	cmp want dir/in.csv.out
	cmp want dir/b.csv.out
'
ok 'a failed object leaves the others whole' '
	numbers 4
	cp in.csv b.csv
	cp in.csv c.csv
	(answer in.csv part 2; answer b.csv part 2 | sed 1d; answer c.csv part 1) |
	    sort -R >results
	fails 1 bt-join -j Input -o dir results
	test "$(ls -A dir | xargs)" = "c.csv.out in.csv.out"
	cmp want dir/in.csv.out
	cmp want dir/c.csv.out
'
ok 'names of outputs' '
	mkdir -p "data/a b/x" data/c
	numbers 4
	cp in.csv "data/a b/x/é \"%,#.csv"
	cp in.csv data/c/in.csv
	answer in.csv part 2 >results
	sed "s|^in.csv|data/a%20b/x/é%20%22%25%2C%23.csv|" results >odd
	sed "s|^in.csv|data/c/in.csv|" results >c
	bt-join -j Input -o dir odd c
	cmp want "dir/é \"%,#.csv.out"
	cmp want dir/in.csv.out
	bt-join -j Input -o dir2/y --input-prefix data odd c
	cmp want "dir2/y/a b/x/é \"%,#.csv.out"
	cmp want dir2/y/c/in.csv.out
	fails 1 bt-join -o dir3 results c
	said "in.csv, data/c/in.csv: both outputs would be dir3/in.csv.out"
	fails 1 bt-join -o dir3 --input-prefix data/a odd c
	said "data/c/in.csv: the path does not begin with the input prefix"
	cmp part "dir3/ b/x/é \"%,#.csv.out"
	rm -r dir3
	sed "s|^in.csv|data/../in.csv|" results >up
	fails 1 bt-join -o dir3 --input-prefix data up
	said "data/../in.csv: the path would lead out of the output folder"
	sed "s|^in.csv|data/..|" results >up
	fails 1 bt-join -o dir3 up
	sed "s|^in.csv|data/|" results >up
	fails 1 bt-join -o dir3 up
	said "data/: the path leaves no name for the output"
	sed "s|^in.csv|data/.|" results >up
	fails 1 bt-join -o dir3 up
	said "data/.: the path leaves no name for the output"
	test ! -e dir3
'
ok 'failed batches' '
	numbers 6
	answer in.csv part 2 |
	    awk -F "\t" -v OFS="\t" "NR == 2 {
		\$2 = \"!\"; \$3 = \"ms=1 status=500 error=no%20such%20word:%20%22x%22\" } 1" >results
	fails 1 bt-join -o dir results
	said "in.csv: records 2 to 3: no such word: \"x\""
	test -z "$(ls -A dir)"
	bt-join -j Input --on-error skip --errors errors results >out 2>said
	sed 3,4d want | diff -u - out
	echo "bt-join: in.csv: 2 of 6 records failed, left out" | same said
	same errors <<-\END
	{"object":"in.csv","record":2,"offset":10,"length":5,"status":"500","error":"no such word: \"x\"","batch":"in.csv#bytes=10+10,records=2+2"}
	{"object":"in.csv","record":3,"offset":15,"length":5,"status":"500","error":"no such word: \"x\"","batch":"in.csv#bytes=10+10,records=2+2"}
	END
	for order in cat tac; do
		$order results | bt-join -j Input --on-error placeholder=ERROR >out
		sed "3,4s/[^,]*\$/ERROR/" want | diff -u - out
		$order results | bt-join --on-error placeholder=ERROR >out
		sed "3,4s/.*/ERROR/" part | diff -u - out
	done
	bt-join --on-error skip --max-errors 2 results >out
	sed 3,4d part | diff -u - out
	fails 1 bt-join --on-error skip --max-errors 1 -o dir results
	said "in.csv: 2 records failed, more than 1"
	bt-join --on-error skip --max-errors 34% results >out
	fails 1 bt-join --on-error skip --max-errors 33% -o dir results
	said "in.csv: 2 records failed, more than 33%"
	test -z "$(ls -A dir)"
	fails 2 bt-join --max-errors 1 results
	fails 2 bt-join --max-errors 101% results
	fails 2 bt-join --on-error ignore results
	fails 2 bt-join --content-type json results
	said "bt-join: --content-type json: not like text/csv"
'
ok 'a placeholder in JSON is JSON' '
	printf "{\"a\":1}\n{\"a\":2}\n" >in.jsonl
	printf "%s\t!\terror=x\n" "in.jsonl#bytes=0+16,records=0+2,last" >results
	bt-join -j Input --on-error placeholder=null results >out
	same out <<-END
	{"a":1,"SageMakerOutput":null}
	{"a":2,"SageMakerOutput":null}
	END
	fails 1 bt-join -j Input --on-error placeholder=ERROR -o dir results
	said "in.jsonl: the placeholder ERROR is not JSON"
'
ok 'a record that cannot be joined or filtered fails alone' '
	printf "{\"a\":1}\n{\"a\":01}\n{\"a\":3}\n" >in.jsonl
	printf "1\n2\nNaN\n" >p.jsonl
	answer in.jsonl p.jsonl 3 >results
	fails 1 bt-join -j Input -o dir results
	said "in.jsonl: record 1 (byte 8): not JSON at byte 13: "
	bt-join -j Input --on-error skip --errors errors results >out 2>said
	same out <<-\END
	{"a":1,"SageMakerOutput":1}
	END
	same said <<-\END
	bt-join: in.jsonl: left out record 1 (byte 8): not JSON at byte 13: a number with a leading zero
	bt-join: in.jsonl: left out record 2 (byte 17): p.jsonl: not JSON at byte 4: no value, where one should be
	bt-join: in.jsonl: 2 of 3 records failed, left out
	END
	same errors <<-\END
	{"object":"in.jsonl","record":1,"offset":8,"length":9,"status":"join","error":"record 1 (byte 8): not JSON at byte 13: a number with a leading zero","batch":"in.jsonl#bytes=0+25,records=0+3,last"}
	{"object":"in.jsonl","record":2,"offset":17,"length":8,"status":"join","error":"record 2 (byte 17): p.jsonl: not JSON at byte 4: no value, where one should be","batch":"in.jsonl#bytes=0+25,records=0+3,last"}
	END
	bt-join -j Input --on-error placeholder=null results >out 2>said
	same out <<-\END
	{"a":1,"SageMakerOutput":1}
	null
	{"a":3,"SageMakerOutput":null}
	END
	bt-join -j Input -f "\$.SageMakerOutput" --on-error placeholder=0 results >out
	printf "1\n0\n0\n" | same out
	for most in 1 50% 66%; do
		fails 1 bt-join -j Input --on-error skip --max-errors $most -o dir results
		said "in.jsonl: 2 records failed, more than $most"
	done
	bt-join -j Input --on-error skip --max-errors 67% results >out
	# A reply that begins with it, and one that is not joined.
	printf "NaN\n2\n3\n" >p.jsonl
	bt-join -f "\$" --inference-id=s --on-error skip results >out 2>said
	test "$(wc -l <out)" = 2
	sed "s/\(p.jsonl#bytes=0+[0-9]*,records=0+3\)/\1,type=application%2Fjsonlines/" results >typed
	bt-join -j Input --on-error skip typed >out 2>said
	same out <<-\END
	{"a":3,"SageMakerOutput":3}
	END
	# What the model has refused is lost once.
	printf "%s\t!\tstatus=400 error=x\n" "in.jsonl#bytes=0+25,records=0+3,last" >refused
	bt-join -j Input --on-error placeholder=null refused >out 2>said
	same out <<-\END
	{"a":1,"SageMakerOutput":null}
	null
	{"a":3,"SageMakerOutput":null}
	END
	echo "bt-join: in.jsonl: 3 of 3 records failed, replaced" | same said
'
ok 'NaN in a reply is named by its record' '
	printf "{\"a\":1}\n{\"a\":2}\n" >in.jsonl
	printf "{\"predictions\": [1.5,\n {\"p\": -Infinity}]}\n" >p.json
	printf "%s\t%s\t\n" "in.jsonl#bytes=0+16,records=0+2,last" \
	    "p.json#bytes=0+$(wc -c <p.json),records=0+2" >results
	fails 1 bt-join -j Input -o dir results
	said "in.jsonl: record 1 (byte 8): p.json: not JSON at byte 30: no digit, where a number needs one"
	bt-join -j Input --on-error placeholder=null results >out 2>said
	same out <<-\END
	{"a":1,"SageMakerOutput":1.5}
	{"a":2,"SageMakerOutput":null}
	END
	printf "NaN" >p.json
	printf "%s\t%s\t\n" "in.jsonl#bytes=0+8,records=0+1,last" \
	    "p.json#bytes=0+3,records=0+1,split=None" >results
	fails 1 bt-join -j Input -o dir results
	said "in.jsonl: record 0 (byte 0): p.json: not JSON at byte 0: no value, where one should be"
	printf "[NaN,1]" >p.json
	printf "%s\t%s\t\n" "in.jsonl#bytes=0+16,records=0+2,last" "p.json#bytes=0+7,records=0+2" >results
	bt-join -j Input --on-error skip results >out
	same out <<-\END
	{"a":2,"SageMakerOutput":1}
	END
'
ok 'so does a row that the output filter does not fit' '
	printf "1,a\n2\n3,c\n" >in.csv
	printf "x\ny\nz,z\n" >part
	printf "id,name\n1,a\n2\n3,c\n" >head.csv
	answer in.csv part 3 >results
	fails 1 bt-join -j Input -f "\$[0,2]" -o dir results
	said "in.csv: record 1 (byte 4): no column 2 in a row of 2 columns"
	bt-join -j Input -f "\$[0,2]" --on-error skip results >out 2>said
	printf "1,x\n3,z\n" | same out
	same said <<-\END
	bt-join: in.csv: left out record 1 (byte 4): no column 2 in a row of 2 columns
	bt-join: in.csv: 1 of 3 records failed, left out
	END
	bt-join -j Input -f "\$[0,2]" --on-error placeholder=N,A results >out
	printf "1,x\n2,A\n3,z\n" | same out
	bt-join -j Input -f "\$[0,2]" --on-error placeholder=NA results >out
	printf "1,x\nNA\n3,z\n" | same out
	bt-join -f "\$[1]" --on-error skip results >out
	printf "z\n" | same out
	bt-join -f "\$[1]" --on-error placeholder=NA results >out
	printf "NA\nNA\nz\n" | same out
	sed "s/in.csv#bytes=0+10,records=0+3/head.csv#bytes=8+10,records=0+3,header=0+8/" results |
	    bt-join -j Input -f "\$[0,2]" --on-error skip >out
	printf "id,SageMakerOutput\n1,x\n3,z\n" | same out
	# Ids stay those of the records.
	bt-join -j Input --inference-id=s --inference-time 2022-08-30T00:49:15Z results |
	    sed "2d; s/,[ac],/,/; s/,z,z,/,z,/" >want
	bt-join -j Input -f "\$[0,2]" --on-error skip --inference-id=s \
	    --inference-time 2022-08-30T00:49:15Z results | diff -u want -
	# Many, in each of the ways to join them.
	awk "BEGIN { for (i = 0; i < 3000; i++) print i % 7 ? i \",a,b\" : i }" >in.csv
	sed "s/.*/p/" in.csv >part
	for n in 1 20 40 3000; do
		answer in.csv part $n >results
		for filter in "\$[0,2]" "\$[0$(printf ",0%.0s" $(seq 17)),2]"; do
			fails 1 bt-join -j Input -f "$filter" -o dir results
			said "in.csv: record 0 (byte 0): no column 2 in a row of 2 columns"
			bt-join -j Input -f "$filter" --on-error skip --errors errors results >out 2>said
			grep , in.csv | sed "s/,.*//" >want
			sed "s/,.*//" out | cmp - want
			test "$(grep -vc ",b\$" out)" = 0
			test "$(wc -l <errors)" = 429
		done
	done
'
ok 'a document that cannot be joined is one record' '
	printf "{\"a\":NaN}" >in.json
	printf "{\"p\":1}" >p.json
	printf "%s\t%s\t\n" "in.json#bytes=0+9,records=0+1,split=None,last" \
	    "p.json#bytes=0+7,records=0+1" >results
	fails 1 bt-join -j Input -o dir results
	said "in.json: record 0 (byte 0): not JSON at byte 5: no value, where one should be"
	bt-join -j Input --on-error skip --errors errors results >out 2>said
	same out </dev/null
	same errors <<-\END
	{"object":"in.json","record":0,"offset":0,"length":9,"status":"join","error":"record 0 (byte 0): not JSON at byte 5: no value, where one should be","batch":"in.json#bytes=0+9,records=0+1,split=None,last"}
	END
	bt-join -j Input --on-error placeholder=null results >out
	printf null | cmp - out
	printf "{\"a\":2.5}" >in.json
	bt-join -j Input -f "\$.q" --on-error placeholder=null results >out
	printf null | cmp - out
	printf "{\"p\":NaN}" >p.json
	bt-join -j Input --on-error placeholder=null results >out
	printf "{\"a\":2.5,\"SageMakerOutput\":null}" | cmp - out
'
ok 'a reply that was not counted' '
	numbers 2
	printf "a\nb\nc\n" >part
	printf "%s\t%s\t\n" "in.csv#bytes=0+10,records=0+2,last" \
	    "part#bytes=0+6,records=0+1,split=None,type=text/csv" >results
	bt-join results | cmp - part
	bt-join -f "\$[0]" results | cmp - part
	for how in "-j Input" --inference-id; do
		fails 1 bt-join $how -o dir results
		said "in.csv: records 0 to 1: the reply was not counted (--no-count): it has no prediction for each record"
	done
	sed "s,text/csv,text/html," results >html
	bt-join html | cmp - part
	fails 1 bt-join -j Input -o dir html
	said "in.csv: the records are text/csv, the replies text/html: only the same type can be joined"
'
ok 'JSON predictions become columns of CSV' '
	printf "1,a\n2,b\r\n3,c\n4,d\n5,e\n6,f\n7,g\n8,h\n9,i\n" >in.csv
	cat >p.jsonl <<-\END
	1.50
	"a \"b\", \u00e9"
	[0.1, "x",null,true]
	{"label": "A, B", "score": [1]}
	null
	[]
	[[1],2]
	{"a":{}}
	false
	END
	answer in.csv p.jsonl 5 >results
	bt-join -j Input results >out
	same out <<-END
	1,a,1.50
	2,b,"a ""b"", é"$(printf "\r")
	3,c,0.1,x,,true
	4,d,"{""label"": ""A, B"", ""score"": [1]}"
	5,e,
	6,f,[]
	7,g,"[[1],2]"
	8,h,"{""a"":{}}"
	9,i,false
	END
	bt-join -j Input -f "\$[0,-1]" results | head -n 3 >out
	printf "1,1.50\n2,\"a \"\"b\"\", é\"\r\n3,true\n" | same out
	fails 1 bt-join -j Input --strict results
	said "in.csv: the records are text/csv, the replies application/jsonlines: only the same type can be joined"
	printf "1,a\n2,b\n" >in.csv
	printf "[{\"label\":\"x\",\"score\":0.5,\"why\":[1,2]},\n {\"score\":1,\"label\":\"y,z\",\"why\":[\n]}]" >p.json
	printf "%s\t%s\t\n" "in.csv#bytes=0+8,records=0+2,last" \
	    "p.json#bytes=0+$(wc -c <p.json),records=0+2" >results
	bt-join -j Input -f "\$.label" results >out
	printf "1,a,x\n2,b,\"y,z\"\n" | same out
	bt-join -j Input -f "\$['\''label'\'','\''score'\'']" results >out
	printf "1,a,x,0.5\n2,b,\"y,z\",1\n" | same out
	bt-join -j Input -f "\$.why" results >out
	printf "1,a,1,2\n2,b,[ ]\n" | same out
	bt-join -j Input -f "\$.why[1]" --on-error placeholder=? results >out
	printf "1,a,2\n2,b,?\n" | same out
	printf "n,l\n1,a\n2,b\n" >head.csv
	sed "s/in.csv#bytes=0+8,records=0+2/head.csv#bytes=4+8,records=0+2,header=0+4/" results |
	    bt-join -j Input -f "\$.score" >out
	printf "n,l,SageMakerOutput\n1,a,0.5\n2,b,1\n" | same out
'
ok 'rows of CSV become JSON' '
	printf "{\"a\":1}\n[2]\n{}\n{\"SageMakerOutput\":0}\n" >in.jsonl
	printf "1e5\n-0.10,007,nan,\"5\",,\"a \"\"b\"\"\"\n\n x,1.\n\"\"\n" >p.csv
	printf "%s\t%s\t\n" "in.jsonl#bytes=0+$(wc -c <in.jsonl),records=0+4,last" \
	    "p.csv#bytes=0+$(wc -c <p.csv),records=0+4" >results
	bt-join -j Input results >out
	same out <<-\END
	{"a":1,"SageMakerOutput":1e5}
	{"SageMakerInput":[2],"SageMakerOutput":[-0.10,"007","nan","5","","a \"b\""]}
	{"SageMakerOutput":[" x","1."]}
	{"SageMakerOutput":""}
	END
	bt-join -j Input -f "\$.SageMakerOutput" results >out
	same out <<-\END
	1e5
	[-0.10,"007","nan","5","","a \"b\""]
	[" x","1."]
	""
	END
	fails 1 bt-join -j Input --strict results
	said "in.jsonl: the records are application/jsonlines, the replies text/csv: only the same type can be joined"
	printf "1\n" >p.csv
	sed "s/p.csv#.*/p.csv#bytes=0+2,records=0+4\t/" results >short
	fails 1 bt-join -j Input -o dir short
	said "in.jsonl: records 0 to 3: the reply has 1 records, not 4"
'
ok 'inference ids' '
	uuid="[0-9a-f]\{8\}-[0-9a-f]\{4\}-4[0-9a-f]\{3\}-[89ab][0-9a-f]\{3\}-[0-9a-f]\{12\}"
	printf "a,b\n1,2\n3,4\n" >in.csv
	printf "x\ny\n" >part
	printf "%s\t%s\t\n" "in.csv#bytes=4+8,records=0+2,header=0+4,last" \
	    "part#bytes=0+4,records=0+2" >results
	bt-join -j Input --inference-id --inference-time 2022-08-30T00:49:15Z results |
	    sed "s/$uuid/UUID/" >out
	same out <<-END
	a,b,SageMakerOutput,SageMakerInferenceId,SageMakerInferenceTime
	1,2,x,UUID,2022-08-30T00:49:15Z
	3,4,y,UUID,2022-08-30T00:49:15Z
	END
	bt-join --inference-id -j Input -f "\$[-1]" results >out
	sed 1d out | cut -d, -f2 | sort -u | wc -l | grep 2
	cut -d, -f1 out | xargs | grep "^SageMakerOutput x y\$"
	sed 1d out | cut -d, -f3 | grep "^20..-..-..T..:..:..Z\$"
	printf "{\"a\":1}\n2\n" >p.jsonl
	sed "s/part#bytes=0+4/p.jsonl#bytes=0+10/" results |
	    bt-join --inference-time 2022-08-30T00:49:15Z | sed "s/$uuid/UUID/" >out
	same out <<-END
	{"a":1,"SageMakerInferenceId":"UUID","SageMakerInferenceTime":"2022-08-30T00:49:15Z"}
	{"SageMakerOutput":2,"SageMakerInferenceId":"UUID","SageMakerInferenceTime":"2022-08-30T00:49:15Z"}
	END
	for t in now 2022-08-30 2022-08-30T00:49:15ZZ "2022-08-30 00:49:15Z"; do
		fails 2 bt-join --inference-time "$t" results
		said "bt-join: --inference-time $t: not like 2022-08-30T00:49:15Z"
	done
'
# ids OPTION ...: those that bt-join gives the records of "results".
ids() {
	bt-join --inference-time 2022-08-30T00:49:15Z "$@" results |
	    grep -o "[0-9a-f]*-[0-9a-f]*-[0-9a-f]*-[0-9a-f]*-[0-9a-f]*[0-9a-f]"
}

ok 'inference ids by a seed are the same again, and another'\''s are others' '
	printf "1\n2\n3\n" >in.csv
	predict() {
		bt-split -n "$1" "$2" | bt-predict -m identity -o parts >results
	}
	predict 3 in.csv
	ids --inference-id=job-1 >want
	same want <<-END
	742f3009-a0dc-865f-ad3d-35aac57c0f32
	5da38927-6b73-8354-a164-40fec8ad012c
	017bd1fe-7178-82bb-b539-598d3fedd452
	END
	ids --inference-id=job-1 -j Input | cmp - want
	ids --inference-id=job-2 >other
	sed -n 1p other >got
	same got <<-END
	f2da990b-0eca-8f60-aa2f-84c941a44a55
	END
	cat want other | sort | uniq -d >twice
	test ! -s twice
	mkdir -p copy/one
	cp in.csv copy/a-longer-name.csv
	cp in.csv copy/in.csv
	seq 8 >copy/one/in.jsonl
	predict 2 copy/in.csv
	ids --inference-id=job-1 | cmp - want
	ids --inference-id=job-1 --input-prefix copy/ | cmp - want
	ids --inference-id=job-1 --input-prefix "$PWD" >none 2>err || :
	test ! -s none
	same err <<-END
	bt-join: copy/in.csv: the path does not begin with the input prefix
	END
	predict 1 copy/a-longer-name.csv
	ids --inference-id=job-1 | sed -n 3p >got
	same got <<-END
	128b3870-d683-84ad-9b19-fc8d492c44c6
	END
	predict 3 copy/one/in.jsonl
	ids --inference-id=job-1 --input-prefix copy | sed -n 8p >got
	same got <<-END
	e2210df2-3d1e-870e-a215-a3f39e32953f
	END
	ids --inference-id=job-1 --input-prefix copy -o out || :
	grep -q e2210df2-3d1e-870e-a215-a3f39e32953f out/one/in.jsonl.out
	fails 2 bt-join --inference-id= results
	said "bt-join: --inference-id: empty"
	fails 2 bt-join --inference-seed x results
	echo "bt-join: --inference-seed: no longer an option: use --inference-id=SEED" | same "$tmp/err"
	bt-join --inference-id=x results |
	    grep -c "SageMakerInferenceTime\":\"20..-..-..T..:..:..Z\"}\$" | grep -x 8
'
ok 'nor does a failed record, or a prediction of many rows, give one twice' '
	seq 4 >in.csv
	bt-split -n 1 in.csv | bt-predict -m identity -o parts >results
	ids --inference-id=s >want
	sed -i "2s/	[^	]*	.*/	!	error=x/" results
	ids --inference-id=s --on-error skip >out
	sed 2d want | cmp - out
	bt-split -t None in.csv | bt-predict -m identity -o parts >results
	ids --inference-id=s | cmp - want
'
ok 'a million ids by a seed are a million' '
	seq 1000000 >in.csv
	bt-split in.csv | bt-predict -m identity -o parts >results
	ids --inference-id=s | sort -u | wc -l | grep -x 1000000
'
ok 'what cannot be joined' '
	numbers 2
	echo "{}" >p.json
	printf "%s\t%s\t\n" "in.csv#bytes=0+10,records=0+2,last" \
	    "p.json#bytes=0+3,records=0+2" >results
	fails 1 bt-join --strict -j Input results
	said "in.csv: the records are text/csv, the replies application/json"
	sed "s/,last/,split=TFRecord,last/" results >some
	fails 1 bt-join -j Input some
	said "in.csv: split=TFRecord"
	sed "s/,last/,type=text%2Fx,last/" results >some
	fails 1 bt-join -j Input some
	said "in.csv: the records are not text/csv"
	sed "s/,last/,split=None,last/; s/p.json/part/" results >some
	fails 1 bt-join -j Input some
	said "in.csv: text/csv with split=None cannot be joined"
	sed "s/p.json/part/" results >some
	fails 1 bt-join -j Input --assemble-with None some
	fails 1 bt-join -f "\$[0]" --accept text/plain some
	fails 2 bt-join -j Both some
	fails 2 bt-join -f "\$[" some
	fails 2 bt-join --strict --jsonpath rfc9535 some
	fails 2 bt-join -f "\$.a_b" --strict some
'
ok 'lines that are no result lines count as absent' '
	numbers 4
	answer in.csv part 2 >results
	(echo hello; cat results) >some
	bt-join -o dir some 2>said
	echo "bt-join: some: line 1: not REF, a tab, REPLY-REF or !, a tab, keys; it counts as absent, and bt-todo --answered leaves it out" |
	    same said
	cmp part dir/in.csv.out
	head -c 300000 /dev/zero | tr "\0" x >long
	(cat long; echo; sed -n 1p results; printf "\0\n%%zz#bytes=0+1,records=0+1\t!\t\n"; cat long; sed -n 2p results) >some
	fails 1 bt-join -o dir some
	same "$tmp/err" <<-END
	bt-join: some: line 1: not REF, a tab, REPLY-REF or !, a tab, keys; it and 3 more count as absent, and bt-todo --answered leaves them out
	bt-join: in.csv: no result from record 2 (byte 10) on: the last batch is missing
	END
	(cat some; sed -n 2p results; cat long) | bt-join >out
	cmp part out
	fails 1 bt-join -o none long
	same "$tmp/err" <<-END
	bt-join: no result lines
	END
	(echo hello; echo hello) | fails 1 bt-join
	same "$tmp/err" <<-END
	bt-join: standard input: line 1: not REF, a tab, REPLY-REF or !, a tab, keys; no line is a result line: is it a part file? bt-join reads what bt-predict printed
	END
	fails 1 bt-join missing
	said "missing: No such file or directory"
'
ok 'a file of another kind ends the run with one message' '
	numbers 4
	answer in.csv part 2 >results
	cut -f 1 results >refs
	fails 1 bt-join -o dir <refs
	same "$tmp/err" <<-END
	bt-join: standard input: line 1: this is a reference: bt-predict comes between
	END
	cp part 0.part
	fails 1 bt-join -o dir 0.part
	same "$tmp/err" <<-END
	bt-join: 0.part: line 1: is this a part file? bt-join reads what bt-predict printed
	END
	test -z "$(ls -A dir 2>/dev/null)"
'
ok 'result lines from standard input twice, and from names of one file' '
	numbers 4
	answer in.csv part 2 >results
	bt-join - - <results >out
	cmp part out
	ln -s results link
	bt-join results ./results link - <results >out 2>said
	cmp part out
	test ! -s said
	bt-join results - </dev/null >out
	cmp part out
'
ok 'names that are empty' '
	for option in -o --errors; do
		fails 2 bt-join $option "" /dev/null
		said "bt-join: $option: empty"
	done
'
ok 'references that say different things of one object' '
	numbers 4
	answer in.csv part 2 | sed "1s/,records=0+2/&,split=None/" >results
	fails 1 bt-join -o dir results
	said "in.csv: record 2: a reference with another split"
'
ok 'a full disk is an error' '
	numbers 10000
	answer in.csv part 10 >results
	fails 1 bt-join -j Input results >/dev/full
	said "standard output: No space left on device"
	printf "%s\t!\terror=x\n" "in.csv#bytes=0+4,records=0+1,last" >failed
	fails 1 bt-join --on-error skip --errors /dev/full failed
	said "/dev/full: No space left on device"
'
ok 'a closed pipe ends it' '
	numbers 100000
	answer in.csv part 1000 >results
	test "$(set +e; (bt-join -j Input results; echo $? >status) | head -n 1)" = 0,x0,0
	test "$(cat status)" -ne 0
'
any() {	# any DIR: has something in it
	test -n "$(ls -A "$1")"
}

# several OBJECT ...: results of objects like in.csv, of four records.
several() {
	numbers 4
	for object in "$@"; do
		test "$object" = in.csv || cp in.csv "$object"
		answer in.csv part 2 | sed "s|^in.csv|$object|"
	done >results
}

ok 'an output that has no place fails alone' '
	several a b c
	: >file
	fails 1 bt-join -o file results
	said "bt-join: a: file/a.out: Not a directory"
	said "bt-join: c: file/c.out: Not a directory"
	mkdir -p dir/b.out
	for order in cat tac; do
		$order results >some
		fails 1 bt-join -o dir some
		echo "bt-join: b: dir/b.out: Is a directory" | same "$tmp/err"
		test "$(ls -A dir | xargs)" = "a.out b.out c.out"
		cmp part dir/a.out
		cmp part dir/c.out
		rm dir/a.out dir/c.out
	done
	mkdir a.out
	sed "s|^b|a.out/b|; s|^c|d/c|" results >some
	cp b a.out/b
	for order in cat tac "sort -R"; do
		$order some >now
		fails 1 bt-join --input-prefix "" -o tree now
		cmp part tree/d/c.out
		test "$(find tree -type f | wc -l)" -eq 2
		rm -r tree
	done
'
ok 'while lines still come, too' '
	several a b c
	mkdir -p dir
	mkfifo pipe
	bt-join -o dir <pipe 2>said &
	exec 5>pipe
	sed -n 1,3p results >&5
	await test -e dir/a.out
	mkdir dir/b.out
	sed -n 4p results >&5
	sed -n 5,6p results >&5
	await test -e dir/c.out
	exec 5>&-
	fails 1 wait $!
	echo "bt-join: b: dir/b.out: Is a directory" | same said
'
ok 'a name that is too long fails alone' '
	long=$(printf "%0252d" 0)
	several a b
	for n in 252 255; do
		long=$(printf "%0${n}d" 0)
		(head -n 2 results; sed "1,2s/^a/$long/" results) >some
		fails 1 bt-join -o dir some
		echo "bt-join: $long: the path is too long for a name with .out" |
		    same "$tmp/err"
		cmp part dir/a.out
		cmp part dir/b.out
		rm -r dir
	done
	fails 1 bt-join --accept text/csv --inference-id=s -o ids some
	cut -d, -f 1 ids/b.out | cmp part -
	(head -n 2 results; sed "1,2s|^a|${long}0/a|" results) >some
	fails 1 bt-join --input-prefix "" -o dir some
	echo "bt-join: ${long}0/a: dir/${long}0/a.out: File name too long" | same "$tmp/err"
	cmp part dir/b.out
	test "$(ls -A dir | xargs)" = "a.out b.out"
'
ok 'keys of S3 that are one file of a folder' '
	several a
	for other in "a//b ./a//b" "a/./b a/b" "b/../b b" ".//a/b a/b"; do
		for name in $other; do
			sed "s|^a|s3://bucket/in/$name|" results
		done >some
		fails 1 bt-join --input-prefix s3://bucket/in/ -o dir some
		test "$(find dir -type f | wc -l)" -le 1
		grep -e ": both outputs would be dir/a/b.out: give --input-prefix" \
		    -e "the path would lead out" "$tmp/err"
		rm -rf dir
	done
'
ok 'no output takes the place of what was read' '
	several a a.out
	cp a keep
	for link in none cp "ln -s" ln; do
		for order in cat tac; do
			$order results >some
			fails 1 bt-join -o . some
			echo "bt-join: a: ./a.out: this run has read that file: give another folder" |
			    same "$tmp/err"
			cmp keep a.out
			cmp part a.out.out
			rm a.out.out
		done
		mkdir -p sub
		mv results x.out
		sed -n 1,2p x.out | sed "s/^a/x/" >sub/list
		cp a x
		fails 1 bt-join -o . sub/list x.out
		grep "^x#" sub/list
		sed -n 1,2p x.out | grep "^a#"
		mv x.out results
		sed "s/part#/part.out#/" results >some
		mv part part.out
		sed -n 1,2p some | sed "s/^a/part/" >now
		cp a part
		fails 1 bt-join -o . now
		same "$tmp/err" <<-END
		bt-join: part: ./part.out: this run has read that file: give another folder
		END
		mv part.out part
		mkdir -p far
		case $link in
		none) ;;
		*) rm -f far/a.out; $link "$PWD/a.out" far/a.out
			test "$link" = cp || {
				fails 1 bt-join -o far results
				said "bt-join: a: far/a.out: this run has read that file"
				cmp keep a.out
			} ;;
		esac
	done
'
ok 'outputs that are there are replaced, at the end' '
	several a b
	mkdir dir
	echo before >dir/a.out
	mkfifo pipe
	bt-join -o dir <pipe &
	exec 5>pipe
	cat results >&5
	await test -e dir/b.out
	echo before | same dir/a.out
	exec 5>&-
	wait $!
	cmp part dir/a.out
	test "$(ls -A dir | xargs)" = "a.out b.out"
'
ok 'the errors file destroys nothing' '
	several a b
	sed "2s/	[^	]*	.*/	!	error=boo/" results >some
	run() {
		fails "$1" bt-join --on-error skip -o dir --errors "$2" some
	}
	cp some before
	run 1 some
	said "bt-join: some: it exists and does not come from --errors: give --errors another name"
	cmp before some
	cp a keep
	run 1 a
	cmp keep a
	cp part keep
	run 1 part
	cmp keep part
	ln -s part link
	run 1 link
	said "bt-join: link: it is a link to a file: give the name of the file itself"
	cmp keep part
	test ! -e dir
	run 0 e
	cp e keep
	cp dir/a.out dir/keep
	run 0 e
	cmp keep e
	cmp dir/keep dir/a.out
	test "$(wc -l <e)" -eq 2
	: >e
	run 0 e
	cmp keep e
	fails 1 bt-join --on-error skip -o dir --errors missing/e some
	said "bt-join: missing/e: No such file or directory"
'
ok 'nor what is read in this run, though it looks like one' '
	printf "{\"object\":\"x\"}\n{\"object\":\"y\"}\n" >a.jsonl
	ln a.jsonl other
	cp a.jsonl keep
	printf "%s\t!\terror=x\n" "a.jsonl#bytes=0+15,records=0+1" "a.jsonl#bytes=15+15,records=1+1,last" >results
	for e in a.jsonl other; do
		fails 1 bt-join -o dir --on-error skip --errors $e results
		said "bt-join: $e: this run reads it: give --errors another name"
		cmp keep a.jsonl
		test -z "$(ls -A dir)"
	done
	printf "%s\t%s\tms=1\n" "in.csv#bytes=0+15,records=0+1,last" "a.jsonl#bytes=0+15,records=0+1" >results
	fails 1 bt-join -o dir --errors a.jsonl results
	cmp keep a.jsonl
	cp a.jsonl e
	fails 1 bt-join -o . --errors in.csv.out results
	said "bt-join: in.csv.out: another file has appeared there during the run"
	test "$(ls -A | xargs)" = "a.jsonl dir e in.csv.out keep other results"
'
ok 'an errors file is there when it is whole, and may be a device or a pipe' '
	several a
	sed "2s/	[^	]*	.*/	!	error=boo/" results >some
	bt-join --on-error skip --errors /dev/null some >out
	test -c /dev/null
	mkfifo pipe
	cat pipe >e &
	bt-join --on-error skip --errors pipe some >out
	wait $!
	test "$(wc -l <e)" -eq 2
	cp e keep
	mkfifo in
	(exec bt-join --on-error skip --errors e -o dir <in) &
	exec 5>in
	sed s/boo/baa/ some >&5
	await any dir
	kill $!
	fails 143 wait $!
	exec 5>&-
	cmp keep e
	test "$(ls -A | xargs)" = "a dir e in in.csv keep out part pipe results some want"
	test -z "$(ls -A dir)"
'
ok 'failed records in any bytes are told in JSON' '
	name=$(printf "caf\351")
	printf "1\n" >"$name"
	printf "%s\t!\tstatus=5\3420 error=caf\351 \303\251%%20\342\202\n" "$name#bytes=0+2,records=0+1,type=$(printf "\377"),last" >results
	bt-join --on-error skip --errors e results >out
	same e <<-END
	{"object":"caf�","record":0,"offset":0,"length":2,"status":"5�0","error":"caf�","batch":"caf%E9#bytes=0+2,records=0+1,type=%FF,last"}
	END
	bt-split "$(sed "s/.*batch\":\"//; s/\"}//; s/,type=%FF//" e)" >refs
	test "$(wc -l <refs)" -eq 1
	python3 -c "import json; json.loads(open(\"e\", encoding=\"utf-8\").read())"
	printf "%s\t!\terror=\303\251%%20x\342\202\n" "in#bytes=0+2,records=0+1,last" >results
	fails 1 bt-join -o out2 results
	printf "bt-join: in: record 0: é x��\n" | same "$tmp/err"
'
ok 'outputs appear while more is awaited' '
	numbers 4
	mkfifo pipe
	bt-join -o dir <pipe &
	exec 5>pipe
	answer in.csv part 2 >&5
	i=0
	until test -e dir/in.csv.out; do
		sleep 0.1
		i=$((i + 1))
		test $i -lt 100
	done
	cmp part dir/in.csv.out
	exec 5>&-
	wait
'
ok 'a signal leaves nothing behind' '
	numbers 4
	mkfifo pipe
	(exec bt-join -o dir <pipe) &
	exec 5>pipe
	answer in.csv part 2 | sed 2d >&5
	until test -n "$(ls -A dir 2>/dev/null)"; do sleep 0.1; done
	ls -A dir | grep "^\.bt-[0-9]*-[0-9]*\.tmp\$"
	kill $!
	fails 143 wait $!
	test -z "$(ls -A dir)"
	exec 5>&-
'
ok 'killed at any moment: each output is whole or not there' '
	numbers 40
	for i in $(seq 1000 1249); do
		cp in.csv $i.csv
		answer in.csv part 20 | sed "s/^in/$i/"
	done | shuf >results
	for s in 0.01 0.02 0.03 0.05 0.08 0.13; do
		timeout -s KILL $s bt-join -j Input -o dir results || :
		for out in dir/*.out; do
			test "$out" = "dir/*.out" || cmp want "$out"
		done
	done
	bt-join -j Input -o dir results
	test "$(ls dir | wc -l)" -eq 250
	for out in dir/*.out; do cmp want "$out"; done
'
ok 'ten thousand objects, their lines shuffled' '
	mkdir in
	awk "BEGIN {
		for (i = 0; i < 10000; i++) {
			f = sprintf(\"in/%05d.csv\", i)
			printf \"%d,a\n%d,b\n\", i, i >f
			close(f)
			printf \"%d.5\n%d.6\n\", i, i >\"part\"
			n = length(i \"\") + 3
			for (k = 0; k < 2; k++) {
				printf \"%s#bytes=%d+%d,records=%d+1%s\tpart#bytes=%d+%d,records=0+1\t\n\",
				    f, k * n, n, k, k ? \",last\" : \"\", at, n
				at += n
			}
		}
	}" >results
	shuf results >shuffled
	(ulimit -n 200; bt-join -j Input -o out <shuffled)
	test "$(ls -A out | wc -l)" -eq 10000
	cat out/* >all
	awk "BEGIN { for (i = 0; i < 10000; i++)
	    printf \"%d,a,%d.5\n%d,b,%d.6\n\", i, i, i, i }" | cmp - all
'
ok 'a reference for each of 200000 records, in the wrong order' '
	numbers 200000
	answer in.csv part 1 | tac | bt-join -j Input >out
	cmp want out
'
ok 'an error that says its place is not given another' '
	echo a >in.csv
	for e in "record%207%20(byte%2041):%20boo" "boo" "records"; do
		printf "%s\n" "in.csv#bytes=0+2,records=0+1,last	!	status=500 error=$e" >results
		fails 1 bt-join results
		cat "$tmp/err" >>said
	done
	same said <<-END
	bt-join: in.csv: record 7 (byte 41): boo
	bt-join: in.csv: record 0: boo
	bt-join: in.csv: record 0: records
	END
'
ok 'what bt-predict says beside it is not said again, what it has said before is' '
	# batch OFFSET FIRST COUNT START ERROR
	batch() {
		printf "in#bytes=%s+2,records=%s+%s,last\t!\tstart=%s ms=9 status=500 error=%s\n" "$@"
	}
	soon=253402300799.000
	for keys in "1.000 record%207%20(byte%2041):%20boo" "$soon record%207%20(byte%2041):%20boo" \
	    "$soon records%200%20to%201%20(byte%200):%20boo" "$soon boo" "$soon"; do
		batch 0 0 2 $keys >results
		fails 1 bt-join results
		cat "$tmp/err" >>said
	done
	same said <<-END
	bt-join: in: record 7 (byte 41): boo
	bt-join: in: incomplete: record 7 (byte 41) failed
	bt-join: in: incomplete: records 0 to 1 (byte 0) failed
	bt-join: in: incomplete: records 0 to 1 failed
	bt-join: in: incomplete: records 0 to 1 failed
	END
'
ok 'no output is in its place where the errors cannot be told' '
	echo a >in.csv
	echo "in.csv#bytes=0+2,records=0+1,last	!	status=500 error=boo" >results
	fails 1 bt-join -o out --on-error skip --errors /dev/full results
	said "bt-join: /dev/full: No space left on device"
	fails 2 ls out/in.csv.out
'
ok 'an object without records has an output, joined or filtered' '
	for type in csv jsonl json; do
		: >"in.$type"
		bt-split "in.$type" | bt-predict -m identity -o parts >results
		for f in "\$" "\$[0]"; do
			bt-join -j Input -f "$f" results >out
			test ! -s out
			bt-join -f "$f" results >out
			test ! -s out
		done
	done
'
ok 'an object that was sent whole: its rows are no matter' '
	for type in csv jsonl; do
		printf "1\n\n2" >"in.$type"
		bt-split -t None "in.$type" | bt-predict -m identity -o parts >results
		bt-join results >out
		printf "1\n\n2\n" | same out
		bt-join --assemble-with None results >out
		printf "1\n\n2" | same out
		bt-join --strict --inference-id results >out
		test "$(grep -c "[-:]" out)" -eq 2
	done
'
ok 'hundreds of objects by turns, with few descriptors' '
	for i in $(seq 100 399); do
		printf "%d,a\n%d,b\n%d,c\n" "$i" "$i" "$i" >$i.csv
		printf "%d.1\n%d.2\n%d.3\n" "$i" "$i" "$i" >p$((i % 20)).$i
	done
	for k in 0 1 2; do
		for i in $(seq 100 399); do
			test $k -lt 2 && last= || last=,last
			printf "%s\t%s\t\n" "$i.csv#bytes=$((k * 6))+6,records=$k+1$last" \
			    "p$((i % 20)).$i#bytes=$((k * 6))+6,records=0+1"
		done
	done >results
	for n in 16 24 64; do
		(ulimit -n $n; bt-join -j Input -o out.$n results)
		test "$(ls -A out.$n | wc -l)" -eq 300
		cat out.$n/* >all
		for i in $(seq 100 399); do
			printf "%d,a,%d.1\n%d,b,%d.2\n%d,c,%d.3\n" $i $i $i $i $i $i
		done | cmp - all
	done
'
# read_so_far: the lines before, by bt-join at the end of the pipe that is 5.
read_so_far() {
	echo z >z.csv
	printf "z.csv#bytes=0+2,records=0+1,last	z.csv#bytes=0+2,records=0+1	\n" >&5
	await test -e dir/z.csv.out
}

ok 'a reply that was written anew since it was read ahead' '
	printf "1\n2\n3\n" >in.csv
	printf "a\nold\nold\n" >part
	mkfifo pipe
	for o in "-o dir" ""; do
		printf "a\nold\nold\n" >part
		bt-join -j Input $o <pipe >out &
		exec 5>pipe
		printf "in.csv#bytes=0+2,records=0+1\tpart#bytes=0+2,records=0+1,crc32c=%s\t\n" "$(crc a)" >&5
		test "$o" = "" || read_so_far
		test "$o" != "" || await test -s out
		printf "b\nnew\nnew\n" >part
		printf "in.csv#bytes=2+4,records=1+2,last\tpart#bytes=2+8,records=0+2,crc32c=%s\t\n" "$(crc "new
new")" >&5
		exec 5>&-
		wait $!
		test "$o" = "" || mv dir/in.csv.out out
		printf "1,a\n2,new\n3,new\n" | same out
	done
'
ok 'and a large one, of which a part was in the output' '
	seq 1 60000 >in.csv
	awk "BEGIN { print \"a\"; for (i = 0; i < 59999; i++) print \"old\" i }" >part
	cp part old
	bt-split -n 1 in.csv | head -n 1 | cut -d, -f 1,2 >first
	sed "s/old/new/" part >new
	half=$(wc -c <part)
	mkfifo pipe
	sum=$(crc "$(tail -n +2 new)")
	bt-join -j Input -o dir <pipe &
	exec 5>pipe
	printf "in.csv#bytes=0+2,records=0+1\tpart#bytes=0+2,records=0+1\t\n" >&5
	read_so_far
	cat new >part
	printf "in.csv#bytes=2+$(($(wc -c <in.csv) - 2)),records=1+59999,last\tpart#bytes=2+$((half - 2)),records=0+59999,crc32c=%s\t\n" "$sum" >&5
	exec 5>&-
	wait $!
	paste -d, in.csv new | cmp - dir/in.csv.out
'
ok '--strict: a document without what stood after it' '
	printf "{\"b\": 1, \"a\": 2}\n" >in.json
	printf "[1, 2]\n" >p.json
	printf "%s\t%s\t\n" "in.json#bytes=0+17,records=0+1,split=None,last" \
	    "p.json#bytes=0+7,records=0+1" >results
	bt-join --strict -j Input results >out
	printf "{\"SageMakerOutput\":[1,2],\"a\":2,\"b\":1}" | cmp - out
	bt-join --strict -j Input --assemble-with Line results >out
	printf "{\"SageMakerOutput\":[1,2],\"a\":2,\"b\":1}\n" | cmp - out
	bt-join --strict results >out
	printf "[1, 2]\n" | cmp - out
'
finish
