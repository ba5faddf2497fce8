#!/bin/sh
# Signatures: the examples that AWS publishes, and its test suite where it is at
# hand: BT_CONFORMANCE is the folder that has sigv4/.
. "${0%/*}/lib.sh"
suite=${BT_CONFORMANCE:-$top/../shared/conformance}/sigv4
sign=$B/tests/s3_sign
key=AKIAIOSFODNN7EXAMPLE secret=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
empty=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855

if [ ! -x "$sign" ]; then
	skip 'requests are signed' 'no libraries for S3'
	finish
fi

ok 'a range of an object' '
	"$sign" s3 us-east-1 $key $secret >out <<-END
	GET /test.txt HTTP/1.1
	Host: examplebucket.s3.amazonaws.com
	Range: bytes=0-9
	x-amz-content-sha256: $empty
	x-amz-date: 20130524T000000Z

	END
	same out <<-END
	GET
	/test.txt

	host:examplebucket.s3.amazonaws.com
	range:bytes=0-9
	x-amz-content-sha256:$empty
	x-amz-date:20130524T000000Z

	host;range;x-amz-content-sha256;x-amz-date
	$empty

	AWS4-HMAC-SHA256 Credential=$key/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41
	END
'
ok 'a list: the query in the order of its names' '
	"$sign" s3 us-east-1 $key $secret >out <<-END
	GET /?prefix=J&max-keys=2 HTTP/1.1
	Host: examplebucket.s3.amazonaws.com
	x-amz-content-sha256: $empty
	x-amz-date: 20130524T000000Z

	END
	grep -qx "max-keys=2&prefix=J" out
	grep -q "Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7" out
'
if [ ! -d "$suite" ]; then
	skip 'the test suite' "no $suite"
	finish
fi
ok 'the test suite: canonical requests and signatures' '
	find "$suite" -name "*.req" | sort >all
	test -s all
	while read -r req; do
		service=s3 region=us-east-1 id=$key word=$secret token=
		case $req in
		*/botocore/*) service=service id=AKIDEXAMPLE
			word=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY ;;
		esac
		case $req in
		*/region-eu/*) region=eu-central-1 ;;
		*/get-vanilla-with-session-token/*)
			token=6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267 ;;
		esac
		"$sign" $service $region $id $word $token <"$req" >got
		{ cat "${req%.req}.creq"; printf "\n\n"; cat "${req%.req}.authz"
		    echo; } | tr -d "\r" >want
		cmp want got || { echo "$req"; diff -u want got; exit 1; }
	done <all
'
finish
