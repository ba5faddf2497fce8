#!/bin/sh
# Manifests: of names, and of the outputs of what another names.
. "${0%/*}/lib.sh"
if [ ! -x "$B/bt-s3manifest" ]; then
	skip 'manifests' 'no libraries for S3'
	finish
fi

ok 'names become a manifest, which names them again' '
	printf "%s\n" "s3://bucket/in/a.csv" "s3://bucket/in/x/ä \"q\" \\.csv" >names
	bt-s3manifest s3://bucket/in/ <names >manifest
	same manifest <<-"END"
	[
	    {"prefix": "s3://bucket/in/"},
	    "a.csv",
	    "x/ä \"q\" \\.csv"
	]
	END
	bt-s3cat -l --manifest manifest | cmp - names
'
ok 'a prefix that is a path is below a folder' '
	for prefix in in/ "" ../in/x /in/ s3://b/in/ file:///in/; do
		printf "[{\"prefix\": \"%s\"}, \"a.csv\", \"b\\\\nc\"]" "$prefix" |
		    bt-s3manifest --below "/a b" - | tr -d "\n"
		echo
	done >out
	same out <<-"END"
	[    {"prefix": "/a b/in/"},    "a.csv",    "b\nc"]
	[    {"prefix": "/a b/"},    "a.csv",    "b\nc"]
	[    {"prefix": "/a b/../in/x"},    "a.csv",    "b\nc"]
	[    {"prefix": "/in/"},    "a.csv",    "b\nc"]
	[    {"prefix": "s3://b/in/"},    "a.csv",    "b\nc"]
	[    {"prefix": "file:///in/"},    "a.csv",    "b\nc"]
	END
	fails 2 bt-s3manifest --below x --prefix m
	fails 2 bt-s3manifest --below x -0 m
	printf "[{\"prefix\": \"\"}, \"a.csv\", \"s3://b/c.csv\"]" >m
	fails 1 bt-s3manifest --below "/a b" m
	said "bt-s3manifest: m: entry 2 of the manifest: s3://b/c.csv: s3://BUCKET/ belongs in the prefix"
	fails 1 bt-s3cat -l --manifest m
	said "bt-s3cat: m: entry 2 of the manifest: s3://b/c.csv: s3://BUCKET/ belongs in the prefix"
	printf "[{\"prefix\": \"s3:\"}, \"//b/c.csv\"]" >m
	fails 1 bt-s3manifest --below . m
	said "bt-s3manifest: m: entry 1 of the manifest: //b/c.csv: s3://BUCKET/ belongs in the prefix"
'
ok 'a prefix of another scheme' '
	fails 1 bt-s3manifest https://b/ </dev/null
	said "bt-s3manifest: https://b/: neither s3://BUCKET/... nor a path"
	echo s3://b/c.csv >names
	fails 1 bt-s3manifest "" <names
	said "bt-s3manifest: name 0: s3://b/c.csv: s3://BUCKET/ belongs in the prefix"
	for prefix in https://b.s3.amazonaws.com/in/ S3://b/ s3a://b/; do
		echo "[{\"prefix\": \"$prefix\"}, \"a.csv\"]" >m
		for tool in "bt-s3manifest --below x" "bt-s3manifest --prefix" "bt-s3manifest --outputs x" "bt-s3cat -l --manifest"; do
			fails 1 $tool m
			said ": m: entry 0 of the manifest: $prefix: neither s3://BUCKET/... nor a path"
		done
	done
'
ok 'strict: objects of S3 only' '
	for prefix in /etc/ etc/ "" ../ file:///etc/ file://localhost/etc/ s3:// s3:///in/ s3://bucket; do
		echo "[{\"prefix\": \"$prefix\"}, \"a.csv\"]" >m
		fails 1 bt-s3manifest --below x --strict m >out
		same "$tmp/err" <<-END
		bt-s3manifest: m: entry 0 of the manifest: $prefix: not s3://BUCKET/...
		END
		same out </dev/null
	done
	echo "[{\"prefix\": \"s3://bucket/in/\"}, \"/etc/passwd\", \"../../x\"]" >m
	bt-s3manifest --strict --below x m >out
	same out <<-END
	[
	    {"prefix": "s3://bucket/in/"},
	    "/etc/passwd",
	    "../../x"
	]
	END
	fails 2 bt-s3manifest --strict s3://bucket/
	fails 2 bt-s3manifest --strict --prefix m
'
ok 'a name that is there twice' '
	printf "p/a\np/b\np/a\n" >names
	fails 1 bt-s3manifest p/ <names
	said "bt-s3manifest: name 2: p/a: the same as name 0"
	echo "[{\"prefix\": \"s3://b/\"}, \"a\", \"b\", \"a/\", \"a\"]" >m
	fails 1 bt-s3manifest --below x m
	said "bt-s3manifest: m: entry 4 of the manifest: a: the same as entry 1"
	fails 1 bt-s3cat -l --manifest m
	said "bt-s3cat: m: entry 4 of the manifest: a: the same as entry 1"
'
ok 'names with a newline, and none at all' '
	printf "p/a\nb\0p/c\0" | bt-s3manifest -0 p/ >manifest
	same manifest <<-"END"
	[
	    {"prefix": "p/"},
	    "a\nb",
	    "c"
	]
	END
	bt-s3manifest p/ </dev/null >got
	same got <<-END
	[
	    {"prefix": "p/"}
	]
	END
	printf "p/\np/x/\np/x/y\n" | bt-s3manifest p/ >got
	same got <<-END
	[
	    {"prefix": "p/"},
	    "x/y"
	]
	END
	printf p/last | bt-s3manifest p/ | grep -qx "    \"last\""
'
ok 'the manifest of the outputs' '
	printf "%s" "[{\"prefix\": \"s3://bucket/in/\"}, \"a.csv\", \"b/c\"]" >manifest
	bt-s3manifest --outputs s3://o/ manifest >out
	same out <<-END
	[
	    {"prefix": "s3://o/"},
	    "a.csv.out",
	    "b/c.out"
	]
	END
	bt-s3manifest --outputs s3://o/ - <manifest | cmp - out
	bt-s3manifest --outputs s3://o - <manifest | cmp - out
	bt-s3manifest --prefix manifest >got
	same got <<-END
	s3://bucket/in/
	END
'
ok 'what is refused' '
	echo q/a >in
	fails 1 bt-s3manifest p/ <in >out
	said "bt-s3manifest: name 0: q/a: not below p/"
	same out </dev/null
	printf "p/a\0b\np/c\n" >in
	fails 1 bt-s3manifest p/ <in >out
	said "bt-s3manifest: name 0: a NUL in it: p/a: names that end with one need -0"
	same out </dev/null
	echo p >in
	fails 1 bt-s3manifest p <in
	said "bt-s3manifest: name 0: nothing after p"
	printf "p/\377\n" >in
	fails 1 bt-s3manifest p/ <in
	said "bt-s3manifest: name 0: not UTF-8: "
	echo "[\"a\"]" >manifest
	fails 1 bt-s3manifest --prefix manifest
	said "bt-s3manifest: manifest: not a manifest: no array that begins with {\"prefix\": ...}"
	fails 1 bt-s3manifest --outputs p/ none
	said "bt-s3manifest: none: No such file or directory"
	echo p/a >in
	fails 1 sh -c "bt-s3manifest p/ <in >&-"
	said "bt-s3manifest: standard output: Bad file descriptor"
	fails 1 sh -c "bt-s3manifest p/ <&-"
	said "bt-s3manifest: standard input: Bad file descriptor"
	fails 1 sh -c "echo p/a | bt-s3manifest p/ >/dev/full"
	said "bt-s3manifest: standard output: No space left on device"
	fails 2 bt-s3manifest
	fails 2 bt-s3manifest -0 --prefix manifest
	fails 2 bt-s3manifest --prefix --outputs p/ manifest
'
ok 'pipes that do not block' '
	cat >slowly <<-END
	import os, subprocess, sys, time
	(r, w), (i, o) = os.pipe(), os.pipe()
	os.set_blocking(w, False)
	os.set_blocking(i, False)
	p = subprocess.Popen(["bt-s3manifest", "p/"], stdin=i, stdout=w)
	os.close(w)
	os.close(i)
	time.sleep(0.5)
	for n in range(20000):
	    os.write(o, b"p/%d\n" % n)
	os.close(o)
	time.sleep(0.5)
	while piece := os.read(r, 65536):
	    sys.stdout.buffer.write(piece)
	sys.exit(p.wait())
	END
	python3 slowly >out
	seq 0 19999 | sed "s,^,p/," | bt-s3manifest p/ | cmp - out
'
finish
