#!/bin/sh
# What dies on a cluster, and comes back: nodes, daemons, tasks.  Each job ends with
# the same bytes, or says what is missing, and a resume does that.
. "${0%/*}/lib.sh"
. "${0%/*}/transform.sh"
. "${0%/*}/slurm/cluster.sh"
. "${0%/*}/slurm/jobs.sh"
start_cluster 3

# started NAME: a job of gated records, four of which wait now.
started() {
	gated "$1" 2 24
	: >shut
	bt-transform --detach --engine slurm job.json >arn
	await begun 4
}

ok 'the power of a node is cut' '
	started power
	cut_power "$(sed -n "s/.* \(node[0-9]\)$/\1/p" began/log | head -n 1)"
	rm shut
	ends_well power
	bt-report --text power | grep "^share [0-7] on .*: killed after .* or more, .*; begun again .* later on "
'
for node in node1 node2 node3; do
	test -e "$cluster/$node.pid" || start_node $node
done
await all_idle
ok 'the controller is killed, and comes back' '
	started controller
	kill_controller
	fails 0 bt-transform describe controller
	said "Slurm does not answer; this is what the job"
	rm shut
	await answered 6
	start_controller
	ends_well controller
	test -z "$(redone)"
'
ok 'the daemon of a node is killed, and comes back' '
	started daemon
	node=$(sed -n "s/.* \(node[0-9]\)$/\1/p" began/log | head -n 1)
	kill_daemon $node
	rm shut
	await answered 6
	start_node $node
	ends_well daemon
	test -z "$(redone)"
'
ok 'an administrator has a share run again' '
	started requeued
	scontrol requeue "$(queue_id 0 requeued)"
	rm shut
	ends_well requeued
'
ok 'the array is cancelled: the join names what is missing' '
	started cancelled
	scancel "$(queue_id 7 cancelled)"
	scancel "$(queue_id 2 cancelled)"
	rm shut
	fails 1 bt-transform wait cancelled
	sed "s/[0-9]* records.*#/N records, first those of OBJECT#/; s/#.*;/#REF;/" "$tmp/err" >got
	same got <<-END
	bt-transform: InternalServerError: shares 2 7 of 8: no result for N records, first those of OBJECT#REF; see shares/*.log
	END
	test ! -e out/a.csv.out
	: >began/log
	resumed cancelled
	cut -d" " -f2 began/log | sort -u | xargs >got
	echo 2 7 | same got
'
ok 'a task that is held: it is said, and goes on when it is released' '
	started held
	scontrol hold "$(queue_id 7 held)"
	fails 0 bt-transform describe held
	said "bt-transform: Slurm holds tasks of the job; scontrol release $(queue_id 7 held) has it start them"
	rm shut
	bt-transform wait held 2>err & pid=$!
	await grep -q "Slurm holds tasks" err
	scontrol release "$(sed "s/.*scontrol release //; s/ .*//" err)"
	wait $pid
	ends_well held
	grep -c "Slurm holds" err >got
	echo 1 | same got
'
ok 'a test that is killed leaves nothing of its cluster' '
	daemons() {
		grep -lzsx "SLURM_CONF=$PWD/cluster/slurm.conf" /proc/[0-9]*/environ | wc -l
	}
	has_none() {
		test "$(daemons)" -eq 0
	}
	{
		sed -n "/^await() {/,/^}/p" "$top/tests/lib.sh"
		echo "top=$top tmp=$PWD"
		echo ". $top/tests/slurm/cluster.sh"
		echo "start_cluster 1; touch up; while :; do sleep 1; done"
	} >test
	sh test >out 2>&1 & pid=$!
	await test -e up
	test "$(daemons)" -gt 2
	kill -9 $pid
	await has_none
'
stop_cluster
finish
