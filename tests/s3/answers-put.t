#!/bin/sh
# What an answer has to say so that bt-s3put believes it, and what is not
# believed: the object is there whole, or it is as before.
. "${0%/*}/../lib.sh"
. "$top/tests/s3/lib.sh"

u=s3://$bucket
head -c 8500000 /dev/urandom >"$tmp/two"
echo before | s3 put "$bucket" big
proxy
part='"method": "PUT", "query": "partNumber=2"'
complete='"method": "POST", "query": "^uploadId="'

# log: method, what the query begins with, status, a line for each request.
log() {
	asked | sed -E 's/.*"method": "([A-Z]*)".*"query": "([a-zA-Z]*).*"status": ([^,]*), .*/\1 \2 \3/'
}

# left N: the object has so many bytes, and there are no parts.
left() {
	s3 ls "$bucket" big >left
	same left <<-END
	$1 big
	END
	s3 uploads "$bucket" >left
	same left </dev/null
}

# right RULES: the object is there, nothing else is.
right() {
	faults "$1"
	bt-s3put --connections 2 "$u/big" <"$tmp/two"
	log >asked
	left 8500000
	s3 get "$bucket" big | cmp - "$tmp/two"
	echo before | s3 put "$bucket" big
}

# wrong RULES TEXT: a failure, and all is as before.
wrong() {
	faults "$1"
	fails 1 bt-s3put --connections 2 "$u/big" <"$tmp/two"
	said "bt-s3put: $u/big: $2"
	test "$(wc -l <"$tmp/err")" -eq 1
	log >asked
	left 7
	s3 get "$bucket" big >now
	echo before | cmp - now
}

ok 'what is no answer to the end of an upload: once more; for ever, a failure' '
	right=$(printf "<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>")
	for answer in "|but the answer is not a CompleteMultipartUploadResult" \
	    "   |but the answer is not a CompleteMultipartUploadResult" \
	    "<Error><Code>InternalErr|but the answer is not a CompleteMultipartUploadResult" \
	    "<html>log in</html>|but the answer is not a CompleteMultipartUploadResult" \
	    "$right junk|but the answer is not a CompleteMultipartUploadResult" \
	    "<CompleteMultipartUploadResult><ETag>x|but the answer is not a CompleteMultipartUploadResult" \
	    "  <?xml version=\\\"1.0\\\"?><Error><Code>InternalError</Code></Error>|200 InternalError" \
	    "<ErrorResponse><Error><Code>InternalError</Code></Error></ErrorResponse>|200 InternalError"; do
		body=${answer%|*} text=${answer##*|}
		rule="$complete, \"status\": 200, \"body\": \"$body\""
		right "{$rule}"
		wrong "{$rule, \"times\": -1}" ""
		said "$text (3 attempts)"
		grep "^DELETE uploadId 204" asked
	done
'
ok 'done, and not said so: looked for' '
	right "{$complete, \"replace\": [\"CompleteMultipartUploadResult\", \"Other\"], \"times\": -1}"
	right "{$complete, \"replace\": [\"<Key>\", \"<Key>an\"], \"times\": -1}"
	grep "^HEAD" asked
	right "{$complete, \"status\": 504}"
'
ok 'nobody knows whether it is done: not aborted, and said' '
	for rule in "\"drop\": true" "\"status\": 504"; do
		faults "{$complete, $rule, \"times\": -1}"
		fails 1 bt-s3put --connections 2 "$u/big" <"$tmp/two"
		said "(3 attempts); it is not known whether it is stored, and parts may remain of upload "
		fails 1 grep -q DELETE <<-END
		$(asked)
		END
	done
	faults "{$complete, \"status\": 200, \"body\": \"\", \"times\": -1}, {\"method\": \"HEAD\", \"status\": 503, \"times\": -1}"
	fails 1 bt-s3put --connections 2 "$u/big" <"$tmp/two"
	said "; it is not known whether it is stored, and parts may remain of upload "
	s3 get "$bucket" big >now
	echo before | cmp - now
	s3 rb "$bucket"
	s3 mb "$bucket"
	echo before | s3 put "$bucket" big
'
ok 'an answer that says nothing of what is stored' '
	put="\"method\": \"PUT\", \"times\": -1"
	for answer in "\"body\": \"<html>log in</html>\"|200 OK, but with a body that is not S3'\''s (3 attempts)" \
	    "\"body\": \"<html>log in</html>\", \"headers\": {\"ETag\": \"\\\"1-2\\\"\"}|200 OK, but with a body that is not S3'\''s (3 attempts)" \
	    "\"code\": \"InternalError\"|200 InternalError: as told (3 attempts)" \
	    "\"body\": \"\"|an answer without an ETag"; do
		faults "{$put, \"status\": 200, ${answer%|*}}"
		fails 1 bt-s3put "$u/none" </dev/null
		same "$tmp/err" <<-END
		bt-s3put: $u/none: ${answer##*|}
		END
	done
	mkdir dir
	echo x >dir/none
	fails 1 bt-s3put --recursive dir "$u/"
	said "bt-s3put: $u/none: an answer without an ETag"
	fails 1 s3 head "$bucket" none
	faults "{$put, \"set\": {\"ETag\": null}}"
	echo there | bt-s3put "$u/there"
	s3 get "$bucket" there >out
	echo there | cmp - out
	wrong "{$part, \"status\": 200, \"body\": \"<html>\", \"times\": -1}" "part 2: 200 OK, but with a body that is not S3'\''s (3 attempts)"
'
ok 'what cannot be looked up is not replaced' '
	echo mine | s3 put "$bucket" small
	echo other >other
	mkdir dir
	cp other dir/small
	for answer in "503|503 Service Unavailable (3 attempts)" "400|400 Bad Request" \
	    "403|403 Forbidden, which Amazon also answers for a missing object without s3:ListBucket"; do
		for option in --look-first --if-none-match; do
			faults "{\"method\": \"HEAD\", \"times\": -1, \"status\": ${answer%|*}}"
			fails 1 bt-s3put $option "$u/small" <other
			said "bt-s3put: $u/small: cannot look up whether it exists: ${answer%|*}"
			fails 1 bt-s3put $option --recursive dir "$u/"
			said "bt-s3put: $u/small: cannot look up whether it exists: ${answer##*|}"
			asked >asked
			fails 1 grep "\"PUT\"" asked
		done
	done
	s3 get "$bucket" small >out
	echo mine | cmp - out
'
ok 'where the server knows no condition, what came meanwhile is kept' '
	echo mine | s3 put "$bucket" small
	for n in 1 9000000; do
		head -c $n /dev/zero >in
		for option in --look-first --if-none-match; do
			faults "{\"method\": \"HEAD\", \"status\": 404}"
			fails 1 bt-s3put $option "$u/small" <in
			said "bt-s3put: $u/small: it already exists"
		done
	done
	s3 get "$bucket" small >out
	echo mine | cmp - out
	s3 uploads "$bucket" >left
	same left </dev/null
'
# redirected LOCATION KEY: where a 307 of the endpoint leads the object.
redirected() {
	faults "{\"port\": 1, \"times\": -1, \"status\": 307, \"code\": \"TemporaryRedirect\", \"headers\": {\"Location\": \"$1\"}}"
	fail=0
	bt-s3put "$u/$2" <"$tmp/new" 2>"$tmp/err" || fail=$?
	asked >requests
	faults ""
	return $fail
}
echo new >"$tmp/new"
ok 'a redirect keeps bucket and key' '
	other=${OTHER_ENDPOINT#*127.0.0.1} domain=localhost
	test "$server" != radosgw || domain=s3.localhost
	redirected "$OTHER_ENDPOINT/$bucket/a%20b/c?x" "a b/c"
	redirected "http://$bucket.$domain$other/v" v
	redirected "http://$domain$other/$bucket/%76%2f" v/
	test "$(s3 ls "$bucket" v | cut -d " " -f 2 | tr "\n" " ")" = "v v/ "
	echo old | s3 put "$bucket" x
	echo old | s3 put "$bucket" "$bucket/x"
	redirected "$OTHER_ENDPOINT/$bucket/$bucket/x" "$bucket/x"
	s3 get "$bucket" x >out
	s3 get "$bucket" "$bucket/x" >>out
	same out <<-END
	old
	new
	END
	u=s3://127
	s3 mb 127
	echo old | s3 put 127 x
	echo old | s3 put 127 127/x
	redirected "$OTHER_ENDPOINT/127/127/x" 127/x
	s3 get 127 x >out
	s3 get 127 127/x >>out
	same out <<-END
	old
	new
	END
	s3 rb 127
'
ok 'a redirect to anything else is a failure' '
	echo old | s3 put "$bucket" x
	for location in "$OTHER_ENDPOINT/$bucket/y" "$OTHER_ENDPOINT/other/x" "$OTHER_ENDPOINT/" "$OTHER_ENDPOINT" \
	    "$OTHER_ENDPOINT/$bucket//x" "$OTHER_ENDPOINT/$bucket/x/"; do
		faults ""
		! redirected "$location" x || exit 1
		said "bt-s3put: $u/x: 307 TemporaryRedirect: as told; Location $OTHER_ENDPOINT is not followed: not the path that was requested"
	done
	for host in example.com 127.0.0.1.example.com 10.0.0.1 localhost.example.com; do
		! redirected "http://$host/$bucket/x?topSecret" x || exit 1
		said "; Location http://$host is not followed: outside the endpoint'\''s domain; --endpoint-url may name it"
	done
	! redirected "http://u:topSecret@127.0.0.1/$bucket/x" x || exit 1
	same "$tmp/err" <<-END
	bt-s3put: $u/x: 307 TemporaryRedirect: as told; its Location is not followed: not http://HOST or https://HOST
	END
	! redirected "/$bucket/x" x || exit 1
	said "; its Location is not followed: not http://HOST or https://HOST"
	fails 1 grep "\"port\": 2" requests
	s3 get "$bucket" x >out
	echo old | cmp - out
'
ok 'what is secret goes to hosts of the bucket alone' '
	proxy=$AWS_ENDPOINT_URL_S3
	# led ENDPOINT LOCATION: the hosts that were asked, and what they were told.
	led() {
		faults "{\"status\": 307, \"code\": \"TemporaryRedirect\", \"headers\": {\"Location\": \"$2\"}}, {\"status\": 403, \"code\": \"AccessDenied\", \"times\": -1}"
		(export http_proxy="$proxy" no_proxy=none AWS_ENDPOINT_URL_S3="$1" AWS_SESSION_TOKEN=token
		fails 1 bt-s3put "$u/x" <"$tmp/new")
		asked | sed "s/.*\"host\": \"\([^\"]*\)\", \"secret\": \([^]]*]\).*/\1 \2/"
	}
	both="[\"authorization\", \"x-amz-security-token\"]"
	while read -r endpoint first location second; do
		led "http://$endpoint" "http://$location" >asked
		{
			echo "$first $both"
			test "$second" = none || echo "$second $both"
		} | diff -u - asked
	done <<-END
	s3.us-east-1.amazonaws.com s3.us-east-1.amazonaws.com s3.us-west-2.amazonaws.com/$bucket/x s3.us-west-2.amazonaws.com
	s3.amazonaws.com s3.amazonaws.com $bucket.s3-us-west-2.amazonaws.com/x $bucket.s3-us-west-2.amazonaws.com
	s3.amazonaws.com s3.amazonaws.com $bucket.s3-fips.dualstack.us-gov-west-1.amazonaws.com/x $bucket.s3-fips.dualstack.us-gov-west-1.amazonaws.com
	s3.amazonaws.com s3.amazonaws.com other.s3.us-west-2.amazonaws.com/x none
	s3.amazonaws.com s3.amazonaws.com s3.us-west-2.amazonaws.com/x none
	s3.amazonaws.com s3.amazonaws.com ec2-192-0-2-1.compute-1.amazonaws.com/$bucket/x none
	s3.amazonaws.com s3.amazonaws.com s3-x.us-east-1.elb.amazonaws.com/$bucket/x none
	s3.amazonaws.com s3.amazonaws.com s3.execute-api.us-east-1.amazonaws.com/$bucket/x none
	s3.amazonaws.com s3.amazonaws.com $bucket.us-east-1.amazonaws.com/x none
	s3.amazonaws.com s3.amazonaws.com amazonaws.com/$bucket/x none
	s3.amazonaws.com s3.amazonaws.com s3.us-west-2.amazonaws.com.cn/$bucket/x none
	s3.amazonaws.com s3.amazonaws.com s3.us-west-2.amazonaws.com.example.com/$bucket/x none
	s3.example.com s3.example.com eu.example.com/$bucket/x eu.example.com
	s3.example.com s3.example.com $bucket.eu.example.com/x $bucket.eu.example.com
	s3.example.com s3.example.com other.example.com/x none
	s3.example.com s3.example.com s3.example.org/$bucket/x none
	s3.example.com s3.example.com eviexample.com/$bucket/x none
	store.co.uk store.co.uk eu.store.co.uk/$bucket/x eu.store.co.uk
	store.co.uk store.co.uk other.co.uk/$bucket/x none
	END
'
ok 'redirects in a circle end' '
	! redirected "$AWS_ENDPOINT_URL_S3/$bucket/x" x || exit 1
	said "bt-s3put: $u/x: 307 TemporaryRedirect: as told (4 attempts)"
'
beside store.py "$tmp/store" ""
export AWS_ENDPOINT_URL_S3="$STORE"

# holds KEY FILE: the store has its bytes.
holds() {
	curl -sSf "$STORE/$1" | cmp - "$2"
}

# told: the store's log since.
told() {
	curl -sSf "$STORE/-/log" >log
}

# logged TEXT: a line of the log begins with it.
logged() {
	told
	grep -q "^$1" log
}

ok 'a bucket with Object Lock' '
	echo x >in
	bt-s3put s3://locked/a <in
	holds locked/a in
	bt-s3put s3://locked/b <"$tmp/two"
	holds locked/b "$tmp/two"
	export AWS_REQUEST_CHECKSUM_CALCULATION=when_required
	fails 1 bt-s3put s3://locked/c <in
	said "bt-s3put: s3://locked/c: 400 InvalidRequest: Content-MD5 OR x-amz-checksum- HTTP header is required"
'
ok 'a server that refuses checksums: without, from then on' '
	mkdir dir
	for i in 1 2 3; do echo $i >dir/$i; done
	for bucket in sums-400 sums-501; do
		told
		bt-s3put --recursive --connections 1 dir "s3://$bucket/"
		told
		holds $bucket/3 dir/3
		test "$(grep -c PUT log)" -eq 4
		told
		bt-s3put --connections 1 s3://$bucket/two <"$tmp/two"
		told
		test "$(wc -l <log)" -eq 5
		holds $bucket/two "$tmp/two"
	done
	echo y >in
	bt-s3put --look-first s3://sums-501/y <in
	holds sums-501/y in
'
ok 'what the server says it has is compared' '
	fails 1 bt-s3put --connections 1 s3://other-sum/a <"$tmp/two"
	said "bt-s3put: s3://other-sum/a: part 1: corrupted in transit: its checksum is AAAAAAAAAAA=, not "
	echo x >in
	fails 1 bt-s3put --no-sign-request s3://random/a <in
	said "bt-s3put: s3://random/a: corrupted in transit: its ETag is \"fcb31a2da5b903f471d13387d3615012\", its MD5 401b30e3b8b5d629635a5c613cdb7919"
	fails 1 bt-s3put --connections 1 --no-sign-request s3://random/b <"$tmp/two"
	said "part 1: corrupted in transit: its ETag is "
	AWS_RESPONSE_CHECKSUM_VALIDATION=when_required bt-s3put --no-sign-request s3://random/c <in
	holds random/c in
	bt-s3put s3://random/d <in
	holds random/d in
'
ok 'parts that take long to put together' '
	told
	bt-s3put --cli-read-timeout 2 s3://slow/b <"$tmp/two"
	told
	grep "HEAD /slow/b" log
	fails 1 grep DELETE log
	holds slow/b "$tmp/two"
	fails 2 bt-s3put --cli-read-timeout soon s3://slow/b
	said "bt-s3put: --cli-read-timeout soon: not a whole number"
'
ok 'a second signal ends also what is being aborted' '
	mkfifo in
	bt-s3put --connections 1 "s3://silent/a" <in 2>err &
	pid=$!
	exec 3>in
	cat "$tmp/two" >&3
	await logged "PUT /silent/a"
	kill $pid
	# One that comes at once is the same one.
	kill $pid
	await logged "DELETE /silent/a"
	sleep 0.7
	kill -0 $pid
	kill $pid
	fails 143 wait $pid
	exec 3>&-
	sed "s/upload [0-9a-f]*/upload N/" err >said
	same said <<-END
	bt-s3put: s3://silent/a: interrupted; parts remain of upload N, not aborted: interrupted
	END
'
finish
