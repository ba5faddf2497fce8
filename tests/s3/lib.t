#!/bin/sh
# What the other tests here stand on: the server, the client, the proxy.
. "${0%/*}/../lib.sh"
. "$top/tests/s3/lib.sh"

ok 'an object comes back as it went' '
	printf "a\0b\n" >in
	s3 put "$bucket" "a/../b +%2F" <in
	s3 get "$bucket" "a/../b +%2F" >out
	cmp in out
	s3 ls "$bucket" >list
	same list <<-END
	4 a/../b%20%2B%252F
	END
	s3 rm "$bucket" "a/../b +%2F"
	s3 ls "$bucket" >list
	same list </dev/null
'
ok 'a wrong secret, region or clock is refused' '
	(AWS_SECRET_ACCESS_KEY=x; fails 1 s3 ls "$bucket"; said SignatureDoesNotMatch)
	test "$server" != swift ||
	    (AWS_REGION=eu-west-1; fails 1 s3 ls "$bucket"; said AuthorizationHeaderMalformed)
'
proxy
ok 'the proxy leaves alone what no rule names' '
	head -c 3000000 /dev/urandom >in
	faults ""
	s3 put "$bucket" x <in
	s3 get "$bucket" x range:bytes=1000000-1999999 >out
	tail -c +1000001 in | head -c 1000000 | cmp - out
	asked | sed "s/\"port.*\(\"method.*\), \"query.*\(\"range.*\), \"date.*\(\"length\)/\1, \2, \3/;
	    s|/$bucket||" >log
	same log <<-END
	{"method": "PUT", "path": "/x", "range": null, "if_match": null, "length": "3000000", "received": 3000000, "status": 200, "sent": 0, "rule": null}
	{"method": "GET", "path": "/x", "range": "bytes=1000000-1999999", "if_match": null, "length": null, "received": 0, "status": 206, "sent": 1000000, "rule": null}
	END
'
ok 'the proxy breaks what a rule names' '
	head -c 300000 /dev/zero | tr "\0" x | s3 put "$bucket" y
	faults "{\"status\": 503, \"code\": \"SlowDown\", \"times\": 2}, {\"reset\": 99999}, {\"close\": 7}, {\"flip\": 3}"
	fails 1 s3 get "$bucket" y
	said "503 <?xml"
	fails 1 s3 get "$bucket" y
	said SlowDown
	fails 1 s3 get "$bucket" y
	said "Connection reset by peer"
	fails 1 s3 get "$bucket" y
	said "IncompleteRead(7 bytes read, 299993 more expected)"
	s3 get "$bucket" y >out
	printf "%s" "xxx$(printf "\207")x" >head
	head -c 5 out | cmp - head
	asked | sed "s/.*\"status/\"status/" >log
	same log <<-END
	"status": 503, "sent": 125, "rule": 1}
	"status": 503, "sent": 125, "rule": 1}
	"status": 200, "sent": 99999, "rule": 2}
	"status": 200, "sent": 7, "rule": 3}
	"status": 200, "sent": 300000, "rule": 4}
	END
'
finish
