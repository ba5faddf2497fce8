#!/bin/sh
# bt-split: objects whose names are in a file, and where they are kept.
. "${0%/*}/lib.sh"

plain() {
	sed "s/,crc32c=[0-9a-f]*//"
}

ok 'names with any byte but NUL' '
	for name in "a b" "$(printf "new\nline")" "it'\''s" "q\"" "#bytes=1" "-x" "p%c"; do
		echo 1 >"./$name"
	done
	printf "%s\0" "a b" "$(printf "new\nline")" "it'\''s" "q\"" "#bytes=1" "-x" "p%c" >names
	bt-split --files0-from names | plain >out
	same out <<-\END
	a%20b#bytes=0+2,records=0+1,last
	new%0Aline#bytes=0+2,records=0+1,last
	it%27s#bytes=0+2,records=0+1,last
	q%22#bytes=0+2,records=0+1,last
	%23bytes=1#bytes=0+2,records=0+1,last
	%2Dx#bytes=0+2,records=0+1,last
	p%25c#bytes=0+2,records=0+1,last
	END
	bt-split --files0-from - <names | plain | diff out -
'
ok 'no names, no objects; the last name may lack its end' '
	echo 1 >a
	: >names
	bt-split --files0-from names >out
	test ! -s out
	printf a | bt-split --files0-from - | plain >out
	same out <<-END
	a#bytes=0+2,records=0+1,last
	END
'
ok 'a bad name is said, and the others are done' '
	echo 1 >a
	cp a c
	printf "a\0\0b\0c\0" >names
	fails 1 bt-split --files0-from names >out
	same "$tmp/err" <<-END
	bt-split: names: name 1: empty
	bt-split: b: No such file or directory
	END
	plain <out >got
	same got <<-END
	a#bytes=0+2,records=0+1,last
	c#bytes=0+2,records=0+1,last
	END
'
ok 'what has no NUL for long is no list, and is not read to its end' '
	echo 1 >a
	{ printf "a\0"; yes | head -c 200000; printf "\0a"; } >names
	fails 1 bt-split --files0-from names >out
	same "$tmp/err" <<-END
	bt-split: names: no NUL in 65536 bytes: each name must end with one
	END
	plain <out >got
	echo "a#bytes=0+2,records=0+1,last" | same got
'
ok 'a list that cannot be read, or is not alone' '
	fails 1 bt-split --files0-from none
	said "bt-split: none: No such file or directory"
	fails 1 bt-split --files0-from .
	said "bt-split: .: Is a directory"
	fails 2 bt-split --files0-from names a
	said "bt-split: a: an object besides --files0-from"
'
ok 'spool files are in folders as their objects are' '
	mkdir -p in/x in/y
	echo 1 | gzip >in/x/a.csv.gz
	echo 2 | gzip >in/y/a.csv.gz
	echo 3 >in/a.csv
	bt-split -o spool/ --input-prefix in/ in/x/a.csv.gz in/y/a.csv.gz in/a.csv |
	    plain >out
	same out <<-END
	spool/x/a.csv.gz#bytes=0+2,records=0+1,last
	spool/y/a.csv.gz#bytes=0+2,records=0+1,last
	in/a.csv#bytes=0+2,records=0+1,last
	END
	test "$(cat spool/x/a.csv.gz spool/y/a.csv.gz | xargs)" = "1 2"
	bt-split --batch-strategy SingleRecord "$(head -n 1 out)" | plain | grep -c . >n
	echo 1 | same n
'
ok 'a prefix that does not fit, and a name that leads out' '
	mkdir in
	echo 1 | gzip >a.csv.gz
	echo 1 | gzip >in/b.csv.gz
	fails 2 bt-split -o spool/ --input-prefix in/ a.csv.gz
	said "bt-split: -o spool/: a.csv.gz: it does not begin with the input prefix"
	fails 2 bt-split -o spool/ --input-prefix in/ in/../a.csv.gz
	said "bt-split: -o spool/: in/../a.csv.gz: no file name follows the input prefix"
	fails 2 bt-split -o spool/ --input-prefix in/b.csv.gz in/b.csv.gz
	said "no file name follows the input prefix"
'
ok 'pipes that another program has made non-blocking' '
	for i in 1 2 3; do echo $i >$i; done
	cat >run.py <<-"END"
	import os, subprocess, time
	def pair():
	    r, w = os.pipe()
	    os.set_blocking(r, False)
	    os.set_blocking(w, False)
	    return r, w
	names, refs = pair(), pair()
	p = subprocess.Popen(["bt-split", "--files0-from", "-"],
	    stdin=names[0], stdout=refs[1])
	os.close(refs[1])
	for part in (b"1\0", b"2", b"\0003"):
	    time.sleep(0.1)
	    os.write(names[1], part)
	os.close(names[1])
	os.set_blocking(refs[0], True)
	print(open(refs[0]).read(), end="")
	raise SystemExit(p.wait())
	END
	python3 run.py | sed "s/,crc32c=[0-9a-f]*//" >out
	same out <<-END
	1#bytes=0+2,records=0+1,last
	2#bytes=0+2,records=0+1,last
	3#bytes=0+2,records=0+1,last
	END
	# A reader that takes its time, of more than the pipe holds.
	seq 20000 >in.csv
	bt-split -b SingleRecord in.csv >refs
	cat >slow.py <<-"END"
	import os, subprocess, sys, time
	r, w = os.pipe()
	os.set_blocking(w, False)
	p = subprocess.Popen(["bt-split", "-b", "SingleRecord", "in.csv"], stdout=w)
	os.close(w)
	time.sleep(0.3)
	sys.stdout.write(open(r).read())
	raise SystemExit(p.wait())
	END
	python3 slow.py >out
	cmp refs out
'
ok 'no spool overwrites what is named later, nor the list' '
	printf "mine,1\n" | tee b.csv >wanted
	printf "other,2\n" | gzip >b.csv.gz
	printf "b.csv.gz\0b.csv\0" >list
	fails 1 bt-split -o . --overwrite --files0-from list >out
	said "bt-split: b.csv.gz: ./b.csv: it is an input, which the spool would overwrite"
	fails 1 bt-split -o . --overwrite --files0-from - <list >>out
	cmp wanted b.csv
	same out <<-END
	b.csv#bytes=0+7,records=0+1,crc32c=a7026220,last
	b.csv#bytes=0+7,records=0+1,crc32c=a7026220,last
	END
	printf "b.csv.gz" >list
	cp list names
	fails 1 bt-split -o list --overwrite --files0-from list
	fails 1 bt-split -o list --overwrite --files0-from - <list
	said "bt-split: b.csv.gz: list: it is an input, which the spool would overwrite"
	cmp names list
'
finish
