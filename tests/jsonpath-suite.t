#!/bin/sh
# The RFC 9535 compliance suite, where its cts.json is at hand.
. "${0%/*}/lib.sh"
cts=${BT_CONFORMANCE:-$top/../shared/conformance}/jsonpath/cts.json

if test -r "$cts"; then
	ok 'every selector of the suite' '
		"$B/tests/jsonpath" suite "$cts" >out || { cat out; exit 1; }
	'
else
	skip 'every selector of the suite' "no $cts"
fi
finish
