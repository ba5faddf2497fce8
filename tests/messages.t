#!/bin/sh
# A message is one line, whatever it speaks of.
. "${0%/*}/lib.sh"

ok 'a newline and control bytes in a name are shown as in references' '
	name=$(printf "a\nb\033[31m\177.csv")
	printf "1\n\"2\n\",3\n" >"$name"
	fails 1 bt-split "$name"
	same "$tmp/err" <<-\END
	bt-split: a%0Ab%1B[31m%7F.csv: record 1 (line 2, byte 2): a newline inside a quoted field, column 1 (--embedded-newlines=keep keeps it as one record)
	END
	fails 1 bt-split "$(printf "no\nfile")"
	same "$tmp/err" <<-\END
	bt-split: no%0Afile: No such file or directory
	END
	fails 2 bt-split -n "$(printf "1\n2")" "$name"
	same "$tmp/err" <<-\END
	bt-split: --max-records 1%0A2: not a whole number
	END
	fails 1 bt-predict -m identity -o parts "no%0Afile#bytes=0+1,records=0+1" >results
	same "$tmp/err" <<-\END
	bt-predict: no%0Afile: record 0 (byte 0): No such file or directory
	END
	fails 1 bt-join results
	grep -c "" "$tmp/err" >n
	echo 1 | same n
	said "bt-join: no%0Afile: record"
'
ok 'a path that stands for no name is shown as it was written' '
	printf "%s\n" "a%zz#bytes=0+1,records=0+1" "b%zz#bytes=0+2,records=0+1" >refs
	fails 1 bt-predict -m identity -o parts <refs >results
	same "$tmp/err" <<-\END
	bt-predict: a%zz: record 0 (byte 0): bad percent encoding in its path
	bt-predict: b%zz: record 0 (byte 0): bad percent encoding in its path
	END
'
ok 'a reference to a pipe is refused at once' '
	mkfifo pipe
	echo a >in
	fails 1 timeout 10 bt-split "pipe#bytes=0+1,records=0+1"
	said "bt-split: pipe: not a file"
	fails 1 timeout 10 bt-predict -m identity -o parts "pipe#bytes=0+1,records=0+1" >out
	said "bt-predict: pipe: record 0 (byte 0): not a regular file"
	printf "in#bytes=0+2,records=0+1,last\tpipe#bytes=0+2,records=0+1\tms=0\n" >results
	fails 1 timeout 10 bt-join results
	said "bt-join: in: record 0: pipe: not a regular file"
	printf "pipe#bytes=0+2,records=0+1,last\tin#bytes=0+2,records=0+1\tms=0\n" >results
	fails 1 timeout 10 bt-join -j Input --content-type text/csv --accept text/csv results
	said "bt-join: pipe: record 0: the input: not a regular file"
'
finish
