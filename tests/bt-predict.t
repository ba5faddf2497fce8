#!/bin/sh
# bt-predict on references: what it prints, and what is in its part files.
. "${0%/*}/lib.sh"

# What is different each time becomes the same: shown FILE.
shown() {
	sed "s/parts\/[^ #]*\.part/PART/; s/start=[0-9.]* ms=[0-9]*/start=S ms=M/;
	    s/worker=[^ ]*/worker=W/" "$1"
}

three() {
	printf "a,b\nc,d\n\ne,f\n" >x.csv
	cat >refs <<-END
	x.csv#bytes=0+8,records=0+2
	x.csv#bytes=8+5,records=2+1,last
	END
}

ok 'references as arguments' '
	three
	xargs bt-predict -m identity -o parts <refs >results
	shown results >out
	tr "|" "\t" <<-END | same out
	x.csv#bytes=0+8,records=0+2|PART#bytes=0+8,records=0+2,type=text/csv,crc32c=1d252c29|start=S ms=M tries=1 worker=W bytes=8
	x.csv#bytes=8+5,records=2+1,last|PART#bytes=8+5,records=2+1,type=text/csv,crc32c=efa94f1c|start=S ms=M tries=1 worker=W bytes=5
	END
	cmp x.csv parts/*.part
'
ok 'references on standard input' '
	three
	xargs bt-predict -m identity -o parts <refs >results
	bt-predict -m identity -o again <refs >results2
	shown results >one
	sed "s/again/parts/" results2 >two && shown two >three
	diff -u one three
	cmp x.csv again/*.part
'
ok 'no references, no model: the exit status is 0' '
	bt-predict -m identity -o parts </dev/null >out
	bt-predict -m no-such-model -o parts </dev/null >>out
	same out </dev/null
	test -z "$(ls parts)"
'
finish
