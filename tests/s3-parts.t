#!/bin/sh
# How an upload is cut: the largest object that S3 takes fits into as many parts
# as it takes, and no part is larger than it takes.
. "${0%/*}/lib.sh"
parts=$B/tests/s3_parts

if [ ! -x "$parts" ]; then
	skip 'the largest object fits' 'no libraries for S3'
	finish
fi
ok 'the largest object fits' '
	"$parts" >out
	same out <<-END
	1: 8388608
	1000: 8388608
	1055: 8388608
	1056: 16777216
	10000: 1350565888
	all: 6114288599040
	END
	test 6114288599040 -ge $((5 << 40))
	test 1350565888 -le $((5 << 30))
'
ok 'a size that was asked for stays' '
	"$parts" 5242880 | sort -u -t: -k2 >out
	same out <<-END
	1: 5242880
	all: 52428800000
	END
'
finish
