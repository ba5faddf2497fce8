#!/bin/sh
# The CSV files of other parsers' test suites, where they are at hand:
# BT_CONFORMANCE is the folder that has csv/table.tsv and csv/files.
# shellcheck disable=SC2016,SC2034 # the scripts are quoted, and use TAB
. "${0%/*}/lib.sh"
suite=${BT_CONFORMANCE:-$top/../shared/conformance}/csv
scan=$B/tests/scan TAB=$(printf '\t')

if [ ! -f "$suite/table.tsv" ]; then
	skip 'embedded newlines are where the suites have them' "no $suite"
	finish
fi

# columns NAME ...: those of the table, in this order.
columns() {
	awk -F "$TAB" -v OFS="$TAB" -v names="$*" '
	NR == 1 { n = split(names, name, " "); for (i = 1; i <= NF; i++) at[$i] = i }
	NR > 1 {
		for (i = 1; i <= n; i++)
			printf "%s%s", $at[name[i]], i < n ? OFS : "\n"
	}' "$suite/table.tsv"
}

# line_of FILE: the line, from 1, of the newline that the scan refuses; else 0.
# A byte order mark is not the scan's to see.
line_of() {
	bom=$(printf "\357\273\277")
	sed "1s/^$bom//" "$1" >text
	at=$("$scan" file csv <text | sed -n "s/.*newline inside a quoted field at \([0-9]*\),.*/\1/p")
	if [ -n "$at" ]; then
		echo $(($(head -c "$at" text | tr -cd "\n" | wc -c) + 1))
	else
		echo 0
	fi
}

ok 'embedded newlines are where the suites have them' '
	# A CR alone inside quotes is no newline here.
	columns id embedded_line rfc4180_valid embedded_kind |
	    awk -F "$TAB" -v OFS="$TAB" "
		\$3 == \"yes\" { print \$1, \$4 == \"cr\" ? 0 : \$2 }" >want
	test "$(wc -l <want)" -gt 100
	while IFS=$TAB read -r id line; do
		printf "%s\t%s\n" "$id" "$(line_of "$suite/files/$id.csv")"
	done <want >got
	diff -u want got
'
ok 'the files that RFC 4180 has nothing like are scanned or refused, by every body alike' '
	for body in $("$scan" bodies); do
		for file in "$suite"/files/*; do
			for mode in csv strict keep lines; do
				BT_CPU=$body "$scan" file $mode 97 <"$file"
			done
		done >"$body"
		test -s "$body"
	done
	for body in $("$scan" bodies); do
		cmp plain "$body"
	done
'
finish
