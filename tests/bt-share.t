#!/bin/sh
# What bt-share finds in the environment, where it cuts a list, and the processes
# that it gives lines to.
. "${0%/*}/lib.sh"
for name in $(env | sed -n 's/^\(\(BT_INDEX\|BT_COUNT\|SLURM_\|AWS_BATCH_\|JOB_COMP\|SGE_\|OMPI_\)[A-Z0-9_]*\)=.*/\1/p'); do
	unset "$name"
done

# share I N [LIST]
share() {
	BT_INDEX=$1 BT_COUNT=$2 bt-share "${3-list}"
}

# all N LIST: the shares, one after the other.
all() {
	i=0
	while test $i -lt "$1"; do
		share $i "$1" "$2"
		i=$((i + 1))
	done
}

# index NAME=VALUE ...: the number of the share with these variables.
index() {
	env "$@" bt-share --index
}

# wrong MESSAGE NAME=VALUE ...: these end it, with all that it says.
wrong() {
	text=$1
	shift
	fails 2 env "$@" bt-share --index >out
	same out </dev/null
	echo "bt-share: $text" | same "$tmp/err"
}

ok 'a share is the lines that begin in its part of the bytes' '
	printf "%s\n" 1 2 three 4 "five hundred" 6 7 8 >list	# 31 bytes
	for n in 1 2 3 4 8 12; do
		for i in $(seq 0 $((n - 1))); do share $i $n | xargs; done
		echo
	done >shares
	same shares <<-END
	1 2 three 4 five hundred 6 7 8

	1 2 three 4 five hundred
	6 7 8

	1 2 three
	4 five hundred
	6 7 8

	1 2 three
	4 five hundred

	6 7 8

	1 2
	three
	4
	five hundred


	6
	7 8

	1
	2 three


	4
	five hundred




	6 7
	8

	END
'
ok 'any number of shares is the list, in order, and no line is in two' '
	yes | head -n 12 >short
	seq 5000 5016 | awk "{ printf \"%s\", \$1; for (i = 0; i < \$1 % 7; i++) printf \"-%0*d\", 400 * i + 1, i; print \"\" }" >long
	printf "\n\na\n\n" >blank
	printf "one\n" >one
	head -c 3000000 /dev/zero | tr "\0" x >huge
	printf "\nb\n" >>huge
	for list in short long blank one huge; do
		for n in $(seq 1 $(($(wc -l <$list) + 3))); do
			all $n $list | cmp - $list
		done
	done
	: >empty
	for n in 1 3; do all $n empty; done >out
	same out </dev/null
	share 4294967294 4294967295 short | cmp - /dev/null
	all 12 short >out
	cmp short out
	share 7 12 short >out
	echo y | same out
'
ok 'shares are about equal in bytes' '
	seq 100000 >list
	for i in 0 1 2 3 4 5 6; do share $i 7 | wc -c; done | sort -n | sed -n "1p;\$p" | xargs >sizes
	echo 84126 84132 | same sizes
'
ok 'each write is of whole lines, and one that pipes keep together' '
	seq 1 100000 >list
	ASAN_OPTIONS=detect_leaks=0 BT_INDEX=1 BT_COUNT=3 strace -o calls -e trace=write -s 5000 bt-share list >out
	grep -c "^write(1, .*\\\\n\", [0-9]*) *= [0-9]*\$" calls >n
	grep -c "^write" calls | same n
	awk "/^write/ && \$NF > 4096 { exit 1 }" calls
'
ok 'standard input may be the file' '
	seq 10 >list
	BT_INDEX=1 BT_COUNT=2 bt-share <list >a
	BT_INDEX=1 BT_COUNT=2 bt-share - <list >b
	seq 6 10 | same a
	cmp a b
'
ok 'what cannot be cut is refused' '
	seq 10 >list
	seq 10 | fails 2 share 0 2 - >out
	said "bt-share: standard input: not a file, so no part of it can be found: keep the list in a file"
	mkfifo pipe
	fails 2 timeout 10 env BT_INDEX=0 BT_COUNT=2 bt-share pipe >>out
	said "bt-share: pipe: not a file, so no part of it can be found: keep the list in a file"
	fails 2 share 0 2 . >>out
	said "bt-share: .: Is a directory"
	same out </dev/null
'
ok 'a last line without newline is an error of every share' '
	seq 10 >list
	printf "a.csv#bytes=0+1" >>list
	for i in 0 1 2; do
		fails 2 share $i 3 >out
		same out </dev/null
		same "$tmp/err" <<-END
		bt-share: list: line 11: the last line has no newline
		END
	done
	printf x >list
	fails 2 share 0 1
	said "bt-share: list: line 1: the last line has no newline"
'
ok 'a list that changes meanwhile is an error' '
	seq 100000 >list
	mkfifo pipe
	(fails 1 share 0 1 >pipe; cp "$tmp/err" said) &
	exec 5<pipe
	head -c 1000 <&5 >out
	echo more >>list
	cat <&5 >>out
	wait $!
	same said <<-END
	bt-share: list: it was written to while it was read: all shares are of a list that is complete
	END
'
ok 'what the system refuses can be tried again' '
	fails 1 share 0 1 none
	said "bt-share: none: No such file or directory"
	seq 10 >list
	fails 1 share 0 1 list >/dev/full
	said "bt-share: standard output: No space left on device"
	fails 1 env BT_INDEX=0 BT_COUNT=1 bt-share --index >/dev/full
	said "bt-share: standard output: No space left on device"
'
ok 'a wrong command line' '
	seq 10 >list
	fails 2 bt-share list list
	said "usage: bt-share [list]"
	fails 2 bt-share --index list
	said "usage: bt-share [list]"
	fails 2 bt-share --count
	fails 2 bt-share -P 2
	said "usage: bt-share [list]"
	fails 2 bt-share -P 2 --index cat
	fails 2 bt-share --process-slot-var=A list
	fails 2 bt-share -P 0 cat
	said "bt-share: -P 0: less than 1"
'
ok 'BT_INDEX and BT_COUNT win' '
	index BT_INDEX=3 BT_COUNT=4 >got
	index BT_INDEX=0 BT_COUNT=1 SLURM_ARRAY_TASK_ID=x AWS_BATCH_JOB_ARRAY_INDEX=7 >>got
	index BT_INDEX=4294967294 BT_COUNT=4294967295 >>got
	same got <<-END
	3
	0
	4294967294
	END
	wrong "BT_INDEX is set, but not how many shares there are: set BT_COUNT" BT_INDEX=3
	wrong "BT_COUNT is set, BT_INDEX is not: set it to the share'\''s number, from 0" BT_COUNT=3
	wrong "BT_INDEX makes this share 3, but by BT_COUNT there are 0 to 2" BT_INDEX=3 BT_COUNT=3
	wrong "BT_COUNT=0: less than 1" BT_INDEX=0 BT_COUNT=0
'
ok 'nothing is guessed where nothing is said' '
	wrong "nothing says which share this is: set BT_INDEX, from 0, and BT_COUNT" A=b
	seq 10 >list
	fails 2 bt-share list >out
	same out </dev/null
'
ok 'a value is digits, and shown safely' '
	for value in "" " 1" "1 " +1 -1 1x 0x1 1.0 "\$(touch PWNED)" "1;touch PWNED"; do
		wrong "BT_INDEX=$value: not a whole number" BT_INDEX="$value" BT_COUNT=3
		wrong "BT_COUNT=$value: not a whole number" BT_INDEX=1 BT_COUNT="$value"
		wrong "JOB_COMPLETION_INDEX=$value: not a whole number" JOB_COMPLETION_INDEX="$value" BT_COUNT=3
	done
	test ! -e PWNED
	wrong "BT_COUNT=4294967296: more than 4294967295" BT_INDEX=1 BT_COUNT=4294967296
	wrong "BT_INDEX=99999999999999999999: more than 4294967295" BT_INDEX=99999999999999999999 BT_COUNT=3
	wrong "BT_INDEX=%1B[31m%0A1: not a whole number" BT_INDEX="$(printf "\033[31m\n1")" BT_COUNT=3
	long=$(head -c 64 /dev/zero | tr "\0" 1)
	wrong "BT_INDEX=$long: more than 4294967295" BT_INDEX="$long$long" BT_COUNT=3
	index BT_INDEX=0001 BT_COUNT=3 >got
	echo 1 | same got
'

whole="SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_COUNT=8 SLURM_ARRAY_TASK_STEP=1"
ok 'an array of Slurm: all of it, or BT_COUNT' '
	index SLURM_ARRAY_TASK_ID=7 $whole >got
	index SLURM_ARRAY_TASK_ID=7 $whole BT_COUNT=64 >>got
	# --array=1,3
	some="SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=3 SLURM_ARRAY_TASK_COUNT=2 SLURM_ARRAY_TASK_STEP=1"
	index SLURM_ARRAY_TASK_ID=3 $some BT_COUNT=8 >>got
	index SLURM_ARRAY_TASK_ID=3 BT_COUNT=4 >>got
	printf "%s\n" 7 7 3 3 | same got
	why="is set, but not how many shares there are: set BT_COUNT"
	wrong "SLURM_ARRAY_TASK_ID $why" SLURM_ARRAY_TASK_ID=3 $some
	wrong "SLURM_ARRAY_TASK_ID $why" SLURM_ARRAY_TASK_ID=3
	# --array=0,3 and 1-3 and 0-6:2
	wrong "SLURM_ARRAY_TASK_ID $why" SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=3 SLURM_ARRAY_TASK_COUNT=2
	wrong "SLURM_ARRAY_TASK_ID $why" SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=3 SLURM_ARRAY_TASK_COUNT=3
	wrong "SLURM_ARRAY_TASK_ID $why" SLURM_ARRAY_TASK_ID=4 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=6 SLURM_ARRAY_TASK_COUNT=4
	wrong "SLURM_ARRAY_TASK_ID makes this share 8, but by SLURM_ARRAY_TASK_MAX there are 0 to 7" SLURM_ARRAY_TASK_ID=8 $whole
	wrong "SLURM_ARRAY_TASK_ID makes this share 7, but by BT_COUNT there are 0 to 6" SLURM_ARRAY_TASK_ID=7 $whole BT_COUNT=7
	wrong "SLURM_ARRAY_TASK_MAX=x: not a whole number" SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=x SLURM_ARRAY_TASK_COUNT=1
'
ok 'a step of Slurm, not the batch script' '
	index SLURM_PROCID=2 SLURM_NTASKS=4 SLURM_STEP_ID=0 SLURM_STEP_NUM_TASKS=4 >got
	index SLURM_PROCID=2 SLURM_NTASKS=4 SLURM_STEP_ID=0 BT_COUNT=4 >>got
	index SLURM_PROCID=0 SLURM_NTASKS=1 SLURM_STEP_ID=0 >>got
	printf "%s\n" 2 2 0 | same got
	batch="SLURM_PROCID is set, but this is a batch script and no step: use srun, or set BT_INDEX and BT_COUNT"
	wrong "$batch" SLURM_PROCID=0 SLURM_NTASKS=4
	# sbatch -n 4, called in a step of one task.
	outer="SLURM_STEP_ID=0 SLURM_STEP_NUM_TASKS=1"
	wrong "$batch" SLURM_PROCID=0 SLURM_NTASKS=4 $outer
	index SLURM_ARRAY_TASK_ID=5 $whole SLURM_PROCID=0 SLURM_NTASKS=4 $outer >got
	index SLURM_ARRAY_TASK_ID=5 $whole SLURM_PROCID=0 SLURM_NTASKS=1 $outer >>got
	printf "%s\n" 5 5 | same got
	wrong "SLURM_PROCID is set, SLURM_NTASKS is not: set BT_INDEX and BT_COUNT" SLURM_PROCID=0 SLURM_STEP_ID=0
	wrong "SLURM_NTASKS is set, SLURM_PROCID is not: set BT_INDEX and BT_COUNT" SLURM_NTASKS=2 SLURM_STEP_ID=0
	wrong "SLURM_PROCID makes this share 4, but by SLURM_NTASKS there are 0 to 3" SLURM_PROCID=4 SLURM_NTASKS=4 SLURM_STEP_ID=0
	wrong "BT_COUNT=8, but SLURM_NTASKS=4: unset BT_COUNT, or set BT_INDEX too" SLURM_PROCID=0 SLURM_NTASKS=4 SLURM_STEP_ID=0 BT_COUNT=8
'
ok 'a step in an array: of one task it counts for nothing' '
	index SLURM_ARRAY_TASK_ID=5 $whole SLURM_PROCID=0 SLURM_NTASKS=1 SLURM_STEP_ID=0 >got
	index SLURM_ARRAY_TASK_ID=5 $whole SLURM_PROCID=0 SLURM_NTASKS=4 >>got
	printf "%s\n" 5 5 | same got
	wrong "SLURM_ARRAY_TASK_ID and SLURM_PROCID are both set: set BT_INDEX and BT_COUNT" SLURM_ARRAY_TASK_ID=5 $whole SLURM_PROCID=1 SLURM_NTASKS=2 SLURM_STEP_ID=0
'
ok 'AWS Batch' '
	index AWS_BATCH_JOB_ARRAY_INDEX=3 AWS_BATCH_JOB_ARRAY_SIZE=4 >got
	index AWS_BATCH_JOB_ARRAY_INDEX=3 AWS_BATCH_JOB_ARRAY_SIZE=4 BT_COUNT=4 >>got
	printf "%s\n" 3 3 | same got
	wrong "AWS_BATCH_JOB_ARRAY_INDEX is set, AWS_BATCH_JOB_ARRAY_SIZE is not: set BT_INDEX and BT_COUNT" AWS_BATCH_JOB_ARRAY_INDEX=3
	wrong "AWS_BATCH_JOB_ARRAY_SIZE is set, AWS_BATCH_JOB_ARRAY_INDEX is not: set BT_INDEX and BT_COUNT" AWS_BATCH_JOB_ARRAY_SIZE=4
	wrong "AWS_BATCH_JOB_ARRAY_INDEX makes this share 4, but by AWS_BATCH_JOB_ARRAY_SIZE there are 0 to 3" AWS_BATCH_JOB_ARRAY_INDEX=4 AWS_BATCH_JOB_ARRAY_SIZE=4
	wrong "BT_COUNT=8, but AWS_BATCH_JOB_ARRAY_SIZE=4: unset BT_COUNT, or set BT_INDEX too" AWS_BATCH_JOB_ARRAY_INDEX=3 AWS_BATCH_JOB_ARRAY_SIZE=4 BT_COUNT=8
	wrong "AWS_BATCH_JOB_ARRAY_SIZE=0: less than 1" AWS_BATCH_JOB_ARRAY_INDEX=0 AWS_BATCH_JOB_ARRAY_SIZE=0
'
ok 'an Indexed Job of Kubernetes says no number of shares' '
	index JOB_COMPLETION_INDEX=0 BT_COUNT=4 >got
	echo 0 | same got
	wrong "JOB_COMPLETION_INDEX is set, but not how many shares there are: set BT_COUNT" JOB_COMPLETION_INDEX=0
	wrong "JOB_COMPLETION_INDEX makes this share 4, but by BT_COUNT there are 0 to 3" JOB_COMPLETION_INDEX=4 BT_COUNT=4
'
ok 'gridengine counts from 1' '
	index SGE_TASK_ID=8 SGE_TASK_FIRST=1 SGE_TASK_LAST=8 SGE_TASK_STEPSIZE=1 >got
	index SGE_TASK_ID=1 SGE_TASK_FIRST=1 SGE_TASK_LAST=8 SGE_TASK_STEPSIZE=1 >>got
	index SGE_TASK_ID=3 SGE_TASK_FIRST=3 SGE_TASK_LAST=4 SGE_TASK_STEPSIZE=1 BT_COUNT=8 >>got
	printf "%s\n" 7 0 2 | same got
	why="is set, but not how many shares there are: set BT_COUNT"
	wrong "SGE_TASK_ID $why" SGE_TASK_ID=3 SGE_TASK_FIRST=3 SGE_TASK_LAST=4 SGE_TASK_STEPSIZE=1
	wrong "SGE_TASK_ID $why" SGE_TASK_ID=3 SGE_TASK_FIRST=1 SGE_TASK_LAST=7 SGE_TASK_STEPSIZE=2
	wrong "SGE_TASK_ID $why" SGE_TASK_ID=3 SGE_TASK_LAST=7
	wrong "SGE_TASK_ID=0: less than 1" SGE_TASK_ID=0 BT_COUNT=2
	wrong "SGE_TASK_ID makes this share 8, but by BT_COUNT there are 0 to 7" SGE_TASK_ID=9 BT_COUNT=8
	none="SGE_TASK_ID=undefined SGE_TASK_FIRST=undefined SGE_TASK_LAST=undefined SGE_TASK_STEPSIZE=undefined"
	wrong "nothing says which share this is: set BT_INDEX, from 0, and BT_COUNT" $none
	index $none OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2 >got
	echo 1 | same got
'
ok 'Open MPI, also under Slurm, whose step is that of its daemons' '
	index OMPI_COMM_WORLD_RANK=9 OMPI_COMM_WORLD_SIZE=16 >got
	index OMPI_COMM_WORLD_RANK=9 OMPI_COMM_WORLD_SIZE=16 SLURM_PROCID=1 SLURM_NTASKS=2 SLURM_STEP_ID=0 >>got
	printf "%s\n" 9 9 | same got
	wrong "OMPI_COMM_WORLD_RANK is set, OMPI_COMM_WORLD_SIZE is not: set BT_INDEX and BT_COUNT" OMPI_COMM_WORLD_RANK=9
	wrong "OMPI_COMM_WORLD_SIZE is set, OMPI_COMM_WORLD_RANK is not: set BT_INDEX and BT_COUNT" OMPI_COMM_WORLD_SIZE=9
	wrong "BT_COUNT=8, but OMPI_COMM_WORLD_SIZE=16: unset BT_COUNT, or set BT_INDEX too" OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=16 BT_COUNT=8
'
ok 'two engines are no answer' '
	wrong "AWS_BATCH_JOB_ARRAY_INDEX and JOB_COMPLETION_INDEX are both set: set BT_INDEX and BT_COUNT" AWS_BATCH_JOB_ARRAY_INDEX=1 AWS_BATCH_JOB_ARRAY_SIZE=2 JOB_COMPLETION_INDEX=1 BT_COUNT=2
	wrong "SLURM_ARRAY_TASK_ID and OMPI_COMM_WORLD_RANK are both set: set BT_INDEX and BT_COUNT" SLURM_ARRAY_TASK_ID=1 $whole OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_SIZE=2
	index SLURM_ARRAY_TASK_ID=1 $whole OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_SIZE=1 >got
	echo 1 | same got
'

ok 'the shares of any engine make the bytes of one machine' '
	copy_examples examples
	cd examples/reviews
	bt-split --max-records 25 reviews.csv >refs
	xargs bt-predict -m linear -d models/sentiment -o parts <refs |
	    bt-join -j Input >want
	cat >task <<-\END
	i=$(bt-share --index)
	bt-share refs >"$dir/share.$i"
	xargs -r bt-predict -m linear -d models/sentiment -o "$dir/parts" \
	    <"$dir/share.$i" >"$dir/results.$i"
	END
	numbers=$(seq 0 4)
	for engine in bt slurm slurm-some slurm-step aws kubernetes sge sge-some mpi; do
		for i in $numbers; do
			case $engine in
			bt)	echo BT_INDEX=$i BT_COUNT=5 ;;
			slurm)	echo SLURM_ARRAY_TASK_ID=$i SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=4 \
				    SLURM_ARRAY_TASK_COUNT=5 SLURM_PROCID=0 SLURM_NTASKS=1 ;;
			slurm-some) echo SLURM_ARRAY_TASK_ID=$i SLURM_ARRAY_TASK_MIN=$i SLURM_ARRAY_TASK_MAX=$i \
				    SLURM_ARRAY_TASK_COUNT=1 SLURM_PROCID=0 BT_COUNT=5 ;;
			slurm-step) echo SLURM_PROCID=$i SLURM_NTASKS=5 SLURM_STEP_ID=0 SLURM_STEP_NUM_TASKS=5 ;;
			aws)	echo AWS_BATCH_JOB_ARRAY_INDEX=$i AWS_BATCH_JOB_ARRAY_SIZE=5 AWS_BATCH_JOB_ATTEMPT=1 ;;
			kubernetes) echo JOB_COMPLETION_INDEX=$i BT_COUNT=5 ;;
			sge)	echo SGE_TASK_ID=$((i + 1)) SGE_TASK_FIRST=1 SGE_TASK_LAST=5 SGE_TASK_STEPSIZE=1 ;;
			sge-some) echo SGE_TASK_ID=$((i + 1)) SGE_TASK_FIRST=$((i + 1)) SGE_TASK_LAST=5 \
				    SGE_TASK_STEPSIZE=1 BT_COUNT=5 ;;
			mpi)	echo OMPI_COMM_WORLD_RANK=$i OMPI_COMM_WORLD_SIZE=5 ;;
			esac
		done >environment
		export dir=$engine
		mkdir $dir
		while read -r variables; do
			env $variables sh -eu task
		done <environment
		cat $dir/share.? | cmp - refs
		bt-join -j Input $dir/results.? >got
		cmp want got
	done
	# One share that is lost is missed.
	fails 1 bt-join -j Input mpi/results.[0134] >got
	said "bt-join: reviews.csv: no result for records 350 to 499 (bytes 35324 to 50321)"
'

ok 'processes take the next line when they are free' '
	seq 1000 >list
	# The first takes one at most before the second has had all.
	bt-share -P 2 --process-slot-var=SLOT sh -c "
		case \$SLOT in
		0)	dd bs=4096 count=1 >first 2>err
			until test -e done; do sleep 0.05; done
			cat ;;
		1)	cat >second
			: >done ;;
		esac" <list >after
	same after </dev/null
	sort -n first second | cmp - list
	test "$(wc -l <first)" -le 1
'
ok 'a line is given as soon as it comes, whoever else waits for one' '
	printf "%s\n" a b c >in.csv
	bt-split --batch-strategy SingleRecord in.csv >refs
	mkfifo pipe
	bt-share -P 3 bt-predict -m identity -o parts <pipe >results &
	exec 5>pipe
	n=0
	while read -r line; do
		n=$((n + 1))
		echo "$line" >&5
		await eval "test \$(wc -l <results) -eq $n"
	done <refs
	exec 5>&-
	wait $!
	bt-join <results | cmp - in.csv
'
ok 'a worker that dies, and a process that is killed, lose no line of others' '
	export BT_PLUGIN_PATH=$B/plugins:$B/tests/plugins
	{ yes | head -n 300; echo "once:$PWD/flag:crash"; yes | head -n 300; } >in.csv
	bt-split --content-type text/plain --batch-strategy SingleRecord in.csv >refs
	bt-share -P 2 bt-predict -m as_told -o parts <refs | bt-join >out
	test -e flag
	cmp in.csv out
	echo "once:$PWD/flag:crash" | cat - in.csv >two.csv
	sed "1s/flag/other/" two.csv | sed "s/other:crash/other:hang/" >in.csv
	bt-split --content-type text/plain --batch-strategy SingleRecord in.csv >refs
	bt-share -P 2 sh -c "echo \$\$ >pid.\$\$; exec bt-predict -m as_told -o parts" \
	    <refs >results &
	await test -e other
	await eval "test \$(wc -l <results) -eq 601"
	cut -f 1 results | grep -Fvxf - refs >want
	worker=$(sed "s/.*worker=[^\t]*-\([0-9]*\).*/\1/; q" results)
	for file in pid.*; do
		test "$file" = "pid.$worker" || kill -9 "${file#pid.}"
	done
	fails 137 wait $!
	bt-todo results <refs | cmp - want
	bt-todo results <refs | bt-predict -m as_told -o parts >>results
	bt-join <results | cmp - in.csv
'
ok 'the status is the highest of all' '
	seq 10 >list
	fails 3 bt-share -P 3 --process-slot-var=SLOT sh -c "cat >/dev/null; exit \$((SLOT + 1))" <list
	fails 143 bt-share -P 1 sh -c "cat >/dev/null; kill -TERM \$\$" <list
	said "bt-share: sh: ended by a signal: Terminated"
	fails 127 bt-share -P 2 ./none </dev/null
	said "bt-share: ./none: No such file or directory"
	fails 126 bt-share -P 1 ./list </dev/null
	said "bt-share: ./list: Permission denied"
	bt-share -P 2 -- cat <list | sort -n | cmp - list
	bt-share -P 2 cat </dev/null | cmp - /dev/null
	# A status that is collected by itself.
	(trap "" CHLD; fails 4 bt-share -P 1 sh -c "cat >/dev/null; exit 4" <list)
'
ok 'what cannot be given is an error' '
	yes | head -n 100000 >list
	fails 1 bt-share -P 2 true <list
	grep -x "bt-share: standard input: line [0-9]*: all commands have ended before it" "$tmp/err"
	{ seq 3; printf 4; } >list
	fails 1 bt-share -P 2 cat <list >got
	said "bt-share: standard input: line 4: the last line has no newline"
	sort -n got >sorted
	seq 3 | same sorted
	for n in 4096 100000; do
		{ seq 3; head -c $n /dev/zero | tr "\0" x; echo; seq 3; } >list
		fails 1 bt-share -P 2 cat <list >got
		said "bt-share: standard input: line 4: longer than 4095 bytes, the limit of a reference"
		sort -n got | cmp - sorted
	done
	{ head -c 4095 /dev/zero | tr "\0" x; echo; } >list
	bt-share -P 2 cat <list | cmp - list
	fails 1 bt-share -P 2 cat <.
	said "bt-share: standard input: Is a directory"
'
finish
