#!/bin/sh
# What a model starts ends with its worker, whatever it did to be on its own.
. "${0%/*}/lib.sh"
export BT_PLUGIN_PATH="$B/tests/plugins"
test -e /proc/self/task || { echo "1..0 # SKIP Linux only"; exit 0; }

# left COMMAND: a record that starts it in a session of its own, as no child of
# the worker, and notes its process id.
left() {
	echo "(setsid sh -c '$1' >/dev/null 2>&1 & echo \$! >>pids); $2"
}

gone() {	# gone FILE: the processes whose ids it holds are no more
	while read -r pid; do
		! kill -0 "$pid" 2>/dev/null || return 1
	done <"$1"
}

predict() {
	bt-split -n 1 in.txt >refs
	bt-predict -m shell -d . -o parts --invocations-max-retries 0 <refs >results
}

ok 'at the end of the run' '
	left "exec sleep 600" "echo 1" >in.txt
	left "sleep 600; :" "echo 2" >>in.txt
	predict
	gone pids
	grep -c "" pids results >out
	same out <<-END
	pids:2
	results:2
	END
'
ok 'before another worker begins' '
	left "exec sleep 600" "kill -9 \$PPID" >in.txt
	echo "kill -0 \$(cat pids) && echo there || echo gone" >>in.txt
	fails 1 predict
	echo gone | cmp - parts/*
'
ok 'whose end is no part of the time that a batch took' '
	left "trap \"sleep 1.5; exit\" TERM; echo >ready; while :; do sleep 0.1; done" \
	    "until test -e ready; do sleep 0.1; done; kill -9 \$PPID" >in.txt
	fails 1 predict
	grep "status=crash" results
	sed "s/.* ms=\([0-9]*\) .*/\1/" results >ms
	test "$(cat ms)" -lt 1500
'
ok 'one that ends before is waited for' '
	left "exec sleep 600" "echo 1" >in.txt
	echo "kill \$(cat pids); while kill -0 \$(cat pids); do sleep 0.02; done; echo 2" >>in.txt
	predict
	printf "%s\n" 1 2 | cmp - parts/*
'
ok 'at a signal that ends bt-predict' '
	left "exec sleep 600" "sleep 600" >in.txt
	bt-split -n 1 in.txt >refs
	for signal in 1 15 14; do
		rm -f pids
		bt-predict -m shell -d . -o parts <refs &
		await test -s pids
		kill -$signal $!
		fails $((128 + signal)) wait $!
		gone pids
	done
'
ok 'a second signal ends those that ignore the first' '
	left "trap \"\" TERM; echo >ready; sleep 600; :" "sleep 600" >in.txt
	bt-split -n 1 in.txt >refs
	bt-predict -m shell -d . -o parts <refs &
	await test -s ready
	kill -TERM $!
	sleep 0.2
	kill -TERM $!
	fails 143 wait $!
	gone pids
'
ok 'but nothing that was there before' '
	echo "echo 1" >in.txt
	bt-split -n 1 in.txt >refs
	sh -c "sleep 600 & echo \$! >other
	    exec bt-predict -m shell -d . -o parts <refs" >results
	kill "$(cat other)"
	echo 1 | cmp - parts/*
'
finish
