#!/bin/sh
# The scan of lines and of quoted CSV.
# shellcheck disable=SC2016,SC2059 # the scripts are quoted, the formats theirs
. "${0%/*}/lib.sh"
scan=$B/tests/scan

# finds MODE TEXT (of printf), and on standard input what the scan says of it,
# in blocks of every size.
finds() {
	cat >want
	printf "$2" >text
	for block in 1 2 3 7 64 65536; do
		"$scan" file "$1" $block <text >out
		diff -u want out || return 1
	done
}

ok 'records end at LF; the last may lack it' '
	finds csv "a,b\nc,d\ne" <<-\END
	csv: no problem at 9, 2 lines, 2 ends, 0 blank, last end 8
	END
	finds csv "" <<-\END
	csv: no problem at 0, 0 lines, 0 ends, 0 blank, last end 0
	END
'
ok 'blank lines are counted apart: nothing, or a CR alone' '
	finds csv "\n\r\na\n\n \n\"\"\n\r\r\n" <<-\END
	csv: no problem at 14, 7 lines, 7 ends, 3 blank, last end 14
	END
'
ok 'quoted fields, CR LF, doubled quotes and empty fields are fine' '
	finds strict "\"a,b\",\"\",\"c\"\"d\",\"\"\"\"\r\n,,\r\n\"x\"\n\"y\"" <<-\END
	strict: no problem at 33, 3 lines, 3 ends, 0 blank, last end 30
	END
'
ok 'a newline inside quotes is found at its byte' '
	finds csv "a\n\"b\"\"\r\nc\"\n" <<-\END
	csv: a newline inside a quoted field at 7, 1 lines, 1 ends, 0 blank, last end 2
	END
'
ok 'or kept, where it is wanted' '
	finds keep "a\n\"b\n\n\"\n\n" <<-\END
	keep: no problem at 9, 5 lines, 3 ends, 1 blank, last end 9
	END
'
ok 'a quote that is never closed' '
	finds csv "a\nb,\"c,d" <<-\END
	csv: a quoted field that is never closed at 8, 1 lines, 1 ends, 0 blank, last end 2
	END
'
ok 'bytes after a closing quote: the first is named' '
	finds csv "\"a\" ,b\n" <<-\END
	csv: bytes after a closing quote at 3, 0 lines, 0 ends, 0 blank, last end 0
	END
	finds csv "\"a\"\rb\n" <<-\END
	csv: bytes after a closing quote at 4, 0 lines, 0 ends, 0 blank, last end 0
	END
'
ok 'a quote inside an unquoted field is data, in strict mode not' '
	finds csv "a\"b,c \"\n \"d\n" <<-\END
	csv: no problem at 12, 2 lines, 2 ends, 0 blank, last end 12
	END
	finds strict "a,b\"c\n" <<-\END
	strict: a quote inside an unquoted field at 3, 0 lines, 0 ends, 0 blank, last end 0
	END
'
ok 'a record with such a quote may have quoted fields too' '
	finds csv "5\" disk,\"a\nb\"\n" <<-\END
	csv: a newline inside a quoted field at 10, 0 lines, 0 ends, 0 blank, last end 0
	END
	finds keep "5\" disk,\"a\nb\"\nc\n" <<-\END
	keep: no problem at 16, 3 lines, 2 ends, 0 blank, last end 16
	END
	finds csv "5\" disk,\"a\"b\n" <<-\END
	csv: bytes after a closing quote at 11, 0 lines, 0 ends, 0 blank, last end 0
	END
	finds csv "5\" disk,\"a" <<-\END
	csv: a quoted field that is never closed at 10, 0 lines, 0 ends, 0 blank, last end 0
	END
'
ok 'without csv a quote is a byte' '
	finds lines "\"a\nb\n\n" <<-\END
	lines: no problem at 6, 3 lines, 3 ends, 1 blank, last end 6
	END
'
ok 'a CR after a closing quote that ends a vector is looked after' '
	long() { head -c "$1" /dev/zero | tr "\0" a; }
	finds csv "$(long 512)\n$(long 506),\"x\"\r\n$(long 600)" <<-\END
	csv: no problem at 1625, 2 lines, 2 ends, 0 blank, last end 1025
	END
	finds csv "$(long 512)\n$(long 506),\"x\"\rz$(long 600)" <<-\END
	csv: bytes after a closing quote at 1024, 1 lines, 1 ends, 0 blank, last end 513
	END
'
ok 'an odd record of any length takes little memory' '
	{ printf "a\"b,"; head -c 30000000 /dev/zero | tr "\0" x; echo; } >in
	case $B in
	*-san) ;;	# the sanitizers reserve far more
	*) ulimit -v 20000 ;;
	esac
	"$scan" file csv <in >out
	same out <<-\END
	csv: no problem at 30000005, 1 lines, 1 ends, 0 blank, last end 30000005
	END
'
for body in $("$scan" bodies); do
	ok "$body agrees with the rules on random texts in random blocks" '
		BT_CPU=$body "$scan" random 7 4000 >out
		echo "$body" | diff -u - out
	'
done
ok 'a body that the machine lacks leaves the choice' '
	BT_CPU=abacus "$scan" random 1 10 >out
	"$scan" bodies | head -n 1 | diff -u - out
'
finish
