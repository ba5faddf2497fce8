#!/bin/sh
# The lines of bt-cluster(7) for machines with ssh, on three sshd of this machine.
. "${0%/*}/lib.sh"
. "${0%/*}/pages.sh"
. "${0%/*}/ssh.sh"
if ! has_sshd || ! command -v parallel >/dev/null; then
	echo '1..0 # SKIP no sshd, or no GNU parallel'
	exit 0
fi
export BT_PLUGIN_PATH="$B/plugins:$B/tests/plugins" HOME="$tmp"
mkdir "$tmp/blocks"
(cd "$tmp/blocks" && blocks "$top/man/bt-cluster.7" && grep -l 'parallel -S' ./* >../page)
cp "$tmp/blocks/$(cat "$tmp/page")" "$tmp/page"

# lines: those of the page, for our model and records.
lines() {
	sed 's,reviews.csv,reviews.txt,; s/-m linear -d model/-m shell -d ./; s/bt-split/& --batch-strategy SingleRecord/; s/-N 50/-N 5/; s/-n 8/-n 1/; s/ *$//' "$tmp/page"
}

# records N: each says on which machine it has begun, and waits while there is the
# file shut, or shut.MACHINE; its prediction is its number.
records() {
	cat >gate <<-END
	echo "\$1 \$MACHINE" >>began
	while test -e shut || test -e shut.\$MACHINE; do sleep 0.05; done
	echo "\$1"
	END
	: >began
	seq "$1" | sed "s/.*/sh gate &/" >reviews.txt
	seq "$1" >want
	machines node1 node2 node3
	trap end_machines EXIT
}

begun() {
	test "$(sort -u began | wc -l)" -ge "$1"
}

redone() {
	cut -d' ' -f1 began | sort | uniq -d
}

ok 'all machines work; one is killed, and the others do what it had' '
	records 60
	: >shut
	lines >script
	bash -eu script 2>err & pid=$!
	await begun 15
	cut -d" " -f2 began | sort | uniq -c | xargs >got
	echo 5 node1 5 node2 5 node3 | same got
	end_machine node2
	rm shut
	wait $pid || { cat err; false; }
	cmp want out/reviews.txt.out
	redone | wc -l >got
	echo 5 | same got
'
ok 'the run is killed: another does the rest' '
	records 60
	: >shut.node3
	lines >script
	setsid bash -eu script 2>err & pid=$!
	await begun 40
	kill -9 -$pid
	wait $pid || :
	end_machines
	rm -r ssh shut.node3
	machines node1 node2 # node3 stays away
	fails 1 bt-join -o out results
	: >began
	sed -n "/^ *parallel/,/<refs/p" script | sed "s/<refs >results/<left >>results/" >again
	bt-todo results <refs >left
	test -s left
	bash -eu again || { cat err; false; }
	bt-todo --answered results | bt-join -o out
	cmp want out/reviews.txt.out
	sort -u began | wc -l >got
	wc -l <left | same got
'
finish
