#!/bin/sh
# What the tree promises and a command can check.
. "${0%/*}/lib.sh"

# rooms FILE: what it may include of.
rooms() {
	case $1 in
	*/base/*) echo base ;;
	*/format/*) echo base format ;;
	*/s3/module.c) echo base s3 io ;;
	*/s3/*) echo base s3 ;;
	*/bt-s3*) echo base s3 ;;
	*/plugins/*) echo base format plugins tools ;;
	*/report/* | */bt-report.c) echo base format io report job ;;
	*/bt-progress.c) echo base format job ;;
	tools/bt-*)
		room=${1#tools/bt-}
		echo base format io "${room%.c}" ;;
	*)	room=${1#tools/}
		echo base format io "${room%%/*}" ;;
	esac
}

ok 'a room includes itself and the floors, a floor those below' '
	dir=$PWD
	cd "$top"
	for file in tools/*.[ch] tools/*/*.[ch] tools/*/*/*.[ch]; do
		rooms=" $(rooms "$file") "
		sed -n "s,^#include \"\([a-z0-9]*\)/.*,\1,p" "$file" | sort -u |
		    while read -r room; do
			case $rooms in
			*" $room "*) ;;
			*) echo "$file: $room" ;;
			esac
		    done
	done >"$dir/out"
	same "$dir/out" </dev/null
'
ok 'what is in the folder of a module only the module includes, but for what plugins share' '
	dir=$PWD
	cd "$top"
	grep -rn "include \"[a-z0-9]*/[a-z0-9_]*/" --include="*.[ch]" tools >"$dir/all"
	test "$(wc -l <"$dir/all")" -gt 50
	sed "/^tools\/\([a-z0-9]*\/[a-z0-9_]*\)[.\/].*include \"\1\//d
		/^tools\/plugins\/.* \"plugins\/web\//d
		/ \"tools\/.*\.py\.h\"/d" "$dir/all" >"$dir/out"
	same "$dir/out" </dev/null
'
ok 'no two functions of the floors and of S3 have one name' '
	nm --defined-only "$B/libbt.a" $(ls "$B/libbts3.a") >names
	awk "\$2 ~ /^[TDBRC]\$/ { print \$3 }" names | sort | uniq -d >twice
	test "$(wc -l <names)" -gt 500
	same twice </dev/null
'
ok 'formats and io return; they never end the process' '
	cd "$top"
	fails 1 grep -nE "(^|[^_a-z])(exit|errx?|abort) *\(" tools/format/*.c tools/format/*/*.c tools/io/*.c
'
ok 'formats touch no file descriptor' '
	cd "$top"
	fails 1 grep -nE "include <(unistd|fcntl|stdio_ext)\.h>" \
	    tools/format/*.[ch] tools/format/*/*.[ch]
'
ok 'each header compiles alone' '
	cd "$top"
	for h in tools/*.h tools/*/*.h tools/format/*/*.h tools/s3/*/*.h; do
		cc -std=c11 -D_DEFAULT_SOURCE -D_POSIX_C_SOURCE=200809L -Itools \
		    -Wall -Wextra -Werror -fsyntax-only -x c "$h"
	done
'
ok 'the ABI header is C99 and C++11' '
	cd "$top"
	cc -std=c99 -pedantic -Wall -Wextra -Werror -fsyntax-only -x c tools/bt_model.h
	c++ -std=c++11 -pedantic -Wall -Wextra -Werror -fsyntax-only -x c++ tools/bt_model.h
'
ok 'each tool has a manual page and a test' '
	for c in "$top"/tools/bt "$top"/tools/bt-*; do
		t=${c##*/} t=${t%.c}
		case $t in *.in) continue ;; esac
		ls "$top/man/$t.1" "$top/tests/$t.t"
	done
'
ok 'manual pages are clean' '
	mandoc -Tlint -Wwarning "$top"/man/*.[1-9]
'
ok 'pages say if for conditions, and where for places' '
	for page in "$top"/man/*.[1-9]; do mandoc -Tascii "$page"; done |
	    sed "s/.$(printf "\b")//g" | tr -cs "A-Za-z" "\n" | tr "A-Z" "a-z" >words
	n=$(wc -l <words)
	test "$n" -gt 10000
	test $((1000 * $(grep -cx where words))) -le $((2 * n))
	test $((1000 * $(grep -cx if words))) -ge $((6 * n))
'
ok 'pages that pages name are there' '
	cd "$top/man"
	sed -n "s/^\.Xr \(bt[a-z0-9-]*\) \([1-9]\).*/\1.\2/p" ./* | sort -u |
	while read -r page; do ls "$page"; done
'
ok 'usage is the SYNOPSIS' '
	for c in "$top"/tools/bt "$top"/tools/bt-*; do
		t=${c##*/} t=${t%.c}
		case $t in *.in) continue ;; esac
		fails 2 "$t" "-?" 2>err
		sed -n "/^usage: /,\$p" err | sed "s/^usage: //" | xargs >usage
		mandoc -Tascii "$top/man/$t.1" | sed "s/.$(printf "\b")//g" |
		    sed -n "/^SYNOPSIS/,/^DESCRIPTION/p" | sed "1d;\$d" | xargs >synopsis
		diff -u synopsis usage
	done
'
# short FILE: the option letters in its call of getopt_long(3), one a line.
short() {
	tr -d "\n\t" <"$1" |
	    sed -n "s/.*getopt_long( *argc, *argv, *\"+\{0,1\}\([^\"]*\)\".*/\1/p" |
	    tr -d :h | fold -w 1
	echo
}

ok 'the letters in bt(7) are those of the tools' '
	for file in "$top"/tools/bt-*.c; do
		t=${file##*/}
		short "$file" | sed "/^\$/d; s/\$/ ${t%.c}/"
	done | LC_ALL=C sort >code
	test "$(wc -l <code)" -gt 15
	sed -n "/^\.Ss Short options/,/^\.El/p" "$top/man/bt.7" >table
	awk "/^\.It/ {
		for (i = 4; i < NF; i++)
			if (\$i == \"Xr\") print \$3, \$(i + 1)
	}" table | LC_ALL=C sort >page
	diff -u code page
'
ok 'a letter means the same in every tool' '
	sed -n "/^\.Ss Short options/,/^\.El/s/^\.It Fl \(.\) .*/\1/p" "$top/man/bt.7" >letters
	uniq -d letters >out
	test "$(wc -l <letters)" -ge 12
	same out </dev/null
'
ok '--help is the usage on standard output, --version a line' '
	for c in "$top"/tools/bt "$top"/tools/bt-*; do
		t=${c##*/} t=${t%.c}
		case $t in *.in) continue ;; esac
		"$t" --help >help
		grep -q "^usage: $t" help
		"$t" -h | cmp help -
		"$t" --version >version
		grep -qx "$t [0-9][0-9.]*" version
		case $t in bt | bt-transform) continue ;; esac
		fails 1 "$t" --help >/dev/full
		said "$t: standard output: No space left on device"
		fails 1 "$t" --version >/dev/full
	done
'
ok '--help has each option of the usage, with its long name, and an example' '
	for c in "$top"/tools/bt-*; do
		t=${c##*/} t=${t%.c}
		case $t in *.in) continue ;; esac
		"$t" --help >help
		sed "/^\$/q" help | tr -s " []|=" "\n" | grep "^--*[a-z0-9]" | sort -u >used
		# The members of a request are those of the service.
		case $t in bt-job) grep -e "^--set" -e "^--list" used >own; mv own used ;; esac
		sed -n "s/^  \(-.*\)/\1/p" help | tr -s " []|=," "\n" | grep "^-" | sort -u >listed
		sort -u used listed | diff listed -
		fails 1 grep -n "^  -[a-zA-Z0-9]\( \|\$\)" help
		grep -A1 "^Example:" help | grep "^  [a-z]"
		fails 1 grep -n ".\{81\}" help
		grep -qx "The manual: man $t, man 7 bt" help
	done
'
ok 'shell scripts pass shellcheck' '
	cd "$top"
	shellcheck -s sh tools/bt tools/bt-transform tools/env.in tests/run tests/setup tests/lib.sh .ci/run tests/s3/swift tests/s3/radosgw tests/s3/with tests/s3/*.sh tests/jobs.sh tests/transform.sh \
	    tools/transform/slurm.sh tests/slurm/*.sh tests/slurm/end tests/ssh.sh tests/bench/cluster-paper \
	    examples/demo examples/lessons/run examples/lessons/s3 examples/reviews/ask examples/reviews/enrich examples/reviews/s3 examples/scores/rescore \
	    examples/cluster/share* \
	    tools/packaging/*-deb tools/packaging/debian/tests/[!c]*
	shellcheck -s sh -x -e SC1091,SC2016,SC2034,SC2154 tests/torture/*.sh \
	    $(grep -l "^#!/bin/sh" tests/torture/*)
	shellcheck -s sh -x -e SC1091,SC2034,SC2154 tests/bench/cluster
	shellcheck -s bash -x -e SC1091,SC2034 tests/bench/run tests/bench/s3
	shellcheck -s bash tools/completion.bash
	shellcheck -s sh -x -e SC1091,SC2016,SC2034,SC2154 tests/*.t tests/s3/*.t
'
# Other versions lay out other details.
if clang-format --version 2>/dev/null | grep -q "version 14\."; then
	ok 'the sources are formatted' '
		cd "$top"
		find tools tests -name "*.[ch]" ! -path "tests/abi/*" |
		    xargs clang-format --dry-run -Werror
	'
else
	skip 'the sources are formatted' 'no clang-format 14 here'
fi
ok 'the top of the tree has what belongs there' '
	cd "$top"
	git ls-files 2>/dev/null | sed -n "s,/.*,/,; /^\\./!p" | sort -u >"$tmp/got"
	test -s "$tmp/got" || exit 0
	same "$tmp/got" <<-END
	LICENSE
	Makefile
	README.md
	README.vi.md
	examples/
	man/
	tests/
	tools/
	END
'
ok 'the README is short' '
	test "$(wc -l <"$top/README.md")" -le 120
'
ok 'code for a processor asks for all that it is compiled for' '
	dir=$PWD
	cd "$top"
	find tools -name "*.[ch]" ! -path tools/base/cpu.h >"$dir/all"
	fails 123 xargs grep -nE "__builtin_cpu_(supports|is)|target\\(" <"$dir/all"
	xargs grep -l "CPU_TARGET(" <"$dir/all" >"$dir/files"
	test "$(wc -l <"$dir/files")" -ge 5
	while read -r file; do
		sed -n "s/.*CPU_TARGET(\([A-Z_]*\)).*/\1/p" "$file" | sort >"$dir/compiled"
		sed -n "s/.*CPU_HAS(\([A-Z_]*\)).*/\1/p" "$file" | sort |
		    diff -u "$dir/compiled" -
	done <"$dir/files"
'
finish
