#!/bin/sh
# How jobs on a cluster end: with a share that always fails, two joins at once, a
# join that is killed, a submission that is refused, a time limit.
. "${0%/*}/lib.sh"
. "${0%/*}/transform.sh"
. "${0%/*}/slurm/cluster.sh"
. "${0%/*}/slurm/jobs.sh"
start_cluster 3

# instead_of TOOL: a script in its place, from standard input; $tool is the tool.
instead_of() {
	mkdir -p instead
	{ echo '#!/bin/sh'; echo "tool=$(command -v "$1")"; cat; } >"instead/$1"
	chmod +x "instead/$1"
	PATH=$PWD/instead:$PATH
}

# begin_join: runs the job until its join has begun, which waits while there is the
# file held, and adds a line to joins.
begin_join() {
	instead_of bt-join <<-END
	echo join >>$PWD/joins
	while test -e $PWD/held; do sleep 0.05; done
	exec \$tool "\$@"
	END
	: >held
	bt-transform --detach --engine slurm job.json >arn
	await test -e joins
}

ok 'a share that always fails is named, with its records' '
	gated fails 2 24
	instead_of bt-predict <<-"END"
	test "${SLURM_ARRAY_TASK_ID-}" = 3 || exec $tool "$@"
	echo bt-predict: no such luck >&2
	echo It smokes. >&2
	exit 255
	END
	fails 1 bt-transform --engine slurm job.json
	sed -n "s/[0-9]* records.*#.*;/N records;/p" "$tmp/err" >got
	same got <<-END
	bt-transform: InternalServerError: share 3 of 8: no result for N records; see shares/*.log
	END
	test ! -e out/a.csv.out
	# 3 tries; of a try, the second worker may not begin when the first has failed.
	test "$(grep -c "no such luck" $job/shares/3.log)" -ge 3
	# The log has each message once, whoever it is from.
	grep -c smokes $job/shares/3.log >got
	grep -c smokes $job/log | same got
	: >began/log
	rm instead/bt-predict
	resumed fails
	cut -d" " -f2 began/log | sort -u >got
	echo 3 | same got
'
ok 'of two joins at once one does the work' '
	gated twice 2 8
	begin_join
	sh $job/join 2>log2 & other=$!
	sleep 1
	test "$(wc -l <joins)" -eq 1
	rm held
	wait $other
	ends_well twice
	test "$(wc -l <joins)" -eq 1
	test "$(ls -A out)" = a.csv.out
'
ok 'a join that is killed and run again' '
	gated again 2 8
	begin_join
	scontrol requeue "$(squeue -h -o %A)"
	rm held
	ends_well again
	test "$(wc -l <joins)" -eq 2
	test "$(ls -A out)" = a.csv.out
'
ok 'a join that is lost: the job has failed, and a resume joins' '
	gated lost 2 8
	begin_join
	scancel "$(squeue -h -o %A)"
	fails 1 bt-transform wait lost
	said "InternalServerError: the run was killed; resume goes on with it"
	is Failed lost
	rm held
	: >began/log
	resumed lost
	test ! -s began/log
'
ok 'what Slurm refuses has failed, and leaves nothing in its queue' '
	gated refused 2 8
	(export SBATCH_PARTITION=none; fails 1 bt-transform --engine slurm job.json)
	same "$tmp/err" <<-END
	bt-transform: InternalServerError: the job cannot be submitted: sbatch: error: Batch job submission failed: Invalid partition name specified
	END
	is Failed refused
	test -z "$(squeue -h)"
	resumed refused
'
stop_cluster
finish
