#!/bin/sh
# bt-s3put, against a real server and a proxy before it.
. "${0%/*}/lib.sh"
. "$top/tests/s3/lib.sh"

u=s3://$bucket

# none KEY: it is not there, and no part of it.
none() {
	fails 1 s3 head "$bucket" "$1"
	s3 uploads "$bucket" >left
	fails 1 grep "^$1 " left
}

ok 'an object, an empty one, one of many parts' '
	echo hello | bt-s3put "$u/a"
	s3 get "$bucket" a >out
	echo hello | cmp - out
	bt-s3put "$u/none" </dev/null
	s3 head "$bucket" none | grep -i "^content-length: 0$"
	for n in 8388607 8388608 8388609 16777216 40000000; do
		head -c $n /dev/urandom >in
		bt-s3put "$u/big" <in
		s3 get "$bucket" big | cmp - in
		cat in | bt-s3put --connections 1 --part-size 5242880 "$u/big"
		s3 get "$bucket" big | cmp - in
	done
	s3 head "$bucket" big | grep -i "^etag: .*-8\"$"
	s3 uploads "$bucket" >out
	same out </dev/null
'
ok 'what it is given' '
	echo x | bt-s3put --content-type text/csv "$u/typed"
	s3 head "$bucket" typed | grep -i "^content-type: text/csv$"
	head -c 9000000 /dev/zero | bt-s3put --content-type text/csv "$u/typed2"
	s3 head "$bucket" typed2 | grep -i "^content-type: text/csv$"
'
ok 'an object that is there is kept' '
	fails 1 bt-s3put --if-none-match "$u/a" </dev/null
	said "bt-s3put: $u/a: it already exists"
	s3 get "$bucket" a >out
	echo hello | cmp - out
'
ok 'one that is not there is stored, where a look is enough' '
	fails 1 bt-s3put --look-first "$u/a" </dev/null
	said "bt-s3put: $u/a: it already exists"
	echo new | bt-s3put --look-first "$u/looked"
	s3 get "$bucket" looked >out
	same out <<-END
	new
	END
	head -c 9000000 /dev/zero >in
	bt-s3put --look-first "$u/looked2" <in
	s3 get "$bucket" looked2 | cmp - in
	mkdir dir
	echo 1 >dir/a
	echo 2 >dir/looked
	fails 1 bt-s3put --recursive --look-first dir "$u/"
	said "bt-s3put: $u/looked: it already exists"
	s3 ls "$bucket" looked | cut -d " " -f 2 >out
	same out <<-END
	looked
	looked2
	END
	bt-s3put --recursive --look-first dir "$u/x/"
	s3 get "$bucket" x/looked >out
	same out <<-END
	2
	END
'
ok 'a command, whole or not at all' '
	bt-s3put "$u/cmd" -- printf "%s-%s" a b
	s3 get "$bucket" cmd >out
	printf a-b | cmp - out
	fails 1 bt-s3put "$u/bad" -- sh -c "head -c 30000000 /dev/zero; exit 3"
	said "bt-s3put: $u/bad: sh: exited with status 3"
	none bad
	fails 1 bt-s3put "$u/bad" -- sh -c "echo x; kill -9 \$\$"
	said "bt-s3put: $u/bad: sh: killed by signal 9"
	none bad
	fails 1 bt-s3put "$u/bad" -- ./nocommand
	said "bt-s3put: $u/bad: ./nocommand: exited with status 127"
	none bad
'
ok 'a folder' '
	mkdir -p dir/sub dir/empty
	echo 1 >dir/1.out
	echo 2 >"dir/sub/2 +.out"
	head -c 20000000 /dev/urandom >dir/big
	cp dir/big dir/sub/big
	echo left >dir/.bt-1-1.tmp
	bt-s3put --recursive dir/ "$u/pre/x-"
	s3 ls "$bucket" pre/ >out
	same out <<-END
	2 pre/x-1.out
	20000000 pre/x-big
	2 pre/x-sub/2%20%2B.out
	20000000 pre/x-sub/big
	END
	s3 get "$bucket" pre/x-sub/big | cmp - dir/big
	ln -s nowhere dir/link
	mkfifo dir/pipe
	fails 1 bt-s3put --recursive dir "$u/again/"
	sort "$tmp/err" >said
	same said <<-END
	bt-s3put: dir/link: No such file or directory
	bt-s3put: dir/pipe: not a regular file
	END
	test "$(s3 ls "$bucket" again/ | wc -l)" -eq 4
	fails 1 bt-s3put --recursive nodir "$u/x/"
	said "bt-s3put: nodir: No such file or directory"
'
ok 'a folder with links to what it is in' '
	mkdir -p f/sub
	echo x >f/x
	ln -s . f/a
	ln -s . f/b
	ln -s .. f/sub/up
	mkdir other
	echo y >other/y
	ln -s ../other f/one
	ln -s ../other f/two
	fails 1 bt-s3put --recursive f "$u/loop/"
	sort "$tmp/err" >said
	same said <<-END
	bt-s3put: f/a: a link to a folder that contains it: not entered
	bt-s3put: f/b: a link to a folder that contains it: not entered
	bt-s3put: f/sub/up: a link to a folder that contains it: not entered
	END
	s3 ls "$bucket" loop/ >out
	same out <<-END
	2 loop/one/y
	2 loop/two/y
	2 loop/x
	END
'
ok 'standard input that is closed' '
	for option in "" --if-none-match; do
		fails 1 sh -c "bt-s3put $option $u/closed <&-"
		same "$tmp/err" <<-END
		bt-s3put: $u/closed: Bad file descriptor
		END
	done
	none closed
'
ok 'hundreds of small files' '
	mkdir many
	i=0
	while test $i -lt 300; do
		echo $i >many/$(printf %04d $i)
		i=$((i + 1))
	done
	bt-s3put --recursive many "$u/many"
	seq 0 299 >want
	bt-s3cat --prefix "$u/many" | cmp - want
'
proxy
ok 'memory is that of the parts under way' '
	case $B in *-san) exit ;; esac
	faults ""
	{ head -c 100000000 /dev/zero; sleep 1; grep VmHWM /proc/$(pgrep -f "^[^ ]*bt-s3put --connections 3 $u/zeros")/status >&3; } 3>peak |
	    bt-s3put --connections 3 "$u/zeros"
	test "$(awk "{ print \$2 }" peak)" -le $((3 * 8192 + 16384))
'
ok 'a signal aborts it, also where its input is silent' '
	mkfifo in
	for signal in TERM:143 HUP:129 PIPE:141; do
		faults ""
		bt-s3put "$u/cut" <in &
		pid=$!
		exec 3>in
		head -c 30000000 /dev/zero >&3
		until asked | grep -q partNumber=3; do sleep 0.1; done
		kill -${signal%:*} $pid
		fails ${signal#*:} wait $pid
		exec 3>&-
		test "$(asked | grep -c "\"method\": \"DELETE\"")" -eq 1
		none cut
	done
'
ok 'a signal aborts it, and ends the command' '
	for child in "head -c 30000000 /dev/zero; sleep 20" "head -c 30000000 /dev/zero; exec >&-; sleep 20" "trap : TERM; head -c 30000000 /dev/zero; exec >&-; sleep 20; sleep 20"; do
		faults ""
		start=$(date +%s)
		bt-s3put "$u/cut" -- sh -c "$child" &
		pid=$!
		until asked | grep -q partNumber=3; do sleep 0.1; done
		kill -TERM $pid
		fails 143 wait $pid
		test $(($(date +%s) - start)) -lt 10
		none cut
	done
'
ok 'no memory for a part aborts it' '
	case $B in *-san) exit ;; esac
	faults "{\"method\": \"PUT\", \"delay\": 6, \"times\": -1}"
	head -c 400000000 /dev/zero >zeros
	fails 1 sh -c "ulimit -v 500000; bt-s3put --connections 8 --part-size 60000000 $u/much" <zeros
	said "bt-s3put: $u/much: no memory for a part of 60000000 bytes"
	asked | grep "\"method\": \"DELETE\""
	none much
'
ok 'what the server is told' '
	faults "{\"method\": \"P\", \"status\": 403, \"code\": \"AccessDenied\", \"times\": -1}"
	for input in /dev/null "$tmp/large"; do
		head -c 9000000 /dev/zero >"$tmp/large"
		fails 1 bt-s3put --kms-key-id a:b/c --request-payer requester "$u/kms" <$input
	done
	asked | sed "s/.*\"method\": \"\([A-Z]*\)\".*\"amz\": {\([^}]*\)}.*/\1 \2/" >told
	same told <<-END
	PUT "x-amz-server-side-encryption": "aws:kms", "x-amz-server-side-encryption-aws-kms-key-id": "a:b/c", "x-amz-checksum-crc64nvme": "AAAAAAAAAAA=", "x-amz-request-payer": "requester"
	POST "x-amz-server-side-encryption": "aws:kms", "x-amz-server-side-encryption-aws-kms-key-id": "a:b/c", "x-amz-checksum-algorithm": "CRC64NVME", "x-amz-request-payer": "requester"
	END
	faults ""
'
ok 'a signal that was ignored at the start stays so' '
	faults ""
	mkfifo pipe
	(trap "" HUP INT TERM; exec bt-s3put "$u/kept" <pipe) &
	pid=$!
	exec 5>pipe
	head -c 9000000 /dev/zero >&5
	for signal in HUP INT TERM; do kill -$signal $pid; done
	sleep 0.3
	echo end >&5
	exec 5>&-
	wait $pid
	{ head -c 9000000 /dev/zero; echo end; } >want
	(trap "" HUP INT TERM; exec bt-s3cat "$u/kept" >pipe) &
	pid=$!
	{
		head -c 4
		for signal in HUP INT TERM; do kill -$signal $pid; done
		sleep 0.3
		cat
	} <pipe | cmp - want
	wait $pid
'
ok 'kill -9 of it, or of what feeds it' '
	bt-s3put "$u/killed" -- sh -c "head -c 30000000 /dev/zero; sleep 20" &
	pid=$!
	sleep 1
	kill -9 $pid
	wait $pid || :
	fails 1 s3 head "$bucket" killed
'
ok 'what is wrong is said' '
	fails 1 bt-s3put "s3://$bucket-not/a" </dev/null
	said "bt-s3put: s3://$bucket-not/a: 404 NoSuchBucket"
	fails 1 sh -c "head -c 20000000 /dev/zero | bt-s3put s3://$bucket-not/a"
	said "bt-s3put: s3://$bucket-not/a: 404 NoSuchBucket"
	fails 1 bt-s3put "$u/dir" </
	said "bt-s3put: $u/dir: Is a directory"
	none dir
'
ok 'the command line' '
	fails 2 bt-s3put
	fails 2 bt-s3put x
	said "bt-s3put: x: not s3://BUCKET/KEY"
	fails 2 bt-s3put "$u"
	said "bt-s3put: $u: no key"
	fails 2 bt-s3put "$u/x" --
	fails 2 bt-s3put --part-size 5 "$u/x"
	said "bt-s3put: --part-size 5: "
	fails 2 bt-s3put --recursive x
'
finish
