#!/bin/sh
# How a server is reached: the endpoint's settings, proxies, TLS, and what is
# public.
. "${0%/*}/../lib.sh"
. "$top/tests/s3/lib.sh"

u=s3://$bucket straight=$AWS_ENDPOINT_URL_S3
echo hello | s3 put "$bucket" a x-amz-acl:public-read
mkdir "$HOME/.aws"
proxy
endpoint=$AWS_ENDPOINT_URL_S3

reads() {
	bt-s3cat "$@" "$u/a" >came
	echo hello | cmp - came
}

# through: by which of the proxy's ports the requests came.
through() {
	asked | sed 's/.*"port": \([0-9]\).*/\1/' >ports
}

ok 'the endpoint: option, AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, the profile' '
	faults ""
	reads
	(unset AWS_ENDPOINT_URL_S3; export AWS_ENDPOINT_URL=$OTHER_ENDPOINT; reads)
	(export AWS_ENDPOINT_URL=http://127.0.0.1:1; reads)
	(export AWS_ENDPOINT_URL_S3=http://127.0.0.1:1; reads --endpoint-url "$OTHER_ENDPOINT/")
	printf "[default]\nendpoint_url = %s\n" "$OTHER_ENDPOINT" >"$HOME/.aws/config"
	(unset AWS_ENDPOINT_URL_S3; reads)
	rm "$HOME/.aws/config"
	through
	same ports <<-END
	1
	2
	1
	2
	2
	END
'
ok 'requester pays' '
	faults ""
	reads --request-payer requester
	asked | grep "\"x-amz-request-payer\": \"requester\""
	faults ""
	reads
	fails 1 sh -c "curl -sSf $AWS_ENDPOINT_URL_S3/-/log | grep payer"
'
ok 'without a signature, and without looking for credentials' '
	faults "{\"status\": 418, \"code\": \"Seen\"}"
	(unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY; fails 1 bt-s3cat --no-sign-request "$u/a")
	said "418 Seen"
	asked | grep "\"region\": null, \"amz\": {\"x-amz-checksum-mode\": \"ENABLED\"}"
	test "$server" != radosgw || (unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY; reads --no-sign-request)
	echo secret | AWS_ENDPOINT_URL_S3=$straight s3 put "$bucket" private
	test "$server" != radosgw || { fails 1 bt-s3cat --no-sign-request "$u/private"; said "403 AccessDenied"; }
'
ok 'a proxy, as the environment has it' '
	faults ""
	for name in http_proxy HTTP_PROXY all_proxy; do
		(export $name=$OTHER_ENDPOINT; reads)
	done
	(export http_proxy=$OTHER_ENDPOINT no_proxy=127.0.0.1; reads)
	(export http_proxy=$OTHER_ENDPOINT NO_PROXY=example.com,127.0.0.1; reads)
	(export REQUEST_METHOD=GET HTTP_PROXY=http://127.0.0.1:1; reads)
	through
	same ports <<-END
	2
	2
	2
	1
	1
	1
	END
	(export http_proxy=http://127.0.0.1:1 AWS_MAX_ATTEMPTS=1; fails 1 bt-s3cat "$u/a")
	said "127.0.0.1 port 1"
'
ok 'the read timeout counts bytes, not seconds' '
	faults "{\"rate\": 2}"
	reads
'
if test -z "${S3_HTTPS-}"; then
	skip 'TLS, and the bucket in the host'\''s name' "no TLS in $server"
	finish
fi
ok 'TLS: what is trusted' '
	export AWS_ENDPOINT_URL_S3=$S3_HTTPS
	reads --ca-bundle "$S3_CA"
	(export AWS_CA_BUNDLE="$S3_CA"; reads)
	printf "[default]\nca_bundle = %s\n" "$S3_CA" >"$HOME/.aws/config"
	reads
	rm "$HOME/.aws/config"
	reads --no-verify-ssl
	start=$(date +%s)
	fails 1 bt-s3cat "$u/a"
	said "bt-s3cat: $u/a: SSL certificate problem: "
	fails 1 grep attempts "$tmp/err"
	echo x >empty.pem
	fails 1 bt-s3cat --ca-bundle empty.pem "$u/a"
	said "bt-s3cat: $u/a: "
	head -c 20000000 /dev/urandom >big
	export AWS_CA_BUNDLE="$S3_CA"
	bt-s3put "$u/big" <big
	AWS_REQUEST_CHECKSUM_CALCULATION=when_required bt-s3put "$u/big2" <big
	for key in big big2; do bt-s3cat "$u/$key" | cmp - big; done
'
ok 'the bucket in the host'\''s name' '
	printf "[default]\ns3 =\n  addressing_style = virtual\n" >"$HOME/.aws/config"
	export AWS_ENDPOINT_URL_S3=$S3_HOSTS
	reads
	echo "a b" | bt-s3put "$u/x/../y +"
	bt-s3cat "$u/x/../y +" >out
	echo "a b" | cmp - out
	bt-s3cat -l "$u/x" >out
	echo "$u/x/../y +" | cmp - out
	rm "$HOME/.aws/config"
'
finish
