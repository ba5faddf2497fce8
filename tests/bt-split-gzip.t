#!/bin/sh
# bt-split: standard input, pipes and gzip, which are kept in a spool file.
. "${0%/*}/lib.sh"
PATH=$B/tests:$PATH

plain() {
	sed "s/,crc32c=[0-9a-f]*//"
}

ok 'standard input needs -o, and is kept there' '
	fails 2 bt-split </dev/null
	said "bt-split: standard input: it can be read only once: add -o FILE to keep it in a file"
	fails 2 bt-split --check - </dev/null
	printf "a\n\nb" >in
	bt-split -o spool.csv <in >out
	bt-split in -c text/csv >want
	cmp in spool.csv
	same out <<-END
	spool.csv#bytes=0+4,records=0+2,crc32c=a433d618,last
	END
'
ok 'a pipe with a name too' '
	mkfifo pipe
	printf "a\nb\n" >pipe &
	bt-split -o spool pipe | plain >out
	printf "a\nb\n" >pipe &
	bt-split -o . pipe 2>err | plain >>out || cat err
	same out <<-END
	spool#bytes=0+4,records=0+2,last
	END
'
ok 'what is in the spool file before is gone with --overwrite' '
	seq 1000 >spool
	echo 1 | bt-split -o spool --overwrite
	test "$(cat spool)" = 1
'
ok 'references appear when their bytes are in the spool file' '
	mkfifo pipe
	bt-split -n 1 -o spool pipe >out &
	exec 3>pipe
	printf "a\nb\nc\n" >&3
	i=0
	until test "$(wc -l <out)" -eq 2; do
		i=$((i + 1))
		test $i -lt 100
		sleep 0.1
	done
	cmp spool - <<-END
	a
	b
	c
	END
	exec 3>&-
	wait
	plain <out >got
	same got <<-END
	spool#bytes=0+2,records=0+1
	spool#bytes=2+2,records=1+1
	spool#bytes=4+2,records=2+1,last
	END
'
ok 'gzip is unpacked into -o FILE or FOLDER' '
	printf "a\n\"b\"\n" >a.csv
	gzip -c a.csv >b.csv.gz
	fails 2 bt-split b.csv.gz
	said "bt-split: b.csv.gz: references cannot name compressed bytes: add -o FILE to keep it in a file"
	bt-split -o spool/ b.csv.gz | plain >out
	bt-split -o spool --overwrite b.csv.gz | plain >>out
	bt-split -o c b.csv.gz | plain >>out
	cmp spool/b.csv a.csv
	cmp c a.csv
	same out <<-END
	spool/b.csv#bytes=0+6,records=0+2,last
	spool/b.csv#bytes=0+6,records=0+2,last
	c#bytes=0+6,records=0+2,type=text/csv,last
	END
'
ok 'gzip without the suffix is known by its first bytes, in text' '
	printf "a\nb\n" | gzip >a.csv
	bt-split -o b.csv a.csv | plain >out
	bt-split -o c.csv <a.csv | plain >>out
	bt-split -o d.csv --compression-type Gzip <a.csv | plain >>out
	bt-split --compression-type None -n 100 a.csv | sed "s/#.*//" >>out
	bt-split --split-type None a.csv | sed "s/#.*//" >>out
	same out <<-END
	b.csv#bytes=0+4,records=0+2,last
	c.csv#bytes=0+4,records=0+2,last
	d.csv#bytes=0+4,records=0+2,last
	a.csv
	a.csv
	END
	echo "plain" >e.csv.gz
	fails 1 bt-split -o f e.csv.gz
	said "bt-split: e.csv.gz: byte 0 of the compressed data: not gzip"
	bt-split -o f --compression-type None e.csv.gz | plain >out
	same out <<-END
	e.csv.gz#bytes=0+6,records=0+1,last
	END
'
ok 'all members, a record may lie in two; a file larger than the buffers' '
	{ printf "a,1\nb," | gzip; : | gzip; printf "2\nc,3\n" | gzip; } >a.csv.gz
	bt-split -o ./ a.csv.gz | plain >out
	same out <<-END
	./a.csv#bytes=0+12,records=0+3,last
	END
	seq 300000 >want
	gzip -c want >b.gz
	bt-split -o b b.gz >out
	cmp b want
	bt-split want | sed "s/^want/b/" | cmp - out
	gzip -dc b.gz | bt-split -o b --overwrite >out2
	cmp out out2
'
ok 'gzip that is cut short, damaged, or followed by anything' '
	seq 1000 | gzip -n >a.gz
	n=$(wc -c <a.gz)
	for at in 0 1 2 9 10 11 1000 $((n - 9)) $((n - 8)) $((n - 1)); do
		head -c "$at" a.gz >b.gz
		fails 1 bt-split -o b --overwrite b.gz >out
		said "b.gz: byte $at of the compressed data: "
		test "$(grep -c last out)" -eq 0
	done
	said "cut short"
	for tail in "\037" "\000" "x" "\n" "1,2\n" "\037\213" "\037\213\010"; do
		{ cat a.gz; printf "$tail"; } >b.gz
		fails 1 bt-split -o b --overwrite b.gz >out
		said "bt-split: b.gz: byte "
		test "$(grep -c last out)" -eq 0
	done
	for at in $((n - 8)) $((n - 2)) 100; do
		cp a.gz b.gz
		printf "\377" | dd of=b.gz bs=1 seek=$at conv=notrunc 2>/dev/null
		fails 1 bt-split -o b --overwrite b.gz >out
		said "bt-split: b.gz: byte "
		test "$(grep -c last out)" -eq 0
	done
	: >b.gz
	fails 1 bt-split -o b --overwrite b.gz
	said "bt-split: b.gz: byte 0 of the compressed data: not gzip: it is empty"
'
ok 'an error tells of the spool file, which is left' '
	printf "a\nb,\"c\nd\"\n" | gzip >a.csv.gz
	fails 1 bt-split -o b.csv a.csv.gz
	said "bt-split: b.csv: record 1 (line 2, byte 2): a newline inside a quoted field, column 2"
	test -s b.csv
'
ok 'spool files are never each other, or the input' '
	mkdir x y
	echo 1 | gzip >x/a.gz
	echo 2 | gzip >y/a.gz
	fails 2 bt-split -o . x/a.gz y/a.gz >out
	said "bt-split: y/a.gz: an earlier input is kept in ./a already"
	plain <out >got
	same got <<-END
	./a#bytes=0+2,records=0+1,last
	END
	fails 2 bt-split -o b x/a.gz y/a.gz
	cp x/a.gz in
	fails 1 bt-split -o in --compression-type Gzip in
	said "bt-split: in: in: it exists; remove it, or use --overwrite"
	fails 1 bt-split -o in --overwrite --compression-type Gzip in
	said "bt-split: in: in: it is an input, which the spool would overwrite"
	cmp in x/a.gz
	fails 1 bt-split -o in <in
	fails 1 bt-split -o in --overwrite <in
	cmp in x/a.gz
	fails 2 bt-split -o . <in
	said "bt-split: -o .: standard input: it has no name for a file there; give -o FILE"
	fails 1 bt-split -o in/new/ x/a.gz
	said "bt-split: x/a.gz: in/new/a: Not a directory"
	echo 1 | bt-split -o new/new/a >out
	test "$(cat new/new/a)" = 1
'
ok 'a spool file that cannot be written' '
	seq 1000 >in
	fails 1 sh -c "ulimit -f 3; exec bt-split -o spool <in >out"
	said "bt-split: spool: File too large"
	fails 1 bt-split -o /dev/full --overwrite <in >>out
	said "bt-split: standard input: /dev/full: it is not a regular file"
	test ! -s out
'
ok 'the same references whatever is read at a time' '
	printf "\357\273\277a,1\n\n\"b\",2\r\n\r\nc,3" >a.csv
	gzip -c a.csv >b.csv.gz
	for in in - b.csv.gz; do
		SPOOL=c.csv split 8 262144 s text/csv $in <a.csv >want
		for step in 1 2 3 5; do
			SPOOL=c.csv split 8 $step s text/csv $in <a.csv | cmp - want
			cmp c.csv a.csv
		done
	done
	split 8 7 s text/csv a.csv | sed "s/^a/c/" | cmp - want
'
finish
