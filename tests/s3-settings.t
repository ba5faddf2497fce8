#!/bin/sh
# Settings for S3: options, environment, config and credentials files.
. "${0%/*}/lib.sh"
settings=$B/tests/s3_settings

if [ ! -x "$settings" ]; then
	skip 'settings are read' 'no libraries for S3'
	finish
fi
for name in $(env | sed -n 's/^\(AWS_[A-Z0-9_]*\)=.*/\1/p'); do
	unset "$name"
done
mkdir -p "$tmp/home/.aws"
export HOME="$tmp/home"

# load OPTION ...: what differs from the defaults is in the file out.
load() {
	"$settings" "$@" >all
	grep -vxF -e profile=default -e profile_given=no -e region=us-east-1 \
	    -e endpoint=- -e sts_endpoint=- -e path_style=no -e dualstack=no -e ca_bundle=- \
	    -e verify_ssl=yes -e sign=yes -e request_payer=- -e attempts=3 \
	    -e connections=8 -e checksum_calculate=yes \
	    -e checksum_validate=yes all | grep -v "^url=" >out || test $? -eq 1
}

# The files are $home/.aws's, written anew by each test.
config() { cat >"$HOME/.aws/config"; }
credentials() { cat >"$HOME/.aws/credentials"; }
both() { rm -f "$HOME/.aws/"*; }

ok 'without anything, the defaults' '
	both
	"$settings" >out
	same out <<-END
	profile=default
	profile_given=no
	region=us-east-1
	endpoint=-
	sts_endpoint=-
	dualstack=no
	path_style=no
	ca_bundle=-
	verify_ssl=yes
	sign=yes
	request_payer=-
	attempts=3
	connections=8
	checksum_calculate=yes
	checksum_validate=yes
	url=https://bucket.s3.us-east-1.amazonaws.com/key
	END
	(unset HOME; export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/no/such
	    load; same out </dev/null)
'
ok 'options' '
	both
	: >ca.pem
	load --region eu-west-1 --endpoint-url http://127.0.0.1:7480// --ca-bundle ca.pem \
	    --no-verify-ssl --no-sign-request --request-payer requester --connections 3
	same out <<-END
	region=eu-west-1
	endpoint=http://127.0.0.1:7480
	path_style=yes
	ca_bundle=ca.pem
	verify_ssl=no
	sign=no
	request_payer=requester
	connections=3
	END
'
ok 'every setting in the profile, then in the environment, then in options' '
	both
	: >file.pem
	: >env.pem
	config <<-END
	[default]
	region = eu-central-1
	endpoint_url = https://file.example/
	ca_bundle = file.pem
	max_attempts = 7
	retry_mode = adaptive
	request_checksum_calculation = WHEN_REQUIRED
	response_checksum_validation = when_required
	s3 =
	  addressing_style = virtual
	  max_concurrent_requests = 20
	END
	load
	same out <<-END
	region=eu-central-1
	endpoint=https://file.example
	sts_endpoint=https://file.example
	ca_bundle=file.pem
	attempts=7
	connections=20
	checksum_calculate=no
	checksum_validate=no
	END
	export AWS_DEFAULT_REGION=eu-west-2 AWS_ENDPOINT_URL=http://all.example AWS_CA_BUNDLE=env.pem
	export AWS_MAX_ATTEMPTS=9 AWS_REQUEST_CHECKSUM_CALCULATION=when_supported
	export AWS_RESPONSE_CHECKSUM_VALIDATION=when_supported
	load
	same out <<-END
	region=eu-west-2
	endpoint=http://all.example
	sts_endpoint=http://all.example
	ca_bundle=env.pem
	attempts=9
	connections=20
	END
	export AWS_REGION=eu-west-3 AWS_ENDPOINT_URL_S3=http://s3.example
	export AWS_ENDPOINT_URL_STS=http://sts.example
	load
	sed -n "/^region/p; /endpoint/p" out >three
	same three <<-END
	region=eu-west-3
	endpoint=http://s3.example
	sts_endpoint=http://sts.example
	END
	load --region here --endpoint-url http://o.example --connections 2
	sed -n "/^region/p; /endpoint/p; /connections/p" out >three
	same three <<-END
	region=here
	endpoint=http://o.example
	sts_endpoint=http://sts.example
	connections=2
	END
	(export AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=TRUE; load; fails 1 grep endpoint out
	    load --endpoint-url http://o.example; grep -x endpoint=http://o.example out)
	(export AWS_REGION= AWS_DEFAULT_REGION= AWS_CA_BUNDLE=; load
	    grep -x region=eu-central-1 out; grep -x ca_bundle=file.pem out)
'
ok 'the profile: --profile, AWS_DEFAULT_PROFILE, AWS_PROFILE' '
	both
	config <<-END
	[default]
	region = r-default
	[profile a]
	region = r-a
	[profile b]
	region = r-b
	[profile c]
	region = r-c
	[d]
	region = r-d
	END
	credentials <<-END
	[d]
	aws_access_key_id = x
	[e]
	region = r-e
	[a]
	region = r-a2
	END
	for p in a b d e; do AWS_PROFILE=$p "$settings" | head -n 3; done >out
	same out <<-END
	profile=a
	profile_given=no
	region=r-a2
	profile=b
	profile_given=no
	region=r-b
	profile=d
	profile_given=no
	region=us-east-1
	profile=e
	profile_given=no
	region=r-e
	END
	AWS_PROFILE=a AWS_DEFAULT_PROFILE=b "$settings" --profile c | head -n 3 >out
	AWS_PROFILE=a AWS_DEFAULT_PROFILE=b "$settings" | head -n 3 >>out
	same out <<-END
	profile=c
	profile_given=yes
	region=r-c
	profile=b
	profile_given=no
	region=r-b
	END
	(export AWS_PROFILE=nobody; fails 1 "$settings")
	same "$tmp/err" <<-END
	s3_settings: AWS_PROFILE nobody: no such profile in $HOME/.aws/config
	END
	fails 1 "$settings" --profile nobody
	same "$tmp/err" <<-END
	s3_settings: --profile nobody: no such profile in $HOME/.aws/config
	END
'
ok 'the files are where the environment says' '
	both
	mkdir -p "$HOME/x"
	printf "[default]\nregion = one\n" >"$HOME/x/c"
	printf "[default]\nmax_attempts = 2\n" >k
	(export AWS_CONFIG_FILE="~/x/c" AWS_SHARED_CREDENTIALS_FILE=k; load)
	same out <<-END
	region=one
	attempts=2
	END
'
ok 'how a file is written: blanks, comments, quotes, nesting, CR, a mark at its start' '
	both
	{ printf "\357\273\277"; sed "s/\$/$(printf "\r")/" <<-END; } >"$HOME/.aws/config"
	# a comment
	[ default ]
	region = not-this
	[default] # the default
	; another
	Region=   one   
	  # a comment in between
	max_attempts : 4
	s3=
	    # also here
	    addressing_style=path
	
	    max_concurrent_requests   =   11
	ca_bundle = /dev/null # no comment
	[profile "two words"]
	region = two
	[profile back\\slash]
	region = three
	[profile a b]
	region = four
	[profile unquoted"]
	[anything]
	x = y
	  z
	[default]
	region = last
	END
	fails 1 "$settings"
	sed "s/ # no comment//" "$HOME/.aws/config" >c
	mv c "$HOME/.aws/config"
	load
	same out <<-END
	region=last
	path_style=yes
	ca_bundle=/dev/null
	attempts=4
	connections=11
	END
	load --profile "two words"
	grep -x region=two out
	load --profile backslash
	grep -x region=three out
	fails 1 "$settings" --profile "a b"
	fails 1 "$settings" --profile "anything"
'
ok 'a value goes on in lines further in' '
	both
	config <<-END
	  [default]
	  region = eu-
	    west-
	    1
	  max_attempts = 2
	END
	fails 1 "$settings"
	same "$tmp/err" <<-END
	s3_settings: $HOME/.aws/config: line 2: region eu-%0Awest-%0A1: a region'\''s name consists of A-Z a-z 0-9 -
	END
'
ok 'services: an endpoint for S3 and one for STS' '
	both
	config <<-END
	[profile p]
	services = mine
	endpoint_url = http://all.example
	[services mine]
	s3 =
	  endpoint_url = http://s3.example
	dynamodb =
	  endpoint_url = http://no.example
	[profile q]
	services = none
	END
	load --profile p
	same out <<-END
	profile=p
	profile_given=yes
	endpoint=http://s3.example
	sts_endpoint=http://all.example
	path_style=yes
	END
	fails 1 "$settings" --profile q
	same "$tmp/err" <<-END
	s3_settings: $HOME/.aws/config: line 10: there is no [services none]
	END
'
ok 'addressing style' '
	both
	for style in auto path virtual; do
		printf "[default]\ns3 =\n addressing_style = %s\n" $style |config
		"$settings" | grep path_style
		"$settings" --endpoint-url http://127.0.0.1 | grep path_style
	done >out
	same out <<-END
	path_style=no
	path_style=yes
	path_style=yes
	path_style=yes
	path_style=no
	path_style=yes
	END
	for url in http://192.0.2.1:9000 http://[::1]:9000 https://127.0.0.1 http://127.0.0.1/below \
	    http://localhost:9000 http://1.2.3.4.example http://127.0.0.256; do
		"$settings" --endpoint-url "$url" | tail -n 1
	done >out
	same out <<-END
	url=http://192.0.2.1:9000/bucket/key
	url=http://[::1]:9000/bucket/key
	url=https://127.0.0.1/bucket/key
	url=http://127.0.0.1/below/bucket/key
	url=http://bucket.localhost:9000/key
	url=http://bucket.1.2.3.4.example/key
	url=http://bucket.127.0.0.256/key
	END
'
ok 'the hosts of each partition, and those of both IP versions' '
	both
	for region in eu-west-1 us-gov-west-1 cn-north-1 eusc-de-east-1 us-iso-east-1 us-isob-east-1 us-isof-south-1 eu-isoe-west-1; do
		"$settings" --region $region | tail -n 1
	done >out
	same out <<-END
	url=https://bucket.s3.eu-west-1.amazonaws.com/key
	url=https://bucket.s3.us-gov-west-1.amazonaws.com/key
	url=https://bucket.s3.cn-north-1.amazonaws.com.cn/key
	url=https://bucket.s3.eusc-de-east-1.amazonaws.eu/key
	url=https://bucket.s3.us-iso-east-1.c2s.ic.gov/key
	url=https://bucket.s3.us-isob-east-1.sc2s.sgov.gov/key
	url=https://bucket.s3.us-isof-south-1.csp.hci.ic.gov/key
	url=https://bucket.s3.eu-isoe-west-1.cloud.adc-e.uk/key
	END
	AWS_USE_DUALSTACK_ENDPOINT=true "$settings" --region cn-north-1 | tail -n 1 >out
	printf "[default]\nuse_dualstack_endpoint = true\n" | config
	"$settings" | tail -n 1 >>out
	AWS_USE_DUALSTACK_ENDPOINT=false "$settings" | tail -n 1 >>out
	"$settings" --endpoint-url http://h.example | tail -n 1 >>out
	printf "[default]\ns3 =\n  use_dualstack_endpoint = true\n" | config
	"$settings" | tail -n 1 >>out
	same out <<-END
	url=https://bucket.s3.dualstack.cn-north-1.amazonaws.com.cn/key
	url=https://bucket.s3.dualstack.us-east-1.amazonaws.com/key
	url=https://bucket.s3.us-east-1.amazonaws.com/key
	url=http://h.example/bucket/key
	url=https://bucket.s3.dualstack.us-east-1.amazonaws.com/key
	END
'
ok 'numbers that are too large are the largest; what an option says is not read' '
	both
	for n in 256 257 1000 99999999999999999999999; do
		printf "[default]\nmax_attempts = %s\ns3 =\n  max_concurrent_requests = %s\n" $n $n | config
		(ulimit -n 4096; "$settings" | grep -e attempts -e connections | xargs)
	done >out
	same out <<-END
	attempts=256 connections=256
	attempts=257 connections=256
	attempts=1000 connections=256
	attempts=1000 connections=256
	END
	printf "[default]\nregion = a.b\nmax_attempts = x\nca_bundle = /no/such\nendpoint_url = x\ns3 =\n  max_concurrent_requests = x\n" | config
	(export AWS_MAX_ATTEMPTS=2 AWS_ENDPOINT_URL_STS=http://sts.example
	    load --region r --ca-bundle /dev/null --endpoint-url http://h.example --connections 4)
	same out <<-END
	region=r
	endpoint=http://h.example
	sts_endpoint=http://sts.example
	path_style=yes
	ca_bundle=/dev/null
	attempts=2
	connections=4
	END
'
ok 'as many connections as descriptors are enough for' '
	both
	for n in 18 24 40 100; do
		(ulimit -n $n; "$settings" --connections 64 | grep connections)
	done >out
	same out <<-END
	connections=1
	connections=2
	connections=6
	connections=21
	END
'
ok 'without a signature, and who pays' '
	both
	for v in YES true on 1; do (export AWS_NO_SIGN_REQUEST=$v; load; cat out); done >got
	for v in NO False off 0 ""; do (export AWS_NO_SIGN_REQUEST=$v; load; cat out); done >>got
	same got <<-END
	sign=no
	sign=no
	sign=no
	sign=no
	END
	(export AWS_NO_SIGN_REQUEST=maybe; fails 1 "$settings")
	said "s3_settings: AWS_NO_SIGN_REQUEST maybe: not yes or no"
	(export AWS_REQUEST_PAYER=me; fails 1 "$settings")
	said "s3_settings: AWS_REQUEST_PAYER me: not requester"
	(export AWS_REQUEST_PAYER=requester; load)
	same out <<-END
	request_payer=requester
	END
	printf "[default]\nno_sign_request = true\nrequest_payer = requester\n" | config
	load
	same out <<-END
	sign=no
	request_payer=requester
	END
	(export AWS_NO_SIGN_REQUEST=no; load)
	same out <<-END
	request_payer=requester
	END
'
ok 'a CA bundle in the home folder' '
	both
	: >"$HOME/c.pem"
	printf "[default]\nca_bundle = ~/c.pem\n" | config
	"$settings" | grep ca_bundle >got
	both
	AWS_CA_BUNDLE="~/c.pem" "$settings" | grep ca_bundle >>got
	"$settings" --ca-bundle="~/c.pem" | grep ca_bundle >>got
	same got <<-END
	ca_bundle=$HOME/c.pem
	ca_bundle=$HOME/c.pem
	ca_bundle=$HOME/c.pem
	END
'
# bad LINES MESSAGE: a config file of these lines is refused with it.
bad() {
	printf %b "$1" | config
	fails 1 "$settings"
	echo "s3_settings: $HOME/.aws/config: $2" | same "$tmp/err"
}
ok 'what is wrong in a file is named by its line, and not shown where it may be secret' '
	both
	bad "\n[default]\naws_secret_access_key topSecret\n" "line 3: neither a section nor a setting: no ="
	bad "a = b\n" "line 1: a setting before the first section"
	bad "[default\n" "line 1: a section'\''s name that does not end with ]"
	bad "[]\n" "line 1: a section'\''s name that does not end with ]"
	bad "[default]\n= x\n" "line 2: a setting without a name"
	bad "[default]\ns3 =\n  path\n" "line 3: no ="
	bad "[default]\nregion = a\000b\n" "line 2: a zero byte"
	bad "[default]\nmax_attempts = 0\n" "line 2: max_attempts 0: less than 1"
	bad "[default]\nmax_attempts = many\n" "line 2: max_attempts many: not a whole number"
	bad "[default]\nretry_mode = x\n" "line 2: retry_mode x: not legacy, standard or adaptive"
	bad "[default]\nendpoint_url = 127.0.0.1\n" "line 2: endpoint_url 127.0.0.1: not http://HOST or https://HOST"
	bad "[default]\nendpoint_url = http://u:topSecret@h\n" "line 2: endpoint_url http://...: not http://HOST or https://HOST"
	bad "[default]\nendpoint_url = ftp://u:topSecret@h\n" "line 2: endpoint_url ftp://...: not http://HOST or https://HOST"
	bad "[default]\nendpoint_url = u:topSecret@h\n" "line 2: endpoint_url ...: not http://HOST or https://HOST"
	bad "[default]\nendpoint_url = http://u:top?Secret@h\n" "line 2: endpoint_url http://...: not http://HOST or https://HOST"
	bad "[default]\nendpoint_url = https:///x\n" "line 2: endpoint_url https:///x: not http://HOST or https://HOST"
	bad "[default]\nendpoint_url = https://x?y\n" "line 2: endpoint_url https://x?...: not http://HOST or https://HOST"
	bad "[default]\nregion = a.b\n" "line 2: region a.b: a region'\''s name consists of A-Z a-z 0-9 -"
	bad "[default]\nca_bundle = /no/such\n" "line 2: ca_bundle /no/such: No such file or directory"
	bad "[default]\ns3 =\n  addressing_style = x\n" "line 3: addressing_style x: not path, virtual or auto"
	bad "[default]\ns3 =\n  max_concurrent_requests = 0\n" "line 3: max_concurrent_requests 0: less than 1"
	bad "[default]\nrequest_checksum_calculation = x\n" \
	    "line 2: request_checksum_calculation x: not when_supported or when_required"
	bad "[default]\nuse_fips_endpoint = true\n" \
	    "line 2: use_fips_endpoint true: not supported; name the host: AWS_ENDPOINT_URL_S3=https://s3-fips.REGION.amazonaws.com"
	bad "[default]\ns3 =\n  use_accelerate_endpoint = true\n" "line 3: use_accelerate_endpoint true: not supported"
	for region in fips-us-gov-west-1 us-east-1-fips; do
		fails 1 "$settings" --region $region
		said "s3_settings: region $region: not supported; name the host: AWS_ENDPOINT_URL_S3=https://s3-fips.REGION.amazonaws.com"
	done
'
ok 'what is wrong in the environment is named by its variable' '
	both
	(export AWS_MAX_ATTEMPTS=-1; fails 1 "$settings")
	said "s3_settings: AWS_MAX_ATTEMPTS -1: not a whole number"
	(export AWS_ENDPOINT_URL_S3=x; fails 1 "$settings")
	said "s3_settings: AWS_ENDPOINT_URL_S3 x: not http://HOST or https://HOST"
	fails 1 "$settings" --endpoint-url ftp://x
	said "s3_settings: --endpoint-url ftp://x: not http://HOST or https://HOST"
	fails 1 "$settings" --ca-bundle /no/such
	said "s3_settings: --ca-bundle /no/such: No such file or directory"
	load --ca-bundle /no/such --no-verify-ssl
'
ok 'a file that cannot be read is an error, a folder that cannot be entered is not' '
	both
	test "$(id -u)" -ne 0 || exit 0
	printf "[default]\n" |config
	chmod 0 "$HOME/.aws/config"
	fails 1 "$settings"
	said "s3_settings: $HOME/.aws/config: Permission denied"
	chmod 0 "$HOME/.aws"
	load
	chmod 755 "$HOME/.aws"
	same out </dev/null
'
finish
