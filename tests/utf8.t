#!/bin/sh
# base/utf8: the first character, valid, characters, bytes of the first N, bytes
# to keep of N.
. "${0%/*}/lib.sh"
PATH=$B/tests:$PATH

ok 'characters of one to four bytes' '
	printf "%b\n" "" a "a\0303\0244" "\0303\0244b" "\0342\0202\0254" \
	    "\0360\0237\0230\0200" >in
	utf8 1 <in >out
	same out <<-END
	0 valid 0 0 0
	1 valid 1 1 1
	1 valid 2 1 1
	2 valid 2 2 0
	3 valid 1 3 0
	4 valid 1 4 0
	END
'
ok 'the first and the last of each length' '
	printf "%b\n" "\0177" "\0302\0200" "\0337\0277" "\0340\0240\0200" \
	    "\0355\0237\0277" "\0356\0200\0200" "\0357\0277\0277" \
	    "\0360\0220\0200\0200" "\0364\0217\0277\0277" >in
	utf8 9 <in >out
	same out <<-END
	1 valid 1 1 1
	2 valid 1 2 2
	2 valid 1 2 2
	3 valid 1 3 3
	3 valid 1 3 3
	3 valid 1 3 3
	3 valid 1 3 3
	4 valid 1 4 4
	4 valid 1 4 4
	END
'
ok 'overlong, surrogates, past U+10FFFF, cut off, out of place' '
	printf "%b\n" "\0300\0200" "\0301\0277" "\0340\0237\0277" \
	    "\0355\0240\0200" "\0360\0217\0277\0277" "\0364\0220\0200\0200" \
	    "\0365\0200\0200\0200" "\0377" "\0200" "\0303" "\0342\0202" \
	    "\0360\0237\0230" "\0303a" "a\0377b" >in
	utf8 9 <in | cut -d" " -f1,2 >out
	same out <<-END
	0 invalid
	0 invalid
	0 invalid
	0 invalid
	0 invalid
	0 invalid
	0 invalid
	0 invalid
	0 invalid
	0 invalid
	0 invalid
	0 invalid
	0 invalid
	1 invalid
	END
'
ok 'a cut leaves no half character, and cuts other bytes at the number' '
	printf "%b\n" "abc\0303\0244" "ab\0342\0202\0254" \
	    "a\0360\0237\0230\0200" "\0360\0237\0230\0200x" \
	    "\0200\0200\0200\0200\0200" "abcd\0377" >in
	utf8 4 <in >out
	same out <<-END
	1 valid 4 5 3
	1 valid 3 5 2
	1 valid 2 5 1
	4 valid 2 5 4
	0 invalid 0 5 4
	1 invalid 5 4 4
	END
'
finish
