#!/bin/sh
# Servers that the http plugin starts, and stops: bt-http(7).
. "${0%/*}/lib.sh"
test -f "$B/plugins/http.so" || { echo "1..0 # SKIP no plugin http"; exit 0; }
unset BT_HTTP_URL BT_HTTP_UNIX BT_HTTP_HEADERS LISTEN PING PARAMETERS CAP
faults="python3 $(cd "${0%/*}/http" && pwd)/faults.py"
export faults
export PYTHONDONTWRITEBYTECODE=1

# soon COMMAND: it is true within 10 s.
soon() {
	for _ in $(seq 500); do
		! "$@" 2>/dev/null || return 0
		sleep 0.02
	done
	echo "not within 10 s: $*" >&2
	return 1
}

gone() {	# gone FILE: the processes whose ids it holds are no more
	while read -r pid; do
		! kill -0 "$pid" 2>/dev/null || return 1
	done <"$1"
}

ok 'the program serve in the model folder, run in it' '
	mkdir m
	printf "%s\n" "#!/bin/sh" "pwd >\"\$OUT/pwd\"" "echo printed" \
	    "test \$PORT -eq \$SAGEMAKER_BIND_TO_PORT" "test \$SAGEMAKER_BATCH = true" \
	    "exec $faults" >m/serve
	chmod +x m/serve
	echo a >in.txt
	bt-split in.txt | OUT=$PWD bt-predict -m http -d m -o parts >results 2>err
	cmp in.txt parts/*
	echo "$PWD/m" | same pwd
	grep -v "; waiting\$" err >said
	same said <<-END
	printed
	END
'
ok 'a command, run in the model folder; on a socket; which goes at the end' '
	mkdir m tmp
	echo a >in.txt
	bt-split in.txt | TMPDIR=$PWD/tmp LISTEN=socket bt-predict -m http -d m -o parts \
	    -E BT_HTTP_COMMAND="pwd >../pwd; echo \$SOCKET >../socket; exec $faults" >results
	cmp in.txt parts/*
	echo "$PWD/m" | same pwd
	grep "^$PWD/tmp/bt-http\.[^/]*/s$" socket
	rmdir tmp
'
ok 'each server of a pipeline has settings of its own' '
	echo a >in.txt
	bt-split in.txt | bt-predict -E K=all -m http -d "echo \$K \${L-none} >one; exec $faults" \
	    -m http -d "echo \$K \$L >two; exec $faults" -E K=2 -E L=l -o parts >results
	cmp in.txt parts/*
	cat one two >out
	same out <<-END
	all none
	2 l
	END
'
ok 'a command where the model folder is given elsewhere, run where we are' '
	echo a >in.txt
	bt-split in.txt | bt-predict -m http -d "pwd >pwd; echo \$\$ >pids; exec $faults" \
	    -o parts >results
	cmp in.txt parts/*
	echo "$PWD" | same pwd
	gone pids
	mkdir "my model"
	echo "exec $faults" | sed "1i #!/bin/sh" >"my model/serve"
	chmod +x "my model/serve"
	bt-split in.txt | bt-predict -m http -d "my model" -o parts2 >results
	cmp in.txt parts2/*
	bt-predict --probe -m http -d "exec $faults" >out
	sed -n "/^name=/p; /^model_dir=/s/ .*//p" out >lines
	same lines <<-END
	model_dir=exec
	name=http
	END
'
ok 'what cannot be started' '
	echo a >in.txt
	bt-split in.txt >refs
	mkdir m
	fails 255 bt-predict -m http -d m -o parts <refs
	said "m/serve: No such file or directory; put the program serve into the model folder"
	fails 255 bt-predict -m http -d in.txt -o parts <refs
	said "bt-predict: http: in.txt: the model is a file: a folder with the program \"serve\" is required"
	fails 255 bt-predict -m http -E BT_HTTP_COMMAND=x -E BT_HTTP_URL=http://x -o parts <refs
	said "http: BT_HTTP_COMMAND and BT_HTTP_URL: give only one of them"
	fails 255 bt-predict -m http -d m -E BT_HTTP_UNIX=x -o parts <refs
	said "http: a model folder and BT_HTTP_UNIX: give only one of them"
	fails 255 bt-predict -m http -d "x y" -E BT_HTTP_COMMAND=x -o parts <refs
	said "http: a command and BT_HTTP_COMMAND: give only one of them"
	fails 255 bt-predict -m http -E BT_HTTP_URL=ftp://x -o parts <refs
	said "http: BT_HTTP_URL: not http://host:port"
	fails 255 bt-predict -m http -d serve -o parts <refs
	said "bt-predict: http: serve: No such file or directory"
	fails 255 bt-predict -m linear -d "no such folder" -o parts <refs
	said "bt-predict: linear: no such folder: No such file or directory"
	: >m/serve
	chmod +x m/serve
	echo "#!/nowhere" >m/serve
	fails 255 bt-predict -m http -d m -o parts <refs
	said "bt-predict: http: serve: No such file or directory"
	said "bt-predict: http: the server exited with status 127 before it was ready"
	fails 255 env TMPDIR=/nowhere bt-predict -m http -d m -o parts <refs
	said "bt-predict: http: TMPDIR /nowhere: No such file or directory"
'
ok 'a server that ends before it is ready ends the wait' '
	echo a >in.txt
	bt-split in.txt >refs
	before=$(date +%s)
	fails 255 bt-predict -m http -d "echo no model >&2; exit 3" -o parts <refs
	said "no model"
	said "bt-predict: http: the server exited with status 3 before it was ready"
	fails 255 bt-predict -m http -d "kill -SEGV \$\$" -o parts <refs
	said "the server was killed by a signal: Segmentation fault before it was ready"
	PING=hang fails 255 bt-predict -m http -o parts <refs \
	    -d "$faults & sleep 0.5; kill -KILL \$!; exit 4"
	said "the server exited with status 4 before it was ready"
	test $(($(date +%s) - before)) -lt 5
'
ok 'a server that is never ready' '
	echo a >in.txt
	bt-split in.txt >refs
	fails 255 bt-predict -m http --start-timeout 8 -d "PORT=0 exec $faults" -o parts <refs
	sed "s/127.0.0.1:[0-9]*/HOST/; s/port [0-9]*/port N/" "$tmp/err" | tail -n 1 >out
	same out <<-\END
	bt-predict: http: not ready within 7.6 s: GET /ping at http://HOST: no connection: Connection refused; nothing listens on port N: start the server on the port in PORT, as by --port=$PORT
	END
	PING="status 503 loading" fails 255 bt-predict -m http --start-timeout 8 \
	    -d "exec $faults" -o parts <refs
	said "http: not ready within 7.6 s: "
	said "the server answered 503: loading"
	PING=hang fails 255 bt-predict -m http --start-timeout 8 -d "exec $faults" -o parts <refs
	said "http: not ready within 7.6 s: "
	grep "connected and sent, but no answer within [0-3][.0-9]* s$" "$tmp/err"
'
ok 'a server whose worker is killed while it waits' '
	echo a >in.txt
	bt-split in.txt >refs
	bt-predict -m http -o parts -d "echo \$\$ >pids; exec sleep 60" <refs 2>err & predict=$!
	soon test -s pids
	kill -KILL $(ps -o pid= --ppid $predict)
	got=0; wait $predict || got=$?
	test $got -eq 255
	grep -v "; waiting\$" err >said
	same said <<-END
	bt-predict: http: model crashed: Killed while it was loaded
	END
	gone pids
'
ok 'a server that is ready later' '
	echo a >in.txt
	bt-split in.txt | LOG=$PWD/log PING="once p status 503" bt-predict -m http \
	    -E BT_HTTP_COMMAND="sleep 0.3; exec $faults" -o parts >results
	cmp in.txt parts/*
	grep -c ping log >out
	same out <<-END
	2
	END
'
ok 'a server for each worker, on ports of their own' '
	seq 1 80 >in.txt
	bt-split --max-records 5 in.txt |
	    LOG=$PWD/log xargs -P 4 -n 4 bt-predict -m http \
	    -E BT_HTTP_COMMAND="echo \$PORT >>ports; exec $faults" -o parts >results
	bt-join <results | cmp - in.txt
	sort -u ports | grep -c "" >out
	same out <<-END
	4
	END
'
ok 'all of it has ended when bt-predict has, also what left the group' '
	echo a >in.txt
	bt-split in.txt | bt-predict -m http -o parts >results -d "echo \$\$ >>pids
	    sleep 60 & echo \$! >>pids
	    setsid sh -c \"echo \\\$\\\$ >>pids; exec sleep 60\" &
	    exec $faults"
	cmp in.txt parts/*
	test "$(grep -c "" pids)" -eq 3
	gone pids
'
ok 'a server that ignores SIGTERM is killed after a while' '
	echo a >in.txt
	bt-split in.txt | bt-predict -m http -o parts >results 2>err \
	    -d "trap \"\" TERM; echo \$\$ >>pids; exec $faults"
	cmp in.txt parts/*
	gone pids
'
ok 'whoever is killed: worker, bt-predict, the process between' '
	echo a >in.txt
	bt-split in.txt >refs
	export TMPDIR="$PWD" BT_HTTP_COMMAND="sleep 60 & echo \$\$ \$! | xargs -n 1 >>pids; echo \$PPID >between; exec $faults"
	for who in worker bt-predict watcher TERM all; do
		rm -f fifo pids between
		mkfifo fifo
		bt-predict -m http -o parts.$who <fifo >results.$who 2>err.$who & predict=$!
		exec 4>fifo
		cat refs >&4
		soon test -s results.$who
		worker=$(ps -o pid= --ppid $predict | xargs)
		cp pids pids.$who
		test "$(grep -c "" pids.$who)" -eq 2
		case $who in
		worker)	kill -KILL $worker; cat refs >&4 ;;
		bt-predict) kill -KILL $predict ;;
		watcher) kill -KILL "$(cat between)" ;;
		TERM)	kill $predict ;;
		all)	kill $predict $worker "$(cat between)" || : ;;
		esac
		# Who kills the process between has the rest of the group to stop.
		if test $who = watcher; then
			kill "$(sed -n 2p pids.$who)"
		fi
		soon gone pids.$who
		exec 4>&-
		wait $predict || :
		case $who in
		worker | watcher | TERM) gone pids ;;
		*)	soon gone pids ;;
		esac
	done
	test "$(grep -c "" results.worker)" -eq 2
'
finish
