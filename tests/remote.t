#!/bin/sh
# s3:// paths where S3 cannot be reached: what loads the module, and what is said.
# tests/s3/module.t has what the module does.
. "${0%/*}/lib.sh"

for name in $(env | sed -n 's/^\(AWS_[A-Z0-9_]*\)=.*/\1/p'); do
	unset "$name"
done
mkdir "$tmp/home"
export HOME="$tmp/home"

# fail COMMAND ...: exits 1; standard input is what it says.
fail() {
	fails 1 "$@" </dev/null >out
	same out </dev/null
	sed "s, in [^ ]*bin/plugins:[^ ]*:, in PLACES:," "$tmp/err" >said
	diff -u - said
}

ref='s3://bucket/a.csv#bytes=0+2,records=0+1,last'

ok 'without the module: what is missing' '
	mkdir bin empty
	cp "$B/bt-split" "$B/bt-predict" "$B/bt-join" bin
	export BT_PLUGIN_PATH=empty PATH="$PWD/bin:$PATH"
	why="no bt-s3.so in PLACES: it is built if libcurl4-openssl-dev, libssl-dev and libexpat1-dev are installed"
	fail bt-split s3://bucket/a.csv <<-END
	bt-split: s3://bucket/a.csv: $why
	END
	fail bt-predict -m identity -o s3://bucket/parts "$ref" <<-END
	bt-predict: s3://bucket/parts: $why
	END
	cp "$B/plugins/identity.so" empty
	fails 1 bt-predict -m identity -o parts "$ref" >results
	said "bt-predict: s3://bucket/a.csv: record 0 (byte 0): no bt-s3.so in "
	printf "a\n" >part
	printf "%s\tpart#bytes=0+2,records=0+1\t\n" "a.csv#bytes=0+2,records=0+1,last" >results
	fails 1 bt-join -o s3://bucket/out results
	said "bt-join: s3://bucket/out/a.csv.out: no bt-s3.so in "
'
ok 'a module of another version is not used' '
	mkdir old
	cp "$B/tests/plugins/s3_old.so" old/bt-s3.so
	export BT_PLUGIN_PATH=$PWD/old:$BT_PLUGIN_PATH
	version=$(bt-split --version | sed "s/.* //")
	fail bt-split s3://bucket/a.csv <<-END
	bt-split: s3://bucket/a.csv: bt-s3.so is of version 0.0.9, not $version
	END
'
ok 'what is no module' '
	mkdir other
	cp "$B/plugins/identity.so" other/bt-s3.so
	export BT_PLUGIN_PATH=$PWD/other:$BT_PLUGIN_PATH
	fails 1 bt-split s3://bucket/a.csv
	said "bt-split: s3://bucket/a.csv: $PWD/other/bt-s3.so: undefined symbol: bt_remote"
'
ok 'a spool is a file here' '
	fails 2 bt-split -o s3://bucket/spool s3://bucket/a.csv.gz
	same "$tmp/err" <<-END
	bt-split: -o s3://bucket/spool: a spool is a file of this machine
	END
'
ok 'no tool is linked with what the module needs' '
	for t in bt-split bt-predict bt-join bt-progress bt-report; do
		fails 1 grep -e curl -e crypto -e expat -e ssl <<-END
		$(ldd "$B/$t")
		END
	done
'
test -e "$B/plugins/bt-s3.so" || { skip 'the module' 'it is not built'; finish; }
ok 'the module is loaded at the first s3:// path' '
	loads() { LD_DEBUG=files "$@" 2>&1 >out | grep -c "calling init: .*bt-s3.so" || :; }
	printf "a\n" >a.csv
	test "$(loads bt-split a.csv)" -eq 0
	test "$(loads bt-split s3://b/a.csv s3://b/b.csv)" -eq 1
'
ok 'names that cannot be, no credentials' '
	export AWS_EC2_METADATA_DISABLED=true
	fail bt-split s3://bucket/ <<-END
	bt-split: s3://bucket/: no key
	END
	fail bt-split s3://x/y <<-END
	bt-split: s3://x/y: a bucket'\''s name has 3 to 255 bytes
	END
	fails 1 bt-split s3://bucket/a.csv
	said "bt-split: s3://bucket/a.csv: no credentials"
	AWS_PROFILE=none fails 1 bt-split s3://bucket/a.csv
	said "bt-split: s3://bucket/a.csv: "
	said "none"
'
finish
