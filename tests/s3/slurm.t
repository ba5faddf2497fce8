#!/bin/sh
# Jobs on a Slurm cluster whose machines share nothing but S3.
. "${0%/*}/../lib.sh"
. "$top/tests/s3/lib.sh"
. "$top/tests/transform.sh"
. "$top/tests/slurm/cluster.sh"
. "$top/tests/slurm/jobs.sh"
# A task that is stopped stores what it has.
kill_wait=30
start_cluster 3
u=s3://$bucket

# far NAME INSTANCES RECORDS: as gated does, with all in S3.  The home is of the
# submitting machine, and each machine has a TMPDIR of its own, which shows what is
# left there.
far() {
	gated "$@"
	bt-s3put --recursive in "$u/$1/in/"
	echo model | bt-s3put "$u/$1/model/file"
	model shell "$u/$1/model/"
	sed -i "s,\"S3Uri\": \"in\",\"S3Uri\": \"$u/$1/in/\",; s,\"out\",\"$u/$1/out\"," job.json
	mkdir tmp
	export TMPDIR="$PWD/tmp"
}

submit() {
	bt-transform --engine slurm --work-dir "$u/work" "$@" job.json
}

# whole NAME: its output is that of one machine, and nothing is left on any.
whole() {
	is Completed "$1"
	bt-s3cat "$u/$1/out/a.csv.out" | cmp want -
	test -z "$(ls tmp)"
}

# instead_of TOOL: a script in its place, from standard input, in the folder instead;
# $tool is the tool.
instead_of() {
	mkdir -p instead
	{ echo "#!/bin/sh"; echo "tool=$(command -v "$1")"; cat; } >"instead/$1"
	chmod +x "instead/$1"
}

# kill_share SHARE: all that runs it, at once, so that it cannot say anything; some
# may end by itself meanwhile.
kill_share() {
	for process in /proc/[0-9]*; do
		! grep -qzsx "SLURM_ARRAY_TASK_ID=$1" "$process/environ" ||
		    ! grep -qzsx "BT_HOME=$BT_HOME" "$process/environ" ||
		    echo "${process#/proc/}"
	done >victims
	xargs kill -9 <victims || test $? -eq 123
}

# shares NAME: how many there are, completed and so on.
shares() {
	bt-transform describe "$1" | sed -n "/Shares/,\$p" | xargs
}

idle() {
	test -z "$(squeue -h)"
}

ok 'the bytes of one machine, though that which has submitted the job is gone' '
	export BT_HOME="$PWD/home" TMPDIR="$PWD/tmp"
	mkdir tmp in in/deep
	for i in 1 2 deep/3; do seq 300 | sed "s,^,$i é\,," >in/$i.csv; done
	bt-s3put --recursive in "$u/in/"
	tar -cz in | bt-s3put "$u/model.tar.gz"
	model identity "$u/model.tar.gz"
	for name in one many; do
		request $name "$u/in/" "\"DataProcessing\": { \"JoinSource\": \"Input\" },
		    \"DataCaptureConfig\": { \"DestinationS3Uri\": \"$u/$name/captured\" },
		    \"TransformResources\": { \"InstanceType\": \"ml.m5.large\",
			\"InstanceCount\": 2 }, \"MaxConcurrentTransforms\": 2" |
		    sed "s,\"out\",\"$u/$name/out\"," >$name.json
	done
	run_job --max-records 7 one.json
	mv many.json job.json
	submit --detach --max-records 7 >arn
	mv home gone
	await idle
	mv gone home
	bt-transform list --output json | grep -c Completed >got
	echo 2 | same got
	bt-s3cat --prefix -o want "$u/one/out/"
	bt-s3cat --prefix -o got2 "$u/many/out/"
	diff -r want got2
	test -z "$(ls tmp)"
	bt-s3cat -l "$u/many/captured/" | sed "s,.*/captured/,,; s,/20../../../..,," >got
	same got <<-END
	input/many.manifest
	output/many.manifest
	END
	bt-transform describe --output table many | tail -n 3 >got
	same got <<-END
	Objects   3
	Batches   129
	Records   900
	END
	ls home/jobs/many >"$tmp/got"
	same "$tmp/got" <<-END
	attempts
	boot
	done
	engine
	errors
	join
	joined
	lock
	log
	manifest
	model.json
	objects
	outdir
	place
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
	bt-report --text many | grep -x "shares  *8"
'
ok 'what is pasted does the same' '
	far pasted 1 4
	submit --dry-run >script
	sh script >out 2>err
	await idle
	bt-s3cat "$u/pasted/out/a.csv.out" | cmp want -
	rm -r $job
	fails 1 submit
	said "these outputs are there already"
'
ok 'a share that is killed is missing, and a resume runs that alone' '
	far killed 1 20
	: >shut
	submit --detach >arn
	await begun 1
	shares killed >got
	same got <<-END
	Shares: { All: 4, Completed: 0, Running: 1, Pending: 3, Failed: 0, Machines: [ node1 ] } }
	END
	kill_share 0
	rm -r tmp/*
	rm shut
	fails 1 bt-transform wait killed
	grep -q "InternalServerError: share 0 of 4: no result for [456] records, first those of $u/killed/in/a.csv" "$tmp/err"
	shares killed >got
	same got <<-END
	Shares: { All: 4, Completed: 3, Running: 0, Pending: 0, Failed: 1, Machines: [] } }
	END
	fails 1 bt-s3cat "$u/killed/out/a.csv.out"
	: >began/log
	fails 0 bt-transform resume killed
	whole killed
	cut -d" " -f2 began/log | sort -u >got
	echo 0 | same got
	bt-report --text killed | sed -n "/^share /p" |
	    sed "s/ on [^ ]*: / on M: /; s/[0-9.]* s\>/N s/g; s/on [^ ]*$/on M/; s/[456] mini/N mini/" >got
	same got <<-END
	share 0 on M: killed after N s or more, 0 mini-batches answered; begun again N s later on M
	share 0 on M: done after N s, N mini-batches answered
	END
'
ok 'a stop keeps what is answered' '
	far halt 1 20
	: >shut
	submit --detach >arn
	await begun 1
	rm shut
	await grep -qs " 1 " began/log
	: >shut
	bt-transform stop halt
	is Stopped halt
	await test -z "$(ls tmp)"
	fails 1 pgrep -fa "$PWD/gate"
	rm shut
	fails 0 bt-transform resume halt
	whole halt
	redone >redone
	test "$(wc -l <redone)" -le 2 || { cat began/log; false; }
'
ok 'a share that always fails is named, with its records and its messages' '
	far fails 1 20
	instead_of bt-predict <<-"END"
	test "${SLURM_ARRAY_TASK_ID-}" != 3 || { echo bt-predict: no such luck >&2; exit 255; }
	exec $tool "$@"
	END
	(
		PATH=$PWD/instead:$PATH
		fails 1 submit
		grep -q "InternalServerError: share 3 of 4: no result for [456] records, first those of $u/fails/in/a.csv" "$tmp/err"
	)
	grep -c "no such luck" $job/shares/3.*.log
	: >began/log
	fails 0 bt-transform resume --failed fails
	whole fails
	cut -d" " -f2 began/log | sort -u >got
	echo 3 | same got
'
ok 'a split that has failed is done again by a resume' '
	far split 1 8
	instead_of bt-split <<-"END"
	test -z "${SLURM_JOB_ID-}" || { echo bt-split: no such luck >&2; exit 1; }
	exec $tool "$@"
	END
	(
		PATH=$PWD/instead:$PATH
		fails 1 submit
		said "bt-transform: ClientError: no such luck"
	)
	fails 0 bt-transform resume split
	whole split
'
ok 'of two joins at once both store the outputs, and the first end counts' '
	far twice 1 8
	for tool in bt-join tar; do
		instead_of $tool <<-END
		echo >>$PWD/began.$tool
		while test -e $PWD/held.$tool.\${SLURM_JOB_ID:+slurm}; do sleep 0.05; done
		exec \$tool "\$@"
		END
	done
	PATH=$PWD/instead:$PATH
	: >held.bt-join.; : >held.bt-join.slurm; : >held.tar.slurm
	submit --detach >arn
	await test -e began.bt-join
	# As if its machine was cut off, and Slurm had it run again.
	place=$(cat $job/place)
	BT_PLACE=$place sh $job/join >out 2>err & other=$!
	both() { test "$(wc -l <began.bt-join)" -eq 2; }
	await both
	rm held.bt-join.slurm
	await test -e began.tar
	bt-s3cat "$u/twice/out/a.csv.out" | cmp want -
	rm held.bt-join.
	wait $other
	bt-s3cat "$place/ended.tar" >ended.tar
	rm held.tar.slurm
	await idle
	bt-s3cat "$place/ended.tar" | cmp ended.tar -
	whole twice
'
ok 'what is on this machine alone is refused' '
	far local 1 4
	fails 2 bt-transform --work-dir "$u/work" job.json
	said "bt-transform: --work-dir: only with --engine slurm"
	fails 2 bt-transform --engine slurm --work-dir /work job.json
	said "bt-transform: --work-dir /work: not s3://"
	sed "s,$u/local/out,out," job.json >out.json
	fails 1 bt-transform --engine slurm --work-dir "$u/work" out.json
	said "bt-transform: $PWD/out/: not s3://; with --work-dir the machines share nothing else"
	sed "s,$u/local/in/,in," job.json >in.json
	fails 1 bt-transform --engine slurm --work-dir "$u/work" in.json
	said "bt-transform: with --work-dir the machines share nothing but S3; these are not s3://"
	said "	$PWD/in/a.csv"
	sed "s,\"SplitType\",\"CompressionType\": \"Gzip\"\, &," job.json >gzip.json
	fails 1 bt-transform --engine slurm --work-dir "$u/work" gzip.json
	said "bt-transform: CompressionType Gzip: not with --work-dir"
	test ! -e home/jobs/local
'
ok 'a share whose machine dies runs on another, without a resume' '
	far cut 2 20
	: >shut
	submit --detach >arn
	await begun 2
	cut_power node1
	rm shut
	bt-transform wait cut
	is Completed cut
	bt-s3cat "$u/cut/out/a.csv.out" | cmp want -
	bt-report --text cut | grep -x "shares  *8 in 9 attempts, 1 killed"
'
stop_cluster
finish
