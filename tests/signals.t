#!/bin/sh
# Signals that were ignored at the start, as nohup(1) and trap do, are ignored.
. "${0%/*}/lib.sh"

# deaf STREAM COMMAND ...: runs it on the lines of STREAM, in whose midst it gets
# all signals that would end it; what it prints is in the file out.
deaf() {
	mkfifo pipe
	(trap "" HUP INT TERM USR1; shift; exec "$@" <pipe >out) &
	exec 5>pipe
	head -n 1 "$1" >&5
	sleep 0.3
	for signal in HUP INT TERM USR1; do kill -$signal $!; done
	sleep 0.3
	sed 1d "$1" >&5
	exec 5>&-
	wait $!
}

# A reference and a result line to each of two numbers.
numbers() {
	printf "1\n2\n" >in.csv
	bt-split -b SingleRecord in.csv >refs
	bt-predict -m identity -o parts <refs >results
}

ok 'bt-split' '
	printf "1\n2\n" >in.csv
	deaf in.csv bt-split -c text/csv -o spool -
	same out <<-END
	spool#bytes=0+4,records=0+2,type=text/csv,crc32c=d0b42254,last
	END
'
ok 'bt-predict' '
	numbers
	deaf refs bt-predict -m identity -o again
	cut -f 1 out | cmp - refs
'
ok 'bt-todo' '
	numbers
	deaf refs bt-todo /dev/null
	cmp refs out
'
ok 'bt-progress' '
	numbers
	deaf results bt-progress 2>err
	cmp results out
	grep -c "" err | grep -x 1
'
ok 'bt-join' '
	numbers
	deaf results bt-join
	cmp in.csv out
	rm pipe
	deaf results bt-join -o dir
	cmp in.csv dir/in.csv.out
'
# in_write SIGNAL: bt-predict with one reference gets it when its line is out, and
# its worker, which the write takes half a second to return to, has not noted so.
in_write() {
	rm -f line
	strace -f -o calls -e trace=write -e inject=write:delay_exit=500000 \
	    bt-predict -m identity -o parts "$(head -n 1 refs)" >line &
	await test -s line
	kill "-$1" "$(ps -o pid= --ppid $!)"
	wait $! || :
}

ok 'a signal while a line is written does not print it twice' '
	numbers
	for signal in TERM HUP; do
		in_write $signal
		cut -f 1 line
	done >out
	head -n 1 refs >one
	cat one one | cmp - out
'
ok 'a reader that has stopped does not keep a signal from ending it' '
	seq 1 100000 >in.csv
	bt-split in.csv >refs
	bt-predict -m identity -o parts <refs >results
	mkfifo p
	bt-join results >p &
	pid=$!
	exec 5<p
	sleep 1
	kill -TERM $pid
	sleep 1
	fails 1 kill -0 $pid || { kill -KILL $pid; exit 1; }
	fails 143 wait $pid
'
ok 'and those that were not are not' '
	numbers
	mkfifo pipe
	for signal in 1 15; do
		(exec bt-join -o dir <pipe) &
		exec 5>pipe
		head -n 1 results >&5
		sleep 0.3
		kill -$signal $!
		fails $((128 + signal)) wait $!
		exec 5>&-
	done
'
finish
