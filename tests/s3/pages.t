#!/bin/sh
# The examples of the manual pages that use S3, run as tests/pages.t runs the others,
# and those that use other machines: node1 and node2 are this one, by ssh.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib.sh"
. "${0%/*}/../pages.sh"
. "${0%/*}/../ssh.sh"
if ! command -v mandoc >/dev/null; then
	echo '1..0 # SKIP no mandoc'
	exit 0
fi

# What the examples find in the bucket.
objects() {
	for key in in/reviews.csv in/2026-11-27/a.csv reviews/a.csv; do
		bt-s3put "s3://$bucket/$key" <"$top/examples/reviews/reviews.csv"
	done
	gzip -c "$top/examples/reviews/reviews.csv" | bt-s3put "s3://$bucket/a.csv.gz"
	echo "[{\"prefix\": \"s3://$bucket/in/\"}, \"reviews.csv\"]" |
	    bt-s3put "s3://$bucket/input.manifest"
}

# why_not FILE: why a block is not run here, or nothing.
why_not() {
	case $(sed 's/^ *//' "$1") in
	*ssh\ * | *'parallel -S'*) test -d ssh || echo 'it needs an ssh server' ;;
	docker* | '{'* | *https://*) echo 'it has nothing to do with S3' ;;
	*s3://*) ;;
	*) echo 'it has nothing to do with S3' ;;
	esac
}

# A server of ours needs these.
allowed='it has nothing to do with S3'
if ! has_sshd || ! command -v parallel >/dev/null; then
	allowed="$allowed\\|it needs an ssh server"
fi

objects
for file in "$top"/man/*.[1-9]; do
	page=${file##*/} page=${page%.*}
	rendered "$file" | grep -Eq '^          .*(s3://|ssh |parallel -S)' || continue
	ok "$page: the examples run" '
		mkdir "$tmp/blocks"
		(cd "$tmp/blocks"; blocks "$file"
		sed -i "s,s3://bucket/,s3://$bucket/,g; s,http://127.0.0.1:9000,$AWS_ENDPOINT_URL_S3,g" *)
		for shell in dash bash; do
			mkdir $shell
			(
				cd $shell
				folder
				cp in.csv a.csv
				case $allowed in
				*ssh*) ;;
				*) ! grep -q "ssh \\|parallel -S" "$tmp"/blocks/* || machines node1 node2 node3 ;;
				esac
				trap end_machines EXIT
				run_blocks $shell
				if grep "is not run:" "$tmp/script" | grep -v ": \\($allowed\\)$"; then false; fi
			) || { rm -rf "$tmp/blocks"; false; }
		done
		rm -rf "$tmp/blocks"
	'
done
finish
