#!/bin/sh
# kill -9 of anything at any moment, then resumed as bt(7) shows: the bytes are
# those of an undisturbed run, and no .out is ever partly there.
. "${0%/*}/lib.sh"

moments=${RESUME_MOMENTS:-200}

# The leak checker has a process of its own, and waits for ever if it is that
# which is killed.
export ASAN_OPTIONS=detect_leaks=0

# A job that is interrupted: its references are made beforehand, or with it.
# shellcheck disable=SC2016,SC2034
job='
	bt-split --max-records 400 in.csv >refs.new && mv refs.new refs
	xargs -P 2 -n 8 bt-predict -m identity -o parts <refs >>results
	bt-join -j Input -o out <results
'

# What bt(7) says under "A whole job that can be resumed".
# shellcheck disable=SC2016,SC2034
resume='
	bt-todo --answered --check results >good && mv good results
	bt-todo results <refs |
	    xargs -r -P 2 -n 8 bt-predict -m identity -o parts >>results
	bt-join -j Input -o out <results
'

random() {	# random BELOW
	echo $(($(od -An -N4 -tu4 /dev/urandom) % $1))
}

# kill_one GROUP: -9 to one process of it, drawn by lot; one time in four to all.
kill_one() {
	if test "$(random 4)" -eq 0; then
		kill -9 "-$1" 2>/dev/null || :
		return
	fi
	pids=$(ps -e -o pgid= -o pid= | awk -v g="$1" '$1 == g { print $2 }')
	n=$(echo "$pids" | wc -l)
	pid=$(echo "$pids" | sed -n "$(($(random "$n") + 1))p")
	test -z "$pid" || kill -9 "$pid" 2>/dev/null || :
}

whole_or_absent() {
	test ! -e out/in.csv.out || cmp want out/in.csv.out
}

ok "a job killed at $moments random moments ends with the same bytes" '
	awk "BEGIN { for (i = 0; i < 20000; i++)
	    printf \"%d,\\\"a \\\"\\\"b\\\"\\\", c\\\",%.3f\\n\", i, i / 7 }" >in.csv
	start=$(date +%s%N)
	mkdir out
	: >results
	sh -c "$job"
	us=$((($(date +%s%N) - start) / 1000))
	mv out/in.csv.out want
	test "$(wc -l <want)" -eq 20000
	i=0 absent=0
	while test $i -lt $moments; do
		i=$((i + 1))
		rm -rf out parts results refs
		mkdir out
		: >results
		setsid sh -c "$job" >log 2>&1 &
		group=$!
		sleep "$(random "$us" | sed "s/^/000000/; s/.*\(......\)$/0.\1/")"
		kill_one $group
		wait $group || :
		while kill -0 -$group 2>/dev/null; do sleep 0.01; done
		whole_or_absent
		test -e out/in.csv.out || absent=$((absent + 1))
		test -e refs || bt-split --max-records 400 in.csv >refs
		sh -c "$resume"
		cmp want out/in.csv.out
	done
	echo "$absent of $moments had no output when killed"
	test $absent -gt 0
'
ok 'a signal from within the write of the first result line' '
	B=$B "$top/tests/torture/first-line" 16 7
'
finish
