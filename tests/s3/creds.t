#!/bin/sh
# Where credentials come from, each source by reading an object with them, and
# what is said of a source that has none.
. "${0%/*}/../lib.sh"
. "$top/tests/s3/lib.sh"

u=s3://$bucket creds=$B/tests/s3_creds
id=$AWS_ACCESS_KEY_ID secret=$AWS_SECRET_ACCESS_KEY
echo hello | s3 put "$bucket" a

# What a cloud's machine has, with credentials for an hour and for eight seconds.
export AWS_SESSION_TOKEN=session.token+/=
metadata
container=$AWS_CONTAINER_CREDENTIALS_FULL_URI imds=$AWS_EC2_METADATA_SERVICE_ENDPOINT
web_sts=$AWS_ENDPOINT_URL_STS web_file=$AWS_WEB_IDENTITY_TOKEN_FILE web_role=$AWS_ROLE_ARN
export LIFETIME=8
beside metadata.py "$tmp/short" "$tmp/short.log"
short=$AWS_CONTAINER_CREDENTIALS_FULL_URI
unset AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_EC2_METADATA_SERVICE_ENDPOINT \
    AWS_ENDPOINT_URL_STS AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN AWS_SESSION_TOKEN \
    AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
export AWS_EC2_METADATA_DISABLED=true
mkdir "$HOME/.aws"

config() { cat >"$HOME/.aws/config"; }
credentials() { cat >"$HOME/.aws/credentials"; }
none() { rm -f "$HOME/.aws/"*; }

# reads OPTION ...: with what there is, the object can be read.
reads() {
	bt-s3cat "$@" "$u/a" >came
	echo hello | cmp - came
}

# asks OPTION ...: which credentials are in force, and when they expire.
asks() {
	echo get | "$creds" "$@"
}

# refuses TEXT OPTION ...: there are none, which is said so, and not the secret.
refuses() {
	text=$1
	shift
	fails 1 bt-s3cat "$@" "$u/a"
	same "$tmp/err" <<-END
	bt-s3cat: $u/a: $text
	END
	fails 1 grep -e "$secret" -e topSecret "$tmp/err"
}

ok 'nowhere' '
	none
	refuses "no credentials: not in the environment, not for profile default in $HOME/.aws/credentials or $HOME/.aws/config, not from a container, not from an instance (AWS_EC2_METADATA_DISABLED); AWS_NO_SIGN_REQUEST=yes sends none"
'
ok 'the environment' '
	none
	export AWS_ACCESS_KEY_ID=$id
	refuses "AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not"
	export AWS_SECRET_ACCESS_KEY=$secret
	reads
	export AWS_SESSION_TOKEN=t AWS_CREDENTIAL_EXPIRATION=2099-12-31T23:59:59Z
	asks >out
	same out <<-END
	$id $secret t 2099-12-31T23:59:59Z
	END
	AWS_CREDENTIAL_EXPIRATION=soon
	refuses "AWS_CREDENTIAL_EXPIRATION soon: not a time"
	AWS_CREDENTIAL_EXPIRATION=2001-01-01T00:00:00Z
	refuses "the credentials found have expired"
	unset AWS_CREDENTIAL_EXPIRATION
	export AWS_SECRET_ACCESS_KEY="$(printf "topSecret\nx: y")"
	refuses "the credentials found have a newline or another control byte in them"
'
ok 'the files: credentials, then config' '
	none
	printf "[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n" $id "$secret" | config
	reads
	printf "[default]\naws_access_key_id = k\naws_secret_access_key = s\naws_session_token = t\n" | credentials
	asks >out
	same out <<-END
	k s t -
	END
	printf "[default]\naws_access_key_id = k\n" | credentials
	refuses "$HOME/.aws/credentials: line 2: profile default: aws_access_key_id without aws_secret_access_key"
'
ok 'a profile: by the option before the environment'\''s keys, by AWS_PROFILE after them' '
	none
	printf "[p]\naws_access_key_id = k\naws_secret_access_key = s\n" | credentials
	export AWS_ACCESS_KEY_ID=e AWS_SECRET_ACCESS_KEY=s
	{ asks; AWS_PROFILE=p asks; asks --profile p; } >out
	unset AWS_ACCESS_KEY_ID
	AWS_PROFILE=p asks >>out
	same out <<-END
	e s - -
	e s - -
	k s - -
	k s - -
	END
'
ok 'credential_process' '
	none
	cat >"a program" <<-END
	#!/bin/sh
	echo "\$@" >"$PWD/words"
	cat >"$PWD/stdin"
	echo "{\"Version\": 1, \"AccessKeyId\": \"$id\", \"SecretAccessKey\": \"$secret\"}"
	END
	chmod +x "a program"
	printf "[default]\ncredential_process = \"%s\" --x '\''y z'\'' \\\$HOME ; q\n" "$PWD/a program" | config
	echo input | bt-s3cat - "$u/a" >out
	same out <<-END
	input
	hello
	END
	echo "--x y z \$HOME ; q" | cmp - words
	same stdin </dev/null
	printf "[default]\naws_access_key_id = k\naws_secret_access_key = s\n" | credentials
	asks | cut -d " " -f 1 | grep -x k
	printf "aws_access_key_id = k\naws_secret_access_key = s\n" >>"$HOME/.aws/config"
	rm "$HOME/.aws/credentials"
	asks | cut -d " " -f 1 | grep -x $id
'
ok 'a process that has none' '
	none
	# bad OUTPUT STATUS MESSAGE
	bad() {
		printf "#!/bin/sh\necho '\''%s'\''\nexit %d\n" "$1" "$2" >p
		chmod +x p
		printf "[default]\ncredential_process = %s/p --password topSecret\n" "$PWD" | config
		refuses "$HOME/.aws/config: line 2: profile default: credential_process $PWD/p: $3"
	}
	bad "{}" 7 "exit status 7"
	bad "topSecret" 0 "not JSON: byte 9"
	bad "{\"Version\": 2}" 0 "Version is not 1"
	bad "{\"Version\": 1, \"SecretAccessKey\": \"topSecret\"}" 0 "JSON without AccessKeyId and SecretAccessKey"
	bad "{\"Version\": 1, \"AccessKeyId\": \"k\", \"SecretAccessKey\": \"topSecret\", \"Expiration\": \"x\"}" 0 "Expiration x: not a time"
	printf "[default]\ncredential_process = /no/such topSecret\n" | config
	refuses "$HOME/.aws/config: line 2: profile default: credential_process /no/such: No such file or directory"
	printf "[default]\ncredential_process = \"topSecret\n" | config
	refuses "$HOME/.aws/config: line 2: profile default: credential_process: a quote that is not closed"
'
ok 'when they expire' '
	none
	printf "[default]\ncredential_process = $PWD/p\n" | config
	printf "#!/bin/sh\ncat \"$PWD/said\"\n" >p
	chmod +x p
	while IFS="|" read -r expiration said; do
		printf "{\"Version\": 1, \"AccessKeyId\": \"k\", \"SecretAccessKey\": \"topSecret\", \"Expiration\": %s}" "$expiration" >said
		case $said in
		2* | -)	asks | cut -d " " -f 4 | grep -x -e "$said" ;;
		*)	refuses "$HOME/.aws/config: line 2: profile default: credential_process $PWD/p: $said" ;;
		esac
	done <<-END
	"2099-01-01T00:00:00Z"|2099-01-01T00:00:00Z
	"2099-01-01 00:00:00+00:00"|2099-01-01T00:00:00Z
	"2099-01-01t00:00:00.123456z"|2099-01-01T00:00:00Z
	"2096-02-29 09:00:00+09:00"|2096-02-29T00:00:00Z
	null|-
	"2099-01-01T00:00Z"|Expiration 2099-01-01T00:00Z: not a time
	"2099-01-01 00:00:00"|Expiration 2099-01-01 00:00:00: not a time
	"2099-01-01_00:00:00Z"|Expiration 2099-01-01_00:00:00Z: not a time
	"20990101T000000Z"|Expiration 20990101T000000Z: not a time
	"2099-02-29T00:00:00Z"|Expiration 2099-02-29T00:00:00Z: not a time
	"2099-01-01T00:00:00.Z"|Expiration 2099-01-01T00:00:00.Z: not a time
	"2099-01-01"|Expiration 2099-01-01: not a time
	""|Expiration : not a time
	4070908800|Expiration: not a string
	4070908800.5|Expiration: not a string
	true|Expiration: not a string
	{}|Expiration: not a string
	END
	printf "{\"Version\": 1, \"AccessKeyId\": \"k\", \"SecretAccessKey\": \"topSecret\", \"SessionToken\": 5}" >said
	refuses "$HOME/.aws/config: line 2: profile default: credential_process $PWD/p: SessionToken: not a string"
'
# gone PID: it has ended.
gone() {
	! test -e "/proc/$1/status" || grep -q "^State:.*Z" "/proc/$1/status"
}

# asked_for STORE: something has been.
asked_for() {
	curl -sSf "$1/-/log" | grep -q .
}

ok 'a process that hangs is ended with what ends the tool, and with all that it started' '
	none
	cat >hangs <<-END
	#!/bin/sh
	sleep 300 &
	echo \$! >"$PWD/child"
	exec sleep 300
	END
	chmod +x hangs
	printf "[default]\ncredential_process = $PWD/hangs\n" | config
	mkdir dir
	echo x >dir/x
	for command in "bt-s3put $u/x" "bt-s3put --recursive dir $u/" "bt-s3cat -o out $u/a" "bt-s3cat $u/a" "bt-s3cat -l $u/" "bt-split $u/a"; do
		for signal in TERM:143 INT:130; do
			rm -f child
			python3 -c "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execvp(sys.argv[1], sys.argv[1:])" $command </dev/null &
			pid=$!
			await test -s child
			kill -${signal%:*} $pid
			fails ${signal#*:} wait $pid
			await gone "$(cat child)"
		done
	done
'
ok 'a process that does not end at a signal is killed' '
	none
	printf "#!/bin/sh\ntrap \"\" TERM\necho \$\$ >child\nexec sleep 300\n" >hangs
	chmod +x hangs
	printf "[default]\ncredential_process = $PWD/hangs\n" | config
	bt-s3put $u/x </dev/null 2>err &
	pid=$!
	await test -s child
	kill $pid
	fails 143 wait $pid
	await gone "$(cat child)"
	same err <<-END
	bt-s3put: $u/x: interrupted
	END
'
ok 'a service that hangs is left at a signal' '
	none
	beside store.py "$PWD/store" ""
	for where in AWS_EC2_METADATA_SERVICE_ENDPOINT AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_ENDPOINT_URL_STS; do
		(export $where=$STORE/hang AWS_METADATA_SERVICE_TIMEOUT=300
		case $where in
		*EC2*)	unset AWS_EC2_METADATA_DISABLED ;;
		*STS)	export AWS_WEB_IDENTITY_TOKEN_FILE=$web_file AWS_ROLE_ARN=$web_role ;;
		esac
		exec bt-s3put --cli-read-timeout 0 "$u/x") </dev/null 2>err &
		pid=$!
		await asked_for "$STORE"
		kill $pid
		fails 143 wait $pid
		same err <<-END
		bt-s3put: $u/x: interrupted
		END
	done
'
ok 'web identity, by variables or a profile' '
	none
	export AWS_ENDPOINT_URL_STS=$web_sts
	: >"$tmp/metadata.log"
	(export AWS_WEB_IDENTITY_TOKEN_FILE=$web_file AWS_ROLE_ARN=$web_role
	reads
	asks | cut -d " " -f 1-3) >out
	printf "[profile w]\nrole_arn = %s\nweb_identity_token_file = %s\n" "$web_role" "$web_file" | config
	reads --profile w
	same out <<-END
	$id $secret session.token+/=
	END
	uniq -c "$tmp/metadata.log" | sed "s/^ *//" >log
	same log <<-END
	3 200 POST / Action RoleArn RoleSessionName Version WebIdentityToken
	END
	printf "[profile w]\nrole_arn = x\nweb_identity_token_file = %s\n" "$web_file" | config
	refuses "$web_sts: AssumeRoleWithWebIdentity x: 400 InvalidIdentityToken: no" --profile w
	printf "[profile w]\nrole_arn = x\nweb_identity_token_file = /no/such\n" | config
	refuses "/no/such: No such file or directory" --profile w
'
ok 'a container' '
	none
	export AWS_CONTAINER_CREDENTIALS_FULL_URI=$container
	: >"$tmp/metadata.log"
	reads
	(unset AWS_CONTAINER_AUTHORIZATION_TOKEN; refuses "$container: status 401")
	echo "$AWS_CONTAINER_AUTHORIZATION_TOKEN" >token
	(export AWS_CONTAINER_AUTHORIZATION_TOKEN=wrong AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE="$PWD/token"; reads)
	same "$tmp/metadata.log" <<-END
	200 GET /container
	401 GET /container
	200 GET /container
	END
	AWS_CONTAINER_CREDENTIALS_FULL_URI=http://example.com/x
	refuses "http://example.com/x: not https, and not this machine'\''s own"
'
ok 'an instance, IMDSv2' '
	none
	unset AWS_EC2_METADATA_DISABLED
	export AWS_EC2_METADATA_SERVICE_ENDPOINT=$imds
	: >"$tmp/metadata.log"
	reads
	same "$tmp/metadata.log" <<-END
	200 PUT /latest/api/token
	200 GET /latest/meta-data/iam/security-credentials/
	200 GET /latest/meta-data/iam/security-credentials/tests
	END
	AWS_EC2_METADATA_SERVICE_ENDPOINT=$imds/nothing
	fails 1 bt-s3cat "$u/a"
	said "not from an instance ($imds/nothing/latest/api/token: status 404)"
'
ok 'the order: environment, profile, container, instance' '
	none
	unset AWS_EC2_METADATA_DISABLED
	export AWS_EC2_METADATA_SERVICE_ENDPOINT=$imds AWS_CONTAINER_CREDENTIALS_FULL_URI=$container
	: >"$tmp/metadata.log"
	asks >all
	cut -d " " -f 1 all | grep -x "$id"
	echo "200 GET /container" | cmp - "$tmp/metadata.log"
	printf "[default]\naws_access_key_id = k\naws_secret_access_key = s\n" | credentials
	{ asks; AWS_ACCESS_KEY_ID=e AWS_SECRET_ACCESS_KEY=s asks; } >out
	same out <<-END
	k s - -
	e s - -
	END
	test "$(wc -l <"$tmp/metadata.log")" -eq 1
'
ok 'renewed before they expire, by one thread for all' '
	none
	export AWS_CONTAINER_CREDENTIALS_FULL_URI=$short
	: >"$tmp/short.log"
	printf "get\nsleep 2\nget\nsleep 5\nthreads 16 50\nget\n" | "$creds" >out
	cut -d " " -f 1 out | grep -v "^[0-9]*\$" | sort -u >keys
	echo "$id" | cmp - keys
	test "$(sed -n 1p out)" = "$(sed -n 2p out)"
	test "$(sed -n 1p out)" != "$(sed -n 4p out)"
	echo "200 GET /container
200 GET /container" | cmp - "$tmp/short.log"
'
ok 'an expired one is asked for again, the environment'\''s is not' '
	none
	printf "[default]\naws_access_key_id = k1\naws_secret_access_key = s\n" | credentials
	mkfifo in
	"$creds" <in >out &
	exec 3>in
	printf "get\n" >&3
	await test -s out
	printf "[default]\naws_access_key_id = k2\naws_secret_access_key = s\n" | credentials
	printf "get\nexpired\nget\n" >&3
	exec 3>&-
	wait $!
	same out <<-END
	k1 s - -
	k1 s - -
	yes
	k2 s - -
	END
	export AWS_ACCESS_KEY_ID=e AWS_SECRET_ACCESS_KEY=s
	printf "get\nexpired\nget\n" | "$creds" >out
	same out <<-END
	e s - -
	no
	e s - -
	END
'
ok 'a role that cannot be had' '
	none
	# bad LINES MESSAGE
	bad() {
		printf "[profile r]\nrole_arn = arn:x\n$1\n" | config
		refuses "$HOME/.aws/config: line $2" --profile r
	}
	bad "" "2: profile r: role_arn without source_profile or credential_source"
	bad "source_profile = s\ncredential_source = Environment" "3: profile r: both source_profile and credential_source"
	bad "source_profile = s" "3: profile s: source_profile: no such profile"
	bad "source_profile = r" "3: profile r: source_profile is circular"
	bad "source_profile = s\n[profile s]\nrole_arn = y\nsource_profile = r" "6: profile r: source_profile is circular"
	bad "source_profile = s\n[profile s]\nregion = x" "3: profile s: source_profile has no credentials"
	bad "credential_source = Moon" "3: profile r: not Environment, Ec2InstanceMetadata or EcsContainer: credential_source Moon"
	bad "credential_source = Environment" "3: profile r: no credentials there: credential_source Environment"
	bad "duration_seconds = long" "3: profile r: duration_seconds: not a whole number"
	bad "mfa_serial = m" "3: profile r: mfa_serial: the tools cannot ask for a code: use a profile with credential_process = aws configure export-credentials --profile r"
'
ok 'a role asked for with what the machine has' '
	none
	unset AWS_EC2_METADATA_DISABLED
	export AWS_ENDPOINT_URL_STS=$web_sts AWS_EC2_METADATA_SERVICE_ENDPOINT=$imds
	export AWS_CONTAINER_CREDENTIALS_FULL_URI=$container
	: >"$tmp/metadata.log"
	for place in Ec2InstanceMetadata EcsContainer; do
		printf "[default]\nrole_arn = arn:x\ncredential_source = $place\n" | config
		refuses "$web_sts: AssumeRole arn:x: 400 InvalidIdentityToken: no"
	done
	same "$tmp/metadata.log" <<-END
	200 PUT /latest/api/token
	200 GET /latest/meta-data/iam/security-credentials/
	200 GET /latest/meta-data/iam/security-credentials/tests
	400 POST / Action RoleArn RoleSessionName Version
	200 GET /container
	400 POST / Action RoleArn RoleSessionName Version
	END
'
ok 'SSO and login: by the AWS command line' '
	none
	printf "[default]\nsso_session = x\nsso_account_id = 1\n" | config
	refuses "$HOME/.aws/config: line 3: profile default: SSO is not supported: use a profile with credential_process = aws configure export-credentials --profile default"
	printf "[default]\nlogin_session = x\n" | config
	refuses "$HOME/.aws/config: line 2: profile default: login is not supported: use a profile with credential_process = aws configure export-credentials --profile default"
'
ok 'a page in place of credentials' '
	none
	export AWS_ENDPOINT_URL_STS=$web_sts AWS_WEB_IDENTITY_TOKEN_FILE=$web_file AWS_ROLE_ARN=$web_role
	beside faults.py "$PWD/proxy" "$web_sts"
	export AWS_ENDPOINT_URL_STS=$AWS_ENDPOINT_URL_S3
	page="<Page><Result><Credentials><AccessKeyId>k</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></Result></Page>"
	for body in "$page" "<html>log in</html>" "" "$page junk"; do
		faults "{\"method\": \"POST\", \"status\": 200, \"times\": -1, \"body\": \"$body\"}"
		refuses "$AWS_ENDPOINT_URL_STS: AssumeRoleWithWebIdentity $web_role: an answer without credentials"
	done
	unset AWS_WEB_IDENTITY_TOKEN_FILE AWS_EC2_METADATA_DISABLED
	export AWS_EC2_METADATA_SERVICE_ENDPOINT=$AWS_ENDPOINT_URL_S3
	faults "{\"status\": 200, \"times\": -1, \"body\": \"<html>log in</html>\"}"
	fails 1 bt-s3put "$u/x" </dev/null
	said "not from an instance ($AWS_EC2_METADATA_SERVICE_ENDPOINT: the answer is not a token)"
	faults "{\"method\": \"GET\", \"status\": 200, \"times\": -1, \"body\": \"<html>log in</html>\"}"
	fails 1 bt-s3put "$u/x" </dev/null
	said "not from an instance ($AWS_EC2_METADATA_SERVICE_ENDPOINT: the answer is not a role'\''s name)"
'
if test -z "${S3_ROLE-}"; then
	skip 'a role, by STS' "no STS in $server"
	finish
fi
ok 'a role, by STS' '
	none
	export AWS_ENDPOINT_URL_STS=$web_sts
	AWS_ENDPOINT_URL_STS=$AWS_ENDPOINT_URL_S3
	printf "[profile r]\nrole_arn = %s\nsource_profile = s\nrole_session_name = tests\nduration_seconds = 900\n" "$S3_ROLE" | config
	printf "[s]\naws_access_key_id = %s\naws_secret_access_key = %s\n" $id "$secret" | credentials
	reads --profile r
	asks --profile r >out
	fails 1 grep "$id" out
	read -r k s t e <out
	test ${#t} -gt 50
	AWS_ACCESS_KEY_ID=$k AWS_SECRET_ACCESS_KEY=$s AWS_SESSION_TOKEN=$t reads
	(export AWS_ACCESS_KEY_ID=$k AWS_SECRET_ACCESS_KEY=$s AWS_SESSION_TOKEN=x$t; fails 1 bt-s3cat "$u/a"; said " 403 ")
	printf "[profile r]\nrole_arn = %s\ncredential_source = Environment\n" "$S3_ROLE" | config
	AWS_ACCESS_KEY_ID=$id AWS_SECRET_ACCESS_KEY=$secret reads --profile r
	printf "[profile r]\nrole_arn = %s-not\ncredential_source = Environment\n" "$S3_ROLE" | config
	export AWS_ACCESS_KEY_ID=$id AWS_SECRET_ACCESS_KEY=$secret
	fails 1 bt-s3cat --profile r "$u/a"
	said "bt-s3cat: $u/a: $AWS_ENDPOINT_URL_STS: AssumeRole $S3_ROLE-not: 4"
'
finish
