#!/bin/sh
# bt-predict -d model.tar.gz: what is unpacked, what is refused, what is left.
. "${0%/*}/lib.sh"
plugins=$B/tests/plugins

# A temporary folder that only this test uses.
private() {
	mkdir tmp
	TMPDIR=$PWD/tmp
	export TMPDIR
}

# commands: standard input as records, each a command run in the model folder.
commands() {
	cat >c.txt
	echo "c.txt#bytes=0+$(wc -c <c.txt),records=0+$(wc -l <c.txt),last" >refs
}

# model: a folder m as SageMaker leaves it.
model() {
	mkdir -p m/code/lib
	echo weights >m/model.bin
	echo "print()" >m/code/inference.py
	echo x >m/code/lib/x.py
	echo "#!/bin/sh" >m/run
	chmod 755 m/run
	chmod 777 m/model.bin m/code
	chmod -x m/model.bin
}

# pack NAME PYTHON: NAME.tar.gz of the entries that PYTHON adds by add.
pack() {
	python3 - "$1" "$2" <<-"END"
	import io, sys, tarfile
	tar = tarfile.open(sys.argv[1] + ".tar.gz", "w:gz")
	def add(name, kind=tarfile.REGTYPE, data=b"data", link="", **more):
	    t = tarfile.TarInfo(name)
	    t.type, t.linkname = kind, link
	    t.size = len(data) if kind == tarfile.REGTYPE else 0
	    for key in more:
	        setattr(t, key, more[key])
	    tar.addfile(t, io.BytesIO(data))
	add("good", data=b"good")
	exec(sys.argv[2])
	tar.close()
	END
}

# nothing: no folder is left.
nothing() {
	ls "$TMPDIR" >left
	same left </dev/null
}

# refuses FILE TEXT: it does, nothing is run and nothing left.
refuses() {
	fails 255 bt-predict -m "$plugins/shell.so" -d "$1" -o parts "$(cat refs)" >results 2>err
	said "bt-predict: $plugins/shell.so: $1: $2"
	same results </dev/null
	test -z "$(ls parts)"
	test "$(wc -l <err)" -eq 1
	nothing
}

ok 'the model folder, in each way to pack it' '
	private
	model
	printf "%s\n" "find . | sort | xargs" "cat code/inference.py" \
	    "stat -c %a . model.bin code code/inference.py run | xargs" | commands
	tar -czf a.tar.gz -C m .
	tar -czf b.tgz -C m model.bin run code/inference.py code/lib/x.py
	tar -cf c.tar -C m .
	tar --format=pax -czf d.model -C m .
	tar --format=ustar -cf e -C m ./
	gzip -c </dev/null | cat - a.tar.gz >f.tar.gz
	for d in a.tar.gz b.tgz c.tar d.model e f.tar.gz; do
		bt-predict -m "$plugins/shell.so" -d $d -o parts "$(cat refs)" >results
		cat parts/* >$d.out
		rm -r parts
		nothing
	done
	same a.tar.gz.out <<-END
	. ./code ./code/inference.py ./code/lib ./code/lib/x.py ./model.bin ./run
	print()
	700 600 700 600 700
	END
	for d in b.tgz c.tar d.model e f.tar.gz; do cmp a.tar.gz.out $d.out; done
'
ok 'the folder is private, and in TMPDIR' '
	private
	model
	tar -czf m.tar.gz -C m .
	printf "%s\n" "pwd" "stat -c %a ." "stat -c %a .." | commands
	bt-predict -m "$plugins/shell.so" -d m.tar.gz -o parts "$(cat refs)" >results
	sed "s,^$PWD/tmp/bt-predict\.......,TMP," parts/* >out
	same out <<-END
	TMP/0
	700
	700
	END
	fails 255 env TMPDIR=/nowhere bt-predict -m "$plugins/shell.so" -d m.tar.gz -o parts \
	    "$(cat refs)"
	said "bt-predict: TMPDIR /nowhere: No such file or directory"
'
ok 'names of any length, in UTF-8 or not' '
	private
	long=$(printf "%0200d" 0)
	mkdir -p "m/$long/$long" "m/$(printf "\303\251")" "m/$(printf "\351")"
	echo here >"m/$long/$long/$long"
	echo here >"m/$(printf "\303\251")/$(printf "\303\251")"
	echo here >"m/$(printf "\351")/$(printf "\351")"
	(cd m && find . | sort) >want
	printf "%s\n" "find . -type f | xargs cat | xargs" \
	    "find . | sort | cmp - $PWD/want && echo same" | commands
	for format in gnu pax; do
		tar --format=$format -czf m.tar.gz -C m .
		bt-predict -m "$plugins/shell.so" -d m.tar.gz -o parts "$(cat refs)" >results
		cat parts/*
		rm -r parts
	done >out
	same out <<-END
	here here here
	same
	here here here
	same
	END
'
ok 'of files with one name the last counts' '
	private
	pack two "add(\"good\", data=b\"better\")"
	echo "cat good" | commands
	bt-predict -m "$plugins/shell.so" -d two.tar.gz -o parts "$(cat refs)" >results
	cat parts/* >out
	echo better | same out
'
ok 'what is no file or folder, or leaves the folder, is refused' '
	private
	echo "echo run" | commands
	while IFS="|" read -r entry why; do
		pack bad "$entry"
		refuses bad.tar.gz "$why"
	done <<-\END
	add("/tmp/evil")|/tmp/evil: an absolute path
	add("../evil")|../evil: a path with ..
	add("a/../../evil")|a/../../evil: a path with ..
	add("a/..", tarfile.DIRTYPE)|a/../: a path with ..
	add("a/.. /b"); add("./../x")|./../x: a path with ..
	add("link", tarfile.SYMTYPE, link="/etc/passwd")|link: a symbolic link
	add("link", tarfile.SYMTYPE, link="good"); add("link/x")|link: a symbolic link
	add("hard", tarfile.LNKTYPE, link="good")|hard: a hard link
	add("hard", tarfile.LNKTYPE, link="/etc/passwd")|hard: a hard link
	add("fifo", tarfile.FIFOTYPE)|fifo: a device, FIFO or socket
	add("null", tarfile.CHRTYPE, devmajor=1, devminor=3)|null: a device, FIFO or socket
	add("disk", tarfile.BLKTYPE)|disk: a device, FIFO or socket
	add("a b\n\x1b[1m", tarfile.FIFOTYPE)|a%20b%0A%1B[1m: a device
	add("good/x")|good/x: Not a directory
	add("d", tarfile.DIRTYPE); add("d")|d: Is a directory
	add("good", tarfile.DIRTYPE)|good/: File exists
	add(".")|.: the folder itself, as a file
	END
	test ! -e evil && test ! -e ../evil
	test -e /etc/passwd
'
ok 'damage is refused' '
	private
	model
	echo "echo run" | commands
	head -c 30000 /dev/urandom >m/noise
	tar -czf m.tar.gz -C m .
	tar -cf m.tar -C m .
	gzip -dc m.tar.gz | cmp - m.tar
	size=$(wc -c <m.tar.gz)
	for n in 20 100 1000 20000 $((size - 8)) $((size - 1)); do
		head -c $n m.tar.gz >cut.tar.gz
		refuses cut.tar.gz ""
		{
			head -c $n m.tar.gz
			tail -c +$((n + 1)) m.tar.gz | head -c 1 | tr "\0-\177\200-\377" "\200-\377\0-\177"
			tail -c +$((n + 2)) m.tar.gz
		} >flip.tar.gz
		# A bit that only fills a byte changes nothing.
		gzip -t flip.tar.gz 2>/dev/null || refuses flip.tar.gz ""
	done
	{ cat m.tar.gz; echo more; } >more.tar.gz
	refuses more.tar.gz ""
	for n in 600 1024 10000; do
		head -c $n m.tar >cut.tar
		refuses cut.tar ""
	done
	pack two "add(\"better\")"
	gzip -dc two.tar.gz | head -c 1024 >cut.tar
	refuses cut.tar "the archive is cut short"
	tr m M <m.tar >sum.tar
	refuses sum.tar "damaged, or no tar archive: "
	echo "{}" | gzip >json.gz
	refuses json.gz "damaged, or no tar archive: "
	tar -czf empty.tar.gz -T /dev/null
	refuses empty.tar.gz "an archive with nothing in it"
'
ok 'no more is unpacked than the limit says' '
	private
	echo "ls -s | wc -l" | commands
	mkdir m
	head -c 3000000 /dev/zero >m/zeros
	tar -czf m.tar.gz -C m .
	bt-predict --max-model-in-mb 3 -m "$plugins/shell.so" -d m.tar.gz -o parts "$(cat refs)" \
	    >results
	rm -r parts
	limited() {
		fails 255 bt-predict --max-model-in-mb 2 -m "$plugins/shell.so" -d "$1" -o parts \
		    "$(cat refs)"
		said "bt-predict: $plugins/shell.so: $1: more than 2 MB when unpacked"
		nothing
	}
	limited m.tar.gz
	truncate -s 1000G m/hole
	rm m/zeros
	tar -S -czf hole.tar.gz -C m .
	test "$(wc -c <hole.tar.gz)" -lt 10000
	limited hole.tar.gz
	refuses hole.tar.gz "more than 16384 MB when unpacked"
	pack many "for i in range(600): add(\"d%d\" % i, tarfile.DIRTYPE)"
	limited many.tar.gz
	fails 2 bt-predict --max-model-in-mb 0 -m identity -o parts
'
ok 'a worker after a crash finds the same folder' '
	private
	model
	tar -czf m.tar.gz -C m .
	printf "%s\n" "pwd >>$PWD/where; touch seen; test -e twice || { touch twice; kill -ABRT \$PPID; sleep 9; }" \
	    "ls seen" | commands
	bt-predict -m "$plugins/shell.so" -d m.tar.gz -o parts "$(cat refs)" >results
	wc -l <where >out
	uniq where | wc -l >>out
	cat parts/* >>out
	same out <<-END
	2
	1

	seen
	END
	nothing
'
ok 'nothing is left, however the run ends' '
	private
	model
	tar -czf m.tar.gz -C m .
	predict() {
		bt-predict -m "$plugins/shell.so" -d m.tar.gz -o parts \
		    --invocations-max-retries 0 "$@" >results
	}
	end=$(printf "%s\n" "mkdir -p d/e; touch d/e/f; ln -s /etc d/etc; chmod 500 d")
	printf "%s\n" "$end" "kill -ABRT \$PPID; sleep 1" | commands
	fails 1 predict "$(cat refs)"
	said "model aborted"
	nothing
	test -e /etc/passwd
	printf "%s\n" "$end" "kill -KILL \$PPID; sleep 1" | commands
	fails 1 predict "$(cat refs)"
	nothing
	for sig in TERM INT HUP; do
		printf "%s\n" "$end" "touch $PWD/$sig; exec sleep 9" | commands
		env --default-signal=$sig bt-predict -m "$plugins/shell.so" -d m.tar.gz -o parts \
		    "$(cat refs)" >results &
		await test -e $sig
		test "$(ls tmp | wc -l)" -eq 1
		kill -$sig $!
		wait $! && return 1
		nothing
	done
	printf "%s\n" "$end" "sleep 9" | commands
	fails 1 predict --invocations-timeout-in-seconds 1 "$(cat refs)"
	nothing
	fails 1 predict "nowhere#bytes=0+1,records=0+1"
	nothing
	predict </dev/null
	nothing
	fails 255 bt-predict -m ./none.so -d m.tar.gz -o parts "$(cat refs)"
	nothing
'
ok 'nothing is left where nobody reads, or there is no room' '
	private
	model
	tar -czf m.tar.gz -C m .
	yes "echo reply" | head -n 3 | commands
	fails 1 bt-predict -m "$plugins/shell.so" -d m.tar.gz -o parts "$(cat refs)" >/dev/full
	said "standard output: No space left on device"
	nothing
	{
		status=0
		bt-predict -m "$plugins/shell.so" -d m.tar.gz -o parts "$(cat refs)" || status=$?
		echo $status >status
	} | sleep 0
	await test -s status
	nothing
	printf "%s\n" "kill -KILL \$PPID; sleep 1" >k.txt
	{
		status=0
		bt-predict -m "$plugins/shell.so" -d m.tar.gz -o parts "$(cat refs)" \
		    "k.txt#bytes=0+25,records=0+1" || status=$?
		echo $status >status
	} >/dev/full
	nothing
'
ok 'many at once unpack for themselves, and leave nothing' '
	private
	model
	head -c 300000 /dev/urandom >m/noise
	sum=$(cksum <m/noise)
	tar -czf m.tar.gz -C m .
	yes "cksum <noise; pwd >>$PWD/where" | head -n 24 >c.txt
	bt-split --max-records 2 c.txt |
	    xargs -P 6 -n 1 bt-predict -m "$plugins/shell.so" -d m.tar.gz -o parts >results
	test "$(wc -l <results)" -eq 12
	test "$(sort -u where | wc -l)" -eq 12
	cat parts/* | sort | uniq -c | xargs >out
	echo "24 $sum" | same out
	nothing
'
# A disk of one megabyte.
small='mount -t tmpfs -o size=1m none tmp'
# shellcheck disable=SC2016 # $1 is the script's
if mkdir "$tmp/tmp" && (cd "$tmp" && unshare -rm sh -c "$small") 2>/dev/null; then
	ok 'a full disk is an error, and nothing is left on it' '
		private
		model
		head -c 2000000 /dev/urandom >m/noise
		tar -czf m.tar.gz -C m .
		echo "echo run" | commands
		unshare -rm sh -c "$small
		    bt-predict -m $plugins/shell.so -d m.tar.gz -o parts \$(cat refs)
		    echo exit \$? >status; ls -A tmp >left" >results 2>err
		echo "exit 255" | same status
		same left </dev/null
		same results </dev/null
		sed "s,.*/shell,shell," err >said
		echo "shell.so: m.tar.gz: ./noise: No space left on device" | same said
	'
else
	skip 'a full disk' 'no tmpfs can be mounted'
fi
ok 'a pipeline of archives; the error names its own' '
	private
	mkdir a b
	echo a >a/name
	echo b >b/name
	tar -czf a.tar.gz -C a .
	tar -cf b.tar -C b .
	echo "echo cat name" | commands
	bt-predict -m "$plugins/shell.so" -d a.tar.gz -m "$plugins/shell.so" -d b.tar -o parts \
	    "$(cat refs)" >results
	cat parts/* >out
	echo b | same out
	nothing
	tar -czf none.tar.gz a
	fails 255 bt-predict -m "$plugins/shell.so" -d a.tar.gz -m linear -d none.tar.gz -o parts \
	    "$(cat refs)"
	said "bt-predict: linear: none.tar.gz: model.json: "
	nothing
'
# unpack FOLDER OPTION ...
unpack() {
	folder=$1
	shift
	bt-predict --unpack "$folder" "$@"
}

ok '--unpack: each archive in its place, once' '
	private
	model
	tar -czf a.tar.gz -C m .
	tar -cf b.tar -C m code
	unpack models -m identity -d a.tar.gz -m linear -m linear -d b.tar >out
	same out </dev/null
	ls -A models | xargs >out
	(cd models && find . | sort | xargs && stat -c %a 1 1/model.bin 1/run | xargs) >>out
	same out <<-END
	1 3
	. ./1 ./1/code ./1/code/inference.py ./1/code/lib ./1/code/lib/x.py ./1/model.bin ./1/run ./3 ./3/code ./3/code/inference.py ./3/code/lib ./3/code/lib/x.py
	700 600 700
	END
	diff -r m models/1
	echo other >models/1/model.bin
	rm -r models/3 b.tar
	pack b ""
	unpack models -m identity -d a.tar.gz -m linear -m linear -d b.tar.gz
	echo other | cmp - models/1/model.bin
	ls models/3 >got
	same got <<-END
	good
	END
	touch -d 2001-01-01 models
	unpack models -m identity -d a.tar.gz -m linear -m linear -d b.tar.gz
	test -z "$(find models -maxdepth 0 -newermt 2001-01-02)"
	rm a.tar.gz b.tar.gz
	unpack models -m identity -d a.tar.gz -m linear -m linear -d b.tar.gz
	nothing
'
ok '--unpack: what it gives is a model to run' '
	private
	model
	tar -czf m.tar.gz -C m .
	printf "%s\\n" "cat model.bin" | commands
	unpack u -m "$plugins/shell.so" -d m.tar.gz
	bt-predict -m "$plugins/shell.so" -d u/1 -o parts "$(cat refs)" >results
	cat parts/* >got
	same got <<-END
	weights
	END
'
ok '--unpack: a model is durable before it is in its place' '
	private
	model
	tar -czf m.tar.gz -C m .
	ASAN_OPTIONS=detect_leaks=0 strace -f -o calls -e trace=/^rename,syncfs,fsync bt-predict --unpack u -m identity -d m.tar.gz
	sed -n "s/^[0-9]* *\(rename\|syncfs\|fsync\).*/\1/p" calls >out
	same out <<-END
	syncfs
	rename
	fsync
	END
'
ok '--unpack: what is refused leaves nothing, what came before it stays' '
	private
	model
	tar -czf m.tar.gz -C m .
	head -c 100 m.tar.gz >cut.tar.gz
	pack evil "add(\"../evil\")"
	pack link "add(\"link\", tarfile.SYMTYPE, link=\"/etc/passwd\")"
	pack large "add(\"zeros\", data=bytes(3000000))"
	echo text >text
	while IFS="|" read -r file why; do
		fails 255 unpack u --max-model-in-mb 2 -m identity -d m.tar.gz -m linear -d $file 2>err
		test "$(wc -l <err)" -eq 1
		said "bt-predict: linear: $file: $why"
		test "$(ls -A u)" = 1
		diff -r m u/1
		rm -r u
	done <<-END
	evil.tar.gz|../evil: a path with ..
	link.tar.gz|link: a symbolic link
	large.tar.gz|more than 2 MB when unpacked
	text|not an archive
	m|not an archive
	none|No such file or directory
	END
	fails 255 unpack u -m linear -d cut.tar.gz
	test -z "$(ls -A u)"
	test ! -e evil
	fails 1 unpack no/u -m identity -d m.tar.gz
	said "bt-predict: no/u: No such file or directory"
	fails 2 unpack "" -m identity -d m.tar.gz
	said "bt-predict: --unpack: empty"
	fails 2 unpack u -d m.tar.gz
	fails 2 unpack u --probe -m identity
	fails 2 unpack u -m identity "a#bytes=0+0,records=0+0"
'
ok '--unpack: killed at any moment, it is repeated' '
	private
	mkdir m
	for i in 1 2 3 4; do head -c 3000000 /dev/urandom >m/$i; done
	tar -cf m.tar -C m .
	cut=0
	for ms in 002 005 008 010 012 014 016 018 020 025 030 040; do
		bt-predict --unpack u -m identity -d m.tar -m linear -d m.tar &
		sleep 0.$ms
		kill -9 $! 2>/dev/null || :
		wait $! || :
		for place in u/[12]; do
			test ! -e $place || diff -r m $place
		done
		test -e u/2 || cut=$((cut + 1))
		unpack u -m identity -d m.tar -m linear -d m.tar
		diff -r m u/1
		diff -r m u/2
		i=0
		while ! rm -rf u 2>/dev/null && test $i -lt 100; do sleep 0.02; i=$((i + 1)); done
	done
	test $cut -gt 0
	nothing
'
ok '--unpack: a signal leaves nothing' '
	private
	mkdir m
	head -c 300000000 /dev/zero >m/zeros
	tar -czf m.tar.gz -C m .
	rm -r m
	for signal in HUP INT TERM; do
		env --default-signal=$signal bt-predict --unpack u -m identity -d m.tar.gz &
		i=0
		while test -z "$(ls -A u 2>/dev/null)" && test $i -lt 1000; do
			sleep 0.01
			i=$((i + 1))
		done
		kill -$signal $!
		wait $! && return 1
		test -z "$(ls -A u)"
	done
'
ok '--unpack: many at once' '
	private
	mkdir m
	head -c 3000000 /dev/urandom >m/noise
	tar -czf m.tar.gz -C m .
	seq 8 | xargs -P 8 -I N bt-predict --unpack u -m identity -d m.tar.gz
	test "$(ls -A u)" = 1
	diff -r m u/1
'
ok 'a file that is no archive goes to the model as it is, and the error names it' '
	private
	echo "echo run" | commands
	printf "PK\003\004 of another kind" >m.pt
	echo more >m.tar.gz
	for d in m.pt m.tar.gz; do
		fails 255 bt-predict -m "$plugins/shell.so" -d $d -o parts "$(cat refs)" 2>err
		sed "s,/.*/shell,shell," err
	done >out
	same out <<-END
	bt-predict: shell.so: m.pt: 20 bytes
	bt-predict: shell.so: m.tar.gz: 5 bytes
	END
	nothing
'
finish
