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
ok 'unsigned, and at the reader'\''s cost, in the tools that have no option for it' '
	bt-split "$u/a" >refs
	bt-predict -m identity -o parts <refs >results
	seen="{\"status\": 418, \"code\": \"Seen\", \"times\": -1}"
	tools() {
		fails 1 bt-s3cat "$u/a"
		fails 1 bt-split "$u/a"
		fails 1 bt-predict -m identity -o "$u/parts" <refs
		fails 1 bt-join -o "$u/out" results
		(echo x | fails 1 bt-s3put "$u/b")
		asked | sed "s/.*\"method\": \"\([A-Z]*\)\".*\"region\": \([^,]*\), \"amz\": {\(.*\)}, \"length.*/\1 \2 \3/
		    s/\"x-amz-[sc][^,]*\(, \|\$\)//g" | sed "s/ *\$//" >log
	}
	faults "$seen"
	(unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY; export AWS_NO_SIGN_REQUEST=YES; tools)
	same log <<-END
	GET null
	GET null
	GET null
	PUT null
	PUT null
	END
	faults "$seen"
	(export AWS_REQUEST_PAYER=requester; tools)
	same log <<-END
	GET "$AWS_DEFAULT_REGION" "x-amz-request-payer": "requester"
	GET "$AWS_DEFAULT_REGION" "x-amz-request-payer": "requester"
	GET "$AWS_DEFAULT_REGION" "x-amz-request-payer": "requester"
	PUT "$AWS_DEFAULT_REGION" "x-amz-request-payer": "requester"
	PUT "$AWS_DEFAULT_REGION" "x-amz-request-payer": "requester"
	END
	(unset AWS_ACCESS_KEY_ID; fails 1 bt-split "$u/a")
	said "; AWS_NO_SIGN_REQUEST=yes sends none"
	fails 1 grep -e --no-sign-request "$tmp/err"
'
ok 'a password in the URL of a proxy, or of a server, is never said' '
	faults ""
	: >errors
	# quiet COMMAND ...: its first attempt is its last; but looking up the host
	# topSecret may be worth another.
	quiet() {
		fails 1 "$@"
		cat "$tmp/err" >>errors
		case ${proxy-} in
		*topSecret#*) ;;
		*) if grep attempts "$tmp/err"; then return 1; fi ;;
		esac
	}
	for proxy in "http://user:topSecret@127.0.0.1:99999" "http://user:top/Secret@127.0.0.1:9" "http://user:top?Secret@127.0.0.1:9" \
	    "http://user:x@topSecret#@127.0.0.1:9" "http://user:x@topSecret@127.0.0.1:9" "http://user:top Secret@127.0.0.1:9" \
	    "user:topSecret" "http://user:topSecret@[::1" "ftp://user:topSecret@127.0.0.1:9" "socks9://user:topSecret@127.0.0.1:9"; do
		for name in http_proxy HTTP_PROXY all_proxy ALL_PROXY; do
			(export "$name=$proxy"; quiet bt-s3cat "$u/a")
			said "bt-s3cat: $u/a: the proxy in $name is not a URL: http://USER:PASSWORD@HOST:PORT with %XX for all but letters and digits in a password"
		done
		for name in https_proxy HTTPS_PROXY all_proxy; do
			(export "$name=$proxy"; quiet bt-s3cat --endpoint-url https://127.0.0.1:9 "$u/a")
			said "the proxy in $name is not a URL"
		done
		(export "http_proxy=$proxy"; quiet bt-split "$u/a")
		(export "http_proxy=$proxy" no_proxy=127.0.0.1; reads)
	done
	proxy=
	for url in "http://user:topSecret@127.0.0.1:9" "http://user:top?Secret@h" "ftp://user:topSecret@h" "user:topSecret@h" "http://h?token=topSecret"; do
		quiet bt-s3cat --endpoint-url "$url" "$u/a"
		for name in AWS_ENDPOINT_URL_S3 AWS_ENDPOINT_URL_STS; do
			(export "$name=$url"; quiet bt-split "$u/a")
			said "bt-split: $u/a: $name "
		done
	done
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
	for url in "http://user:topSecret@127.0.0.1:9/x" "https://user:topSecret@127.0.0.1:9/x" "http://127.0.0.1:9/x?token=topSecret" "https://user:top#Secret@127.0.0.1:9" "http://user:topSecret@example.com/"; do
		(export AWS_CONTAINER_CREDENTIALS_FULL_URI="$url"; fails 1 bt-s3cat "$u/a"; cat "$tmp/err" >>errors)
		(unset AWS_EC2_METADATA_DISABLED
		export AWS_EC2_METADATA_SERVICE_ENDPOINT="$url"; fails 1 bt-s3cat "$u/a"; cat "$tmp/err" >>errors)
	done
	fails 1 grep -e Secret -e user -e "top" errors
'
ok 'an access point by its ARN' '
	fails 1 bt-s3cat s3://arn:aws:s3:us-west-2:123456789012:accesspoint/ap/k
	said "bt-s3cat: s3://arn:aws:s3:us-west-2:123456789012:accesspoint/ap/k: an ARN: name an access point by its alias, s3://NAME-...-s3alias/KEY"
	fails 1 bt-split s3://arn:aws:s3:us-west-2:123456789012:accesspoint/ap/k
	said ": an ARN: name an access point by its alias"
'
ok 'few descriptors' '
	faults ""
	head -c 50000000 /dev/zero >zeros
	s3 put "$bucket" zeros <zeros
	for n in 10 16 24; do
		sh -c "ulimit -n $n; exec bt-s3cat --connections 64 $u/zeros" >out
		cmp out zeros
	done
	# How many libcurl wants for itself depends on its version.
	failed=no
	for n in 4 5; do
		AWS_MAX_ATTEMPTS=1 sh -c "ulimit -n $n; exec bt-s3cat $u/a" >out 2>err || {
			failed=yes
			grep -F "bt-s3cat: $u/a: no socket: Too many open files" err
		}
	done
	test $failed = yes
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
