# lib.sh - beside tests/lib.sh, for tests that need an S3 server.
# shellcheck shell=sh disable=SC1090,SC1091,SC2154
#
# The server is $S3_SERVER: swift (the default) or radosgw.  Each test starts its
# own, unless $S3_ENV is set, a file that leads to one.  Its credentials and endpoint
# are in the environment, and $bucket is there and empty.  Nothing of the user's
# own is: HOME is empty.  With a server of many tests the bucket goes at the end,
# unless $S3_KEEP is set: the server itself goes soon then.
for name in $(env | sed -n 's/^\(AWS_[A-Z0-9_]*\)=.*/\1/p'); do
	unset "$name"
done
unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY
mkdir "$tmp/home"
export HOME="$tmp/home" PYTHONDONTWRITEBYTECODE=1 AWS_EC2_METADATA_DISABLED=true
here=$top/tests/s3 server=${S3_SERVER:-swift}

# s3 VERB ...: see s3.py.
s3() {
	/usr/bin/python3 "$here/s3.py" "$@"
}

leave() {
	xargs kill <"$tmp/pids"
	if test -n "${S3_ENV-}"; then
		. "$S3_ENV"
		test -n "${S3_KEEP-}" || s3 rb "$bucket"
	else
		"$here/$server" stop "$tmp/server"
	fi
	rm -rf "$tmp"
} 2>/dev/null

trap leave EXIT
trap 'exit 1' HUP INT TERM
if test -z "${S3_ENV-}"; then
	if ! "$here/$server" has; then
		echo "1..0 # SKIP no $server"
		exit 0
	fi
	"$here/$server" start "$tmp/server" >&2 || exit 1
fi
. "${S3_ENV:-$tmp/server/env}"
bucket=bt-$(od -An -N6 -tx1 /dev/urandom | tr -d ' ')
s3 mb "$bucket" || exit 1

# beside PROGRAM FILE ARGUMENT ...: one of the servers here, ended with the test;
# what it writes to FILE is in the environment then.  A subshell may start one.
beside() {
	/usr/bin/python3 "$here/$1" "$2" "$3" >&2 &
	echo $! >>"$tmp/pids"
	until test -e "$2"; do kill -0 $! && sleep 0.05 || exit 1; done
	. "$2"
}

# proxy: from here on the endpoint is that of faults.py, before the server.
proxy() {
	beside faults.py "$tmp/proxy" "$AWS_ENDPOINT_URL_S3"
}

# metadata: the variables of metadata.py are set; its log is $tmp/metadata.log.
metadata() {
	beside metadata.py "$tmp/metadata" "$tmp/metadata.log"
	unset AWS_EC2_METADATA_DISABLED
}

# faults RULE,...: what the proxy does to the requests from here on.
faults() {
	curl -sSf -X PUT -d "[$1]" "$AWS_ENDPOINT_URL_S3/-/rules"
}

# asked: the requests since, as the proxy's log has them.
asked() {
	curl -sSf "$AWS_ENDPOINT_URL_S3/-/log"
}
