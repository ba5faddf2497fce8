#!/bin/sh
# Which references, and which parts of them, have no answer by what results.
. "${0%/*}/lib.sh"

# refs TEXT ...: their paths are a.csv.
refs() {
	printf "a.csv#bytes=%s\n" "$@"
}

# results TEXT ...: an answer to each, or with a ! before it a failure.
results() {
	for text in "$@"; do
		reply="p/w.part#bytes=0+5,records=0+1"
		case $text in !*) reply=! ;; esac
		printf "a.csv#bytes=%s\t%s\tms=1\n" "${text#!}" "$reply"
	done
}

# Their lines are edited: without the sum of each.
predict() {
	bt-predict -m identity -o parts | sed "s/ sum=[^ ]*//"
}

ok 'what has a result line is left out, the rest passes as it stands' '
	refs "0+16,records=0+8" "16+23,records=8+8,crc32c=279C6E13,who=me" \
	    "39+12,records=16+4,last,type=text/csv" >refs
	results "16+23,records=8+8,crc32c=279c6e13,who=me" >results
	bt-todo results <refs >todo
	sed 2d refs | same todo
'
ok 'results of several files, and of other references' '
	refs "0+16,records=0+8" "16+23,records=8+8" "39+12,records=16+4,last" >refs
	results "0+16,records=0+8" >one
	{ results "39+12,records=16+4,last" "39+12,records=16+4,last"
	    printf "b.csv#bytes=16+23,records=8+8\t!\tms=1\n"; } >two
	bt-todo one two <refs >todo
	sed -n 2p refs | same todo
	: >none
	bt-todo none <refs >todo
	cmp refs todo
'
ok 'a path counts as what it stands for' '
	printf "%s\n" "a%20b#bytes=0+2,records=0+1" "%61#bytes=0+2,records=0+1" \
	    "ab#bytes=0+2,records=0+1" >refs
	printf "%s\tp#bytes=0+2,records=0+1\t\n" "%61%20b#bytes=0+2,records=0+1" \
	    "a#bytes=0+2,records=0+1" >results
	bt-todo results <refs >todo
	sed -n 3p refs | same todo
'
ok 'what is missing, in words' '
	refs "0+16,records=0+8" "16+23,records=8+8" "39+12,records=16+4,last" >refs
	printf "b.csv#bytes=0+0,records=0+0,last\n" >>refs
	printf "a.csv\0b.csv\0" >two
	results "!16+4,records=8+1" "0+16,records=0+8" "!39+12,records=16+4,last" >results
	bt-todo --missing two results <refs >got
	same got <<-END
	no result for 7 records in 2 mini-batches, first those of a.csv#bytes=20+19,records=9+7
	END
	# A later answer counts, not the failure before it.
	results "16+23,records=8+8" >>results
	bt-todo --missing two results <refs >got
	same got <<-END
	no result for 0 records in 1 mini-batch, first those of b.csv#bytes=0+0,records=0+0,last
	END
	printf "b.csv#bytes=0+0,records=0+0,last\tp#bytes=0+0,records=0+0\t\n" >>results
	bt-todo --missing two results <refs >got
	same got </dev/null
	head -n 2 refs | bt-todo --missing two results >got
	sed 3d refs | bt-todo --missing two results >>got
	same got <<-END
	2 objects, but 0 end in the references
	2 objects, but 1 ends in the references
	END
	printf "a.csv\0" >one
	bt-todo --missing one results <refs >got
	same got <<-END
	1 object, but 2 end in the references
	END
	fails 2 bt-todo --missing two --answered results
	fails 1 bt-todo --missing gone results <refs
	said "bt-todo: gone: No such file or directory"
'
# Twenty numbers as one batch of 51 bytes, then as five of four records.
numbers() {
	seq 1 20 >a.csv
	bt-split a.csv >refs
	bt-split --max-records 4 a.csv >pieces
}

ok 'of a batch that is answered in part, the rest, with its checksum' '
	numbers
	for part in 1 3 5 "2,4"; do
		sed "${part}d" pieces | predict >results
		bt-todo results <refs
	done >todo
	sed -n "1p;3p;5p" pieces >want
	bt-split "a.csv#bytes=8+31,records=4+12" >>want
	cmp want todo
'
ok 'where two parts are missing no checksum follows, and none is given' '
	numbers
	sed -n "1p;3p;5p" pieces | predict >results
	bt-todo results <refs >todo
	same todo <<-END
	a.csv#bytes=8+8,records=4+4
	a.csv#bytes=27+12,records=12+4
	END
	predict <todo >>results
	bt-todo results <refs >todo
	test ! -s todo
	bt-join results | cmp - a.csv
'
ok 'nor where a checksum is not known' '
	numbers
	sed "s/,crc32c=[^,]*//" refs >bare
	sed 2d pieces | predict >results
	bt-todo results <bare >todo
	sed "1s/,crc32c=[^,	]*//" results >some
	bt-todo some <refs >>todo
	same todo <<-END
	a.csv#bytes=8+8,records=4+4
	a.csv#bytes=8+8,records=4+4
	END
'
ok 'nor where bytes lie between the parts' '
	refs "0+30,records=0+3,crc32c=11111111" >refs
	results "0+8,records=0+1,crc32c=22222222" "12+8,records=1+1,crc32c=33333333" >results
	bt-todo results <refs >todo
	refs "20+10,records=2+1" | same todo
'
ok 'the keys of the batch are kept, last is its end only' '
	refs "100+50,records=10+5,split=Line,header=0+4,type=text/csv,who=me,last" >refs
	results "120+10,records=12+1" >results
	bt-todo results <refs >todo
	refs "100+20,records=10+2,header=0+4,type=text/csv,who=me" \
	    "130+20,records=13+2,header=0+4,type=text/csv,who=me,last" | same todo
'
ok 'answers that reach over batches count for all of them, the first for each' '
	refs "0+8,records=0+4" "8+8,records=4+4" "16+11,records=8+4" \
	    "27+12,records=12+4,last" >refs
	results "4+8,records=2+4" "4+2,records=2+1" "12+4,records=6+2" \
	    "12+8,records=6+3" >results
	bt-todo results <refs >todo 2>said
	refs "0+4,records=0+2" "16+11,records=8+4" "27+12,records=12+4,last" | same todo
	echo "bt-todo: 2 result lines are left out: only the first line for each record is used" |
	    same said
'
ok 'many objects' '
	for i in $(seq 1000); do echo "$i.csv#bytes=0+2,records=0+1,last"; done >refs
	grep -v 7 refs | sed "s/\$/	!	ms=1/" >results
	timeout 60 bt-todo results <refs >todo
	grep 7 refs | same todo
'
ok 'an object without records is answered by its own line' '
	: >e.csv
	bt-split e.csv >refs
	: >results
	bt-todo results <refs | cmp - refs
	predict <refs >results
	bt-todo results <refs >todo
	test ! -s todo
	echo "e.csv#bytes=0+0,records=0+0" | bt-todo results >todo
	test ! -s todo
'
ok 'where all but the word last is answered, that is left to do' '
	numbers
	sed "s/,last//" pieces | predict >results
	bt-todo results <refs >todo
	same todo <<-END
	a.csv#bytes=51+0,records=20+0,last
	END
	predict <todo >>results
	bt-join results | cmp - a.csv
'
ok 'failures are answers, and with -f are not' '
	numbers
	predict <pieces | sed "2s/	[^	]*	/	!	/; 4s/	[^	]*	/	!	/" >results
	bt-todo results <refs >todo
	test ! -s todo
	bt-todo --failed results <refs >todo
	sed -n "2p;4p" pieces | same todo
	bt-todo --failed results <pieces | cmp - todo
	bt-todo --answered results >good
	{ sed "2d;4d" results; sed -n "2p;4p" results; } | same good
	bt-todo --answered --failed results >good
	sed "2d;4d" results | same good
	predict <todo >>good
	bt-join good | cmp - a.csv
'
ok 'a batch that failed whole and was answered in parts since' '
	numbers
	{ sed "s/\$/	!	ms=1/" refs; sed 3d pieces | predict; } >results
	bt-todo --failed results <refs >todo
	sed -n 3p pieces | same todo
'
ok 'records that failed apart have their checksums from their lines' '
	numbers
	bt-split --max-records 1 a.csv | predict |
	    sed "/records=[36]+/s/	[^	]*	/	!	/" >results
	bt-todo --failed results <refs >todo
	bt-split --max-records 1 a.csv | grep "records=[36]+" | cmp - todo
'
ok 'a result line that was cut off counts as absent' '
	numbers
	predict <pieces >results
	head -c "$(($(wc -c <results) - 1))" results >torn
	bt-todo torn <pieces >todo
	sed -n 5p pieces | same todo
	bt-todo --answered torn results >whole
	cmp results whole
'
ok 'payloads without their frames: what is around them belongs to them' '
	refs "0+100,records=0+3,split=RecordIO,last" "0+100,records=0+3,split=TFRecord,last" >refs
	results "40+21,records=1+1,split=RecordIO,bare,crc32c=00000000" >results
	sed -n 1p refs | bt-todo results >todo
	results "44+30,records=1+1,split=TFRecord,bare,crc32c=00000000" >results
	sed -n 2p refs | bt-todo results >>todo
	refs "0+32,records=0+1,split=RecordIO" "64+36,records=2+1,split=RecordIO,last" \
	    "0+32,records=0+1,split=TFRecord" "78+22,records=2+1,split=TFRecord,last" |
	    same todo
'
ok 'and are answered as such' '
	refs "8+5,records=0+1,split=RecordIO,bare,crc32c=01234567,last" >refs
	results "8+5,records=0+1,split=RecordIO,bare,crc32c=01234567,last" >results
	bt-todo results <refs >todo
	test ! -s todo
	results "8+5,records=0+1,split=RecordIO,bare,crc32c=01234568,last" >results
	fails 1 bt-todo results <refs
'
ok 'results of other bytes are an error' '
	numbers
	predict <pieces >results
	sed s/7/8/ a.csv >b.csv
	mv b.csv a.csv
	bt-split a.csv >changed
	bt-split --max-records 4 a.csv >>changed
	fails 1 bt-todo results <changed >todo
	test ! -s todo
	said "bt-todo: standard input: line 1: a.csv: records 0 to 19: the results are of other bytes: the object has changed since"
	sed 1d changed >pieces
	fails 1 bt-todo results <pieces >todo
	said "bt-todo: standard input: line 2: a.csv: records 4 to 7: the results are of other bytes: the object has changed since"
	results "8+9,records=1+1" >results
	refs "0+12,records=0+4" | fails 1 bt-todo results
	refs "10+12,records=0+4" | fails 1 bt-todo results
	refs "10+1,records=1+1" | fails 1 bt-todo results
	said "bt-todo: standard input: line 1: a.csv: record 1: the results are of other bytes: the object has changed since"
	sed "s/\$/	!	status=input/" changed >results
	bt-todo --failed results <changed | cmp - changed
'
ok 'and so are those of another version' '
	s3="s3://b/k#bytes=0+2,records=0+1,last"
	echo "$s3,etag=%22a%22" >refs
	printf "%s\t!\tms=1\n" "$s3" "$s3,etag=%22b%22" >results
	fails 1 bt-todo results <refs
	said "bt-todo: standard input: line 1: s3://b/k: version %22a%22 of the object, the results before are of %22b%22"
	printf "%s\t!\tms=1\n" "$s3,etag=%22a%22" >>results
	fails 1 bt-todo results <refs
	said "bt-todo: results: line 3: s3://b/k: version %22a%22 of the object, the results before are of %22b%22"
'
ok 'what is no reference is an error' '
	refs "0+16,records=0+8" "16+23,records=8+8" >refs
	: >results
	{ cat refs; echo a.csv; } | fails 1 bt-todo results >todo
	said "bt-todo: standard input: line 3: not PATH#bytes=OFFSET+LENGTH,records=FIRST+COUNT"
	cmp refs todo
	printf "%s\na.csv#bytes=0+1,records=0+1" "$(cat refs)" | fails 1 bt-todo results >todo
	said "bt-todo: standard input: line 3: the last line has no newline"
	cmp refs todo
	{ cat refs; head -c 200000 /dev/zero | tr "\0" x; } >in
	fails 1 bt-todo results <in
	said "bt-todo: standard input: line 3: the last line has no newline"
	echo >>in
	fails 1 bt-todo results <in
	said "bt-todo: standard input: line 3: not PATH#bytes=OFFSET+LENGTH,records=FIRST+COUNT"
	echo "%zz#bytes=0+1,records=0+1" | fails 1 bt-todo results
	said "bt-todo: standard input: line 1: bad percent encoding in its path"
	fails 1 bt-todo none <refs
	said "bt-todo: none: No such file or directory"
	fails 1 bt-todo . <refs
	said "bt-todo: .: Is a directory"
	fails 2 bt-todo <refs
	fails 1 bt-todo results <refs >/dev/full
	said "bt-todo: standard output: No space left on device"
'
ok 'what is no result line is left out, and told' '
	refs "0+16,records=0+8" "16+23,records=8+8" >refs
	results "0+16,records=0+8" >want
	: >empty
	{ echo "a.csv#bytes=0"; cat want; } >one
	{
		head -c 3000000 /dev/urandom
		printf "\n\0\0\0\n"
		head -c 300000 /dev/zero
		echo
		cat want
		printf "a\tb\n\t\t\n\n%%zz#bytes=16+23,records=8+8\t!\t\n"
		printf "a.csv#bytes=16+23,records=8+8\t%%0#bytes=0+1,records=0+1\t\n"
		printf "a.csv#bytes=16+23,records=8+8\t!\terror=%05000d\n" 0
		printf "a.csv#bytes=16+23,records=8+8\t!\tms=1\tms=1\n"
		printf "a.csv#bytes=16+23,records=8+8\t!\t"
	} >junk
	for file in one junk; do
		bt-todo $file <refs >todo 2>said
		sed -n 2p refs | same todo
		grep -c "^bt-todo: $file: line 1: .* left out\$" said | grep -x 1
		test "$(wc -l <said)" -eq 1
		bt-todo --answered empty $file >good 2>said
		cmp want good
		grep -c "^bt-todo: $file: line 1: .* left out\$" said | grep -x 1
		bt-todo --answered good 2>said | cmp - good
		test ! -s said
	done
	bt-todo --answered one one 2>&1 >/dev/null | tail -n 1 >said
	echo "bt-todo: one: line 1: not REF, a tab, REPLY-REF or !, a tab, keys; it and 1 more are left out" |
	    same said
	bt-todo --answered empty >good
	test ! -s good
'
ok 'references and result lines in the place of each other' '
	numbers
	predict <refs >results
	for answered in "" --answered; do
		# shellcheck disable=SC2086
		fails 1 bt-todo $answered refs <refs >out
		same "$tmp/err" <<-END
		bt-todo: refs: line 1: this is a reference: bt-predict comes between
		END
	done
	fails 1 bt-todo results <results >>out
	same "$tmp/err" <<-END
	bt-todo: standard input: line 1: this is a result line: references come from bt-split
	END
	test ! -s out
'
ok 'a line that comes again counts once, of several the first' '
	numbers
	predict <pieces >results
	predict <pieces >others
	for order in cat tac; do
		$order results >now
		bt-todo --answered now now results >good 2>said
		cmp now good
		test ! -s said
		bt-todo --answered now others >good 2>said
		cmp now good
		echo "bt-todo: 5 result lines are left out: only the first line for each record is used" |
		    same said
	done
	sed 3d results >some
	bt-todo --answered some others >good 2>said
	{ cat some; sed -n 3p others; } | cmp - good
	bt-join good | cmp - a.csv
	bt-todo some others others <refs >todo 2>said
	test ! -s todo
	echo "bt-todo: 8 result lines are left out: only the first line for each record is used" | same said
	predict <refs >whole
	{ sed -n 3p results; cat whole; } >some
	bt-todo --answered some >good
	sed -n 3p results | same good
	bt-todo good <refs >todo
	bt-todo some <refs | cmp - todo
	predict <todo >>good
	bt-join good | cmp - a.csv
	predict <todo >>some
	bt-join some | cmp - a.csv
'
ok 'failures that were answered, before or after, are left out' '
	numbers
	predict <pieces >results
	sed "s/	[^	]*	/	!	/" results >failed
	sed "2d;3d" results >some
	for order in "failed some" "some failed" "failed some failed"; do
		bt-todo --answered $order >good 2>said
		{ cat some; sed -n "2,3p" failed; } | cmp - good
		test ! -s said
	done
	bt-todo --answered failed results >good
	cmp results good
	bt-todo --answered --failed failed some >good
	cmp some good
	printf "e.csv#bytes=0+0,records=0+0,last\t%s\tms=1\n" ! "p#bytes=0+0,records=0+0" ! >empty
	bt-todo --answered empty empty >good
	sed -n 2p empty | same good
'
ok 'objects that end at two places are not one' '
	numbers
	predict <pieces >results
	sed "3s/,last//; 3s/\$/ x=1/; 5d" results >some
	sed -n 3p results | sed "s/\(records=8+4[^	]*\)/\1,last/" >end
	cat end >>some
	fails 1 bt-todo some <refs
	said "bt-todo: standard input: line 1: a.csv: records 0 to 19: the results are of other bytes: the object has changed since"
	cat results end >some
	fails 1 bt-todo some <refs
	said "bt-todo: some: line 6: a.csv: a last batch that ends at 12, in the results before at 20"
	sed "s/,last//" results >before
	sed "5s/parts/part/" results >after
	bt-todo before after <refs >todo
	test ! -s todo
	bt-join before after | cmp - a.csv
'
ok '--check: a line whose reply is lost is left out' '
	numbers
	for n in 1 2 3 4 5; do sed -n ${n}p pieces | bt-predict -m identity -o parts; done >results
	bt-todo --answered --check results 2>said | cmp - results
	test ! -s said
	part() {
		sed -n "$1s/.*	\(parts[^#]*\)#.*/\1/p" results
	}
	rm "$(part 1)"
	: >"$(part 2)"
	printf "8" | dd of="$(part 3)" conv=notrunc status=none
	rm "$(part 4)"
	mkdir "$(part 4)"
	bt-todo --answered --check results >good 2>said
	sed -n 5p results | cmp - good
	echo "bt-todo: results: line 1: $(part 1): No such file or directory; it and 3 more are left out" |
	    same said
	bt-todo --check results <refs >todo
	bt-todo good <refs | cmp - todo
	cp results two
	bt-predict -m identity -o parts <todo >>good
	bt-join good | cmp - a.csv
	bt-predict -m identity -o parts <todo >>two
	bt-todo --check --answered two 2>/dev/null >again
	sort good >want
	bt-join again | cmp - a.csv
	rmdir "$(part 4)"
	head -c 12 /dev/zero >"$(part 4)"
	bt-todo --check --answered results 2>said >good
	sed -n 5p results | cmp - good
	sed -n 2p results >one
	bt-todo --check --answered one 2>said >good
	echo "bt-todo: one: line 1: $(part 2) ends at byte 0, not 8; it is left out" | same said
	sed -n 3p results | sed "s/,crc32c=[^,	]*//g; s/ sum=.*//" >one
	bt-todo --check --answered one | cmp - one
	printf "%s\t!\tms=1\n%s\ts3://b/k#bytes=0+4,records=0+1\t\n" "$(sed -n 1p pieces)" "$(sed -n 2p pieces)" >one
	bt-todo --check --answered one | sort >good
	sort one | cmp - good
'
ok 'references pass as they come' '
	results "0+16,records=0+8" >results
	mkfifo to from
	bt-todo results <to >from &
	exec 3>to 4<from
	refs "0+16,records=0+8" "16+2,records=8+1" >&3
	read -r line <&4
	test "$line" = "$(refs "16+2,records=8+1")"
	exec 3>&-
	wait $!
'
written='each write is whole lines, and no more than a pipe keeps together'
if strace -o "$tmp/calls" true 2>/dev/null; then
	ok "$written" '
		for i in $(seq 0 399); do refs "$((i * 2))+2,records=$i+1"; done >refs
		: >results
		ASAN_OPTIONS=detect_leaks=0 strace -qq -xx -s 4096 -e trace=write \
		    -o calls bt-todo results <refs >todo
		cmp refs todo
		sed -n "/^write(1, /p" calls >writes
		fails 1 grep -v "\\\\x0a\"" writes
		sed "s/.*, \([0-9]*\)) = \([0-9]*\)\$/\1 \2/" writes >sizes
		awk "\$1 != \$2 || \$1 > 4096 || (NR < 4 && \$1 < 4000) { exit 1 }" sizes
	'
else
	skip "$written" "no strace(1) here"
fi
ok 'a run that isolates bad records, cut off after any line, is resumed' '
	for i in $(seq 40); do
		case $i in 3 | 4 | 17 | 40) echo 400 ;; *) echo "word$i" ;; esac
	done >w.txt
	isolate() {
		bt-predict --isolate -m "$B/tests/plugins/as_told.so" -o parts || test $? = 1
	}
	bt-split -n 15 w.txt >refs
	isolate <refs >all
	bt-join --on-error placeholder=BAD all >want
	test "$(grep -c BAD want)" -eq 4
	i=0
	while test $i -le "$(wc -l <all)"; do
		head -n $i all >results
		bt-todo results <refs >todo
		fails 1 grep -v crc32c= todo
		isolate <todo >>results
		bt-join --on-error placeholder=BAD results | cmp - want
		i=$((i + 1))
	done
	test $i -gt 8
	bt-todo --failed all <refs >todo
	bt-todo --answered --failed all >results
	bt-predict -m identity -o parts <todo >>results
	bt-join results | cmp - w.txt
'
# objects SEED: one of each kind, and a few that are one record each.
objects() {
	python3 - "$1" <<-\END
	import random, struct, sys
	r = random.Random(int(sys.argv[1]))
	def crc(data):
	    c = 0xffffffff
	    for byte in data:
	        c ^= byte
	        for i in range(8):
	            c = c >> 1 ^ (0x82f63b78 if c & 1 else 0)
	    c ^= 0xffffffff
	    return struct.pack("<I", ((c >> 15 | c << 17) + 0xa282ead8) & 0xffffffff)
	def some(n):
	    return bytes(r.randrange(256) for i in range(r.randrange(n)))
	def file(name, parts):
	    open(name, "wb").write(b"".join(parts))
	def recordio(data):
	    data = data.replace(struct.pack("<I", 0xced7230a), b"")
	    return struct.pack("<II", 0xced7230a, len(data)) + data + bytes(-len(data) % 4)
	def tfrecord(data):
	    n = struct.pack("<Q", len(data))
	    return n + crc(n) + data + crc(data)
	def count():
	    return range(r.choice([1, 2, 30, 200]))
	file("in/a.csv", (b"%d,\"%d\"\"\n\"%s" % (i, r.randrange(1000), b"\r\n" * r.randrange(1, 3)) for i in count()))
	file("in/b.jsonl", (b"{\"n\":%d}\n" % r.randrange(10**r.randrange(1, 9)) for i in count()))
	file("in/c.rec", (recordio(some(40)) for i in count()))
	file("in/d.tfrecord", (tfrecord(some(40)) for i in count()))
	file("in/e.csv", [])
	for i in range(3):
	    file("in/f%d.bin" % i, [some(99)])
	END
}

# cut RECORDS: references to all objects; newlines of a.csv inside quotes too.
split_all() {
	bt-split -n "$1" --embedded-newlines keep in/*.csv in/*.jsonl
	bt-split -n "$1" -t RecordIO in/*.rec
	bt-split -n "$1" -t TFRecord in/*.tfrecord
	bt-split -t None in/*.bin
}

# some SEED PERCENT: so many of the lines, in any order.
some() {
	awk -v seed="$1" -v percent="$2" "BEGIN { srand(seed) }
	    rand() * 100 < percent { print rand() \"\t\" \$0 }" | sort | cut -f 2-
}

for seed in 1 2 3 4 5 6 7 8; do
	ok "seed $seed: any pieces of any batches, then what is left, is all there is" '
		mkdir in out want
		objects $seed
		split_all $((seed * 7)) >refs
		predict <refs | bt-join -o want
		for f in in/*.*; do test -e "want/${f#in/}.out"; done
		some $seed 60 <refs >whole
		some $seed 50 <refs | grep -v "+0,records" | grep -vFxf whole |
		    xargs -r bt-split -n $((seed % 3 + 1)) | some $seed 60 >pieces
		cat whole pieces | predict >results
		some $seed 30 <results >part
		some $seed 30 <results | sed "s/	[^	]*	/	!	/" >>part
		head -c "$(($(wc -c <part) - seed))" part >torn
		bt-todo --answered --failed torn >good
		bt-todo --failed torn <refs | predict >>good
		bt-join -o out good
		diff -r want out
		bt-todo good <refs >todo
		test ! -s todo
		bt-todo good </dev/null >todo
		test ! -s todo
	'
done
ok 'batches that overlap in any way: what bt-todo passes is what bt-join lacks' '
	seq 60 >a.csv
	bt-split -n 10 a.csv >refs
	for seed in 1 2 3 4 5 6 7 8 9 10 11 12; do
		for n in 1 3 4 7 11 60; do
			bt-split -n $n a.csv | some $((seed * 100 + n)) 30
		done | some $seed 100 | predict >raw
		bt-todo raw <refs >todo 2>/dev/null
		bt-todo --answered raw >good 2>/dev/null
		bt-todo good <refs 2>said | cmp - todo
		test ! -s said
		predict <todo >new
		cat raw new | bt-join 2>/dev/null | cmp - a.csv
		cat good new | bt-join 2>said | cmp - a.csv
		test ! -s said
	done
'
# Of four result lines of an object each prefix of each, with each of them behind
# it, in each place among the others; of an object of its own, so that all cases
# are one run.
cat >"$tmp/cases" <<\END
import sys
four, all = open("four").read().splitlines(), sys.argv[1:] and open("all").read().splitlines()
out = all and (open("torn", "w"), open("whole", "w")) or open("refs", "w")
n = 0
for i in range(4):
    for j in range(4):
        for length in range(1, 190):
            rest = [k for k in range(4) if k not in (i, j)]
            for place in [length % (len(rest) + 1)]:
                if not all:
                    open("in/%d.csv" % n, "w").write("1\n2\n3\n4\n")
                    out.writelines("in/%d%s\n" % (n, ref[1:]) for ref in four)
                else:
                    mine = [line + "\n" for line in all[4 * n:4 * n + 4]]
                    cut = mine[i][:-1][:length]
                    left = [mine[k] for k in rest]
                    out[0].writelines(left[:place] + [cut + mine[j]] + left[place:])
                    out[1].writelines(left)
                n += 1
END
ok 'whatever line is cut off where, and whatever runs into it' '
	seq 4 >a.csv
	bt-split -n 1 a.csv >four
	mkdir in
	python3 "$tmp/cases"
	bt-predict -m identity -o p <refs >all
	python3 "$tmp/cases" all
	bt-todo --answered torn >good
	cmp whole good
	bt-todo good <refs >todo
	bt-todo torn <refs | cmp - todo
	bt-predict -m identity -o p <todo >new
	cat good new | bt-join --input-prefix "" -o out
	cat torn new | bt-join --input-prefix "" -o out2
	test "$(ls out/in | wc -l)" -eq 3024
	diff -r out out2
	cat out/in/* >got
	for f in out/in/*; do cat a.csv; done | cmp - got
'
finish
