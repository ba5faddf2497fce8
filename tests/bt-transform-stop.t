#!/bin/sh
# Stops: at any moment, two at once, against a resume, of what is left of a run.
. "${0%/*}/lib.sh"
. "${0%/*}/transform.sh"
export BT_PLUGIN_PATH="$B/plugins:$B/tests/plugins"

# hanging NAME: a job in the background, whose model hangs by now.
hanging() {
	export BT_HOME="$PWD/home"
	model as_told
	echo "once:$PWD/flag:hang" >a.csv
	request "$1" a.csv >job.json
	bt-transform --detach job.json >arn
	await test -e flag
}

# killed NAME: one whose run was killed.
killed() {
	hanging "$1"
	kill_all
	job=$PWD/home/jobs/$1
}

is() {	# is STATUS NAME
	bt-transform describe "$2" >described
	sed -n "s/.*\"TransformJobStatus\": \"\(.*\)\",.*/\1/p" described >status
	test "$(cat status)" = "$1"
}

ends_well() {	# ends_well NAME
	run_job resume "$1" || { cat err; false; }
	cmp a.csv out/a.csv.out
}

# slow COMMAND [WORDS]: one that waits as long as there is a file slowly, if these
# are among its arguments.
slow() {
	mkdir -p slow
	{
		echo '#!/bin/sh'
		echo "case \$* in *${2-}*) ;; *) exec $(command -v "$1") \"\$@\" ;; esac"
		echo "test ! -e $PWD/slowly || { : >$PWD/is-slow; while test -e $PWD/slowly; do sleep 0.05; done; }"
		echo "exec $(command -v "$1") \"\$@\""
	} >"slow/$1"
	chmod +x "slow/$1"
	PATH=$PWD/slow:$PATH
}

ok 'a stop before the group of the run is there' '
	export BT_HOME="$PWD/home"
	model as_told
	echo hang >a.csv
	request early a.csv >job.json
	slow setsid
	: >slowly
	bt-transform job.json >arn 2>err &
	await test -e is-slow
	timeout 60 bt-transform stop early
	is Stopped early
	fails 1 wait $!
	fails 1 pgrep -fa "$PWD/home"
	test ! -e out
'
ok 'a stop while the script begins' '
	export BT_HOME="$PWD/home"
	model as_told
	echo hang >a.csv
	request early a.csv >job.json
	slow sh "trap*143"
	: >slowly
	bt-transform --detach job.json >arn 2>err &
	await test -e is-slow
	bt-transform stop early
	is Stopped early
	fails 1 wait $!
	test ! -s home/jobs/early/results
'
ok 'two stops at once' '
	hanging twice
	slow bt-job Stopping
	: >slowly
	bt-transform stop twice 2>err1 & one=$!
	bt-transform stop twice 2>err2 & two=$!
	await test -e is-slow
	sleep 0.2
	rm slowly
	wait $one
	wait $two
	cat err1 err2 >"$tmp/got"
	same "$tmp/got" <<-END
	bt-transform: the job twice is Stopped; bt-transform resume twice goes on
	bt-transform: the job twice is Stopped; bt-transform resume twice goes on
	END
	is Stopped twice
	ends_well twice
'
ok 'a stop between a resume and its run is a stop' '
	killed both
	slow bt-todo
	: >slowly
	bt-transform resume both >log 2>&1 & resume=$!
	await test -e is-slow
	bt-transform stop both
	rm slowly
	status=0
	wait $resume || status=$?
	test $status -ne 0
	is Stopped both
	test ! -e out
	ends_well both
'
ok 'another process of an old number is left alone' '
	killed old
	env -u BT_HOME setsid sleep 100 & other=$!
	await sh -c "test \$(ps -o pgid= $other) -eq $other"
	echo $other >$job/pid
	bt-transform stop old
	kill -0 $other
	is Stopped old
	ends_well old
	# One that starts meanwhile has the lock.
	rm -r home out flag
	killed old
	echo $other >$job/pid
	flock $job/lock sleep 1 & held=$!
	await fails 1 flock -n $job/lock true
	bt-transform stop old
	wait $held
	kill -0 $other
	kill $other
	is Stopped old
'
ok 'a stop of what a killed runner and a killed script leave' '
	hanging left
	job=home/jobs/left pid=$(cat home/jobs/left/pid)
	# All but bt-predict and its worker.
	kill -9 "$(ps -o ppid= "$pid" | tr -d " ")" "$pid"
	timeout 60 bt-transform stop left
	is Stopped left
	fails 1 pgrep -fa "$PWD/home"
	ends_well left
'
ok 'a job that is stopped as it ends' '
	export BT_HOME="$PWD/home"
	model identity
	echo 1 >a.csv
	request last a.csv >job.json
	slow rm parts
	: >slowly
	bt-transform --detach job.json >arn
	await test -e is-slow
	rm slowly
	bt-transform wait last
	fails 1 bt-transform stop last
	said "bt-transform: the job last is Completed"
'
ok 'how a job has ended is said by whoever sees its end' '
	hanging ends
	bt-transform wait ends 2>waited & waiter=$!
	bt-transform stop ends 2>err
	wait $waiter
	cat err waited >"$tmp/got"
	same "$tmp/got" <<-END
	bt-transform: the job ends is Stopped; bt-transform resume ends goes on
	bt-transform: the job ends is Stopped; bt-transform resume ends goes on
	END
	run_job resume ends
	bt-transform wait ends 2>waited
	sed 1s,[0-9.]*/s.*,N/s, err >"$tmp/got"
	cat waited >>"$tmp/got"
	same "$tmp/got" <<-END
	bt-progress: 1 records, N/s
	bt-transform: the job ends is Completed; its outputs are in $PWD/out/
	bt-transform: the job ends is Completed; its outputs are in $PWD/out/
	END
	# An earlier version did not note the place.
	rm home/jobs/ends/outdir
	bt-transform wait ends 2>err
	same err <<-END
	bt-transform: the job ends is Completed
	END
'
ok 'progress is shown to who waits at a terminal' '
	export BT_HOME="$PWD/home"
	model as_told
	{ echo 1; echo "once:$PWD/flag:hang"; } >a.csv
	request shown a.csv "\"BatchStrategy\": \"SingleRecord\"" >job.json
	bt-transform --detach job.json >arn
	await test -e flag
	script -qec "bt-transform wait shown" /dev/null >seen & waiter=$!
	await grep -q "1 of 2 records" seen
	bt-transform stop shown
	wait $waiter
	tr "\r" "\n" <seen | grep -x "bt-transform: the job shown is Stopped; .*"
	# What has ended has no progress.
	script -qec "bt-transform wait shown" /dev/null >seen
	fails 1 grep records seen
'
ok 'a job that has ended is removed, and its name is free' '
	export BT_HOME="$PWD/home"
	model identity
	echo 1 >a.csv
	request done a.csv >job.json
	run_job job.json
	bt-transform remove done
	ls -A home/jobs >"$tmp/got"
	same "$tmp/got" </dev/null
	test -s out/a.csv.out
	fails 1 bt-transform remove done
	said "bt-transform: there is no job done"
	run_job --overwrite job.json
	is Completed done
	# A link is removed, and stays where it leads to.
	mv home/jobs/done elsewhere
	ln -s "$PWD/elsewhere" home/jobs/done
	bt-transform remove done
	test -e elsewhere/status.json
	fails 1 test -L home/jobs/done
'
ok 'one that runs is not, whatever is left of it' '
	hanging runs
	fails 1 bt-transform remove runs
	said "bt-transform: the job runs is running: stop it first"
	job=home/jobs/runs pid=$(cat home/jobs/runs/pid)
	kill -9 "$(ps -o ppid= "$pid" | tr -d " ")" "$pid"
	fails 1 bt-transform remove runs
	test -e $job/results
	kill_all
	bt-transform remove runs
	test ! -e $job
'
ok 'a remove that is killed leaves no job, and another removes the rest' '
	export BT_HOME="$PWD/home"
	model identity
	echo 1 >a.csv
	request half a.csv >job.json
	run_job job.json
	mkdir kills
	{
		echo "#!/bin/sh"
		echo "case \$* in *.removed.*) if test -d \"\$2\"; then
			test \$(cat moment) = early || $(command -v rm) \"\$2/lock\"
			kill -9 \$PPID; fi ;;
		*) exec $(command -v rm) \"\$@\" ;; esac"
	} >kills/rm
	chmod +x kills/rm
	for moment in early late; do
		echo $moment >moment
		(PATH=$PWD/kills:$PATH; fails 137 bt-transform remove half)
		bt-transform list >list
		same list <<-END
		{
		    "TransformJobSummaries": []
		}
		END
		for verb in describe resume stop wait; do
			fails 1 bt-transform $verb half
			said "bt-transform: there is no job half"
		done
		run_job --overwrite job.json
		test $moment = early || break
		bt-transform remove half
		run_job --overwrite job.json
	done
	ls -A home/jobs >"$tmp/got"
	same "$tmp/got" <<-END
	.removed.half
	half
	END
	bt-transform remove half
	ls -A home/jobs >"$tmp/got"
	same "$tmp/got" </dev/null
'
ok 'a resume that waits for a remove finds no job' '
	export BT_HOME="$PWD/home"
	model identity
	echo 1 >a.csv
	request late a.csv >job.json
	run_job job.json
	slow flock "9"
	: >slowly
	bt-transform resume late 2>err & resume=$!
	await test -e is-slow
	PATH=${PATH#*slow:} bt-transform remove late
	rm slowly
	fails 1 wait $resume
	grep "there is no job late" err
'
ok 'a worker that is killed is said, and a resume does what it has left' '
	export BT_HOME="$PWD/home" BT_PLUGIN_PATH=$B/plugins:$B/tests/plugins
	mkdir shells
	model shell shells
	for n in 1 2 3 4 5 6; do echo "echo $n"; done >a.csv
	sed -i "3s,^,mkdir $PWD/f \&\& kill -9 \$(sed -n \"s/^PPid:.//p\" /proc/\$PPID/status) \&\& sleep 1; ," a.csv
	request dead a.csv "\"BatchStrategy\": \"SingleRecord\", \"MaxConcurrentTransforms\": 2" >job.json
	sed -i "s,text/csv,text/plain," job.json
	fails 1 run_job job.json
	tail -n 1 err >got
	same got <<-END
	bt-transform: InternalServerError: bt-predict: ended by a signal: Killed
	END
	# What the model has started has the lock until it ends.
	await bt-transform resume dead
	seq 6 | cmp - out/a.csv.out
'
finish
