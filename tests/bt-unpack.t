#!/bin/sh
# bt-unpack: a folder that is whole, or none.  What it refuses of an archive,
# bt-predict-archive.t says.
. "${0%/*}/lib.sh"
. "${0%/*}/archive.sh"

ok 'a folder of the archive, made once' '
	model
	tar -czf a.tar.gz -C m .
	bt-unpack a.tar.gz u >out
	same out </dev/null
	(cd u && find . | sort | xargs && stat -c %a . model.bin run | xargs) >out
	same out <<-END
	. ./code ./code/inference.py ./code/lib ./code/lib/x.py ./model.bin ./run
	700 600 700
	END
	diff -r m u
	echo other >u/model.bin
	touch -d 2001-01-01 u .
	bt-unpack a.tar.gz u
	rm a.tar.gz
	bt-unpack a.tar.gz u
	echo other | same u/model.bin
	test -z "$(find . -maxdepth 1 -name u -newermt 2001-01-02)"
'
ok 'FOLDER may be empty, end with a slash, be anywhere, begin with a dash' '
	model
	tar -czf m.tar.gz -C m .
	mkdir u -p deep/er
	for folder in u v// "$PWD/w" deep/er/x -- ./-y deep/er; do
		test "$folder" != -- || continue
		case $folder in deep/er) rm -r deep/er/x ;; esac
		bt-unpack m.tar.gz "$folder"
		diff -r m "$folder"
	done
	bt-unpack -- m.tar.gz -z
	diff -r m ./-z
	ls -A >got
	same got <<-END
	-y
	-z
	deep
	got
	m
	m.tar.gz
	u
	v
	w
	END
	ls -A deep >got
	echo er | same got
'
ok 'the archive may come through a pipe, in pieces of any size' '
	model
	head -c 200000 /dev/urandom >m/noise
	tar -cf m.tar -C m .
	gzip -k m.tar
	for archive in m.tar m.tar.gz; do
		cat $archive | bt-unpack - u
		diff -r m u
		rm -r u
		{ head -c 1 $archive; sleep 0.1; tail -c +2 $archive; } |
		    bt-unpack /dev/stdin u
		diff -r m u
		rm -r u
	done
	bt-unpack - u <m.tar
	diff -r m u
	rm -r u
	mkfifo fifo
	cat m.tar.gz >fifo &
	bt-unpack fifo u
	diff -r m u
	cp m.tar ./-
	bt-unpack ./- v
	diff -r m v
'
ok 'what is wrong with a pipe is named' '
	model
	tar -czf m.tar.gz -C m .
	head -c 100 m.tar.gz >cut
	cat cut | fails 1 bt-unpack - u
	said "bt-unpack: standard input: "
	: | fails 1 bt-unpack - u
	said "bt-unpack: standard input: "
	fails 1 bt-unpack - u <m
	said "bt-unpack: standard input: Is a directory"
	test ! -e u
	ls -A | fails 1 grep unpacking
'
ok 'it is durable before it has its name, unless that does not matter' '
	model
	tar -czf m.tar.gz -C m .
	calls() {
		ASAN_OPTIONS=detect_leaks=0 strace -f -o calls \
		    -e trace=/^rename,syncfs,fsync bt-unpack "$@"
		sed -n "s/^[0-9]* *\(rename\|syncfs\|fsync\).*/\1/p" calls
	}
	calls m.tar.gz u >out
	same out <<-END
	syncfs
	rename
	fsync
	END
	calls --no-sync m.tar.gz v >out
	same out <<-END
	rename
	END
'
ok 'what is refused leaves nothing, and is named' '
	model
	tar -czf m.tar.gz -C m .
	head -c 100 m.tar.gz >cut.tar.gz
	pack evil "add(\"../evil\")"
	pack link "add(\"link\", tarfile.SYMTYPE, link=\"/etc/passwd\")"
	pack large "add(\"zeros\", data=bytes(3000000))"
	pack many "for i in range(600): add(\"d%d\" % i, tarfile.DIRTYPE)"
	echo text >text
	while IFS="|" read -r file why; do
		fails 1 bt-unpack --max-model-in-mb 2 $file u 2>err
		test "$(wc -l <err)" -eq 1
		said "bt-unpack: $file: $why"
		test ! -e u
		ls -A | fails 1 grep unpacking
	done <<-END
	evil.tar.gz|../evil: a path with ..
	link.tar.gz|link: a symbolic link
	large.tar.gz|more than 2 MB when unpacked
	many.tar.gz|more than 2 MB when unpacked
	cut.tar.gz|
	text|damaged, or no tar archive: Unrecognized archive format
	m|Is a directory
	none|No such file or directory
	END
	test ! -e evil
	bt-unpack --max-model-in-mb 3 large.tar.gz u
	test "$(wc -c <u/zeros)" -eq 3000000
	fails 1 bt-unpack m.tar.gz no/u
	said "bt-unpack: no/u: No such file or directory"
	fails 1 bt-unpack m.tar.gz text
	said "bt-unpack: text: Not a directory"
	ln -s nowhere dangling
	fails 1 bt-unpack m.tar.gz dangling
	said "bt-unpack: dangling: Not a directory"
	ls -A | fails 1 grep unpacking
'
ok 'a command line that is wrong' '
	fails 2 bt-unpack
	fails 2 bt-unpack a
	fails 2 bt-unpack a b c
	fails 2 bt-unpack a ""
	said "bt-unpack: folder: empty"
	fails 2 bt-unpack --max-model-in-mb 0 a b
	said "bt-unpack: --max-model-in-mb 0: less than 1"
	fails 1 bt-unpack --help >/dev/full
	fails 1 bt-unpack --version >/dev/full
'
ok 'killed at any moment, it is repeated' '
	mkdir m
	for i in 1 2 3 4; do head -c 3000000 /dev/urandom >m/$i; done
	tar -cf m.tar -C m .
	cut=0
	for ms in 002 005 008 010 012 014 016 018 020 025 030 040; do
		bt-unpack m.tar u &
		sleep 0.$ms
		kill -9 $! 2>/dev/null || :
		wait $! || :
		if test -e u; then
			diff -r m u
		else
			cut=$((cut + 1))
		fi
		bt-unpack m.tar u
		diff -r m u
		rm -r u*
	done
	test $cut -gt 0
'
ok 'a signal leaves nothing' '
	mkdir m
	head -c 300000000 /dev/zero >m/zeros
	tar -czf m.tar.gz -C m .
	rm -r m
	for signal in HUP INT TERM QUIT PIPE XCPU; do
		env --default-signal=$signal bt-unpack m.tar.gz u 2>err &
		i=0
		while test -z "$(ls -d u* 2>/dev/null)" && test $i -lt 1000; do
			sleep 0.01
			i=$((i + 1))
		done
		kill -$signal $!
		status=0
		wait $! || status=$?
		test "$(kill -l $status)" = $signal
		same err </dev/null
		ls -A >left
		same left <<-END
		err
		left
		m.tar.gz
		END
	done
'
ok 'many at once' '
	mkdir m
	head -c 3000000 /dev/urandom >m/noise
	tar -czf m.tar.gz -C m .
	seq 8 | xargs -P 8 -I N bt-unpack m.tar.gz u
	diff -r m u
	ls -A >left
	same left <<-END
	left
	m
	m.tar.gz
	u
	END
'
# A disk of one megabyte.
small='mount -t tmpfs -o size=1m none disk'
if mkdir "$tmp/disk" && (cd "$tmp" && unshare -rm sh -c "$small") 2>/dev/null; then
	ok 'a full disk is an error, and nothing is left on it' '
		mkdir m disk
		head -c 2000000 /dev/urandom >m/noise
		tar -czf m.tar.gz -C m .
		unshare -rm sh -c "$small
		    bt-unpack m.tar.gz disk/u
		    echo exit \$? >status; ls -A disk >left" 2>err
		echo "exit 1" | same status
		same left </dev/null
		echo "bt-unpack: m.tar.gz: ./noise: No space left on device" | same err
	'
else
	skip 'a full disk' 'no tmpfs can be mounted'
fi
ok 'the examples of its page' '
	mkdir m
	echo "{\"format\":\"bt-linear\",\"version\":1,\"kind\":\"linear\",\"weights\":[2,1]}" >m/model.json
	tar -czf model.tar.gz -C m .
	printf "1,2\n3,4\n" >in.csv
	mandoc -Tascii "$top/man/bt-unpack.1" | sed "s/.$(printf "\b")//g" |
	    sed -n "/^EXAMPLES/,/^SEE/s/^ \{6,\}//p" >commands
	test "$(grep -c bt-unpack commands)" -eq 4
	printf "#!/bin/sh\nshift\nexec \"\$@\"\n" >ssh
	chmod +x ssh
	PATH=$PWD:$PATH sh -eu commands >out
	same out <<-END
	4
	10
	END
	diff -r m model
	diff -r m copy
	test ! -e try
'
finish
