#!/bin/sh
# Machines that are taken away, that have another time, or whose disk is full.
. "${0%/*}/lib.sh"
. "${0%/*}/transform.sh"
. "${0%/*}/slurm/cluster.sh"
. "${0%/*}/slurm/jobs.sh"

# alone_with NODE: what is mounted there, the others do not see.
alone_with() {
	kill_daemon "$1"
	unshare --mount slurmd -f "$SLURM_CONF" -N "$1"
}

# there NODE COMMAND ...: with the mounts of that node.
there() {
	there=$1
	shift
	nsenter --mount="/proc/$(cat "$cluster/$there.pid")/ns/mnt" "$@"
}

left_queue() {	# left_queue SHARE NAME
	test -z "$(queue_id "$1" "$2")"
}

empty_queue() {
	squeue -h >queue && test ! -s queue
}

# A busy machine may take its time until it requeues what has just ended.
min_job_age=60
start_cluster 2

ok 'tasks that are preempted run again' '
	gated preempted 2 24
	: >shut
	SBATCH_SIGNAL=TERM@30 bt-transform --detach --engine slurm job.json >arn
	await begun 4
	sbatch --partition urgent --nodes 2 --exclusive --output urgent --wrap \
	    "touch $PWD/urgent.ran" >id
	await test -e urgent.ran
	rm shut
	ends_well preempted
	test "$(redone | wc -l)" -eq 4
'
ok 'a task that gets a signal, then runs again' '
	gated signal 2 24
	: >shut
	bt-transform --detach --engine slurm job.json >arn
	await begun 4
	id=$(queue_id 0 signal)
	# It says that the task had no step.
	scancel --full --signal TERM "$id" || :
	await left_queue 0 signal
	scontrol requeue "$id"
	rm shut
	ends_well signal
	test -n "$(redone)"
'
if command -v faketime >/dev/null; then
	ok 'the clocks of machines are ten minutes apart' '
		gated clocks 2 24
		mkdir instead
		for tool in bt-predict bt-todo bt-join bt-job; do
			cat >instead/$tool <<-END
			#!/bin/sh
			export FAKETIME_DONT_FAKE_MONOTONIC=1
			case \${SLURMD_NODENAME-} in
			node1) exec faketime -f +10m $(command -v $tool) "\$@" ;;
			node2) exec faketime -f -10m $(command -v $tool) "\$@" ;;
			esac
			exec $(command -v $tool) "\$@"
			END
			chmod +x instead/$tool
		done
		PATH=$PWD/instead:$PATH
		SBATCH_NODELIST=node2 bt-transform --detach --engine slurm job.json >arn
		ends_well clocks
		test -z "$(redone)"
	'
else
	skip 'the clocks of machines are ten minutes apart' 'no faketime'
fi
if ! unshare --mount true 2>/dev/null; then
	skip 'disks that are full' 'mounts need root'
	stop_cluster
	finish
fi
ok 'the disk that they share is full' '
	mkdir home
	mount -t tmpfs -o size=2m none home
	trap "umount -l home" EXIT
	gated shared 2 24
	: >shut
	bt-transform --detach --engine slurm job.json >arn
	await begun 4
	cat /dev/zero >home/all || :
	rm shut
	await empty_queue
	is Failed shared
	grep "the run was killed; resume goes on with it" described
	test ! -e out
	rm home/all
	resumed shared
'
ok 'one machine cannot write replies' '
	gated replies 2 24
	alone_with node1
	await all_idle
	: >shut
	bt-transform --detach --engine slurm job.json >arn
	await begun 4
	there node1 mount -t tmpfs -o nr_inodes=1 none $job/parts
	rm shut
	fails 1 bt-transform wait replies
	sed "s/\(shares\{0,1\}\) .* of 8/\1 LIST of 8/; s/[0-9]* records.*#.*;/N records;/" "$tmp/err" |
	    tail -n 1 >got
	grep -x "bt-transform: InternalServerError: shares\{0,1\} LIST of 8: no result for N records; see shares/\*.log" got
	grep "^bt-predict: parts/.*: No space left on device$" "$job/log"
	sed -n "s/.* share [0-9] on \(node[0-9]\): [0-9]* mini-batches have no result$/\1/p" \
	    "$job/log" | sort -u >got
	echo node1 | same got
	test ! -e out/a.csv.out
	there node1 umount $job/parts
	resumed replies
'
stop_cluster
finish
