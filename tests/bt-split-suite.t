#!/bin/sh
# bt-split on the CSV files of other parsers' test suites, where they are at
# hand: BT_CONFORMANCE is the folder that has csv/table.tsv and csv/files.
# shellcheck disable=SC2016,SC2034 # the scripts are quoted, and use TAB
. "${0%/*}/lib.sh"
suite=${BT_CONFORMANCE:-$top/../shared/conformance}/csv
TAB=$(printf '\t')

if [ ! -r "$suite/table.tsv" ]; then
	skip 'the files of the suites' "no $suite"
	finish
fi

# columns NAME ...: those of the table, in this order, of its valid files.
columns() {
	awk -F "$TAB" -v OFS="$TAB" -v names="$*" '
	NR == 1 { n = split(names, name, " "); for (i = 1; i <= NF; i++) at[$i] = i }
	NR > 1 && $at["rfc4180_valid"] == "yes" {
		for (i = 1; i <= n; i++)
			printf "%s%s", $at[name[i]], i < n ? OFS : "\n"
	}' "$suite/table.tsv"
}

ok 'an embedded newline is refused, with its line' '
	# A CR alone inside quotes is no newline here.
	columns id embedded_kind embedded_line |
	    awk -F "$TAB" "{ print \$1, \$2 == \"cr\" ? 0 : \$3 }" >want
	test "$(wc -l <want)" -gt 100
	sed "s|\(.*\) .*|$suite/files/\1.csv|" want >names
	fails 123 xargs -n 500 bt-split -c text/csv <names >out 2>err
	sed -i "/looks like a header/d" err
	sed -n "s|.*/\(.*\)\.csv: record.*(line \([0-9]*\),.*: a newline inside a quoted field.*|\1 \2|p" err >got
	awk "\$2 > 0" want | diff - got
	test "$(wc -l <err)" -eq "$(wc -l <got)"
'
ok 'kept, the records are all of the file but blank lines' '
	columns id | while read -r id; do
		f=$suite/files/$id.csv
		bt-split --embedded-newlines=keep -n 100 -c text/csv "$f" |
		    sed "s/.*#bytes=\([0-9]*\)+\([0-9]*\),.*/\1 \2/" |
		    while read -r at n; do
			tail -c +$((at + 1)) "$f" | head -c "$n"
		    done | tr -d "\r\n" | cksum >got
		bom=$(printf "\357\273\277")
		sed "1s/^$bom//" "$f" | tr -d "\r\n" | cksum | diff got - || { echo "$id"; exit 1; }
	done
'
ok 'the other files are split or refused' '
	for how in "" --strict --embedded-newlines=keep "-b SingleRecord" --header; do
		fails 1 bt-split -c text/csv $how "$suite"/files/* >out 2>err
		sed -i "/looks like a header/d" err
		good=$(grep -c ",last$" out) bad=$(wc -l <err)
		test $((good + bad)) -eq "$(ls "$suite"/files | wc -l)"
		grep -c "^bt-split: .*: \(record [0-9]*\|header row\) (line [0-9]*, byte [0-9]*): " err | grep -qx "$bad"
	done
'
finish
