#!/bin/sh
# The scan: every body, against a machine of one byte at a time.
. "${0%/*}/lib.sh"

ok 'every body agrees with the rules on random texts in random blocks' '
	for body in $("$B/tests/scan" bodies); do
		BT_SCAN=$body "$B/tests/scan" random 7 40000
	done >out
	"$B/tests/scan" bodies | diff -u - out
'
finish
