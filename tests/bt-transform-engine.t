#!/bin/sh
# Jobs for an engine, as far as no engine is needed: what is submitted, what is
# refused.  How they run is in slurm*.t.
. "${0%/*}/lib.sh"
. "${0%/*}/transform.sh"

# job: of four instances, in job.json.
job() {
	export BT_HOME="$PWD/home"
	model identity
	mkdir -p in
	seq 300 >in/a.csv
	request scores-1 in "\"TransformResources\": {
	    \"InstanceType\": \"ml.m5.large\", \"InstanceCount\": 4 }" >job.json
}

ok 'a dry run prints all that is submitted' '
	job
	bt-transform --dry-run --engine slurm --max-records 1 job.json |
	    sed "s,$PWD,PWD,; s/scores-1-[0-9a-f]\{8\}/RUN/" | unfolded | expand |
	    sed "/^# The files whose/,/^fi/d" >out
	same out <<-"END_OF_SCRIPT"
	# A transform job for a Slurm cluster.  Pasted into a shell of a machine that can
	# submit, this does what bt-transform does.
	(
	set -eu
	mkdir -p PWD/home/jobs/scores-1/shares
	cd PWD/home/jobs/scores-1
	rm -rf references split.failed results joined out storing "done" attempts shares/*
	: >results


	cat >split <<'\''END'\''
	#!/bin/sh
	# The objects are cut into mini-batches, once.
	set -eu
	cd PWD/home/jobs/scores-1
	trap '\''exit 143'\'' TERM
	if grep -qs '\''"Stopping"'\'' status.json; then
	        exit 143
	fi
	exec 9>>lock
	flock 9
	if test -e references; then
	        exit 0
	fi
	stage() { "$@" 2>>shares/split.log || printf '\''%s\n'\'' "$1" >>split.failed; }
	rm -f split.failed
	stage bt-split --files0-from objects --split-type Line --batch-strategy MultiRecord --max-payload-in-mb 6 --max-records 1 --content-type text/csv --compression-type None >references.new
	mv references.new references
	END

	cat >share <<'\''END'\''
	#!/bin/sh
	# A share of the mini-batches: those that have no result line yet.
	set -eu
	cd PWD/home/jobs/scores-1
	trap '\''exit 143'\'' TERM
	if grep -qs '\''"Stopping"'\'' status.json; then
	        exit 143
	fi
	# Each attempt writes a file of its own: another may still run, out of reach.
	share=$(bt-share --index)
	lines=$(mktemp "shares/$share.lines.XXXXXX")
	attempt=$share.${lines##*.}
	todo=shares/$share.todo.${lines##*.}
	mkdir -p parts attempts
	# What bt-report draws.
	printf '\''machine=%s start=%s\n'\'' "$(uname -n)" "$(date +%s.%N)" >"attempts/$attempt"
	ended() { printf "status=%s end=%s\n" "$1" "$(date +%s.%N)" >>"attempts/$attempt" || :; }
	trap '\''ended $?'\'' EXIT
	bt-share references >"$todo.all"
	left() {
	    bt-todo "shares/$share.lines."* <"$todo.all" >"$todo"
	}
	left
	tries=0
	while test -s "$todo"; do
	    if test $tries -eq 3; then
	        printf '\''bt-transform: share %s on %s: %s mini-batches have no result\n'\'' "$share" "$SLURMD_NODENAME" "$(wc -l <"$todo")" >&2
	        exit 1
	    fi
	    tries=$((tries + 1))
	    bt-predict -m identity -o "parts/$attempt" --content-type text/csv --accept text/csv --invocations-timeout-in-seconds 600 --invocations-max-retries 3 <"$todo" >>"$lines" || :
	    left
	done
	rm -f "$todo"*
	: >"shares/$share.done"
	END

	cat >join <<'\''END'\''
	#!/bin/sh
	# The replies are put in the order of the records, when all shares have ended.
	set -eu
	cd PWD/home/jobs/scores-1
	trap '\''exit 143'\'' TERM
	if grep -qs '\''"Stopping"'\'' status.json; then
	        exit 143
	fi
	# One join at a time; what comes late finds all done.
	exec 3>&2 9>>lock
	flock 9
	test ! -e status.json || trap '\''bt-transform ended scores-1 $? 2>&3'\'' EXIT
	if test -e "done"; then
	        exit 0
	fi
	exec 2>log # messages are kept
	rm -rf failed joined out results.new
	stage() { "$@" || printf '\''%s\n'\'' "$1" >>failed; }
	! test -e split.failed || cp split.failed failed

	# A line counts once, the first one of two.
	share=0 unfinished=
	set --
	while test $share -lt 16; do
	    for file in "shares/$share.lines."*; do
	        ! test -e "$file" || set -- "$@" "$file"
	    done
	    test -e "shares/$share.done" || unfinished="$unfinished $share"
	    share=$((share + 1))
	done
	: >>references
	bt-todo --answered /dev/null "$@" >results.new
	mv results.new results
	bt-todo results <references >missing
	if test -s missing; then
	    awk -v shares="${unfinished# }" '\''{ ref = $0; sub(/^[^,]*,records=[0-9]*[+]/, ""); records += $0 }
	        NR == 1 { first = ref }
	        END { printf "bt-transform: share%s %s of 16: no result for %.0f records, first those of %s; see shares/*.log\n",
	            (shares ~ / / ? "s" : ""), shares, records, first }'\'' missing >&2
	    printf '\''shares\n'\'' >>failed
	fi
	for file in shares/*.log; do
	    test ! -s "$file" || cat "$file"
	done >&2

	stage bt-join --assemble-with Line --content-type text/csv --accept text/csv -o PWD/out/ --input-prefix PWD/in/ --errors errors --names >joined <results

	# Nothing is left out: all objects up to their last mini-batch, all records.
	missing=$(bt-todo --missing objects results <references) ||
	    missing="it is not known if all records have a result"
	if test -n "$missing"; then
	        printf "bt-transform: %s\n" "$missing" >&2
	        printf "bt-todo\n" >>failed
	fi

	# The objects that failed have no output, the others do.
	if test -e failed; then
	        printf "bt-transform: all messages are in %s/log\n" "$PWD" >&3
	        exit 1
	fi

	# Only a job that has come to here is Completed.
	: >"done"

	# Nothing needs this any more.
	rm -rf parts input spool out model[0-9]* shares before missing storing
	END

	# Slurm runs a share again if its node dies.  afterany: the join looks for itself
	# whether all is there.  The options of sbatch(1) may be in its variables, as
	# SBATCH_PARTITION, SBATCH_TIMELIMIT.
	export BT_COUNT=16
	unset BT_INDEX
	submit() {
	    answer=$(sbatch --parsable --job-name RUN --export ALL --requeue --ntasks 1 --open-mode append "$@") || { scancel --name RUN; exit 1; }
	    after=afterany:${answer%%;*}
	}
	submit --output shares/split.log split
	submit --dependency "$after" --array 0-15%4 --cpus-per-task 1 --output '\''shares/%a.log'\'' share
	submit --dependency "$after" --output join.log join
	)
	END_OF_SCRIPT
	test "$(ls home)" = models
'
ok 'few mini-batches are cut before anything is submitted' '
	job
	for n in 1 3; do
		bt-transform --dry-run --engine slurm --max-records $n job.json |
		    sed "s/scores-1-[0-9a-f]\{8\}/RUN/" | unfolded >script.$n
	done
	diff script.1 script.3 | grep "^[<>]" | sed "/^< cat >split/,/^< \$/d" >out
	same out <<-"END"
	< submit --output shares/split.log split
	< submit --dependency "$after" --array 0-15%4 --cpus-per-task 1 --output '\''shares/%a.log'\'' share
	> # Few mini-batches are cut sooner here than by a task.
	> stage() { "$@" 2>>shares/split.log || printf '\''%s\n'\'' "$1" >>split.failed; }
	> rm -f split.failed
	> stage bt-split --files0-from objects --split-type Line --batch-strategy MultiRecord --max-payload-in-mb 6 --max-records 3 --content-type text/csv --compression-type None >references.new
	> mv references.new references
	> submit --array 0-15%4 --cpus-per-task 1 --output '\''shares/%a.log'\'' share
	END
'
ok 'which are few, is counted: up to 255, or to 100 MB' '
	job
	splits() {
		bt-transform --dry-run --engine slurm "$@" job.json | grep -c "^cat >split" || :
	}
	for n in 255 256; do
		seq $n >in/a.csv
		splits --max-records 1
	done >got
	head -c 6000000 /dev/zero | tr "\0" x >in/a.csv
	for n in 16 17; do
		for i in $(seq 2 $n); do
			ln -f in/a.csv in/$i.csv
		done
		splits
	done >>got
	echo 0 1 0 1 | tr " " "\n" | same got
'
ok 'the words that end the files are none of their lines' '
	job
	model identity "" "\"Environment\": { \"A\": \"x\\nEND\\nEND_\\ny\" }"
	bt-transform --dry-run --engine slurm --max-records 1 job.json >script
	grep "END_*.\{0,1\}\$" script | grep -vx END >got
	same got <<-"END-"
	cat >split <<'\''END'\''
	cat >share <<'\''END__'\''
	END_
	END__
	cat >join <<'\''END'\''
	END-
'
ok 'an engine that is not known, or not here' '
	job
	fails 2 bt-transform --engine pbs job.json
	said "bt-transform: engine pbs: neither slurm nor none"
	(export BT_ENGINE=pbs; fails 2 bt-transform job.json)
	said "bt-transform: engine pbs: neither slurm nor none"
	fails 2 bt-transform --engine
	said "bt-transform: --engine: option requires an argument"
	mkdir few
	for tool in bt-job bt-todo bt-share bt-predict bt-split bt-s3manifest flock setsid mkdir find \
	    mktemp sed cat rm tr wc sort grep head awk od date sh ls mv; do
		ln -s "$(command -v $tool)" few/
	done
	(PATH=$PWD/few; fails 1 "$B/bt-transform" --engine slurm job.json) || :
	ls -A home/jobs >"$tmp/got"
	same "$tmp/got" </dev/null
'
ok 'without one, several instances are this machine, which is said' '
	job
	run_job job.json
	head -n 1 err >"$tmp/got"
	same "$tmp/got" <<-END
	bt-transform: InstanceCount 4: runs on this machine; with --engine slurm on 4
	END
	cmp in/a.csv out/a.csv.out
	bt-transform remove scores-1
	BT_ENGINE=slurm run_job --overwrite --engine none job.json
	head -n 1 err | cmp - "$tmp/got"
'
finish
