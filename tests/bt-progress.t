#!/bin/sh
# What passes through bt-progress, and what it says of it.
. "${0%/*}/lib.sh"

# result OFFSET FIRST [!]: a batch of 10 records, 100 bytes.
result() {
	reply="p/w.part#bytes=$1+20,records=$2+10"
	test $# -eq 2 || reply=!
	printf 'a.csv#bytes=%s+100,records=%s+10\t%s\tms=1\n' "$1" "$2" "$reply"
}

ok 'lines pass unchanged, and the end is told' '
	{ result 0 0; result 100 10 !; result 200 20; } >in
	bt-progress <in >out 2>err
	cmp in out
	sed "s,[0-9.]*/s,N/s,; s/[0-9]*:[0-9]*\$/M:SS/" err >told
	same told <<-END
	bt-progress: 30 records, N/s, 10 failed, M:SS
	END
'
ok 'what is no result line passes too, and is not counted' '
	{ result 0 0; echo other; head -c 300000 /dev/zero; echo; result 100 10
	    printf "a torn"; } >in
	bt-progress <in >out 2>err
	cmp in out
	grep -q "^bt-progress: 20 records, .* 0 failed" err
'
ok 'records count once, however many lines tell of them' '
	# Twice the same; in pieces; answered after it failed, or twice.
	{ result 0 0; result 0 0; result 100 10 !; result 100 10 !; result 200 20 !; result 200 20
	    result 200 20 !; result 300 30; printf "a.csv#bytes=300+100,records=30+10\tp/x#bytes=0+9,records=0+10\tms=1\n"
	    printf "a.csv#bytes=100+50,records=10+5\tp/x#bytes=0+9,records=0+5\tms=1\n"; result 0 0
	    printf "e.csv#bytes=0+0,records=0+0,last\tp/x#bytes=0+0,records=0+0\tms=1\n"; } >in
	bt-progress <in 2>err | cmp - in
	grep "^bt-progress: 40 records, .*/s, 5 failed, " err
	awk "BEGIN { for (i = 0; i < 100000; i++) {
		printf \"a.csv#bytes=%d+100,records=%d+10\tp/w#bytes=0+1,records=0+10\tms=1\\n\", 100 * i, 10 * i
		printf \"%d.csv#bytes=0+9,records=0+1,last\tp/w#bytes=0+1,records=0+1\tms=1\\n\", i } }" >in
	limit() {
		case $B in *-san) ;; *) ulimit -v "$1" ;; esac
	}
	shuf in >mixed
	(limit 40000; cat in mixed in | bt-progress 2>err >out)
	cat in mixed in | cmp - out
	grep "^bt-progress: 1100000 records, .*/s, 0 failed, " err
'
ok 'the end of a line that is far too long is no line' '
	{ head -c 200000 /dev/zero; result 0 0; result 100 10; } >in
	# In two, so that the cut is before a line.
	mkfifo to
	bt-progress <to >out 2>err &
	exec 3>to
	head -c 200000 in >&3
	await sh -c "test \$(stat -c %s out) -eq 200000"
	tail -c +200001 in >&3
	exec 3>&-
	wait
	cmp in out
	grep "^bt-progress: 10 records, " err
'
ok 'lines pass as they come' '
	mkfifo to from
	bt-progress <to >from 2>err &
	exec 3>to 4<from
	result 0 0 >&3
	read -r line <&4
	test "$line" = "$(result 0 0)"
	exec 3>&-
	wait
'
ok 'on SIGUSR1 a line at once, the references telling how much is left' '
	for i in 0 100 200 300; do
		echo "a.csv#bytes=$i+100,records=$((i / 10))+10"
	done >refs
	mkfifo to
	bt-progress -r refs <to >out 2>err &
	exec 3>to
	result 0 0 >&3
	result 100 10 ! >&3
	await grep -q records=10 out
	kill -USR1 $!
	await test -s err
	exec 3>&-
	wait
	sed "s,[0-9.]*/s,N/s,; s/ [0-9]*:[0-9][0-9]/ M:SS/" err >told
	same told <<-END
	bt-progress: 20 of 40 records (50%), N/s, 10 failed, M:SS left
	bt-progress: 20 records, N/s, 10 failed, M:SS
	END
'
ok 'results of an earlier run count, but not in the speed' '
	soon=253402300799.000
	{ result 0 0; result 100 10; result 200 20 !; } | sed "s/ms=1/start=1.000 ms=1/" >in
	bt-progress <in 2>told | cmp in -
	sed -i "s/[0-9]*:[0-9]*\$/M:SS/" told
	same told <<-END
	bt-progress: 30 records, 30 of them earlier, 0/s, 10 failed, M:SS
	END
	mkfifo to
	bt-progress --records 60 <to >out 2>err &
	exec 3>to
	cat in >&3
	await grep -q records=20 out
	kill -USR1 $!
	await test -s err
	result 300 30 | sed "s/ms=1/start=$soon ms=1/" >&3
	await grep -q records=30 out
	kill -USR1 $!
	await sh -c "test \$(wc -l <err) -eq 2"
	exec 3>&-
	wait
	sed "s,[1-9][0-9.]*/s,N/s,; s/[0-9]*:[0-9][0-9]/M:SS/" err >told
	same told <<-END
	bt-progress: 30 of 60 records (50%), 0/s, 10 failed
	bt-progress: 40 of 60 records (66%), N/s, 10 failed, M:SS left
	bt-progress: 40 records, 30 of them earlier, N/s, 10 failed, M:SS
	END
'
ok 'a reader that stops does not stop what is told' '
	i=0
	while test $i -lt 2000; do result $((i * 100)) $((i * 10)); i=$((i + 1)); done >in
	mkfifo from
	bt-progress <in >from 2>err &
	exec 4<from
	read -r line <&4
	sleep 0.3
	kill -USR1 $!
	await test -s err
	grep -qx "bt-progress: [0-9]* records, .* 0 failed" err
	{ echo "$line"; cat <&4; } >out
	wait
	cmp in out
	grep -q "^bt-progress: 20000 records, " err
'
ok 'at its pace where there is no terminal' '
	mkfifo to
	bt-progress -i 1 --records 40 <to >out 2>err &
	exec 3>to
	result 0 0 >&3
	await test -s err
	exec 3>&-
	wait
	sed "s,[0-9.]*/s,N/s,; s/ [0-9]*:[0-9][0-9]/ M:SS/" err | head -n 1 >told
	same told <<-END
	bt-progress: 10 of 40 records (25%), N/s, 0 failed, M:SS left
	END
'
ok 'a bar on a terminal' '
	{ echo "a.csv#bytes=0+100,records=0+10"
	  echo "a.csv#bytes=100+100,records=10+10,last"; } >refs
	cat >run <<-END
	stty cols 100
	{ sleep 0.4; cat one; sleep 1; } | bt-progress -r refs >out
	END
	result 0 0 >one
	script -qec "sh run" /dev/null >seen
	cmp one out
	tr "\r" "\n" <seen >lines
	grep -q "\[=====*> *\] 10 of 20 records (50%), " lines
	tail -n 2 lines | grep -q "bt-progress: 10 records, .*, 0 failed, 0:0[12]"
	test "$(awk "{ n = length(\$0) } n > most { most = n } END { print most }" \
	    lines)" -le 105
'
ok 'a narrow terminal loses whole parts, the bar first and failures last' '
	{ echo "a.csv#bytes=0+100,records=0+10"
	  echo "a.csv#bytes=100+100,records=10+10,last"; } >refs
	result 0 0 ! >one
	cat >run <<-END
	{ sleep 0.3; cat one; for cols in 100 62 47 41 30 20 9; do
		stty cols \$cols <&2
		sleep 0.7
	    done; } | bt-progress -r refs >out
	END
	script -qec "sh run" /dev/null | tr "\r" "\n" >lines
	sed "s,[0-9.]*/s,N/s,; s/ 0:0[0-9]/ M:SS/; s/\[=*> *\] /[=> ] /; s/^.\[J//
		/^10 \|^\[=> \] 10 /!d" lines | uniq >told
	same told <<-END
	[=> ] 10 of 20 records (50%), N/s, 10 failed, M:SS left
	10 of 20 records (50%), N/s, 10 failed, M:SS left
	10 of 20 records (50%), 10 failed, M:SS left
	10 of 20 records (50%), 10 failed
	10 failed
	END
	# What a wrapped line left is erased with it.
	fails 1 grep "$(printf "\033")\[[^J]" lines
'
ok 'started by hand, it says what it waits for' '
	script -qec "bt-progress" /dev/null </dev/null >seen
	grep "^bt-progress: reading result lines from the terminal; bt-predict " seen
'
ok 'in the background of a terminal: quiet, and never stopped' '
	{ result 0 0; result 100 10; } >in
	cat >run.py <<-END
	import os, pty, signal, subprocess, sys, termios, time
	pid, terminal = pty.fork()
	if pid == 0:
	    settings = termios.tcgetattr(2)
	    settings[3] |= termios.TOSTOP
	    termios.tcsetattr(2, termios.TCSANOW, settings)
	    with open("out", "wb") as out:
	        p = subprocess.Popen(["bt-progress", *sys.argv[1:]], stdin=subprocess.PIPE, stdout=out,
	                             preexec_fn=lambda: os.setpgid(0, 0))
	        line = open("in", "rb").read()
	        p.stdin.write(line[:40])
	        p.stdin.flush()
	        time.sleep(0.6)
	        if "ask" in os.environ:
	            p.send_signal(signal.SIGUSR1)
	            time.sleep(0.4)
	        p.stdin.write(line[40:])
	        p.stdin.close()
	        for i in range(600):
	            done, status = os.waitpid(p.pid, os.WNOHANG | os.WUNTRACED)
	            if done:
	                break
	            time.sleep(0.1)
	        if not done or not os.WIFEXITED(status):
	            os.kill(p.pid, signal.SIGKILL)
	            os._exit(9)
	        os._exit(os.WEXITSTATUS(status))
	seen = b""
	while True:
	    try:
	        got = os.read(terminal, 4096)
	    except OSError:
	        break
	    if not got:
	        break
	    seen += got
	open("seen", "wb").write(seen)
	sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	END
	python3 run.py
	cmp in out
	test ! -s seen
	ask=yes python3 run.py
	cmp in out
	sed "s,[0-9.]*/s,N/s,; s/\r//" seen >told
	same told <<-END
	bt-progress: 0 records, N/s, 0 failed
	END
'
ok 'a reader that goes away ends it, quietly' '
	( result 0 0; sleep 0.3; result 100 10 ) >fifo.in
	{ cat fifo.in; sleep 0.5; cat fifo.in; } |
	    { bt-progress 2>err || echo $? >status; } | head -n 1 >out
	test ! -s err
	test "$(cat status)" = 141
'
ok 'a full disk is an error' '
	result 0 0 >in
	exec 3<in
	fails 1 bt-progress <&3 >/dev/full
	said "standard output: No space left on device"
'
ok 'options that are wrong' '
	fails 2 bt-progress -i 0
	said "bt-progress: --interval 0: less than 1"
	fails 2 bt-progress --records many
	said "bt-progress: --records many: not a whole number"
	fails 1 bt-progress -r nowhere
	said "bt-progress: nowhere: No such file or directory"
	fails 2 bt-progress file
'
finish
