#!/bin/sh
# A time limit: what it cuts off is missing, and a resume with more time does it.
. "${0%/*}/lib.sh"
. "${0%/*}/transform.sh"
. "${0%/*}/slurm/cluster.sh"
. "${0%/*}/slurm/jobs.sh"
start_cluster 3

ok 'shares that are cut off by a time limit are named, and resumed' '
	gated limit 2 24
	: >shut
	SBATCH_TIMELIMIT=1 bt-transform --detach --engine slurm job.json >arn
	await begun 4
	# Two shares run to the limit of a minute, then the others are let go.
	await test -n "$(queue_id 0 limit)"
	until test -z "$(queue_id 0 limit)$(queue_id 1 limit)"; do sleep 0.2; done
	rm shut
	fails 1 bt-transform wait limit
	# Before it are the messages of Slurm.
	tail -n 1 "$tmp/err" | sed "s/[0-9]* records.*#.*;/N records;/" >got
	same got <<-END
	bt-transform: InternalServerError: shares 0 1 of 8: no result for N records; see shares/*.log
	END
	test ! -e out/a.csv.out
	grep -c "DUE TO TIME LIMIT" $job/shares/0.log
	resumed limit
'
stop_cluster
finish
