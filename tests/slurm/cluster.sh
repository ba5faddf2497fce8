# cluster.sh - a Slurm cluster of a test's own, on this machine, in $tmp/cluster.
# shellcheck shell=sh disable=SC2016,SC2154
#
# It needs no privilege, no service and nothing in /etc: munged, slurmctld and a
# slurmd for each node run as whoever runs the test, with ports and a key of their
# own.  The nodes share the machine's name, disk and process ids; they differ by
# SLURMD_NODENAME.  With root's privileges, after apart(), each is a machine of its
# own but for the disk: with its own network, name and process ids.  What makes
# tests wait is short: a silent node is down after ten seconds (300 by default), and
# a share that has lost its node starts again after five (120).  There is an Epilog,
# as many clusters have one: without it slurmctld does not look what may start when a
# task has ended, but once a second.

PATH=$PATH:/usr/sbin:/sbin
cluster=$tmp/cluster

has_slurm() {
	for tool in slurmctld slurmd sbatch munged; do
		command -v "$tool" >/dev/null || return
	done
}

# apart FILE: run this file of tests again in a network of its own, which ends with
# it; false if that cannot be.
apart() {
	test -z "${TEST_NETWORK-}" || return 0
	test "$(id -u)" -eq 0 && unshare --net --uts --pid --mount-proc --fork true 2>/dev/null &&
	    ip link help 2>&1 | grep -q bridge || return
	export TEST_NETWORK=10.9
	exec unshare --net sh "$1"
}

make_network() {
	ip link set lo up
	ip link add bridge type bridge
	ip addr add "$TEST_NETWORK.0.1/16" dev bridge
	ip link set bridge up
}

# Ports that no other test has, most likely: process ids differ, and the system gives
# ports from 32768 on to who asks for any.
port=$((10000 + $$ % 1000 * 20))

# start_cluster NODES: all of them are idle when it returns.  What is told to end has
# $kill_wait seconds (3).
start_cluster() {
	nodes=$1
	mkdir -p "$cluster/state" "$cluster/munge"
	chmod 700 "$cluster/munge"
	export SLURM_CONF="$cluster/slurm.conf"
	host=$(uname -n) address=127.0.0.1
	node_hosts=$host node_addresses=127.0.0.1
	if test -n "${TEST_NETWORK-}"; then
		make_network
		address=$TEST_NETWORK.0.1
		node_hosts="node[1-$nodes]" node_addresses="$TEST_NETWORK.1.[1-$nodes]"
	fi
	head -c 128 /dev/urandom >"$cluster/munge/key"
	chmod 400 "$cluster/munge/key"
	echo CgroupPlugin=cgroup/v1 >"$cluster/cgroup.conf"
	cat >"$SLURM_CONF" <<-END
	ClusterName=test
	SlurmctldHost=$host($address)
	SlurmctldPort=$port
	SlurmUser=$(id -un)
	SlurmdUser=$(id -un)
	AuthType=auth/munge
	AuthInfo=socket=$cluster/munge/socket,cred_expire=5
	CredType=cred/munge
	StateSaveLocation=$cluster/state
	SlurmdSpoolDir=$cluster/%n
	SlurmctldPidFile=$cluster/ctld.pid
	SlurmdPidFile=$cluster/%n.pid
	SlurmctldLogFile=$cluster/ctld.log
	SlurmdLogFile=$cluster/%n.log
	ProctrackType=proctrack/linuxproc
	TaskPlugin=task/none
	JobAcctGatherType=jobacct_gather/none
	SelectType=select/cons_tres
	SelectTypeParameters=CR_Core
	SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1
	SlurmdParameters=config_overrides
	MpiDefault=none
	ReturnToService=2
	SlurmdTimeout=10
	MessageTimeout=5
	Epilog=/bin/true
	KillWait=${kill_wait:-3}
	MinJobAge=${min_job_age:-4}
	PreemptType=preempt/partition_prio
	PreemptMode=REQUEUE
	NodeName=node[1-$nodes] NodeHostname=$node_hosts NodeAddr=$node_addresses Port=[$((port + 1))-$((port + nodes))] CPUs=2 RealMemory=1000
	PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP PriorityTier=1
	PartitionName=urgent Nodes=ALL MaxTime=INFINITE State=UP PriorityTier=2
	END
	# A test that is killed does not stop it.
	env -u SLURM_CONF setsid "$top/tests/slurm/end" "$SLURM_CONF" $$ >/dev/null 2>&1 &
	munged -f -S "$cluster/munge/socket" --key-file="$cluster/munge/key" \
	    --log-file="$cluster/munge/log" --pid-file="$cluster/munge.pid" \
	    --seed-file="$cluster/munge/seed" 2>"$cluster/munge/err"
	start_controller
	node=0
	while test $node -lt "$nodes"; do
		node=$((node + 1))
		start_node node$node
	done
	await all_idle
}

all_idle() {
	test "$(sinfo -h -N -p main -o %T | grep -cx idle)" -eq "$nodes"
}

start_controller() {
	slurmctld -f "$SLURM_CONF"
}

start_node() {	# start_node NODE
	mkdir -p "$cluster/$1"
	if test -z "${TEST_NETWORK-}"; then
		slurmd -f "$SLURM_CONF" -N "$1"
		return
	fi
	# Its first process ends with slurmd, and all others with that.
	unshare --net --uts --pid --mount-proc --fork --kill-child sh -c '
		hostname "$1"
		until ip link show eth0 >/dev/null 2>&1; do sleep 0.05; done
		ip link set lo up
		ip addr add "$3" dev eth0
		ip link set eth0 up
		slurmd -D -f "$2" -N "$1"' sh "$1" "$SLURM_CONF" \
	    "$TEST_NETWORK.1.${1#node}/16" >"$cluster/$1.out" 2>&1 &
	echo $! >"$cluster/$1.machine"
	until test "$(readlink /proc/$!/ns/net)" != "$(readlink /proc/self/ns/net)"; do
		sleep 0.05
	done
	ip link add "to-$1" type veth peer name eth0 netns $!
	ip link set "to-$1" master bridge up
}

# cut_cable NODE, mend_cable NODE: of machines of their own.
cut_cable() {
	ip link set "to-$1" down
}

mend_cable() {
	ip link set "to-$1" up
}

# kill_controller: when it has saved what it has begun, as it does every few seconds,
# together with a job that shows it.  Otherwise it would begin that again, and hold
# it because it runs already.
kill_controller() {
	shown=$(sbatch --parsable --hold --job-name shown --output /dev/null --wrap true)
	await grep -aqs shown "$cluster/state/job_state"
	scancel "$shown"
	end_now "$(cat "$cluster/ctld.pid")"
	rm "$cluster/ctld.pid"
}

# kill_daemon NODE: slurmd alone; what runs goes on.
kill_daemon() {
	end_now "$(cat "$cluster/$1.pid")"
	rm "$cluster/$1.pid"
}

# cut_power NODE: all that runs on the node ends at once.
cut_power() {
	for process in /proc/[0-9]*; do
		! grep -qzsx "SLURMD_NODENAME=$1" "$process/environ" ||
		    ! grep -qzsx "SLURM_CONF=$SLURM_CONF" "$process/environ" ||
		    echo "${process#/proc/}"
	done >"$cluster/victims"
	# What watches over them has not their environment.
	while read -r pid; do
		ps -o ppid= -p "$pid"
	done <"$cluster/victims" | xargs -r -n 1 ps -o pid=,comm= -p |
	    awk '$2 == "slurmstepd" { print $1 }' >"$cluster/parents"
	# shellcheck disable=SC2046
	kill -9 $(cat "$cluster/$1.pid" "$cluster/parents" "$cluster/victims") 2>/dev/null || :
	rm -f "$cluster/$1.pid"
}

end_now() {	# end_now PID
	kill -9 "$1"
	while kill -0 "$1" 2>/dev/null; do
		sleep 0.05
	done
}

stop_cluster() {
	env -u SLURM_CONF "$top/tests/slurm/end" "$SLURM_CONF"
}
