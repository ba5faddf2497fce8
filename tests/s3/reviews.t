#!/bin/sh
# examples/reviews/s3: from one prefix to another.
. "${0%/*}/../lib.sh"
. "$top/tests/s3/lib.sh"

reviews=$top/examples/reviews

ok 'objects of reviews, from prefix to prefix, as enrich has them' '
	mkdir in
	head -n 300 "$reviews/reviews.jsonl" >in/a.jsonl
	tail -n +301 "$reviews/reviews.jsonl" >in/b.jsonl
	bt-s3put --recursive in "s3://$bucket/in/"
	: | s3 put "$bucket" in/folder/
	"$reviews/s3" "s3://$bucket/in/" "s3://$bucket/out/"
	s3 ls "$bucket" out/ | sed "s/.* //" >"$tmp/got"
	same "$tmp/got" <<-END
	out/a.jsonl.out
	out/b.jsonl.out
	END
	bt-s3cat --prefix "s3://$bucket/out/" >out
	"$reviews/enrich" | cmp - out
	head -n 1 out | grep "^{\"id\": *\"r0001\".*\"SageMakerOutput\":"
'
ok 'an object that is missing, a prefix without one: no output, and an error' '
	fails 1 "$reviews/s3" "s3://$bucket/nothing/" "s3://$bucket/none/"
	fails 1 "$reviews/s3" "s3://$bucket-not/in/" "s3://$bucket/none/"
	said "404 NoSuchBucket"
	s3 ls "$bucket" none/ >"$tmp/got"
	same "$tmp/got" </dev/null
'
finish
