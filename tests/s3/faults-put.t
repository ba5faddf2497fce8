#!/bin/sh
# What goes wrong between bt-s3put and a server: the object is there whole, or
# it is as before, and no part of it is left.
. "${0%/*}/../lib.sh"
. "$top/tests/s3/lib.sh"

# A server that does not know the checksums is asked once more: not here.
export AWS_REQUEST_CHECKSUM_CALCULATION=when_required
u=s3://$bucket
head -c 30000000 /dev/urandom >"$tmp/big"
echo before | s3 put "$bucket" big
proxy
part='"method": "PUT", "query": "partNumber=2"'
complete='"method": "POST", "query": "^uploadId="'

log() {
	asked | sed -E 's/.*"method": "([A-Z]*)".*"query": "([a-zA-Z]*(=[0-9]+\&)?)[^"]*".*"status": ([^,]*), .*/\1 \2 \4/
	    s/null/-/; s/\&//; s/=[A-Za-z].* / /'
}

left() {
	s3 ls "$bucket" >left
	same left <<-END
	$1 big
	END
	s3 uploads "$bucket" >left
	same left </dev/null
}

# right RULES: the object is there, nothing else is.
right() {
	faults "$1"
	bt-s3put --connections 2 "$u/big" <"$tmp/big"
	log >asked
	left 30000000
	s3 get "$bucket" big | cmp - "$tmp/big"
	echo before | s3 put "$bucket" big
}

# wrong RULES TEXT: a failure, and all is as before.
wrong() {
	faults "$1"
	fails 1 bt-s3put --connections 2 "$u/big" <"$tmp/big"
	said "bt-s3put: $u/big: $2"
	test "$(wc -l <"$tmp/err")" -eq 1
	log >asked
	faults ""
	left 7
	s3 get "$bucket" big >now
	echo before | cmp - now
}

ok 'nothing' '
	right ""
	sort asked >sorted
	same sorted <<-END
	POST uploadId 200
	POST uploads 200
	PUT partNumber=1 200
	PUT partNumber=2 200
	PUT partNumber=3 200
	PUT partNumber=4 200
	END
'
ok 'parts go side by side' '
	faults "{\"method\": \"PUT\", \"delay\": 3, \"times\": -1}"
	start=$(date +%s)
	bt-s3put --connections 4 "$u/big" <"$tmp/big"
	test $(($(date +%s) - start)) -lt 11
	s3 get "$bucket" big | cmp - "$tmp/big"
	echo before | s3 put "$bucket" big
'
ok '503 on a part, twice' '
	right "{$part, \"status\": 503, \"code\": \"SlowDown\", \"times\": 2}"
	test "$(grep -c "partNumber=2 503" asked)" -eq 2
'
ok 'the connection dropped before, within and after a part' '
	right "{$part, \"drop\": true}"
	right "{$part, \"drop\": 4000000}"
	right "{$part, \"lost\": true}"
	test "$(grep -c "partNumber=2 " asked)" -eq 2
'
ok '503 on a part for ever: ended soon, aborted' '
	start=$(date +%s)
	wrong "{$part, \"status\": 503, \"code\": \"SlowDown\", \"times\": -1}" "part 2: 503 SlowDown: as told (3 attempts)"
	test $(($(date +%s) - start)) -lt 10
	test "$(grep -c "partNumber=2 503" asked)" -eq 3
	grep "^DELETE uploadId 204" asked
'
ok '403 on a part: aborted at once' '
	wrong "{$part, \"status\": 403, \"code\": \"AccessDenied\"}" "part 2: 403 AccessDenied: as told"
	test "$(grep -c "partNumber=2 " asked)" -eq 1
	wrong "{$part, \"status\": 403, \"code\": \"AccessDenied\", \"early\": true}" "part 2: "
'
ok 'an error with status 200 at the end: once more' '
	right "{$complete, \"status\": 200, \"code\": \"InternalError\"}"
	test "$(grep -c "^POST uploadId" asked)" -eq 2
	wrong "{$complete, \"status\": 200, \"code\": \"InternalError\", \"times\": -1}" "200 InternalError: as told (3 attempts)"
'
ok '500 at the end: once more' '
	right "{$complete, \"status\": 500}"
	test "$(grep -c "^POST uploadId" asked)" -eq 2
'
ok 'done, and the answer lost: looked for' '
	right "{$complete, \"lost\": true}"
	right "{$complete, \"lost\": true}, {$complete, \"status\": 404, \"code\": \"NoSuchUpload\"}"
	tail -n 1 asked >last
	grep "^HEAD" last || grep "^DELETE" last
	right "{$complete, \"lost\": true}, {$complete, \"status\": 500, \"times\": -1}"
'
ok 'not done, and refused: said' '
	wrong "{$complete, \"status\": 400, \"code\": \"InvalidPart\"}" "400 InvalidPart: as told"
	wrong "{$complete, \"drop\": true}, {$complete, \"status\": 404, \"code\": \"NoSuchUpload\"}" "404 NoSuchUpload: as told"
'
ok 'no upload begins' '
	wrong "{\"method\": \"POST\", \"status\": 403, \"code\": \"AccessDenied\"}" "403 AccessDenied: as told"
	wrong "{\"method\": \"POST\", \"status\": 200, \"body\": \"<InitiateMultipartUploadResult/>\"}" "the answer names no upload"
	wrong "{\"method\": \"POST\", \"status\": 200, \"body\": \"html\"}" "the answer names no upload"
	fails 1 grep uploadId asked
'
ok 'a part without an ETag' '
	wrong "{$part, \"set\": {\"ETag\": null}}" "part 2: an answer without an ETag"
'
ok 'the abort fails: what is left is said' '
	faults "{$part, \"status\": 403, \"code\": \"AccessDenied\"}, {\"method\": \"DELETE\", \"status\": 403, \"code\": \"AccessDenied\"}"
	fails 1 bt-s3put --connections 2 "$u/big" <"$tmp/big"
	said "bt-s3put: $u/big: part 2: 403 AccessDenied: as told; parts remain of upload "
	faults "{$part, \"status\": 403, \"code\": \"AccessDenied\"}, {\"method\": \"DELETE\", \"status\": 500}"
	fails 1 bt-s3put --connections 2 "$u/big" <"$tmp/big"
	s3 uploads "$bucket" >uploads
	test "$(wc -l <uploads)" -eq 1
'
ok 'a small object: 503, drop, answer lost, 403' '
	put="\"method\": \"PUT\""
	for rule in "\"status\": 503, \"code\": \"SlowDown\"" "\"drop\": true" "\"lost\": true" "\"status\": 400, \"code\": \"RequestTimeout\""; do
		faults "{$put, $rule}"
		echo "$rule" | bt-s3put "$u/small"
		bt-s3cat "$u/small" >out
		echo "$rule" | cmp - out
		test "$(asked | grep -c "\"PUT\"")" -eq 2
	done
	faults "{$put, \"status\": 403, \"code\": \"AccessDenied\"}"
	fails 1 bt-s3put "$u/small" </dev/null
	same "$tmp/err" <<-END
	bt-s3put: $u/small: 403 AccessDenied: as told
	END
	echo "$rule" | cmp - out
'
ok 'refused since it is there: by ourselves, when the first answer was lost' '
	put="\"method\": \"PUT\""
	s3 rm "$bucket" small
	faults "{$put, \"lost\": true}, {$put, \"status\": 412, \"code\": \"PreconditionFailed\"}"
	echo mine | bt-s3put "$u/small"
	bt-s3cat "$u/small" >out
	echo mine | cmp - out
	faults "{$put, \"drop\": true}, {$put, \"status\": 412, \"code\": \"PreconditionFailed\"}"
	echo other >in
	fails 1 bt-s3put "$u/small" <in
	said "412 PreconditionFailed"
'
ok 'kept, also where it came after it was looked for' '
	echo mine | s3 put "$bucket" small
	faults "{\"method\": \"HEAD\", \"status\": 404}"
	echo other >in
	fails 1 bt-s3put --if-none-match "$u/small" <in
	said "bt-s3put: $u/small: it already exists"
	faults "{\"method\": \"HEAD\", \"status\": 404, \"times\": 2}"
	fails 1 bt-s3put --if-none-match "$u/small" <in
	test "$server" != radosgw || said "412 PreconditionFailed"
	s3 get "$bucket" small >out
	echo mine | cmp - out
'
ok 'in a folder, what fails keeps nothing else from being stored' '
	mkdir dir
	for i in 1 2 3 4 5 6; do echo $i >dir/$i; done
	faults "{\"path\": \"/x/3\", \"status\": 403, \"code\": \"AccessDenied\", \"times\": -1}"
	fails 1 bt-s3put --recursive dir "$u/x/"
	same "$tmp/err" <<-END
	bt-s3put: $u/x/3: 403 AccessDenied: as told
	END
	test "$(bt-s3cat -l "$u/x/" | wc -l)" -eq 5
'
finish
