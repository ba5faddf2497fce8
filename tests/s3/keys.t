#!/bin/sh
# Keys that something between a shell and a store gets wrong.
. "${0%/*}/../lib.sh"
. "$top/tests/s3/lib.sh"
. "$top/tests/s3/keys.sh"

u=s3://$bucket/

store() {
	printf 'key %s' "$1" | bt-s3put "$u$1"
}

# What another client sees under the key, and what bt-s3cat reads.
read_back() {
	printf 'key %s' "$1" >want
	s3 get "$bucket" "$1" | cmp - want
	bt-s3cat "$u$1" | cmp - want
}

delete() {
	s3 rm "$bucket" "$1"
	fails 1 bt-s3cat "$u$1"
	said "404 NoSuchKey"
}

ok 'put, listed, read and deleted' '
	with_each store
	with_each read_back
	test "$(keys | wc -l)" -eq "$(bt-s3cat -l -0 "$u" | tr -dc "\0" | wc -c)"
	with_each printf "$u%s\0" | LC_ALL=C sort -z >want
	bt-s3cat -l -0 "$u" | cmp - want
	bt-s3cat --prefix "$u" >all
	sed -z "s|^$u|key |" want | tr -d "\0" | cmp - all
	with_each delete
	bt-s3cat -l "$u" >out
	same out </dev/null
'
ok 'as prefixes' '
	with_each store
	for p in ../ / // a+ "k=v/" "a?" "a#" "%" "two  " "a&b" "$(printf "\001")"; do
		bt-s3cat -l -0 "$u$p" >out
		with_each printf "$u%s\0" | LC_ALL=C sort -z |
		    python3 -c "
import sys
p = sys.argv[1].encode()
sys.stdout.buffer.write(b\"\".join(k + b\"\\0\" for k in sys.stdin.buffer.read().split(b\"\\0\") if k.startswith(p) and k))
" "$u$p" | cmp - out
		test -s out
	done
'
ok 'below a folder, nothing beside it' '
	mkdir inside
	fails 1 bt-s3cat -o inside/dir --prefix "$u"
	test "$(ls -A inside)" = dir
	test ! -e /etc/outside
	test "$(grep -c "its name is not a valid file path\|its folder: \|File name too long\|already exists\|is a directory" "$tmp/err")" -eq "$(wc -l <"$tmp/err")"
	printf "key plain" | cmp - inside/dir/plain
	printf "key new\nline" | cmp - "inside/dir/new
line"
'
ok 'a folder with such names is stored' '
	mkdir dir
	for name in " " "a b" "%2F" "+" "=" "?" "#" "-help" "$(printf "\001")" "é"; do
		printf %s "$name" >"dir/$name"
	done
	bt-s3put --recursive dir "${u}up/"
	for name in dir/*; do
		bt-s3cat "${u}up/${name#dir/}" | cmp - "$name"
	done
'
finish
