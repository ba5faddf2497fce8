#!/bin/sh
# The command that lists the tools and runs one.
. "${0%/*}/lib.sh"

ok 'the list names every tool, and no other' '
	bt | sed -n "s/^    \([a-z0-9]\{1,\}\)  .*/\1/p" >list
	{ ls "$top/tools" | sed -n "s/^bt-\([a-z0-9]*\)\(\.c\)\{0,1\}\$/\1/p"; echo demo; echo lesson; echo version; } |
	    sort >want
	sort list | diff want -
	bt help >help
	bt --help | sed "1,/^\$/d" | diff help -
	bt --help | cat >out
	fails 1 bt >/dev/full
	bt help lesson | diff help -
	fails 1 bt help >/dev/full
'
ok 'a tool gets its arguments, and its status is that of bt' '
	printf "1,2\n3,4\n" >"in put.csv"
	bt split --max-records 1 "in put.csv" >out
	bt-split --max-records 1 "in put.csv" | diff - out
	bt bt-split "in put.csv" | grep -c last
	fails 1 bt split missing
	said "bt-split: missing: No such file or directory"
	fails 2 bt split --nope
'
ok 'it finds its tools and plugins wherever it is called' '
	ln -s "$B/bt" link
	printf "1,2\n" >in.csv
	env -u BT_PLUGIN_PATH PATH=/usr/bin:/bin ./link split in.csv >refs
	env -u BT_PLUGIN_PATH PATH=/usr/bin:/bin ./link predict -m identity -o parts <refs >results
	env -u BT_PLUGIN_PATH PATH=/usr/bin:/bin ./link join <results >out
	same out <<-END
	1,2
	END
'
ok 'what is no tool is an error, with a word of where they are' '
	for word in splt "" "split " "*" help/.. "demo "; do
		fails 2 bt "${word:-x}"
		same "$tmp/err" <<-END
		bt: no such tool; bt without arguments lists them
		END
	done
	fails 2 bt help nothing
	mkdir path
	for command in sh readlink dirname cat sed cut; do
		ln -s "$(command -v $command)" path/
	done
	fails 2 env PATH="$PWD/path" "$B/bt" help split
	same "$tmp/err" <<-END
	bt: help: man is not installed (Debian: man-db); bt split --help lists the options
	END
	fails 2 bt --nope
	said "usage: bt"
'
ok 'demo leaves its output in a folder, and what it prints to type next works' '
	bt demo d >out
	test "$(wc -l <d/reviews.csv.out)" -eq 814
	fails 1 bt demo d
	BT_ENV=$B/env bt demo e | sed -n "/^Next/,/^bt lists/p" | sed "1,2d; \$d" >next
	for shell in bash dash; do
		mkdir $shell
		(cd $shell; env -u BT_PLUGIN_PATH PATH=/usr/bin:/bin $shell -e <../next) >got
		same got <<-END
		r0001,negative
		r0002,positive
		r0003,positive
		END
	done
'
finish
