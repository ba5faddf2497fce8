#!/bin/sh
# Every tool under the odd conditions that a process may be started in: it does
# the same, or fails with a message; and nothing else is in what it writes.
. "${0%/*}/lib.sh"

# The tests of each tool look for leaks; here that takes half of the time.
export ASAN_OPTIONS=detect_leaks=0
for name in $(env | sed -n 's/^\(AWS_[A-Z0-9_]*\)=.*/\1/p'); do
	unset "$name"
done
unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY
if command -v bt-s3cat >/dev/null; then
	trap 'kill $store; rm -rf "$tmp"' EXIT
	/usr/bin/python3 "$top/tests/s3/store.py" "$tmp/store" >&2 &
	store=$!
	await test -e "$tmp/store"
	. "$tmp/store"
	export STORE
fi

# fixture: what the commands work on, and in want.N what the N-th of them gives
# when all is well.
fixture() {
	export HOME="$PWD"
	seq 300 >in.csv
	bt-split -n 10 in.csv >refs
	bt-predict -m identity -o parts <refs >results
	printf "./%s\0" in.csv refs results >names
	cat >job.json <<-END
	{ "TransformJobName": "j", "ModelName": "m", "TransformInput":
	  { "DataSource": { "S3DataSource": { "S3DataType": "S3Prefix", "S3Uri": "in.csv" } } },
	  "TransformOutput": { "S3OutputPath": "out" } }
	END
	echo "{ \"ModelName\": \"m\", \"PrimaryContainer\": { \"Image\": \"identity\" } }" >model.json
	mkdir -p jobs run
	cp refs run/references
	cp results run/results
	cat >commands <<-\END
	bt-split -n 10 in.csv
	bt-split -n 10 -c text/csv - <in.csv -o spool --overwrite
	bt-predict -m identity -o new <refs
	bt-join results
	bt-join - <results
	bt-todo --answered results
	bt-todo /dev/null <refs
	env BT_INDEX=1 BT_COUNT=2 bt-share refs
	bt-progress <results
	bt-report --text run
	bt-job --json job.json
	bt-job --list jobs
	env BT_HOME=home bt-transform list
	env BT_HOME=home bt-transform --model model.json job.json
	END
	if command -v bt-s3cat >/dev/null; then
		cat >>commands <<-\END
		bt-s3cat in.csv
		bt-s3cat - <in.csv
		bt-s3manifest -0 ./ <names
		bt-s3put --no-sign-request --region r --endpoint-url $STORE s3://plain/k <in.csv
		END
	fi
	each want
	same bad </dev/null
}

# each FUNCTION: called with i and command for each of the commands; what it says
# is in the file bad.
each() {
	i=0
	while read -r command; do
		i=$((i + 1))
		"$1" </dev/null
	done <commands >bad 2>&1
}

# settle: puts into the file got what the command did, if that is not what it
# printed, and undoes it.
settle() {
	case $command in
	bt-predict*)
		bt-join got >joined || echo "not joined"
		mv joined got ;;
	bt-s3put*)
		curl -sSf "$STORE/plain/k" >got || echo "not stored"
		printf old | curl -sSf -T - "$STORE/plain/k" ;;
	*--model*)
		cat out/in.csv.out >>got || echo "no output"
		rm -rf home out ;;
	esac
}

want() {
	sh -c "$command" >got 2>err || cat err
	settle
	mv got "want.$i"
	test -s "want.$i" || echo "nothing: $command"
}

# alike BEFORE AFTER: says so if the command, between these words of the shell,
# ends with other than 0, or does something else than it otherwise does.
alike() {
	status=0
	sh -c "$1 $command $2" >got 2>err || status=$?
	settle
	if ! cmp "want.$i" got || test "$status" -ne 0; then
		echo "$status: $1 $command $2"
		cat err
	fi
}

# wrong STATUS TEXT COMMAND: says so if that does not end with the status and a
# message with the text.
wrong() {
	status=0
	timeout 60 sh -c "$3" >got 2>err || status=$?
	if test "$status" -ne "$1" || ! grep -q "$2" err; then
		echo "$status: $3"
		cat err
	fi
}

# pipes MODE COMMAND: with pipes that do not block as its standard input and
# output, of which the first is empty and the second full for a while; with the
# mode gone or killed nobody reads the second, and SIGPIPE is ignored or not.
cat >"$tmp/pipes" <<'END'
import os, re, signal, subprocess, sys, threading, time

mode, command = sys.argv[1:]
words = re.fullmatch(r"(.*) <(\S+)(.*)", command)
data = open(words[2], "rb").read() if words else b""
command = "exec " + (words[1] + words[3] if words else command)
signal.signal(signal.SIGPIPE,
              signal.SIG_DFL if mode == "killed" else signal.SIG_IGN)
(source, feed), (drain, sink) = os.pipe(), os.pipe()
os.set_blocking(source, False)
os.set_blocking(sink, False)
full = 0
try:
    while mode == "slow":
        full += os.write(sink, bytes(4096))
except BlockingIOError:
    pass
if mode != "slow":
    os.close(drain)
p = subprocess.Popen(["sh", "-c", command], stdin=source, stdout=sink,
                     restore_signals=False)
os.close(source)
os.close(sink)
signal.signal(signal.SIGPIPE, signal.SIG_IGN)
if mode == "slow":
    time.sleep(0.15)


def write():
    try:
        with open(feed, "wb") as f:
            f.write(data)
    except BrokenPipeError:
        pass


threading.Thread(target=write).start()
if mode == "slow":
    with open(drain, "rb") as f:
        f.read(full)
        sys.stdout.buffer.write(f.read())
status = p.wait()
sys.exit(status if status >= 0 else 128 - status)
END
pipes() {
	/usr/bin/python3 "$tmp/pipes" "$@"
}

ok 'as it is when nothing is odd' '
	fixture
	plain() { alike "" ""; }
	each plain
	same bad </dev/null
'
ok 'standard error is closed' '
	fixture
	silent() { alike "" "2>&-"; }
	each silent
	same bad </dev/null
'
ok 'standard input that is closed is an error where it is needed' '
	fixture
	closed() {
		case $command in
		*"<"*)	wrong 1 "Bad file descriptor" \
			    "exec $(echo "$command" | sed "s/ <[^ ]*//") <&-" ;;
		*)	alike "" "<&-" ;;
		esac
	}
	each closed
	same bad </dev/null
'
ok 'standard output that is closed is an error where it is needed' '
	fixture
	closed() {
		case $command in
		bt-s3put*) alike "" ">&-" ;;
		*bt-transform*) wrong 1 "standard output\|Bad file descriptor" "$command >&-" ;;
		*)	wrong 1 "Bad file descriptor" "$command >&-" ;;
		esac
		rm -rf home out
	}
	each closed
	same bad </dev/null
'
ok 'all three are closed: messages are nowhere, and outputs whole' '
	fixture
	printf "1,2\nx,4\n5,6\n" >odd.csv
	echo "{ \"format\": \"bt-linear\", \"version\": 1, \"kind\": \"linear\", \"weights\": [1, 1] }" >model.json
	bt-split -b SingleRecord odd.csv >refs
	fails 1 bt-predict -m linear -d . -o parts2 <refs >results
	bt-join -o out --on-error skip --errors e.jsonl results <&- >&- 2>&-
	same out/odd.csv.out <<-END
	3
	11
	END
	jq -c "[.object, .record]" e.jsonl >got
	same got <<-END
	["odd.csv",1]
	END
	printf "1,\"2\n3\",4\n" >bad.csv
	fails 1 sh -c "exec bt-split -c text/csv -o kept - <bad.csv 2>&-"
	cmp bad.csv kept
	fails 1 sh -c "exec bt-predict -m linear -d . -o parts3 <refs >again 2>&-"
	cut -f 1 again | cmp - refs
	printf "3\n11\n" | cmp - parts3/*
'
ok 'pipes that do not block are waited for' '
	fixture
	slow() {
		# The ARN is printed by the shell, which does not wait.
		case $command in *--model*) return ;; esac
		status=0
		pipes slow "$command" >got 2>err || status=$?
		settle
		if ! cmp "want.$i" got || test "$status" -ne 0; then
			echo "$status: $command"
			cat err
		fi
	}
	each slow
	same bad </dev/null
'
ok 'a pipe that nobody reads is an error, and ends the tool quietly by SIGPIPE' '
	fixture
	unread() {
		case $command in bt-s3put* | *bt-transform*) return ;; esac
		status=0
		pipes gone "$command" 2>err || status=$?
		if test "$status" -ne 1 || ! grep -q "Broken pipe" err; then
			echo "$status: $command"
			cat err
		fi
		status=0
		pipes killed "$command" 2>err || status=$?
		if test "$status" -ne 141 || test -s err; then
			echo "$status: $command"
			cat err
		fi
	}
	each unread
	same bad </dev/null
'
ok 'a limit of file sizes is an error like any other' '
	fixture
	limited() {
		test "$(wc -c <"want.$i")" -gt 512 || return 0
		case $command in bt-s3put*) return ;; esac
		wrong 1 "File too large" "ulimit -f 1; $command >printed"
		rm -rf home out new printed
	}
	each limited
	same bad </dev/null
	fails 1 timeout 60 sh -c "ulimit -f 1; bt-join -o dir results"
	said "File too large"
	fails 1 timeout 60 sh -c "ulimit -f 1; bt-split -n 10 -o big - <in.csv >/dev/null"
	said "File too large"
	test ! -e dir || test -z "$(ls -A dir)"
'
# few N COMMAND ...: with room for descriptors below N, and no others left open.
cat >"$tmp/few" <<'END'
import os, resource, sys

os.closerange(3, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
resource.setrlimit(resource.RLIMIT_NOFILE, 2 * (int(sys.argv[1]),))
os.execvp(sys.argv[2], sys.argv[2:])
END
ok 'few descriptors do, or are said to be too few' '
	fixture
	few() {
		for n in 4 6 8 12 16; do
			# The shell itself wants descriptor 10.
			case $n$command in [468]*bt-transform*) continue ;; esac
			status=0
			sh -c "exec /usr/bin/python3 $tmp/few $n $command" >got 2>err || status=$?
			case $status$command in
			0*)	settle
				cmp "want.$i" got || echo "$n: $command" ;;
			# 2 is what a shell ends with.
			1* | 255* | 2*bt-transform*)
				rm -rf home out
				grep -q "Too many open files" err || {
					echo "$status, $n: $command"
					cat err
				} ;;
			*)	echo "$status, $n: $command"
				cat err ;;
			esac
		done
	}
	each few
	same bad </dev/null
'
ok 'an empty environment, another mask, locale or CDPATH, signals ignored' '
	fixture
	path="PATH=$PATH BT_PLUGIN_PATH=$BT_PLUGIN_PATH"
	odd() {
		for before in "env -i $path" "env CDPATH=/:/usr" "umask 077;" \
		    "LC_ALL=tr_TR.UTF-8" "env TMPDIR=/nonexistent" "HOME=/nonexistent" \
		    "unset HOME;" "trap \"\" PIPE CHLD HUP INT TERM XFSZ USR1;"; do
			alike "$before" ""
		done
	}
	each odd
	same bad </dev/null
'
ok 'the mask holds for all that is written' '
	fixture
	rm -r new spool bad
	chmod -R go= .
	umask 077
	masked() { sh -c "$command" >printed; }
	each masked
	bt-join -o dir --errors errors results
	test -e home -a -e spool -a -e new -a -e dir/in.csv.out
	find . -perm /077 >open
	same open </dev/null
'
ok 'tools and plugins by relative paths' '
	fixture
	ln -s "$B" b
	BT_PLUGIN_PATH=b/plugins b/bt-predict -m identity -o parts4 <refs >again
	cut -f 1 again | cmp - refs
	cmp in.csv parts4/*
	b/bt-split -n 10 in.csv | cmp - want.1
'
finish
