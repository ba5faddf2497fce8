#!/bin/sh
# The reviews of examples/reviews, and the model made of them.
. "${0%/*}/lib.sh"
# shellcheck disable=SC2034,SC2154 # the scripts below use it; lib.sh sets it
reviews=$top/examples/reviews

ok 'half are of each language, as many good as bad' '
	cut -d, -f3,4 "$reviews/labels.csv" | sort | uniq -c | sed "s/^ *//" >out
	same out <<-END
	196 negative,en
	196 negative,vi
	15 neutral,en
	15 neutral,vi
	196 positive,en
	196 positive,vi
	END
	grep -cvxE "r[0-9]{4},([12],negative|3,neutral|[45],positive),(en|vi)" \
	    "$reviews/labels.csv" >bad || :
	same bad <<-END
	0
	END
'
ok 'commas and doubled quotes are frequent, no line is part of a field' '
	test "$(grep -c "\"\"" "$reviews/reviews.csv")" -ge 50
	test "$(grep -cE "^r[0-9]{4},\".*,.*\"$" "$reviews/reviews.csv")" -ge 400
	fails 1 grep -nvE "^r[0-9]{4},([^\",]+|\"([^\"]|\"\")+\")$" "$reviews/reviews.csv"
'
if ! python3 -c '' 2>/dev/null; then
	skip 'the reviews in Python' 'no python3'
	finish
fi
ok 'CSV, JSON Lines and labels are the same reviews, no two alike' '
	python3 - "$reviews" <<-END
	import csv, json, sys, unicodedata
	d = sys.argv[1]
	rows = list(csv.reader(open(d + "/reviews.csv", encoding="utf-8", newline="")))
	lines = [json.loads(l) for l in open(d + "/reviews.jsonl", encoding="utf-8")]
	labels = list(csv.reader(open(d + "/labels.csv", encoding="utf-8", newline="")))
	assert len(rows) >= 600
	assert rows == [[l["id"], l["text"]] for l in lines]
	assert [r[0] for r in rows] == [l[0] for l in labels]
	assert [r[0] for r in rows] == ["r%04d" % i for i in range(1, len(rows) + 1)]
	composed = [unicodedata.normalize("NFC", r[1]) for r in rows]
	assert len({text.lower() for text in composed}) == len(rows)
	assert sum(text != r[1] for text, r in zip(composed, rows)) == 3
	END
'
ok 'train.py makes the model that is here' '
	PYTHONHASHSEED=1 python3 "$reviews/train.py" -o model.json >out
	cmp model.json "$reviews/models/sentiment/model.json"
	same out <<-END
	trained on 628 reviews, 156 held back
	held back, en: 68 of 78 right, 87.2 %
	held back, vi: 72 of 78 right, 92.3 %
	held back, all: 140 of 156 right, 89.7 %
	seen: 628 of 628 right, 100.0 %
	END
'
ok 'the model reads a word alike, wherever its tone mark is and composed or not' '
	printf "%b\n" "huỷ, đã xoá" "hủy, đã xóa" "HỦY, ĐÃ XÓA" \
	    "huy\0314\0211, đa\0314\0203 xoa\0314\0201" \
	    "hu\0314\0211y, đa\0314\0203 xo\0314\0201a" >words.txt
	bt-split words.txt | bt-predict -m linear -d "$reviews/models/sentiment" \
	    --accept text/csv -o parts | bt-join | uniq -c >out
	same out <<-END
	      5 0.7779609,negative
	END
'
ok 'the main job labels each review as train.py does' '
	python3 "$reviews/train.py" --predict | cut -d, -f1,3 >want
	for f in reviews.csv reviews.jsonl; do
		bt-split --max-records 100 "$reviews/$f" |
		    xargs -P 4 -n 2 bt-predict -m linear -d "$reviews/models/sentiment" \
		        --accept text/csv -o parts |
		    bt-join >out
		cut -d, -f2 out >got
		cut -d, -f2 want | diff -u - got
	done
	bt-split --max-records 100 "$reviews/reviews.csv" |
	    xargs -P 4 -n 2 bt-predict -m linear -d "$reviews/models/sentiment" -o parts |
	    bt-join --join-source Input --output-filter "\$[0,-1]" >got
	diff -u want got
'
ok 'generate.py: as many as were asked for, each with an id of its own' '
	for f in csv jsonl; do
		for n in 0 1 4095 10000; do
			python3 "$reviews/generate.py" --records $n --format $f | wc -l
		done
	done | xargs >out
	same out <<-END
	0 1 4095 10000 0 1 4095 10000
	END
	python3 "$reviews/generate.py" --records 10000 >a
	python3 "$reviews/generate.py" --records 10000 --quote-all >b
	python3 "$reviews/generate.py" --records 10000 --format jsonl >c
	python3 - <<-END
	import csv, json
	a, b = [list(csv.reader(open(f, encoding="utf-8", newline=""))) for f in "ab"]
	c = [list(json.loads(l).values()) for l in open("c", encoding="utf-8")]
	assert a == b == c and len({r[0] for r in a}) == 10000
	END
	grep -c "^g" a >out
	grep -cv \" a >>out
	same out <<-END
	10000
	1250
	END
'
ok 'generate.py: so many bytes, the last record whole' '
	for n in 0 1 300 3000000; do
		python3 "$reviews/generate.py" --bytes $n >out
		size=$(wc -c <out)
		test "$size" -ge $n && test "$size" -le $((n + 3000))
		test "$(tail -c 1 out | wc -l)" -eq $((n > 0))
	done
'
finish
