#!/bin/sh
# bt-split: the output of a command as the object.
. "${0%/*}/lib.sh"

gone() {
	! kill -0 "$1" 2>/dev/null
}

ok 'what a command writes is cut as it comes' '
	printf "a\nb\n" >in
	bt-split -o spool/x.csv -n 1 -- cat <in >out
	cmp spool/x.csv in
	sed "s/,crc32c=[0-9a-f]*//" out >got
	same got <<-END
	spool/x.csv#bytes=0+2,records=0+1
	spool/x.csv#bytes=2+2,records=1+1,last
	END
	bt-split -o y.csv -- gzip -c in >out
	cmp y.csv in
	bt-split -o z.csv -- printf "%s\n" -n "two words" "\$HOME;" >out
	same z.csv <<-END
	-n
	two words
	\$HOME;
	END
'
ok 'one that fails leaves no file and no last reference' '
	fails 1 bt-split -o spool/x.csv -n 1 -- sh -c "printf \"1\n2\n3\n\"; exit 22" >out
	echo "bt-split: sh: exited with status 22" | cmp - "$tmp/err"
	sed "s/,crc32c=[0-9a-f]*//" out >got
	same got <<-END
	spool/x.csv#bytes=0+2,records=0+1
	spool/x.csv#bytes=2+2,records=1+1
	spool/x.csv#bytes=4+2,records=2+1
	END
	fails 1 bt-split -o spool/x.csv -- sh -c "printf 1; kill -9 \$\$" >out
	said "bt-split: sh: killed by signal 9"
	fails 1 bt-split -o spool/x.csv -- false >>out
	fails 1 bt-split -o spool/x.csv -- sh -c "echo 1 | gzip | head -c 15; exit 3" >>out
	echo "bt-split: sh: exited with status 3" | cmp - "$tmp/err"
	test ! -s out
	echo old >old.csv
	fails 1 bt-split --overwrite -o old.csv -- sh -c "echo; exit 3" >>out
	test ! -e old.csv
	fails 1 bt-split -o spool/x.csv -- ./none >>out
	echo "bt-split: ./none: No such file or directory" | cmp - "$tmp/err"
	rmdir spool
'
ok 'bt-join refuses an object whose command has failed' '
	export BT_PLUGIN_PATH="$B/plugins:$B/tests/plugins"
	fails 1 bt-split -o x.csv -n 1 -- sh -c "seq 3; exit 22" >refs
	seq 3 >x.csv
	bt-predict -m identity -o parts <refs >results
	fails 1 bt-join -o out results
	said "bt-join: x.csv: no result from record 3 (byte 6) on: the last batch is missing"
	test ! -e out/x.csv.out
'
ok 'the command does not run if there can be no file' '
	echo 1 >x.csv
	fails 1 bt-split -o x.csv -- sh -c ">ran"
	said "bt-split: sh: x.csv: it exists; remove it, or use --overwrite"
	fails 2 bt-split -o . -- sh -c ">ran"
	said "bt-split: -o .: sh: it has no name for a file there; give -o FILE"
	fails 2 bt-split -o y.csv x.csv -- sh -c ">ran"
	said "bt-split: x.csv: an object besides a command"
	fails 2 bt-split -o y.csv --
	said "usage: bt-split"
	fails 2 bt-split --files0-from x.csv -o y.csv -- sh -c ">ran"
	said "bt-split: sh: an object besides --files0-from"
	test ! -e ran
	echo 1 | cmp - x.csv
'
ok 'without -o, and as the argument of an option, -- is no command' '
	echo 1 >x.csv
	bt-split -- x.csv >out
	bt-split -o -- x.csv >>out
	test "$(wc -l <out)" -eq 2
'
ok 'an object that is refused ends the command' '
	fails 1 bt-split -o x.csv -- sh -c "printf \"1\n\\\"a\nb\\\"\n\"; exec yes"
	said "x.csv: record 1 (line 2, byte 2): a newline inside a quoted field"
	test "$(wc -l <"$tmp/err")" -eq 1
	head -n 1 x.csv
'
ok 'the command ends with bt-split, and the file goes' '
	for signal in 15 1; do
		bt-split -o x.csv -n 1 -- sh -c "echo \$\$ >pid; seq 9; exec sleep 600" >out &
		await test -s out
		kill -$signal $!
		fails $((128 + signal)) wait $!
		await gone "$(cat pid)"
		test ! -e x.csv
		: >out
	done
	bt-split -o x.csv -n 1 -- sh -c "echo \$\$ >pid; seq 99999; exec sleep 600" | head -n 1
	await gone "$(cat pid)"
	test ! -e x.csv
	fails 1 bt-split -o x.csv -n 1 -- sh -c "echo \$\$ >pid; seq 9; exec sleep 600" >/dev/full
	await gone "$(cat pid)"
	test ! -e x.csv
'
finish
