#!/bin/sh
# bt-split: RecordIO and TFRecord.
. "${0%/*}/lib.sh"
PATH=$B/tests:$PATH

# Two whole records, "abc" and "", one in three parts, "z\n": 12, 8, 32 and 12
# bytes.
recordio() {
	printf "\012\043\327\316\003\000\000\000abc\000"
	printf "\012\043\327\316\000\000\000\000"
	printf "\012\043\327\316\004\000\000\040abcd\012\043\327\316\000\000\000\100\012\043\327\316\002\000\000\140xy\000\000"
	printf "\012\043\327\316\002\000\000\000z\n\000\000"
}

# "one", "" and "a\nb\nc": 19, 16 and 21 bytes.
tfrecord() {
	printf "\003\000\000\000\000\000\000\000\260\231\111\016one\001\100\125\010"
	printf "\000\000\000\000\000\000\000\000\051\003\230\007\330\352\202\242"
	printf "\005\000\000\000\000\000\000\000\352\262\004\076a\nb\nc\070\135\222\032"
}

# patch FILE AT OCTAL: a byte of it changed.
patch() {
	printf %b "\\0$3" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

# alike PAYLOAD FLAGS FILE: as in bt-split.t.
alike() {
	for step in 262144 1 3 64; do
		s=0
		split "$1" $step "$2" "" "$3" >out.$step 2>err.$step || s=$?
		echo $s >status.$step
		for f in out err status; do
			test $step = 262144 && cp $f.$step $f
			cmp $f $f.$step
		done
	done
}

ok 'RecordIO: MultiRecord batches are frames, SingleRecord ones data' '
	recordio >a.rec
	bt-split -t RecordIO a.rec >out
	bt-split -t RecordIO -n 2 a.rec >>out
	bt-split -t RecordIO -b SingleRecord a.rec >>out
	same out <<-END
	a.rec#bytes=0+64,records=0+4,split=RecordIO,crc32c=8cb95f44,last
	a.rec#bytes=0+20,records=0+2,split=RecordIO,crc32c=773be8da
	a.rec#bytes=20+44,records=2+2,split=RecordIO,crc32c=b10a3c7b,last
	a.rec#bytes=8+3,records=0+1,split=RecordIO,bare,crc32c=364b3fb7
	a.rec#bytes=20+0,records=1+1,split=RecordIO,bare,crc32c=00000000
	a.rec#bytes=20+32,records=2+1,split=RecordIO,parts,crc32c=205e07f4
	a.rec#bytes=60+2,records=3+1,split=RecordIO,bare,crc32c=9f8b783b,last
	END
'
ok 'TFRecord: MultiRecord batches are frames, SingleRecord ones data' '
	tfrecord >a.tfrecord
	bt-split -t TFRecord a.tfrecord >out
	bt-split -t TFRecord -n 2 a.tfrecord >>out
	bt-split -t TFRecord -b SingleRecord a.tfrecord >>out
	sed "s/,split=TFRecord//" out >got
	same got <<-END
	a.tfrecord#bytes=0+56,records=0+3,crc32c=14e678ed,last
	a.tfrecord#bytes=0+35,records=0+2,crc32c=0f2980f5
	a.tfrecord#bytes=35+21,records=2+1,crc32c=0796708f,last
	a.tfrecord#bytes=12+3,records=0+1,bare,crc32c=2a94b2e9
	a.tfrecord#bytes=31+0,records=1+1,bare,crc32c=00000000
	a.tfrecord#bytes=47+5,records=2+1,bare,crc32c=b9303c07,last
	END
'
ok 'batches are packed, the same whatever is read at a time' '
	for i in 1 2 3 4 5 6 7 8; do recordio; done >a.rec
	for i in 1 2 3 4 5 6 7 8; do tfrecord; done >a.tfrecord
	for payload in 0 32 40 64 100; do
		for flags in r rs r3; do alike $payload $flags a.rec; test ! -s err; done
		for flags in f fs f3; do alike $payload $flags a.tfrecord; test ! -s err; done
	done
	split 40 262144 f "" a.tfrecord | head -n 3 | sed "s/,split.*//" >out
	same out <<-END
	a.tfrecord#bytes=0+35,records=0+2
	a.tfrecord#bytes=35+40,records=2+2
	a.tfrecord#bytes=75+37,records=4+2
	END
	split 20 262144 rs "" a.rec | head -n 1 >out
	grep "bytes=8+3" out
	alike 31 r a.rec
	grep "a.rec: record 2 at byte 20: 32 bytes, more than the 31 of" err
	alike 10 fs a.tfrecord
	test ! -s err
	alike 4 fs a.tfrecord
	grep "a.tfrecord: record 2 at byte 35: 5 bytes, more than the 4" err
'
ok 'without records there is one empty reference' '
	: >a
	bt-split -t RecordIO a >out
	bt-split -t TFRecord -b SingleRecord a >>out
	same out <<-END
	a#bytes=0+0,records=0+0,split=RecordIO,last
	a#bytes=0+0,records=0+0,split=TFRecord,last
	END
'
ok 'references are cut again' '
	recordio >a.rec
	bt-split -t RecordIO -n 3 a.rec >refs
	bt-split -t RecordIO -b SingleRecord a.rec >want
	xargs bt-split -b SingleRecord <refs >out
	cmp want out
	xargs bt-split -b SingleRecord <want >out
	cmp want out
	tfrecord >b
	bt-split -t TFRecord -n 2 b | xargs bt-split -b SingleRecord >out
	bt-split -t TFRecord -b SingleRecord b | cmp - out
'
ok 'RecordIO that is damaged' '
	recordio >a.rec
	cp a.rec b.rec
	patch b.rec 12 0
	fails 1 bt-split -t RecordIO -n 1 b.rec >out
	said "bt-split: b.rec: record 1 at byte 12: magic 0xced72300, not 0xced7230a"
	same out <<-END
	b.rec#bytes=0+12,records=0+1,split=RecordIO,crc32c=2a504d5e
	END
	cp a.rec b.rec
	patch b.rec 59 340
	fails 1 bt-split -t RecordIO b.rec
	said "bt-split: b.rec: record 3 at byte 52: flag 7, not 0 to 3"
	cp a.rec b.rec
	patch b.rec 27 100
	fails 1 bt-split -t RecordIO b.rec
	said "bt-split: b.rec: record 2 at byte 20: a later part of a record without its first"
	cp a.rec b.rec
	patch b.rec 39 040
	fails 1 bt-split -t RecordIO b.rec
	said "bt-split: b.rec: record 2 at byte 32: a record begins inside another"
	for flags in r rs r2; do alike 0 $flags b.rec; test "$(cat status)" = 1; done
'
ok 'RecordIO that is cut short' '
	recordio >a.rec
	for n in $(seq 63); do
		head -c "$n" a.rec >b.rec
		alike 0 r b.rec
		case $n in
		12 | 20 | 52) test ! -s err ;;
		*) grep "b.rec: record [0-3] at byte [0-9]*: " err ;;
		esac
	done
	cut() { head -c "$1" a.rec >b.rec; fails 1 bt-split -t RecordIO b.rec; }
	cut 3; said "b.rec: record 0 at byte 0: the object ends inside its header, after 3 bytes of 8"
	cut 10; said "b.rec: record 0 at byte 0: length 3, but 2 bytes are left"
	cut 11; said "b.rec: record 0 at byte 0: the object ends inside its padding, after 0 bytes of 1"
	cut 32; said "b.rec: record 2 at byte 20: the object ends between the parts of a record"
	fails 1 bt-split -t RecordIO -o c.rec --overwrite - <b.rec
	said "c.rec: record 2 at byte 20: the object ends between the parts of a record"
	head -c 10 a.rec >b.rec
	fails 1 bt-split -t RecordIO -o c.rec --overwrite - <b.rec
	said "c.rec: record 0 at byte 0: length 3, but 2 bytes are left"
'
ok 'TFRecord that is damaged or cut short' '
	tfrecord >a
	for n in $(seq 55); do
		head -c "$n" a >b
		alike 0 f b
		case $n in
		19 | 35) test ! -s err ;;
		*) grep "b: record [0-2] at byte [0-9]*: " err ;;
		esac
	done
	for at in $(seq 0 55); do
		cp a b
		patch b "$at" 377
		alike 0 f b
		grep "b: record [0-2] at byte [0-9]*: " err
	done
	cp a b
	patch b 0 004
	fails 1 bt-split -t TFRecord b
	said "bt-split: b: record 0 at byte 0: checksum of the length 0x0e4999b0, not 0x"
	cp a b
	patch b 14 146
	fails 1 bt-split -t TFRecord b
	said "bt-split: b: record 0 at byte 0: checksum of the data 0x08554001, not 0x"
	head -c 55 a >b
	fails 1 bt-split -t TFRecord b
	said "bt-split: b: record 2 at byte 35: the object ends inside its checksum, after 3 bytes of 4"
'
ok 'a length of 2^64-1' '
	{ tfrecord; printf "\377\377\377\377\377\377\377\377\246\173\021\072xyz"; } >a
	fails 1 bt-split -t TFRecord a
	said "bt-split: a: record 3 at byte 56: length 18446744073709551615, but 3 bytes are left"
	fails 1 bt-split -t TFRecord -b SingleRecord -p 0 a
	said "bt-split: a: record 3 at byte 56: length 18446744073709551615, but 3 bytes are left"
	fails 1 bt-split -t TFRecord -o c - <a
	said "bt-split: c: record 3 at byte 56: 18446744073709551615 bytes, more than the 6291456 of --max-payload-in-mb 6"
	fails 1 bt-split -t TFRecord -p 0 -o c --overwrite - <a
	said "bt-split: c: record 3 at byte 56: length 18446744073709551615, but 3 bytes are left"
'
finish
