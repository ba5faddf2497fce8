#!/bin/sh
# Decimal text to float and back: format/number.h.
. "${0%/*}/lib.sh"
PATH=$B/tests:$PATH

ok 'a number is read to its end' '
	printf "%s\n" 0 -0 1 +1 -1.5 0.15398 5. .5 00012 1e5 1E-5 1.5e+2x 12,34 \
	    1e 1e+x 0x10 1.2.3 123456789012 0.1234567890123456789 >in
	number read <in >out
	sed "s/ *$//" out | same - <<-END
	00000000
	80000000
	3f800000
	3f800000
	bfc00000
	3e1dacef
	40a00000
	3f000000
	41400000
	47c35000
	3727c5ac
	43160000 x
	41400000 ,34
	3f800000 e
	3f800000 e+x
	00000000 x10
	3f99999a .3
	51e5f4c9
	3dfcd6ea
	END
'
ok 'words in any case' '
	printf "%s\n" nan NaN -nan inf -INF +infinity Infinityx infinit in na nanny >in
	number read <in | sed "s/ *$//; s/^ffc/7fc/" >out
	same out <<-END
	7fc00000
	7fc00000
	7fc00000
	7f800000
	ff800000
	7f800000
	7f800000 x
	7f800000 init
	none
	none
	7fc00000 ny
	END
'
ok 'what is no number is left alone' '
	printf "%s\n" "" " 1" . - + -. e5 .e5 abc --1 >in
	number read <in >out
	yes none | head -n 10 | diff -u - out
'
ok 'the ends of the range' '
	printf "%s\n" 3.4028235e38 3.40282356e38 3.4028236e38 1e39 1e400 \
	    1e99999999999999999999 1.4e-45 7.1e-46 7.006e-46 1e-400 \
	    -1e-99999999999999999999 0e99999999999999999999 >in
	number read <in | sed "s/ *$//" >out
	same out <<-END
	7f7fffff
	7f7fffff
	7f800000
	7f800000
	7f800000
	7f800000
	00000001
	00000001
	00000000
	00000000
	80000000
	00000000
	END
'
ok 'text is rounded to a double, and that to a float' '
	printf "%s\n" 16777217 16777217.0000000000000000000000000001 \
	    16777217.00001 16777219 >in
	number read <in | sed "s/ *$//" >out
	same out <<-END
	4b800000
	4b800000
	4b800001
	4b800002
	END
'
ok 'a number may be of any length' '
	zeros=$(printf "%0100000d" 0)
	{
		echo "0.${zeros}15e100001"
		echo "1$zeros.${zeros}e-100000"
		echo "16777217.$zeros"
		echo "16777217.${zeros}1"
		echo "1.000000059604644775390625$zeros"
		echo "1.00000005960464488641292746251565404236316680908203125$zeros"
		echo "1.00000005960464488641292746251565404236316680908203125${zeros}1"
	} >in
	number read <in | sed "s/ *$//" >out
	same out <<-END
	3fc00000
	3f800000
	4b800000
	4b800000
	3f800000
	3f800000
	3f800001
	END
'
ok 'numerals of many kinds read as strtod reads them' '
	number agree 2000000
'
ok 'the shortest text, spelled as %.9g spells it' '
	printf "%s\n" 00000000 80000000 3f800000 3e1dacef 41200000 4b800000 \
	    4d000000 4e6e6b28 4e6e6b27 c0490fdb 3dcccccd 38d1b717 38d1b716 \
	    00000001 7f7fffff 80800000 7f800000 ff800000 7fc00000 ffc00001 >in
	number write <in >out
	same out <<-END
	0
	-0
	1
	0.15398
	10
	16777216
	134217730
	1e+09
	999999940
	-3.1415927
	0.1
	0.0001
	9.999999e-05
	1e-45
	3.4028235e+38
	-1.1754944e-38
	inf
	-inf
	nan
	nan
	END
'
ok 'a text that reads back only where no double comes between is not used' '
	printf "%s\n" 15ae43fc 15ae43fd 15ae43fe >in
	number write <in >out
	same out <<-END
	7.03853e-26
	7.0385307e-26
	7.0385313e-26
	END
	number read <out | sed "s/ *$//" | diff -u in -
'
ok 'every 9973rd float reads back, and nothing shorter does' '
	number shortest 9973
'
comma=$(locale -a 2>/dev/null | grep -m 1 -E "^(de|fr|nl|it|es)_" || :)
if [ -n "$comma" ]; then
	ok 'the decimal comma of a locale changes nothing' '
		echo 1.00000005960464488641292746251565404236316680908203125 >in
		LC_ALL=$comma number read <in | sed "s/ *$//" >out
		echo 3f800000 | diff -u - out
	'
else
	skip 'the decimal comma of a locale changes nothing' 'no such locale'
fi
finish
