#!/bin/sh
# The examples that are scripts.
. "${0%/*}/lib.sh"

ok 'JSON Lines with the sentiment added' '
	"$top/examples/reviews/enrich" >out
	test "$(wc -l <out)" -eq "$(wc -l <"$top/examples/reviews/reviews.jsonl")"
	sed -n 2p out >got
	same got <<-END
	{"id": "r0002", "text": "Học đàn guitar tại nhà mà tiến bộ, thầy dạy dễ hiểu, hợp âm rõ ràng.","SageMakerOutput":{"probability":0.93412185,"label":"positive"}}
	END
	sed "s/,\"SageMakerOutput\":{[^}]*}}\$/}/" out >stripped
	cmp stripped "$top/examples/reviews/reviews.jsonl"
'
ok 'what changes label with a new version of a model' '
	"$top/examples/scores/rescore" >out 2>err
	same out <<-END
	107,pass,fail
	111,pass,fail
	121,pass,fail
	END
	same err <<-END
	3 of 24 changed label
	END
'
ok 'the demo says what it did' '
	"$top/examples/demo" demo >out
	grep "^records        814 in, 814 out$" out
	grep "^mini-batches   33 of at most 25 records$" out
	cut -d, -f1 "$top/examples/reviews/reviews.csv" >want
	cut -d, -f1 demo/reviews.csv.out >got
	cmp want got
'
ok 'the README prints what it says' '
	cp -r "$top/examples/reviews" reviews
	cd reviews
	bt-split reviews.csv |
	    xargs -P 4 -n 8 bt-predict -m linear -d models/sentiment -o parts |
	    bt-join --join-source Input --output-filter "\$[0,-1]" >reviews.csv.out
	{ head -n 3 reviews.csv.out; bt-split --max-records 400 reviews.csv; } |
	while read -r line; do
		grep -Fx "    $line" "$top/README.md"
	done
'
finish
