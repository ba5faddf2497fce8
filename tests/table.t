#!/bin/sh
# base/table: entries by their keys, in the order they came.
. "${0%/*}/lib.sh"
PATH=$B/tests:$PATH

ok 'a key has one entry, which is zero when it is new' '
	printf "%s\n" "find a" "get a" "get b" "get a" "find a" "find b" \
	    "find ab" "get ab" "find b" "get " "find " >in
	table <in >out
	same out <<-END
	none
	1 new 1
	2 new 1
	1 2
	1 2
	2 1
	none
	3 new 1
	2 1
	4 new 1
	4 1
	END
'
ok 'entries stay in the order they came' '
	printf "%s\n" all "get z" "get a" "get m" "find z" "get a" all >in
	table <in | grep : >out
	same out <<-END
	0:
	3: z=1 a=2 m=3
	END
'
ok 'what is dropped is gone, and comes anew at the end' '
	printf "%s\n" "get a" "get b" "get c" "drop b" "find b" all "drop b" \
	    "get b" "drop a" "drop c" "drop b" all "get a" all >in
	table <in >out
	same out <<-END
	1 new 1
	2 new 1
	3 new 1
	none
	2: a=1 c=3
	none
	4 new 1
	0:
	5 new 1
	1: a=5
	END
'
ok 'one that was freed is empty and usable' '
	printf "%s\n" "get a" "get b" "drop a" free all "find b" "get b" all >in
	table <in >out
	same out <<-END
	1 new 1
	2 new 1
	0:
	none
	3 new 1
	1: b=3
	END
'
ok 'it grows, and what was dropped makes room' '
	seq -f "get %g" 1 1000 >in
	seq -f "drop %g" 2 2 1000 >>in
	seq -f "get new%g" 1 2000 >>in
	seq -f "find %g" 1 1000 >>in
	table <in | tail -n 1000 >out
	seq 1 1000 | awk "{ print \$1 % 2 ? \$1 \" 1\" : \"none\" }" >want
	cmp out want
'
ok 'random steps, as in a plain list; keys of any bytes' '
	for seed in 1 2 3 4 5; do
		table random $seed 20000
	done
'
finish
