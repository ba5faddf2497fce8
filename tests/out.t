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
	(ulimit -n 150; "$out" <in >said)
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
	printf "%s\n" "new b" "commit 0" "new no/d" "new a/d" | "$out" >said
	same said <<-END
	commit 0: Is a directory
	new no/d: No such file or directory
	new a/d: Not a directory
	END
	test "$(ls -A | xargs)" = "a b c said"
'
ok 'outputs of several folders' '
	mkdir x y
	printf "%s\n" "new x/a" "new y/a" "new x/b" "write 1 y" "group 0 3" | "$out"
	test "$(cat y/a)" = y
	test "$(echo x/* y/* x/.bt* y/.bt*)" = "x/a x/b y/a x/.bt* y/.bt*"
'
finish
