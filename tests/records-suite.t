#!/bin/sh
# TFRecord and RecordIO files of other projects, and damaged ones, where they
# are at hand: BT_CONFORMANCE is the folder that has records/index.json.
# shellcheck disable=SC2016,SC2034 # the scripts are quoted, and use files
. "${0%/*}/lib.sh"
suite=${BT_CONFORMANCE:-$top/../shared/conformance}/records

if [ ! -r "$suite/index.json" ]; then
	skip 'the files of the suites' "no $suite"
	finish
fi

# A line a file: good or bad, format, name.  In NAME.want: a line a record,
# where it begins, its framed size, whether it is in parts, the SHA-256 of its
# data.
list='
import json, os, sys
for f in json.load(open(sys.argv[1]))["files"]:
    if "compression" in f:
        continue
    name = os.path.basename(f["file"])
    with open(name + ".want", "w") as out:
        for r in f["record"]:
            print(r["start"], r["end"] - r["start"], int(r.get("parts", 1) > 1),
                  r["payload_sha256"], file=out)
    print("good" if f["ok"] else "bad", f["format"], f["file"])
'

# range FILE AT+LENGTH
range() {
	tail -c +$((${2%+*} + 1)) "$1" | head -c "${2#*+}"
}

# check_single FORMAT FILE NAME: data, except of records in parts.
check_single() {
	bt-split -p 0 -t "$1" -b SingleRecord "$2" |
	sed -n "s/.*#bytes=\([0-9+]*\),records=\([0-9]*+1\),.*/\1 \2/p" >got
	test "$(wc -l <got)" -eq "$(wc -l <"$3.want")"
	while read -r start size parts sum <&3 && read -r at first <&4; do
		if [ "$parts" = 1 ]; then
			test "$at" = "$start+$size"
			continue
		fi
		test "$(range "$2" "$at" | sha256sum)" = "$sum  -"
	done 3<"$3.want" 4<got
}

ok 'the files of the suites' '
	python3 -c "$list" "$suite/index.json" >files
	test "$(wc -l <files)" -gt 20
	while read -r good format file; do
		name=${file##*/}
		s=0
		bt-split -p 0 -n 1 -t "$format" "$suite/$file" >out 2>err || s=$?
		echo "$good $name: $s $(cat err)"
		sed -n "s/.*#bytes=\([0-9]*\)+\([0-9]*\),records=\([0-9]*\)+1,.*/\1 \2/p" out >got
		cut -d " " -f 1,2 "$name.want" | diff - got
		if [ "$good" = good ]; then
			test $s -eq 0
			grep -q last out
			check_single "$format" "$suite/$file" "$name"
		else
			test $s -eq 1
			test "$(grep -c last out)" -eq 0
			end=$(tail -n 1 got | { read -r a b || a=0 b=0; echo $((a + b)); })
			# In a record of parts, it is the part that is named.
			at=$(sed "s/.* at byte \([0-9]*\): .*/\1/" err)
			test "$at" -eq "$end" || test "$name" = gen-start-without-end.rec
		fi
	done <files
'
finish
