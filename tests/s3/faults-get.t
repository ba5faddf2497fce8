#!/bin/sh
# What goes wrong between bt-s3cat and a server: the right bytes or an error,
# and what was asked for them.
. "${0%/*}/../lib.sh"
. "$top/tests/s3/lib.sh"

u=s3://$bucket
head -c 30000000 /dev/urandom >"$tmp/big"
s3 put "$bucket" big <"$tmp/big"
etag=$(s3 head "$bucket" big | tr -d '\r' | sed -n 's/^[Ee][Tt]ag: "\(.*\)"$/\1/p')
proxy
get='"method": "GET"'

# log: status, range, If-Match (E: the object's own ETag) and bytes of each
# request.
log() {
	asked | sed -E 's/.*"range": ([^,]*), "if_match": ([^,]*), "date.*"status": ([^,]*), "sent": ([0-9]*).*/\3 \1 \2 \4/
	    s/"\\"'"$etag"'\\""/E/; s/"//g; s/null/-/g; s/bytes=//'
}

# right RULES OPTION ...: all bytes come; one connection, so that the log is in
# order.
right() {
	faults "$1"
	shift
	bt-s3cat --connections 1 "$@" "$u/big" >out 2>err
	cmp out "$tmp/big"
	test ! -s err
	log >asked
}

# wrong RULES TEXT: a failure, which is said with the object's name, and nothing
# after bytes that are right.
wrong() {
	faults "$1"
	fails 1 bt-s3cat --connections 1 "$u/big" >out
	said "bt-s3cat: $u/big: $2"
	test "$(wc -l <"$tmp/err")" -eq 1
	head -c "$(wc -c <out)" "$tmp/big" | cmp - out
	log >asked
}

rest='206 8388608-16777215 E 8388608
206 16777216-25165823 E 8388608
206 25165824-33554431 E 4834176'

ok 'nothing' '
	right ""
	same asked <<-END
	206 0-8388607 - 8388608
	$rest
	END
'
ok '503 SlowDown, twice' '
	right "{$get, \"status\": 503, \"code\": \"SlowDown\", \"times\": 2}"
	sed "s/ [0-9]*$//" asked >short
	same short <<-END
	503 0-8388607 -
	503 0-8388607 -
	206 0-8388607 -
	206 8388608-16777215 E
	206 16777216-25165823 E
	206 25165824-33554431 E
	END
'
ok '500, four times: three attempts, or as many as one says' '
	wrong "{$get, \"status\": 500, \"times\": 4}" "500 InternalError: as told (3 attempts)"
	test "$(grep -c "^500 " asked)" -eq 3
	AWS_MAX_ATTEMPTS=5 right "{$get, \"status\": 500, \"times\": 4}"
	test "$(grep -c "^500 " asked)" -eq 4
'
ok '503 for ever ends soon' '
	start=$(date +%s)
	wrong "{\"status\": 503, \"code\": \"SlowDown\", \"times\": -1}" "503 SlowDown: as told (3 attempts)"
	test $(($(date +%s) - start)) -lt 10
	test "$(wc -l <asked)" -eq 3
'
ok 'the pause that the server asks for' '
	start=$(date +%s)
	right "{$get, \"status\": 503, \"headers\": {\"Retry-After\": \"3\"}}"
	test $(($(date +%s) - start)) -ge 2
	start=$(date +%s)
	right "{$get, \"status\": 503, \"headers\": {\"x-amz-retry-after\": \"3000\"}}"
	test $(($(date +%s) - start)) -ge 2
'
ok 'connections dropped, twice' '
	right "{$get, \"drop\": true, \"times\": 2}"
	head -n 3 asked >first
	same first <<-END
	- 0-8388607 - 0
	- 0-8388607 - 0
	206 0-8388607 - 8388608
	END
'
ok 'reset in the body: resumed at its byte, of the same version' '
	for fault in reset close; do
		right "{$get, \"$fault\": 3000000}"
		same asked <<-END
		206 0-8388607 - 3000000
		206 3000000-8388607 E 5388608
		$rest
		END
	done
'
ok 'reset at each 1000000 bytes, eight times' '
	right "{$get, \"reset\": 1000000, \"times\": 8}"
	head -n 9 asked >first
	same first <<-END
	206 0-8388607 - 1000000
	206 1000000-8388607 E 1000000
	206 2000000-8388607 E 1000000
	206 3000000-8388607 E 1000000
	206 4000000-8388607 E 1000000
	206 5000000-8388607 E 1000000
	206 6000000-8388607 E 1000000
	206 7000000-8388607 E 1000000
	206 8000000-8388607 E 388608
	END
'
ok 'no byte comes any more' '
	wrong "{$get, \"reset\": 3000000}, {$get, \"drop\": true, \"times\": -1}" ""
	grep "(at byte 3000000)" "$tmp/err"
'
ok 'silence in the body' '
	right "{$get, \"stall\": [3000000, 90]}"
	head -n 2 asked >first
	same first <<-END
	206 0-8388607 - 3000000
	206 3000000-8388607 E 5388608
	END
'
ok 'replaced meanwhile' '
	wrong "{$get, \"range\": \"16777216-\", \"status\": 412, \"code\": \"PreconditionFailed\"}" \
	    "the object has changed: its ETag is not \"$etag\""
	test "$(wc -c <out)" -le 16777216
'
ok 'replaced meanwhile, and the server knows no If-Match' '
	wrong "{$get, \"range\": \"8388608-\", \"set\": {\"ETag\": \"\\\"00\\\"\"}}" \
	    "the object has changed: ETag \"00\", not \"$etag\""
	wrong "{$get, \"reset\": 1000}, {$get, \"set\": {\"ETag\": \"\\\"00\\\"\"}}" \
	    "the object has changed: ETag \"00\", not \"$etag\""
	wrong "{$get, \"range\": \"8388608-\", \"set\": {\"Content-Range\": \"bytes 8388608-16777215/30000001\"}}" \
	    "the object has changed: 30000001 bytes, not 30000000"
'
ok 'a range that is not the one asked for' '
	wrong "{$get, \"range\": \"8388608-\", \"set\": {\"Content-Range\": \"bytes 0-8388607/30000000\"}}" \
	    "an answer from byte 0, not 8388608"
	wrong "{$get, \"set\": {\"Content-Range\": null}}" "an answer without its Content-Range"
	wrong "{$get, \"set\": {\"Content-Range\": \"bytes x\"}}" "an answer without its Content-Range"
'
ok 'a range refused that is there' '
	right "{$get, \"status\": 416, \"code\": \"InvalidRange\"}"
	sed "s/ [0-9]*$//" asked >short
	same short <<-END
	416 0-8388607 -
	200 - -
	END
	wrong "{$get, \"range\": \"8388608-\", \"status\": 416, \"code\": \"InvalidRange\"}" \
	    "416 Range Not Satisfiable at byte 8388608, of 30000000"
'
ok 'what comes before a part that fails is written' '
	faults "{$get, \"range\": \"=0-\", \"delay\": 2}, {$get, \"range\": \"16777216-\", \"status\": 403, \"code\": \"AccessDenied\"}"
	fails 1 bt-s3cat --connections 4 "$u/big" >out
	said "bt-s3cat: $u/big: 403 AccessDenied: as told"
	head -c 16777216 "$tmp/big" | cmp - out
'
# nine HEADERS BODY: a rule that answers so for the object of that name.
nine() {
	printf '{"path": "/nine", "status": 206, "headers": {"ETag": "\\"%s\\"", "Content-Range": "bytes %s"}, "body": "%s", "times": %d}' \
	    "$(printf 123456789 | md5sum | cut -d " " -f 1)" "$1" "$2" "$3"
}
ok 'a range that is shorter than the one asked for: on at its byte' '
	printf 123456789 | s3 put "$bucket" nine
	faults "$(nine 0-3/9 1234 1), $(nine 4-4/9 5 1)"
	bt-s3cat "$u/nine" >out
	printf 123456789 | cmp - out
	asked | sed "s/.*\"range\": \"\([^\"]*\).*/\1/" >ranges
	same ranges <<-END
	bytes=0-8388607
	bytes=4-8388607
	bytes=5-8388607
	END
	faults "$(nine 0-3/9 1234 1), $(nine 4-8/9 "" -1)"
	(export AWS_MAX_ATTEMPTS=2; fails 1 bt-s3cat "$u/nine" >out)
	said "bt-s3cat: $u/nine: the answer ends after 4 bytes of 9"
	faults "$(nine 0-3/9 12345 1)"
	fails 1 bt-s3cat "$u/nine" >out
	said "bt-s3cat: $u/nine: an answer longer than its headers say"
	same out </dev/null
'
ok 'a range of nobody says how many bytes: HEAD does' '
	unsized() {
		printf "{\"method\": \"GET\", \"range\": \"=%s-\", \"set\": {\"Content-Range\": \"bytes %s/*\"}%s}" "$1" "$2" "${3-}"
	}
	right "$(unsized 0 0-8388607), $(unsized 8388608 8388608-16777215), $(unsized 25165824 25165824-29999999)"
	same asked <<-END
	200 - - 0
	206 0-8388607 - 8388608
	$rest
	END
	wrong "$(unsized 0 1-8388608)" "an answer from byte 1, not 0"
	wrong "$(unsized 25165824 25165824-30000000)" "an answer beyond byte 29999999, the last"
	wrong "$(unsized 0 0-8388607x)" "an answer without its Content-Range"
	wrong "$(unsized 0 0-8388607), {\"method\": \"HEAD\", \"status\": 403}" "403 Forbidden"
	wrong "$(unsized 0 0-8388607), {\"method\": \"HEAD\", \"set\": {\"ETag\": \"\\\"00\\\"\"}}" \
	    "the object has changed: ETag \"$etag\", not \"00\""
	printf 123456789 | s3 put "$bucket" nine
	faults "{\"method\": \"GET\", \"path\": \"/nine\", \"set\": {\"Content-Range\": \"bytes 0-8/*\"}}"
	bt-split "$u/nine" >out
	grep "bytes=0+9,records=0+1," out
'
ok 'a server without ranges' '
	right "{$get, \"ignore-range\": true, \"times\": -1}"
	same asked <<-END
	200 0-8388607 - 30000000
	END
	right "{$get, \"ignore-range\": true, \"reset\": 12345678}, {$get, \"ignore-range\": true, \"times\": -1}"
'
ok 'no Content-Length' '
	right "{$get, \"chunked\": true, \"times\": -1}"
'
ok 'a byte that was flipped' '
	for byte in 0 8388607; do
		faults "{$get, \"range\": \"=0-\", \"flip\": $byte}"
		fails 1 bt-s3cat --connections 1 "$u/big" >out
		sed "s/ is md5 [0-9a-f]*,/ is md5 SUM,/" "$tmp/err" >said
		same said <<-END
		bt-s3cat: $u/big: corrupted in transit: its checksum is md5 SUM, not md5 $etag
		END
		log >asked
		same asked <<-END
		206 0-8388607 - 8388608
		$rest
		END
	done
	echo small | s3 put "$bucket" small
	faults "{$get, \"flip\": 2}"
	fails 1 bt-s3cat "$u/small" >out
	said "bt-s3cat: $u/small: corrupted in transit: its checksum is md5 "
	faults "{$get, \"flip\": 2}"
	fails 1 bt-s3cat -o dir "$u/small"
	test -z "$(ls -A dir)"
'
ok 'a checksum in the headers' '
	printf 123456789 | s3 put "$bucket" nine
	for sum in crc32:y/Q5Jg== crc32c:4waSgw== crc64nvme:rosUhgp5mIg= sha1:98O8HYCOBHMq32eZZczDTKeuNEE= sha256:FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=; do
		name=${sum%%:*} value=${sum#*:}
		for v in "$value" "AAAA$value"; do
			faults "{$get, \"set\": {\"x-amz-checksum-$name\": \"$v\", \"ETag\": \"\\\"1-2\\\"\"}, \"ignore-range\": true}"
			if bt-s3cat "$u/nine" >out 2>err; then
				echo "$name right"
			else
				sed "s/.* is //" err
			fi >>said
		done
	done
	same said <<-END
	crc32 right
	crc32 y/Q5Jg==, not crc32 AAAAy/Q5Jg==
	crc32c right
	crc32c 4waSgw==, not crc32c AAAA4waSgw==
	crc64nvme right
	crc64nvme rosUhgp5mIg=, not crc64nvme AAAArosUhgp5mIg=
	sha1 right
	sha1 98O8HYCOBHMq32eZZczDTKeuNEE=, not sha1 AAAA98O8HYCOBHMq32eZZczDTKeuNEE=
	sha256 right
	sha256 FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=, not sha256 AAAAFeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=
	END
'
ok 'a checksum of parts, and an ETag of what is encrypted, are not of the bytes' '
	printf 123456789 | s3 put "$bucket" nine
	for set in "\"x-amz-checksum-crc32\": \"AAAAAA==-2\"" "\"x-amz-checksum-crc32\": \"AAAAAA==\", \"x-amz-checksum-type\": \"COMPOSITE\""; do
		faults "{$get, \"set\": {$set, \"ETag\": \"\\\"1-2\\\"\"}, \"ignore-range\": true}"
		bt-s3cat "$u/nine" >out
		printf 123456789 | cmp - out
	done
	md5="\"ETag\": \"\\\"00000000000000000000000000000000\\\"\""
	for set in "\"x-amz-server-side-encryption\": \"aws:kms\"" "\"x-amz-server-side-encryption-customer-algorithm\": \"AES256\""; do
		faults "{$get, \"set\": {$set, $md5}, \"ignore-range\": true}"
		bt-s3cat "$u/nine" >out
		printf 123456789 | cmp - out
	done
	faults "{$get, \"set\": {\"x-amz-server-side-encryption\": \"AES256\", $md5}, \"ignore-range\": true}"
	fails 1 bt-s3cat "$u/nine"
	said "not md5 00000000000000000000000000000000"
'
ok 'ETags that look like an MD5 and are none' '
	printf 123456789 | s3 put "$bucket" nine
	none="\"ETag\": \"\\\"00000000000000000000000000000000\\\"\", \"x-amz-checksum-crc32\": \"AAAAAA==\""
	faults "{$get, \"set\": {$none}, \"times\": -1}"
	fails 1 bt-s3cat "$u/nine" >out
	said "bt-s3cat: $u/nine: corrupted in transit: its checksum is md5 "
	for how in env config; do
		if test $how = env; then
			export AWS_RESPONSE_CHECKSUM_VALIDATION=when_required
		else
			unset AWS_RESPONSE_CHECKSUM_VALIDATION
			printf "[default]\nresponse_checksum_validation = when_required\n" >config
			export AWS_CONFIG_FILE=$PWD/config
		fi
		faults "{$get, \"set\": {$none}, \"times\": -1}"
		bt-s3cat "$u/nine" >out
		bt-s3cat -o out.$how --prefix "$u/nine"
		cat out out.$how/nine >both
		printf 123456789123456789 | cmp - both
		bt-split "$u/nine" >refs
		fails 1 grep -v "\"amz\": {}" "$(asked >log; echo log)"
	done
'
ok 'a checksum that cannot be had is not missed' '
	printf 123456789 | s3 put "$bucket" nine
	parts="\"ETag\": \"\\\"1-2\\\"\""
	head="\"method\": \"HEAD\""
	for rule in "\"status\": 403" "\"status\": 404" "\"status\": 405" "\"status\": 501" \
	    "\"set\": {$parts, \"Content-Length\": null}" "\"set\": {\"ETag\": null}"; do
		faults "{$head, $rule, \"times\": -1}, {$get, \"set\": {$parts}, \"times\": -1}"
		bt-s3cat "$u/nine" >out
		printf 123456789 | cmp - out
		bt-split "$u/nine" >refs
		asked | grep -c "\"HEAD\"" >heads
		echo 2 | cmp - heads
	done
	for rule in "\"status\": 503@503 InternalError: as told (3 attempts)" "\"set\": {\"ETag\": \"\\\"1-3\\\"\"}@the object has changed: ETag \"1-3\", not \"1-2\""; do
		faults "{$head, ${rule%%@*}, \"times\": -1}, {$get, \"set\": {$parts}, \"times\": -1}"
		fails 1 bt-s3cat "$u/nine" >out
		sed "s/: 503 Service Unavailable/: 503 InternalError: as told/" "$tmp/err" >said
		echo "bt-s3cat: $u/nine: ${rule#*@}" | same said
	done
'
ok 'small objects that are listed are one request each' '
	mkdir few
	for i in $(seq 10 59); do echo $i >few/$i; done
	s3 fill "$bucket" few/ few
	parts="\"ETag\": \"\\\"1-2\\\"\""
	faults "{$get, \"path\": \"/few/\", \"set\": {$parts}, \"times\": -1}"
	bt-s3cat --prefix "$u/few/" >out
	seq 10 59 | cmp - out
	asked | sed "s/.*\"method\": \"\([A-Z]*\)\".*\"range\": \([^,]*\),.*/\1 \2/" | sort | uniq -c | sed "s/^ *//" >requests
	same requests <<-END
	51 GET null
	END
	faults "{$get, \"path\": \"/few/10\", \"set\": {$parts, \"x-amz-checksum-crc32\": \"AAAAAA==\"}}"
	fails 1 bt-s3cat --prefix "$u/few/" >out
	said "bt-s3cat: $u/few/10: corrupted in transit: its checksum is crc32 "
	: | s3 put "$bucket" few/0
	faults ""
	bt-s3cat --prefix "$u/few/0" >out
	same out </dev/null
	asked | wc -l | cmp - "$(echo 2 >two; echo two)"
'
ok 'an object that was small when it was listed' '
	faults "{\"query\": \"list-type\", \"replace\": [\"<Size>30000000\", \"<Size>5\"]}"
	for c in 1 4; do bt-s3cat --connections $c --prefix "$u/big" | cmp - "$tmp/big"; done
	faults "{\"query\": \"list-type\", \"replace\": [\"<Size>30000000\", \"<Size>5\"]}, {$get, \"reset\": 12345678}"
	bt-s3cat --connections 2 --prefix "$u/big" | cmp - "$tmp/big"
'
ok 'a page of something between is not the object' '
	page="{$get, \"status\": 200, \"body\": \"<html>log in</html>\", \"times\": -1}"
	faults "$page"
	why="an answer without an ETag is not S3'\''s: does a proxy require a login?"
	fails 1 bt-s3cat "$u/big" >out
	same "$tmp/err" <<-END
	bt-s3cat: $u/big: $why
	END
	same out </dev/null
	fails 1 bt-s3cat -o dir "$u/big"
	test -z "$(ls -A dir)"
	fails 1 bt-s3cat --manifest "$u/big"
	said "bt-s3cat: $u/big: $why"
	fails 1 bt-split "$u/big" >out
	same "$tmp/err" <<-END
	bt-split: $u/big: $why
	END
	same out </dev/null
'
ok '400 RequestTimeout' '
	right "{$get, \"status\": 400, \"code\": \"RequestTimeout\"}"
	test "$(wc -l <asked)" -eq 5
'
ok 'a clock that is off: once more with the server'\''s' '
	right "{$get, \"status\": 403, \"code\": \"RequestTimeTooSkewed\", \"clock\": 3}"
	test "$(wc -l <asked)" -eq 5
	wrong "{$get, \"status\": 403, \"code\": \"RequestTimeTooSkewed\", \"times\": -1}" \
	    "403 RequestTimeTooSkewed: as told (2 attempts)"
	test "$(wc -l <asked)" -eq 2
'
ok 'credentials that expired: renewed once, where they can be' '
	wrong "{$get, \"status\": 400, \"code\": \"ExpiredToken\", \"times\": -1}" \
	    "400 ExpiredToken: as told"
	test "$(wc -l <asked)" -eq 1
	cat >creds <<-END
	#!/bin/sh
	echo run >>"$PWD/runs"
	echo "{\"Version\": 1, \"AccessKeyId\": \"$AWS_ACCESS_KEY_ID\", \"SecretAccessKey\": \"$AWS_SECRET_ACCESS_KEY\"}"
	END
	chmod +x creds
	printf "[default]\ncredential_process = \"%s/creds\"\n" "$PWD" >config
	export AWS_CONFIG_FILE="$PWD/config"
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
	right "{$get, \"status\": 400, \"code\": \"ExpiredToken\"}"
	test "$(wc -l <asked)" -eq 5
	test "$(wc -l <runs)" -eq 2
	wrong "{$get, \"status\": 400, \"code\": \"ExpiredToken\", \"times\": -1}" \
	    "400 ExpiredToken: as told (2 attempts)"
	test "$(wc -l <asked)" -eq 2
'
ok 'another region: once' '
	export AWS_REGION=eu-west-1
	right "{$get, \"status\": 301, \"code\": \"PermanentRedirect\", \"headers\": {\"x-amz-bucket-region\": \"$AWS_DEFAULT_REGION\"}}"
	asked | sed "s/.*\"region\": \"\([^\"]*\)\".*/\1/" | uniq -c | sed "s/^ *//" >regions
	same regions <<-END
	1 eu-west-1
	4 $AWS_DEFAULT_REGION
	END
	right "{$get, \"status\": 400, \"code\": \"AuthorizationHeaderMalformed\", \"region\": \"$AWS_DEFAULT_REGION\"}"
	wrong "{$get, \"status\": 301, \"code\": \"PermanentRedirect\", \"headers\": {\"x-amz-bucket-region\": \"mars-1\"}, \"times\": -1}" \
	    "301 PermanentRedirect: as told (2 attempts)"
	test ! -s out
'
ok 'another host: signed for it' '
	right "{\"port\": 1, $get, \"status\": 307, \"code\": \"TemporaryRedirect\", \"headers\": {\"Location\": \"$OTHER_ENDPOINT/$bucket/big\"}, \"times\": -1}"
	asked | sed "s/.*\"port\": \([0-9]\).*\"status\": \([0-9]*\).*/\1 \2/" | sort | uniq -c | sed "s/^ *//" >ports
	same ports <<-END
	4 1 307
	4 2 206
	END
	wrong "{$get, \"status\": 307, \"code\": \"TemporaryRedirect\", \"headers\": {\"Location\": \"ftp://x/y\"}}" \
	    "307 TemporaryRedirect: as told"
'
ok 'late answers' '
	right "{$get, \"delay\": 1, \"times\": -1}"
'
ok 'parts, and small objects, come side by side and go out in order' '
	faults "{$get, \"delay\": 3, \"times\": -1}"
	start=$(date +%s)
	bt-s3cat --connections 4 "$u/big" | cmp - "$tmp/big"
	test $(($(date +%s) - start)) -lt 11
	log | sort -k 2n >asked
	same asked <<-END
	206 0-8388607 - 8388608
	206 8388608-16777215 E 8388608
	206 16777216-25165823 E 8388608
	206 25165824-33554431 E 4834176
	END
	for i in 1 2 3 4 5 6 7 8; do echo $i | s3 put "$bucket" "side/$i"; done
	faults "{$get, \"path\": \"/side/\", \"delay\": 3, \"times\": -1}"
	start=$(date +%s)
	bt-s3cat --connections 8 --prefix "$u/side/" >out
	test $(($(date +%s) - start)) -lt 20
	seq 8 | cmp - out
'
# pages BODY ...: what lists are answered with, one after the other, and the last
# one for ever.
pages() {
	rules=
	while test $# -gt 1; do
		rules="$rules{\"query\": \"prefix=\", \"status\": 200, \"body\": \"$1\"},"
		shift
	done
	faults "$rules{\"query\": \"prefix=\", \"status\": 200, \"body\": \"$1\", \"times\": -1}"
}

# keys KEY ...: what a page says of these.
keys() {
	printf "<Contents><Key>%s</Key><Size>1</Size></Contents>" "$@"
}
list='<ListBucketResult>' end='</ListBucketResult>'
whole='<IsTruncated>false</IsTruncated>' more='<IsTruncated>true</IsTruncated>'

# lists KEY ...: that is what is listed.
lists() {
	bt-s3cat -l "$u/" | sed "s,^$u/,," >out
	printf "%s\n" "$@" | same out
}
next() {
	printf "<NextContinuationToken>%s</NextContinuationToken>" "$1"
}

ok 'a list as other stores write it' '
	pages "\\n  <?xml version='\''1.0'\''?>\\n$list$whole$(keys a b)$end\\n"
	lists a b
	pages "\\ufeff<?xml version='\''1.0'\'' encoding='\''UTF-8'\''?>$list$(keys a b)$whole$end"
	lists a b
	pages "<s3:ListBucketResult xmlns:s3='\''x'\''><s3:Contents><s3:Size> 7 </s3:Size><s3:Owner><s3:ID>i</s3:ID></s3:Owner><s3:Key>a</s3:Key></s3:Contents><s3:IsTruncated> False </s3:IsTruncated></s3:ListBucketResult>"
	lists a
	pages "$list$(keys " e " "<![CDATA[a&b]]>" "c&lt;<!-- no -->d&amp;&#101;&#x66;")$whole$end"
	lists " e " "a&b" "c<d&ef"
	pages "$list$(keys "%25" "a+b%2Bc" "%C3%A9")$whole<EncodingType>url</EncodingType>$end"
	lists "%" "a b+c" "é"
	pages "$list$(keys "%25" "a+b" "é")$whole$end"
	lists "%25" "a+b" "é"
	pages "$list<Contents><Key>dir/</Key><Size>0</Size></Contents><Contents><Key>dir/a</Key></Contents><CommonPrefixes/>$whole<KeyCount>2</KeyCount>$end"
	lists dir/ dir/a
	pages "$list$whole$end"
	bt-s3cat -l "$u/" >out
	same out </dev/null
	pages "$list$whole$(keys $(seq 10000 11999))$end"
	lists $(seq 10000 11999)
'
ok 'a list whose sizes are wrong' '
	mkdir sizes
	for i in 1 2 3 4 5 6 7 8 9; do head -c 8388608 "$tmp/big" >sizes/$i; done
	cp "$tmp/big" sizes/0
	s3 fill "$bucket" sizes/ sizes
	rm sizes/0
	body="$list$(keys sizes/0 sizes/1 sizes/2 sizes/3 sizes/4 sizes/5 sizes/6 sizes/7 sizes/8 sizes/9 | sed "s/<Size>1/<Size>0/g")$whole$end"
	faults "{\"query\": \"prefix=\", \"status\": 200, \"body\": \"$body\"}, {$get, \"path\": \"/sizes/0\", \"delay\": 3}"
	timeout 60 bt-s3cat --connections 3 --prefix "$u/" | cmp - "$(cat "$tmp/big" sizes/* >want; echo want)"
'
ok 'how a list goes on' '
	pages "$list$(keys a)$(next "x+/=")$end" "$list$(keys b)$more$(next y)$end" "$list<IsTruncated>1</IsTruncated>$(next z)$end" \
	    "$list<IsTruncated>True</IsTruncated>$(next y)$end" "$list$(keys c)$whole$(next v)$end" "$list<IsTruncated>0</IsTruncated><NextContinuationToken/>$end"
	lists a b c
	asked | sed "s/.*\"query\": \"\([^\"]*\)\".*/\1/" >queries
	same queries <<-END
	encoding-type=url&list-type=2&prefix=
	continuation-token=x%2B%2F%3D&encoding-type=url&list-type=2&prefix=
	continuation-token=y&encoding-type=url&list-type=2&prefix=
	continuation-token=z&encoding-type=url&list-type=2&prefix=
	continuation-token=y&encoding-type=url&list-type=2&prefix=
	continuation-token=v&encoding-type=url&list-type=2&prefix=
	END
'
ok 'a list of the first version' '
	pages "$list<Marker/>$(keys a b)$more$end" "$list$(keys "b%2Fc")$more<NextMarker>d%2Be</NextMarker><EncodingType>url</EncodingType>$end" "$list$(keys z)$whole$end"
	lists a b b/c z
	asked | sed "s/.*\"query\": \"\([^\"]*\)\".*/\1/" >queries
	same queries <<-END
	encoding-type=url&list-type=2&prefix=
	encoding-type=url&marker=b&prefix=
	encoding-type=url&marker=d%2Be&prefix=
	END
'
ok 'a list in which a key may be lost is an error' '
	refused() {
		why=$1
		shift
		pages "$@"
		fails 1 bt-s3cat -l "$u/" >out
		sed "s/ (3 attempts)//" "$tmp/err" >said
		echo "bt-s3cat: $u/: $why" | same said
	}
	refused "the list has an object without a key" "$list$whole$(keys a "")$end"
	refused "the list has an object without a key" "$list$whole<Contents><Size>1</Size></Contents>$end"
	refused "the list has an object with two keys" "$list$whole<Contents><Key>a</Key><Key>b</Key></Contents>$end"
	refused "the list has a Size that is not a number" "$list$whole<Contents><Key>a</Key><Size>1.5</Size></Contents>$end"
	refused "the list has prefixes instead of keys" "$list$whole$(keys a)<CommonPrefixes><Prefix>b/</Prefix></CommonPrefixes>$end"
	refused "the list has fewer keys than its KeyCount" "$list$whole$(keys a)<KeyCount>2</KeyCount>$end"
	refused "the list has an IsTruncated that is neither true nor false" "$list$(keys a)<IsTruncated>perhaps</IsTruncated>$end"
	refused "the list does not say whether it ends here: no IsTruncated" "$list$(keys a)$end"
	refused "the list is not a ListBucketResult" "$list$whole<Contents><Key>a<b/>c</Key></Contents>$end"
	refused "the list is not a ListBucketResult" "$list$whole<Contents><Key>a<b>c</b></Key></Contents>$end"
	refused "the list is not a ListBucketResult" "$list$whole$(keys a)"
	refused "the list is not a ListBucketResult" ""
	refused "the list is not a ListBucketResult" "<html>log in</html>"
	refused "the list is not a ListBucketResult" "$list$whole$(keys "%2")<EncodingType>url</EncodingType>$end"
	refused "the list is not in order at \"a\"" "$list$whole$(keys a a)$end"
	refused "the list is not in order at \"a\"" "$list$(keys a b)$more$(next x)$end" "$list$(keys a b)$more$(next y)$end"
	refused "the list is not in order at \"a\"" "$list$(keys a b)$more$end"
	refused "the list does not continue after its last page" "$list$(keys a)$more$(next x)$end" "$list$(keys b)$more$(next x)$end"
	refused "the list does not continue after its last page" "$list$more$end"
	refused "the list does not continue after its last page" "$list$more$(next x)$end" "$list$more$(next y)$end" "$list$more$(next z)$end" \
	    "$list$more$(next x)$end" "$list$more$(next y)$end" "$list$more$(next z)$end" "$list$more$(next x)$end" "$list$(keys b)$whole$end"
	refused "200 InternalError: again" "<Error><Code>InternalError</Code><Message>again</Message></Error>"
'
ok 'a list that is broken' '
	for i in 1 2 3; do echo $i | s3 put "$bucket" "l-$i"; done
	list() {
		faults "$1"
		fails 1 bt-s3cat -l "$u/l-" >/dev/null
		said "bt-s3cat: $u/l-: $2"
	}
	list "{\"query\": \"list-type\", \"replace\": [\"</ListBucketResult>\", \"\"]}" "the list is not a ListBucketResult"
	list "{\"query\": \"list-type\", \"replace\": [\"ListBucketResult\", \"html\"]}" "the list is not a ListBucketResult"
	list "{\"query\": \"list-type\", \"replace\": [\"<Key>l-2\", \"<Key>l-4\"]}" "the list is not in order at \"l-3\""
	list "{\"query\": \"list-type\", \"replace\": [\"<Key>l-2\", \"<Key>m-4\"]}" "the list is not in order at \"m-4\""
	list "{\"query\": \"prefix\", \"replace\": [\"<IsTruncated>false\", \"<IsTruncated>true\"], \"times\": -1}" "the list does not continue after its last page"
	faults "{\"query\": \"list-type\", \"close\": 100}"
	bt-s3cat -l "$u/l-" | wc -l | grep -x 3
'
finish
