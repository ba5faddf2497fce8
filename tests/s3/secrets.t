#!/bin/sh
# What is secret stays out of arguments, messages, core dumps and the sight of
# others.
. "${0%/*}/../lib.sh"
. "$top/tests/s3/lib.sh"

u=s3://$bucket
head -c 3000000 /dev/urandom >"$tmp/big"
s3 put "$bucket" big <"$tmp/big"
export AWS_SESSION_TOKEN=session.token+/=
proxy

# running COMMAND ...: it waits for a server that is silent; $pid.
running() {
	faults '{"stall": [1000000, 20]}'
	"$@" >/dev/null 2>&1 &
	pid=$!
	until curl -sSf "$AWS_ENDPOINT_URL_S3/-/busy" | grep -q 1; do sleep 0.05; done
}

# nothing FILE ...: none of it in them.
nothing() {
	fails 1 grep -aFe "$AWS_SECRET_ACCESS_KEY" -e "$AWS_SESSION_TOKEN" -e topSecret \
	    -e Signature= "$@"
}

ok 'not in arguments' '
	running bt-s3cat "$u/big"
	tr "\0" " " </proc/$pid/cmdline >args
	kill $pid
	grep "^[^ ]*bt-s3cat $u/big \$" args
	nothing args
	bt-s3put "$u/x" -- sh -c "tr \"\\0\" \" \" </proc/\$PPID/cmdline >>args; echo x"
	bt-s3cat "$u/x"
	grep "bt-s3put" args
	nothing args
'
ok 'no core dump' '
	cat >dumps.py <<-END
	import os, resource, signal, sys, time
	most = resource.getrlimit(resource.RLIMIT_CORE)[1]
	resource.setrlimit(resource.RLIMIT_CORE, (most, most))
	pid = os.fork()
	if pid == 0:
	    os.execvp(sys.argv[1], sys.argv[1:])
	time.sleep(1)
	print(*(x.split()[4:6] for x in open("/proc/%d/limits" % pid) if "core" in x))
	os.kill(pid, signal.SIGABRT)
	status = os.waitpid(pid, 0)[1]
	print(os.WTERMSIG(status), os.WCOREDUMP(status))
	END
	# An input that does not end, however slow the machine is.
	mkfifo fifo
	exec 4<>fifo
	for run in "bt-s3cat $u/big" "bt-s3put $u/x"; do
		faults "{\"stall\": [1000000, 20]}"
		# shellcheck disable=SC2086
		python3 dumps.py $run 2>/dev/null <fifo | tail -n 2
	done >out
	same out <<-END
	['\''0'\'', '\''0'\'']
	6 False
	['\''0'\'', '\''0'\'']
	6 False
	END
	test -z "$(find . -name "core*")"
'
ok 'others of the same user cannot look' '
	as=
	if test "$(id -u)" -eq 0; then
		as="setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --bounding-set=-all"
		mkdir -m 755 nobodys
		cp "$B/tests/s3_creds" nobodys
		chmod 755 "$tmp" . nobodys/s3_creds
		cd nobodys
	else
		mkdir nobodys
		cp "$B/tests/s3_creds" nobodys
		cd nobodys
	fi
	echo environ | $as ./s3_creds >../out
	same ../out <<-END
	environ: closed
	mem: closed
	END
'
ok 'not in messages, whatever goes wrong' '
	faults "{\"status\": 403, \"code\": \"AccessDenied\"}, {\"status\": 400, \"code\": \"ExpiredToken\"}, {\"status\": 500, \"body\": \"<html>\", \"times\": 3}, {\"drop\": true, \"times\": 3}, {\"reset\": 9, \"times\": 1}, {\"flip\": 9}, {\"status\": 307, \"code\": \"TemporaryRedirect\", \"headers\": {\"Location\": \"http://u:p@127.0.0.1:1/\"}}"
	for i in 1 2 3 4 5; do
		bt-s3cat "$u/big" >>bytes 2>>said || :
		bt-s3put "$u/x" <"$tmp/big" 2>>said || :
	done
	test "$(wc -l <said)" -ge 5
	faults ""
	(export AWS_SECRET_ACCESS_KEY=topSecret; fails 1 bt-s3cat "$u/big")
	cat "$tmp/err" >>said
	(export http_proxy=http://user:topSecret@127.0.0.1:1 AWS_MAX_ATTEMPTS=1; fails 1 bt-s3cat "$u/big")
	cat "$tmp/err" >>said
	fails 1 bt-s3cat --endpoint-url http://user:topSecret@127.0.0.1:1 "$u/big"
	cat "$tmp/err" >>said
	cat said
	nothing said
'
finish
