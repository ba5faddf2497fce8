# jobs.sh - jobs of gated records, which wait as long as the test wants.
# shellcheck shell=sh disable=SC2154

# A test of a cluster begins so.
if ! has_slurm; then
	skip 'jobs on a Slurm cluster' 'no slurmctld here: tests/setup slurm'
	finish
fi
export BT_PLUGIN_PATH="$B/plugins:$B/tests/plugins"

# gated NAME INSTANCES RECORDS [MEMBERS]: the request job.json of records that run
# the script gate: each says that it has begun, waits while there is the file shut,
# or shut.NODE, and is answered by its number.
gated() {
	export BT_HOME="$PWD/home"
	mkdir -p in began
	model shell "$PWD"
	cat >gate <<-END
	printf '%s %s %s\n' "\$1" "\${SLURM_ARRAY_TASK_ID-none}" "\${SLURMD_NODENAME-here}" >>$PWD/began/log
	while test -e $PWD/shut || test -e $PWD/shut.\${SLURMD_NODENAME-here}; do
		sleep 0.05
	done
	echo "answer \$1"
	END
	seq "$3" | sed "s,^,sh $PWD/gate ," >in/a.csv
	seq "$3" | sed 's/^/answer /' >want
	request "$1" in "\"BatchStrategy\": \"SingleRecord\",
	    \"MaxConcurrentTransforms\": 2, \"TransformResources\": {
	    \"InstanceType\": \"ml.m5.large\", \"InstanceCount\": $2 }${4:+, $4}" |
	    sed "s,text/csv,text/plain,g" >job.json
	job=$PWD/home/jobs/$1
}

# begun N: at least so many records.
begun() {
	test "$(wc -l <began/log)" -ge "$1"
}

# answered N: at least so many records.
answered() {
	test "$(cat "$job/shares/"*.lines.* | wc -l)" -ge "$1"
}

is() {	# is STATUS NAME
	bt-transform describe "$2" >described
	sed -n 's/.*"TransformJobStatus": "\(.*\)",.*/\1/p' described >status
	test "$(cat status)" = "$1"
}

queue_lacks() {	# queue_lacks RUN
	test -z "$(squeue -h -n "$1")"
}

# ends_well NAME: without a resume; its outputs are whole, and it was told once.  The
# task of the join ends after it has said how the job did.
ends_well() {
	bt-transform wait "$1" || { cat "$job/log"; false; }
	is Completed "$1"
	cmp want out/a.csv.out
	await queue_lacks "$(cut -d' ' -f2 "$job/engine")"
}

# resumed NAME
resumed() {
	run_job resume "$1" || { cat err "$job/log"; false; }
	is Completed "$1"
	cmp want out/a.csv.out
}

# redone: the records that have begun more than once, or nothing.
redone() {
	cut -d' ' -f1 began/log | sort | uniq -d
}

# queue_id SHARE NAME: of the task of a share, as Slurm numbers it.
queue_id() {
	squeue -h -r -n "$(cut -d' ' -f2 "$job/engine")" -o '%F_%K %K' | awk -v share="$1" '$2 == share { print $1 }'
}
