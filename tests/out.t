#!/bin/sh
# Outputs that exist whole or not at all.
. "${0%/*}/lib.sh"

# shellcheck disable=SC2034
out=$B/tests/out

ok 'an output appears when it is committed' '
	printf "%s\n" "new a" "write 0 one" "write 0  two" "commit 0" | "$out" >said
	test ! -s said
	printf "one two" | cmp - a
	test "$(ls -A | xargs)" = "a said"
'
ok 'it takes the place of what was there, which stays until then' '
	echo before >a
	printf "%s\n" "new a" "write 0 after" "exit 3" >in
	fails 3 "$out" <in
	echo before | same a
	printf "%s\n" "new a" "write 0 after" "commit 0" | "$out"
	printf after | cmp - a
'
ok 'more outputs at once than files can be open' '
	{
		seq -f "new f%g" 0 599
		for text in x y; do
			seq -f "write %g $text" 0 599
		done
		echo "group 0 512"
		echo "abort 512"
		echo "group 513 600"
	} >in
	for n in 150 9; do
		rm -f f*
		(ulimit -n $n; exec "$out") <in >said
		test "$(ls -A | grep -c "^f")" -eq 599
	done
	test ! -s said
	test "$(ls -A | grep -c "^f")" -eq 599
	test "$(cat f* | wc -c)" -eq 1198
	printf xy | cmp - f0
	printf xy | cmp - f599
	test ! -e f512
	test -z "$(find . -name ".bt-*")"
'
ok 'the end of the process leaves nothing, a kill a hidden file' '
	printf "%s\n" "new a" "write 0 x" "new b" "exit 0" | "$out"
	test -z "$(ls -A)"
	printf "%s\n" "new a" "write 0 x" kill >in
	fails 137 "$out" <in
	rm in
	ls -A | grep "^\.bt-[0-9]*-0\.tmp\$"
	test "$(ls -A | wc -l)" -eq 1
'
ok 'a temporary name that is taken is not used' '
	printf "%s\n" block "new a" "write 0 x" "commit 0" | "$out" >said
	test ! -s said
	printf x | cmp - a
	test "$(ls -A | grep -c "^\.bt-")" -eq 1
'
ok 'what cannot be put in its place is gone; the others are there' '
	mkdir b
	printf "%s\n" "new a" "new b" "new c" "group 0 3" | "$out" >said
	echo "group: 1: Is a directory" | same said
	test "$(ls -A | xargs)" = "a b c said"
	mkdir d d/e
	ln -s f f
	printf "%s\n" "new d" "new a" "new b" "new f" "new c" "group 0 5" | "$out" >said
	same said <<-END
	group: 0: Is a directory
	group: 2: Is a directory
	END
	test "$(ls -A | xargs)" = "a b c d f said"
	rm -r d f
	test "$(ls -A | xargs)" = "a b c said"
	printf "%s\n" "new b" "commit 0" "new no/d" "new a/d" | "$out" >said
	same said <<-END
	commit 0: Is a directory
	new no/d: No such file or directory
	new a/d: Not a directory
	END
	test "$(ls -A | xargs)" = "a b c said"
'
ok 'a device or a pipe is not replaced' '
	mkfifo pipe
	ln -s pipe link
	ln -s none dangling
	printf "%s\n" "new pipe" "new link" "new dangling" "group 0 3" | "$out" >said
	same said <<-END
	group: 0: File exists
	group: 1: File exists
	END
	test -p link
	test -f dangling
	test "$(ls -A | xargs)" = "dangling link pipe said"
'
ok 'outputs of several folders' '
	mkdir x y
	printf "%s\n" "new x/a" "new y/a" "new x/b" "write 1 y" "group 0 3" | "$out"
	test "$(cat y/a)" = y
	test "$(echo x/* y/* x/.bt* y/.bt*)" = "x/a x/b y/a x/.bt* y/.bt*"
'
ok 'without memory it ends, and leaves nothing' '
	for n in 0 1 2 3 4 5 6 7 8 9; do
		printf "%s\n" "starve $n" "new a" "write 0 x" | "$out" || :
		test -z "$(ls -A)"
	done
'
ok 'folders are made where they are missing' '
	printf "%s\n" "below x/y/a" "below b" "below $PWD/x/z/c" "write 2 c" "group 0 3" |
	    "$out" >said
	test ! -s said
	test "$(find . -type f | sort | xargs)" = "./b ./said ./x/y/a ./x/z/c"
	printf "%s\n" "below b/c" "below x/y/a/c/d" | "$out" >said
	same said <<-END
	new b/c: Not a directory
	new x/y/a/c/d: Not a directory
	END
'
ok 'what was written last is taken back' '
	printf "%s\n" "new a" "write 0 onetwo" "cut 0 3" "write 0  three" "commit 0" | "$out"
	printf "one three" | cmp - a
'
# calls NAMES: these system calls, by the files they are of.
calls() {
	ASAN_OPTIONS=detect_leaks=0 strace -qq -y -o calls -e trace="$1" "$out" >said
}

if strace -o "$tmp/calls" true 2>/dev/null; then
	ok 'new folders are durable where the output is' '
		printf "%s\n" "below x/y/a" "commit 0" | calls fsync,rename
		sed "s,$PWD,.,; s/([0-9]*</ /; s/>).*//; s/(.*//; s/tmp.*/tmp/; s/-.*tmp/tmp/" calls >order
		same order <<-END
		fsync ./x/y/.bttmp
		fsync .
		fsync ./x
		rename
		fsync ./x/y
		END
		printf "%s\n" "new x/y/a" "commit 0" | calls fsync,rename
		test "$(wc -l <calls)" -eq 3
		printf "%s\n" "below z/a" "below z/b" "group 0 2" | calls syncfs,fsync,rename
		sed "s/(.*//" calls | xargs >order
		echo "syncfs rename rename fsync" | same order
		# What an old kernel does not say of many files, it says of one.
		if command -v setarch; then
			printf "%s\n" "new c" "new d" "group 0 2" >in
			ASAN_OPTIONS=detect_leaks=0 setarch --uname-2.6 \
			    strace -qq -o calls -e trace=syncfs,fsync,rename "$out" <in
			sed "s/(.*//" calls | xargs >order
			echo "fsync fsync rename rename fsync" | same order
		fi
	'
	ok 'where the disk cannot take it none is there, but with its name perhaps' '
		fault() {
			printf "%s\n" "new a" "new b" "new c" "group 0 2" "exit 0" |
			    ASAN_OPTIONS=detect_leaks=0 strace -qq -o calls -e inject="$1" "$out" >said
		}
		fault syncfs:error=EIO
		same said <<-END
		group: Input/output error
		group: 0: Input/output error
		group: 1: Input/output error
		END
		test "$(ls -A | xargs)" = "calls said"
		for error in ENOSPC EIO EROFS; do
			fault rename:error=$error:when=1
			test "$(grep -c "^group: [01]: " said)" -eq 2
			fault rename:error=$error:when=2
			test "$(grep -c "^group: [01]: " said)" -eq 1
			test "$(ls -A | xargs)" = "a calls said"
			rm a
		done
		fault fsync:error=EIO
		echo "group: Input/output error" | same said
		test "$(ls -A | xargs)" = "a b calls said"
	'
else
	skip 'new folders are durable where the output is' 'no strace(1) here'
	skip 'where the disk cannot take it none is there, but with its name perhaps' \
	    'no strace(1) here'
fi
finish
