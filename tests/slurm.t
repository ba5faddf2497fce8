#!/bin/sh
# Jobs on a Slurm cluster: the same bytes as on one machine, whoever looks, stops
# and resumes.
. "${0%/*}/lib.sh"
. "${0%/*}/transform.sh"
. "${0%/*}/slurm/cluster.sh"
. "${0%/*}/slurm/jobs.sh"
. "${0%/*}/pages.sh"
start_cluster 4

ok 'a split, an array of shares and a join: the bytes of one machine' '
	export BT_HOME="$PWD/home"
	model identity
	mkdir in
	for i in 1 2 3; do seq 500 | sed "s/^/$i,/" >in/$i.csv; done
	request one in >one.json
	run_job --max-records 5 one.json
	mv out want
	request many in "\"MaxConcurrentTransforms\": 2, \"TransformResources\": {
	    \"InstanceType\": \"ml.m5.large\", \"InstanceCount\": 4 }" >many.json
	BT_ENGINE=slurm run_job --max-records 5 many.json || { cat err home/jobs/many/log; false; }
	same err <<-END
	bt-transform: the job many is Completed; its outputs are in $PWD/out/
	END
	diff -r want out
	bt-transform describe --output table many | tail -n 3 >got
	same got <<-END
	Objects   3
	Batches   300
	Records   1500
	END
	ls home/jobs/many >"$tmp/got"
	same "$tmp/got" <<-END
	attempts
	boot
	done
	engine
	errors
	join
	join.log
	joined
	lock
	log
	model.json
	objects
	outdir
	references
	request.json
	results
	script
	script.failed
	script.resume
	share
	split
	status.json
	whole
	END
'
ok 'few mini-batches are cut where the job is submitted' '
	gated short 2 16
	: >shut
	bt-transform --detach --engine slurm job.json >arn
	wc -l <$job/references >got
	squeue -h -o %o | sed "s,.*/,," | sort -u >>got
	same got <<-END
	16
	join
	share
	END
	test ! -e $job/split
	rm shut
	ends_well short
	test -z "$(redone)"
'
ok 'what is pasted does the same' '
	gated pasted 2 16
	bt-transform --dry-run --engine slurm job.json >script
	sh script >got
	await test -e $job/done
	await all_idle
	cmp want out/a.csv.out
	rm -r out $job
	# What cannot be written submits nothing.
	mkdir -p $job/references.new
	fails 1 sh -c "sh script || exit 1"
	test -z "$(squeue -h)"
	test ! -e $job/references
'
ok 'what cannot be cut fails for the same reason here and as a task' '
	export BT_HOME="$PWD/home"
	model identity
	mkdir in
	for n in 4 400; do
		{ seq $n; echo "\"open"; } >in/a.csv
		request refused$n in >job.json
		fails 1 bt-transform --engine slurm --max-records 1 job.json >arn
		sed "s,$PWD,PWD," "$tmp/err"
		test ! -e out/a.csv.out
		seq $n >in/a.csv
		run_job resume refused$n
		cmp in/a.csv out/a.csv.out
		rm -r out
		test -e home/jobs/refused$n/split || echo no split
	done >got
	same got <<-END
	bt-transform: ClientError: PWD/in/a.csv: record 4 (line 5, byte 8): a newline inside a quoted field, column 1 (--embedded-newlines=keep keeps it as one record)
	no split
	bt-transform: ClientError: PWD/in/a.csv: record 400 (line 401, byte 1492): a newline inside a quoted field, column 1 (--embedded-newlines=keep keeps it as one record)
	END
'
ok 'a stop, or an interrupt, while the job is cut' '
	gated cut 2 16
	mkdir instead
	cat >instead/bt-split <<-END
	#!/bin/sh
	while test -e references.new && test -e $PWD/held; do sleep 0.05; done
	exec $(command -v bt-split) "\$@"
	END
	chmod +x instead/bt-split
	: >held
	PATH=$PWD/instead:$PATH setsid bt-transform --engine slurm job.json >arn 2>err & pid=$!
	await test -e $job/references.new
	kill -TERM -$pid
	fails 1 wait $pid
	# The shell may say before it that it was terminated.
	tail -n 1 err >got
	same got <<-END
	bt-transform: the job cut is Stopped; bt-transform resume cut goes on
	END
	is Stopped cut
	test ! -e $job/references
	rm $job/references.new
	PATH=$PWD/instead:$PATH bt-transform resume cut 2>err & pid=$!
	await test -e $job/references.new
	bt-transform stop cut 2>err2 & stop=$!
	await is Stopping cut
	rm held
	fails 1 wait $pid
	wait $stop
	is Stopped cut
	test -z "$(squeue -h)"
	test ! -e began/log
	resumed cut
'
ok 'a job goes on if who submitted it has died, and anybody can ask' '
	gated left 2 16
	: >shut
	bt-transform --engine slurm job.json >arn 2>err & pid=$!
	await begun 4
	kill -9 $pid
	wait $pid || :
	is InProgress left
	sed -n "/Shares/,\$p" described | xargs >got
	same got <<-END
	Shares: { All: 8, Completed: 0, Running: 2, Pending: 6, Failed: 0, Machines: [ node1, node2 ] } }
	END
	bt-transform list --output json | grep InProgress
	fails 1 bt-transform remove left
	said "the job left is running: stop it first"
	fails 1 bt-transform resume left
	said "the job left is running"
	rm shut
	ends_well left
	test -z "$(redone)"
'
ok 'who waits asks Slurm seldom' '
	gated rare 1 2
	: >shut
	bt-transform --detach --engine slurm job.json >arn
	mkdir instead
	cat >instead/squeue <<-END
	#!/bin/sh
	echo >>$PWD/asked
	exec $(command -v squeue) "\$@"
	END
	chmod +x instead/squeue
	PATH=$PWD/instead:$PATH bt-transform wait rare & pid=$!
	twice() { test "$(wc -l <asked)" -eq 2; }
	await twice
	sleep 4
	twice
	rm shut
	wait $pid
'
ok 'a stop leaves no process, and a resume runs what is missing' '
	gated halt 2 16
	bt-transform --detach --engine slurm job.json >arn
	: >shut
	await begun 4
	bt-transform stop halt
	is Stopped halt
	fails 1 pgrep -fa "$PWD/gate"
	test -z "$(squeue -h)"
	test ! -e out
	rm shut
	resumed halt
'
ok 'compressed objects are unpacked again by a resume' '
	gated packed 2 16
	gzip in/a.csv
	sed -i "s/\"SplitType\"/\"CompressionType\": \"Gzip\", &/" job.json
	: >shut
	bt-transform --detach --engine slurm job.json >arn
	await begun 4
	bt-transform stop packed
	find $job/spool -type f >spooled
	echo damaged >"$(cat spooled)"
	rm shut
	run_job resume packed || { cat err $job/log; false; }
	cmp want out/*.out
'
ok 'without an engine it runs here, and says so' '
	gated here 3 4
	fails 0 run_job job.json
	head -n 1 err >"$tmp/got"
	same "$tmp/got" <<-END
	bt-transform: InstanceCount 3: runs on this machine; with --engine slurm on 3
	END
	cmp want out/a.csv.out
'
if command -v mandoc >/dev/null; then
	ok 'the example of bt-cluster(7) for Slurm runs' '
		mkdir blocks in
		(cd blocks && blocks "$top/man/bt-cluster.7")
		grep -l BT_ENGINE=slurm blocks/* >names
		BT_HOME=$PWD model identity
		mv models/m.json model.json
		seq 100 >in/a.csv
		request reviews in "\"MaxConcurrentTransforms\": 2" >job.json
		(. "./$(cat names)") >got 2>err || { cat err; false; }
		grep "^Records *100$" got
		cmp in/a.csv out/a.csv.out
		cut -d" " -f1,3 bt/jobs/reviews/engine >got
		echo slurm 1 | same got
	'
else
	skip 'the example of bt-cluster(7) for Slurm runs' 'no mandoc'
fi
# on_terminal FILE COMMAND ...: its standard error is a terminal, which FILE shows.
on_terminal() {
	python3 -c '
import os, pty, subprocess, sys
terminal, end = pty.openpty()
child = subprocess.Popen(sys.argv[2:], stderr=end)
os.close(end)
with open(sys.argv[1], "wb", 0) as out:
    try:
        while data := os.read(terminal, 4096):
            out.write(data)
    except OSError:
        pass
sys.exit(child.wait())' "$@"
}

if python3 -c 'import pty' 2>/dev/null; then
	ok 'on a terminal, wait shows how far the shares are' '
		gated shown 2 16
		: >shut
		bt-transform --detach --engine slurm job.json >arn
		await begun 4
		on_terminal screen bt-transform wait shown & pid=$!
		await grep -aq shares screen
		rm shut
		wait $pid
		tr -d "\033" <screen | tr -s "\r" "\n" | sed "s/^\[K//; /^\$/d" |
		    sed -n "1p; \$p" >got
		same got <<-END
		records 0 of 16; shares 0 of 8, 2 running on node1 node2, 6 pending, 0 failed
		bt-transform: the job shown is Completed; its outputs are in $PWD/out/
		END
	'
else
	skip 'on a terminal, wait shows how far the shares are' 'no python3'
fi
stop_cluster
finish
