#!/bin/sh
# Corner cases of gzip, where they are at hand: BT_CONFORMANCE is the folder
# that has gzip/index.json.
# shellcheck disable=SC2016,SC2034 # the scripts are quoted, and use list
. "${0%/*}/lib.sh"
suite=${BT_CONFORMANCE:-$top/../shared/conformance}/gzip

if [ ! -r "$suite/index.json" ]; then
	skip 'the files of the suite' "no $suite"
	finish
fi

# A line a file: ok, error or either; the SHA-256 of what is in it; its name.
list='
import json, sys
for f in json.load(open(sys.argv[1]))["files"]:
    print(f["expect"], f.get("output_sha256", "-"), f["file"])
'

ok 'the files of the suite' '
	python3 -c "$list" "$suite/index.json" >files
	test "$(wc -l <files)" -gt 30
	while read -r expect sum file; do
		s=0
		bt-split --overwrite -o out.csv "$suite/$file" >refs 2>err || s=$?
		echo "$expect ${file##*/}: $s $(cat err)"
		case $expect in
		ok)	test $s -eq 0
			grep -q last refs
			test "$(sha256sum <out.csv)" = "$sum  -" ;;
		error)	test $s -eq 1
			test "$(grep -c last refs)" -eq 0
			grep -q "byte [0-9]* of the compressed data" err ;;
		*)	test $s -le 1 ;;
		esac
	done <files
'
finish
