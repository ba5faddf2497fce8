#!/bin/sh
# The cable of a machine is cut, and it goes on alone: two tasks run one share.  The
# machines of this test have their own process ids, so that these repeat.
if test -z "${TEST_TMP-}"; then
	tmp=
	# shellcheck source=tests/slurm/cluster.sh
	. "${0%/*}/slurm/cluster.sh"
	apart "$0"
fi
. "${0%/*}/lib.sh"
. "${0%/*}/transform.sh"
. "${0%/*}/slurm/cluster.sh"
. "${0%/*}/slurm/jobs.sh"
if test -z "${TEST_NETWORK-}"; then
	skip 'machines whose cable is cut' 'networks of their own need root'
	finish
fi
start_cluster 3

node_of() {	# node_of SHARE: the last that has begun it
	awk -v share="$1" '$2 == share { node = $3 } END { print node }' began/log
}

twice() {	# twice SHARE: another node has begun it, too
	test "$(node_of "$1")" != "$node"
}

# cut_off NAME: a job, of whose share 0 two tasks run; the one on $node waits.
cut_off() {
	gated "$1" 2 24
	: >shut
	bt-transform --detach --engine slurm job.json >arn
	await begun 4
	node=$(node_of 0)
	: >"shut.$node"
	cut_cable "$node"
	rm shut
	await twice 0
}

ok 'two tasks run a share at the same time' '
	cut_off both
	rm shut.$node
	ends_well both
	test -n "$(redone)"
	mend_cable $node
'
ok 'one of them goes on when the job is Completed' '
	cut_off late
	ends_well late
	rm shut.$node
	# It has the rest of its share before it.
	sleep 2
	mend_cable $node
	sleep 1
	cmp want out/a.csv.out
	test "$(ls -A out)" = a.csv.out
	is Completed late
'
stop_cluster
finish
