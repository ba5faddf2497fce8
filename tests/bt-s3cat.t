#!/bin/sh
# bt-s3cat, against a real server and a proxy before it.
. "${0%/*}/lib.sh"
. "$top/tests/s3/lib.sh"

u=s3://$bucket

ok 'objects, in the order named' '
	printf "one\n" | s3 put "$bucket" a
	printf "two\n" | s3 put "$bucket" b
	printf "file\n" >f
	bt-s3cat "$u/b" f "file://$PWD/f" "$u/a" - </dev/null >out
	same out <<-END
	two
	file
	file
	one
	END
'
ok 'an object of many parts, and of none' '
	head -c 40000000 /dev/urandom >big
	s3 put "$bucket" big <big
	: | s3 put "$bucket" none
	for c in 1 2 8; do bt-s3cat --connections $c "$u/none" "$u/big" "$u/none" | cmp - big; done
	bt-s3cat "$u/none" >out
	same out </dev/null
'
ok 'a prefix is any string, its objects are in order' '
	for key in p/a p/b/c p/b- pa q; do echo "$key" | s3 put "$bucket" "$key"; done
	bt-s3cat --prefix "$u/p" >out
	same out <<-END
	p/a
	p/b-
	p/b/c
	pa
	END
	bt-s3cat --prefix "$u/nothing" >out
	same out </dev/null
'
ok 'a list' '
	bt-s3cat -l "$u/p/" "$u/q" f >out
	same out <<-END
	$u/p/a
	$u/p/b-
	$u/p/b/c
	$u/q
	f
	END
	echo x | s3 put "$bucket" "$(printf "x/new\nline")"
	fails 1 bt-s3cat -l "$u/x/"
	said "bt-s3cat: $u/x/new%0Aline: a newline in its name: list it with -0"
	bt-s3cat -l -0 "$u/x/" | tr "\n\0" "N\n" >out
	same out <<-END
	$u/x/newNline
	END
'
ok 'more objects than a page lists' '
	mkdir many
	i=0
	while test $i -lt 1003; do
		echo $i >many/$(printf %04d $i)
		i=$((i + 1))
	done
	s3 fill "$bucket" many/ many
	seq 0 1002 >want
	bt-s3cat --prefix "$u/many/" | cmp - want
	test "$(bt-s3cat -l "$u/many/" | wc -l)" -eq 1003
'
ok 'a manifest, here or there' '
	printf "%s" "[{\"prefix\": \"$u/p/\"}, \"b/c\", \"a\"]" >m
	s3 put "$bucket" manifest <m
	for m in m "$u/manifest" -; do
		bt-s3cat --manifest "$m" <m >out
		same out <<-END
		p/b/c
		p/a
		END
	done
	bt-s3cat -l --manifest m >out
	same out <<-END
	$u/p/b/c
	$u/p/a
	END
	printf "%s" "[{\"prefix\": \"\"}, \"m\"]" >files
	bt-s3cat --manifest files | cmp - m
'
ok 'what is no manifest' '
	for m in "{}" "[]" "[\"a\"]" "[{\"prefix\":\"x\",\"y\":1}]" "[{\"prefix\":1}]" "[{\"prefix\":\"x\"}, 1]" "[{\"prefix\":\"x\"}, \"\"]" "["; do
		echo "$m" >m
		fails 1 bt-s3cat --manifest m
		cat "$tmp/err" >>said
	done
	same said <<-END
	bt-s3cat: m: not a manifest: no array that begins with {"prefix": ...}
	bt-s3cat: m: not a manifest: no array that begins with {"prefix": ...}
	bt-s3cat: m: not a manifest: no array that begins with {"prefix": ...}
	bt-s3cat: m: entry 0 of the manifest: not {"prefix": "..."} alone
	bt-s3cat: m: entry 0 of the manifest: not {"prefix": "..."} alone
	bt-s3cat: m: entry 1 of the manifest: not a name below the prefix
	bt-s3cat: m: entry 1 of the manifest: not a name below the prefix
	bt-s3cat: m: not a manifest: line 2: '\'']'\'' expected near end of file
	END
'
ok 'into a folder' '
	bt-s3cat -o dir --prefix "$u/p"
	find dir -type f -exec sh -c "echo \"\$0 \$(cat \"\$0\")\"" {} \; | sort >out
	same out <<-END
	dir/p/a p/a
	dir/p/b- p/b-
	dir/p/b/c p/b/c
	dir/pa pa
	END
	fails 1 bt-s3cat -o dir "$u/pa" "$u/q"
	said "bt-s3cat: $u/pa: the file already exists"
	echo q | cmp - dir/q
	echo new | s3 put "$bucket" pa
	bt-s3cat --overwrite -o dir "$u/pa"
	echo new | cmp - dir/pa
	printf "%s" "[{\"prefix\": \"$u/\"}, \"p/a\"]" | bt-s3cat --manifest -o by - 
	echo p/a | cmp - by/p/a
'
ok 'nothing is written outside of it' '
	mkdir outside dir
	ln -s ../outside dir/link
	for key in out/../../x out/link/x out//x out/./x out/folder/; do
		echo "$key" | s3 put "$bucket" "$key"
	done
	: | s3 put "$bucket" out/marker/
	fails 1 bt-s3cat -o dir --prefix "$u/out/"
	sort "$tmp/err" >said
	same said <<-END
	bt-s3cat: $u/out/../../x: its name is not a valid file path
	bt-s3cat: $u/out/./x: its name is not a valid file path
	bt-s3cat: $u/out//x: its name is not a valid file path
	bt-s3cat: $u/out/folder/: its name is not a valid file path
	bt-s3cat: $u/out/link/x: its folder: Not a directory
	END
	find . -type f ! -name said ! -name found >found
	same found </dev/null
'
ok 'the names of files that are whole, in order' '
	for i in 1 2 3; do echo $i | s3 put "$bucket" "names/$i"; done
	: | s3 put "$bucket" names/folder/
	bt-s3cat -o dir --names --prefix "$u/names/" "$u/q" >out
	same out <<-END
	dir/1
	dir/2
	dir/3
	dir/q
	END
	rm dir/1 dir/3
	fails 1 bt-s3cat -o dir/ --names -0 --prefix "$u/names/" >out
	same "$tmp/err" <<-END
	bt-s3cat: $u/names/2: the file already exists
	END
	tr "\0" "\n" <out >got
	same got <<-END
	dir/1
	dir/3
	END
	fails 1 bt-s3cat -o dir --names --prefix "$u/x/" >out
	same "$tmp/err" <<-END
	bt-s3cat: $u/x/new%0Aline: a newline in its name: --names needs -0
	END
	same out </dev/null
	test "$(ls dir | wc -l)" -eq 4
	bt-s3cat -o dir --names -0 --prefix "$u/x/" | tr "\n\0" "N\n" >out
	same out <<-END
	dir/newNline
	END
'
ok 'what is there already is not fetched again, and is not replaced' '
	for i in 1 2 3; do echo $i | s3 put "$bucket" "again/a$i"; done
	mkdir -p dir/sub
	echo old >dir/a2
	proxy
	faults "{\"path\": \"none\", \"times\": 0}"
	bt-s3cat -o dir --no-clobber --names --prefix "$u/again/" >out
	same out <<-END
	dir/a1
	dir/a2
	dir/a3
	END
	cat dir/a1 dir/a2 dir/a3 >got
	same got <<-END
	1
	old
	3
	END
	asked >log
	grep "again/a1" log
	grep "again/a3" log
	fails 1 grep "again/a2" log
	fails 2 bt-s3cat -o dir --no-clobber --overwrite "$u/q"
	said "bt-s3cat: --no-clobber: not with --overwrite"
'
ok 'a name is printed while the next object still comes' '
	proxy
	faults "{\"path\": \"big\", \"delay\": 8, \"times\": -1}"
	mkfifo names
	bt-s3cat -o dir --names "$u/q" "$u/big" >names &
	pid=$!
	read -r first <names
	echo "$first $(cat dir/q) $(ls dir)" >out
	same out <<-END
	dir/q q q
	END
	kill $pid
'
ok 'an unfinished file that another process has left is not in the way' '
	mkdir dir
	sh -c "echo old >dir/.bt-\$\$-0.tmp; exec bt-s3cat -o dir $u/a"
	echo one | cmp - dir/a
'
ok 'a link in its place is replaced, not followed' '
	mkdir dir
	echo mine >mine
	ln -s ../mine dir/a
	fails 1 bt-s3cat -o dir "$u/a"
	said "bt-s3cat: $u/a: the file already exists"
	bt-s3cat --overwrite -o dir "$u/a"
	echo mine | cmp - mine
	test ! -L dir/a
	echo one | cmp - dir/a
	ls -A dir >names
	same names <<-END
	a
	END
'
ok 'a full disk, and a closed pipe' '
	fails 1 sh -c "bt-s3cat $u/big >/dev/full"
	said "bt-s3cat: standard output: No space left on device"
	fails 1 sh -c "bt-s3cat -l $u/many/ >/dev/full"
	said "bt-s3cat: standard output: No space left on device"
	(set +e; bt-s3cat "$u/big" "$u/big" 2>err; echo $? >status) | head -c 5 | wc -c
	echo 141 | cmp - status
	same err </dev/null
'
ok 'a standard descriptor that is closed' '
	closed() {
		fails 1 sh -c "$1"
		echo "$2: standard output: Bad file descriptor" | same "$tmp/err"
	}
	closed "bt-s3cat $u/a >&-" bt-s3cat
	closed "bt-s3cat $u/big >&-" bt-s3cat
	closed "bt-s3cat -l $u/p >&-" bt-s3cat
	closed "bt-s3cat -o dir --names $u/a >&-" bt-s3cat
	closed "bt-split $u/a >&-" bt-split
	sh -c "bt-s3cat $u/a <&- 2>&-" >out
	echo one | cmp - out
	fails 1 sh -c "bt-s3cat - <&-" >out
	said "bt-s3cat: -: Bad file descriptor"
	fails 1 sh -c "bt-s3cat $u/nope 2>&-" >out
	same out </dev/null
'
ok 'pipes that do not block' '
	cat >slowly <<-END
	import os, subprocess, sys, time
	r, w = os.pipe()
	os.set_blocking(w, False)
	p = subprocess.Popen(sys.argv[1:], stdout=w)
	os.close(w)
	time.sleep(1)
	while piece := os.read(r, 65536):
	    sys.stdout.buffer.write(piece)
	sys.exit(p.wait())
	END
	/usr/bin/python3 slowly bt-s3cat "$u/big" >out
	bt-s3cat "$u/big" | cmp - out
	/usr/bin/python3 slowly bt-s3cat -l -0 "$u/many/" "$u/many/" "$u/many/" >out
	bt-s3cat -l -0 "$u/many/" "$u/many/" "$u/many/" | cmp - out
	printf "import os, time\nos.set_blocking(0, False)\nos.execvp(\"bt-s3cat\", [\"bt-s3cat\", \"-\"])\n" >reads
	{ echo 1; sleep 0.5; echo 2; } | /usr/bin/python3 reads >out
	same out <<-END
	1
	2
	END
'
ok 'a signal ends it though nobody reads' '
	mkfifo p
	bt-s3cat "$u/big" >p 2>err &
	pid=$!
	exec 3<p
	sleep 0.5
	kill -TERM $pid
	fails 143 wait $pid
	same err </dev/null
'
ok 'a signal ends it though nobody reads the names' '
	mkfifo p
	set --
	for i in $(seq 2000); do set -- "$@" "$u/q" "$u/q" "$u/q" "$u/q" "$u/q" "$u/q"; done
	bt-s3cat -o dir "$u/q"
	bt-s3cat -o "$PWD/dir" --no-clobber --names "$@" >p 2>err &
	pid=$!
	exec 3<p
	sleep 1
	kill -TERM $pid
	sleep 2
	fails 1 kill -0 $pid || { kill -KILL $pid; exit 1; }
	fails 143 wait $pid
	same err </dev/null
'
ok 'a signal leaves no file behind' '
	proxy
	faults "{\"stall\": [20000000, 60], \"times\": -1}"
	bt-s3cat --connections 1 -o dir "$u/big" &
	pid=$!
	for i in $(seq 100); do test -z "$(ls -A dir 2>/dev/null)" || break; sleep 0.1; done
	kill -TERM $pid
	fails 143 wait $pid
	test -z "$(ls -A dir)"
'
ok 'memory is bounded when the reader stops' '
	head -c 150000000 /dev/zero | s3 put "$bucket" zeros
	peak() {
		bt-s3cat --connections "$1" "$u/zeros" | {
			sleep 1.5
			grep VmHWM /proc/$(pgrep -f "^[^ ]*bt-s3cat --connections $1 $u/zeros")/status | awk "{ print \$2 }"
			cat >/dev/null
		}
	}
	case $B in *-san) exit ;; esac
	test "$(peak 2)" -le $((2 * 2 * 8192 + 16384))
	test "$(peak 4)" -le $((4 * 2 * 8192 + 16384))
'
ok 'what is wrong is said' '
	fails 1 bt-s3cat "$u/nope"
	# radosgw says no more than the code.
	sed "s/: The specified key does not exist.\$//" "$tmp/err" >said
	same said <<-END
	bt-s3cat: $u/nope: 404 NoSuchKey
	END
	fails 1 bt-s3cat "s3://$bucket-not/a"
	said "bt-s3cat: s3://$bucket-not/a: 404 NoSuchBucket"
	fails 1 bt-s3cat nofile
	said "bt-s3cat: nofile: No such file or directory"
	fails 1 bt-s3cat "$u/"
	said "bt-s3cat: $u/: no key"
	for url in https://x/y S3://bucket/y s3a://bucket/y; do
		fails 1 bt-s3cat $url
		said "bt-s3cat: $url: neither s3://BUCKET/KEY nor a path"
	done
	fails 1 bt-s3cat s3://x/y
	said "bt-s3cat: s3://x/y: a bucket'\''s name has 3 to 255 bytes"
	fails 1 bt-s3cat "$u/a" "$u/nope" "$u/b" >out
	echo one | cmp - out
	(AWS_SECRET_ACCESS_KEY=x; fails 1 bt-s3cat "$u/a"; said "403 SignatureDoesNotMatch")
	(export AWS_ENDPOINT_URL_S3=http://127.0.0.1:1 AWS_MAX_ATTEMPTS=2
	fails 1 bt-s3cat "$u/a"; said "127.0.0.1 port 1"; said "(2 attempts)")
	(unset AWS_ACCESS_KEY_ID; fails 1 bt-s3cat "$u/a"; said "no credentials")
'
ok 'the command line' '
	fails 2 bt-s3cat
	fails 2 bt-s3cat -0 x
	said "bt-s3cat: -0: only with -l or --names"
	fails 2 bt-s3cat --names x
	said "bt-s3cat: --names: only with -o"
	fails 2 bt-s3cat -l -o dir x
	said "bt-s3cat: -l: not with -o"
	fails 2 bt-s3cat --connections 0 x
	said "bt-s3cat: --connections 0: less than 1"
	fails 2 bt-s3cat -c 8 x
	fails 2 bt-s3cat --request-payer me x
	said "bt-s3cat: --request-payer me: not requester"
'
ok 'an option that is gone names what does its work' '
	for option in --gunzip --long --progress "--range 5+1"; do
		fails 2 bt-s3cat -l $option x
		cat "$tmp/err" >>said
	done
	same said <<-END
	bt-s3cat: --gunzip: no longer an option: pipe into gunzip(1)
	bt-s3cat: --long: no longer an option: bt-s3cat -l | xargs -d '\''\\n'\'' bt-split -t None lists sizes and ETags
	bt-s3cat: --progress: no longer an option: see bt-progress(1)
	bt-s3cat: --range: no longer an option: pipe into tail(1) or head(1), or cut with bt-split(1)
	END
	fails 2 bt-s3cat -z x
	said "bt-s3cat: -z: no longer an option: pipe into gunzip(1)"
'
finish
