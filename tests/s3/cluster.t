#!/bin/sh
# bt-share of a list in a bucket, and examples/cluster on machines that share one.
. "${0%/*}/../lib.sh"
. "$top/tests/s3/lib.sh"
cluster=$top/examples/cluster
unset BT_INDEX BT_COUNT JOB_COMPLETION_INDEX

# aws_batch: what the container does in child $i of 4: the definition's command
# with its variables and those of the engine.
aws_batch() {
	jq -r ".containerProperties |
	    (.environment[] | .name + \"=\" + .value), .command[]" \
	    "$cluster/aws-batch-s3.json" |
	    sed "s,s3://bucket/,s3://$bucket/,; s,^share-s3,$cluster/&," >"words.$i"
	xargs env AWS_BATCH_JOB_ARRAY_INDEX="$i" AWS_BATCH_JOB_ARRAY_SIZE=4 \
	    AWS_BATCH_JOB_ATTEMPT=1 <"words.$i"
}

# block WORDS: the commands of the README in the block that begins with the words.
block() {
	awk -v words="    $1" '!/^    / { in_it = 0 }
	    index($0, words) == 1 { in_it = 1 } in_it' "$cluster/README.md" |
	    sed "s/^    //; s,s3://bucket/,s3://$bucket/,g" >block
	test -s block
	sh -eu block
}

ok 'a share of a list in a bucket is that of the list in a file' '
	bt-split --max-records 10 "$top/examples/reviews/reviews.csv" >refs
	bt-s3put "s3://$bucket/refs" <refs
	for i in 0 1 2; do
		BT_INDEX=$i BT_COUNT=3 bt-share "s3://$bucket/refs" >got
		BT_INDEX=$i BT_COUNT=3 bt-share refs | cmp - got
	done
	printf x | bt-s3put "s3://$bucket/torn"
	fails 2 env BT_INDEX=0 BT_COUNT=3 bt-share "s3://$bucket/torn"
	said "bt-share: s3://$bucket/torn: line 1: the last line has no newline"
	: | bt-s3put "s3://$bucket/empty"
	BT_INDEX=0 BT_COUNT=3 bt-share "s3://$bucket/empty" >got
	same got </dev/null
	fails 1 env BT_INDEX=0 BT_COUNT=3 bt-share "s3://$bucket/none"
	said "404"
'
ok 'the containers of AWS Batch make the bytes of one machine' '
	cp -r "$top/examples/reviews/models/sentiment" model
	cp "$top/examples/reviews/reviews.csv" .
	bt-s3put "s3://$bucket/data/reviews.csv" <reviews.csv
	bt-split reviews.csv | bt-predict -m linear -d model -o parts | bt-join -j Input >want
	block "bt-split --max-records 25 s3"
	for i in 3 1 2 0; do aws_batch; done
	# One more try, which has nothing left to do.
	s3 ls "$bucket" run/parts/ >before
	i=2
	aws_batch
	s3 ls "$bucket" run/parts/ | cmp before -
	block "bt-s3cat --prefix"
	bt-s3cat "s3://$bucket/out/reviews.csv.out" | cmp want -
'
ok 'the exit status says whether another try may help' '
	i=4
	fails 123 aws_batch
	said "bt-share: AWS_BATCH_JOB_ARRAY_INDEX makes this share 4, but by AWS_BATCH_JOB_ARRAY_SIZE there are 0 to 3"
	export BT_INDEX=0
	fails 2 "$cluster/share-s3" "s3://$bucket/run"
	export BT_COUNT=2
	fails 1 "$cluster/share-s3" "s3://$bucket/nowhere"
	said "404"
'
finish
