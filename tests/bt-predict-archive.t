#!/bin/sh
# bt-predict -d model.tar.gz: what is unpacked, what is refused, what is left.
. "${0%/*}/lib.sh"
. "${0%/*}/archive.sh"
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
	refuses empty.tar.gz "an empty archive"
'
ok 'no more is unpacked than 16384 MB' '
	private
	echo "echo run" | commands
	mkdir m
	truncate -s 1000G m/hole
	tar -S -czf hole.tar.gz -C m .
	test "$(wc -c <hole.tar.gz)" -lt 10000
	refuses hole.tar.gz "more than 16384 MB when unpacked"
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
ok 'unpacking counts for the time that a model may take to load' '
	private
	model
	tar -czf m.tar.gz -C m .
	mkdir bin
	echo "echo run" | commands
	cp "$(command -v bt-predict)" bin
	printf "#!/bin/sh\nsleep 9\n" >bin/bt-unpack
	chmod +x bin/bt-unpack
	fails 255 bin/bt-predict --start-timeout 1 -m "$plugins/shell.so" -d m.tar.gz -o parts \
	    "$(cat refs)"
	said "no reply within 1 s while it was loaded"
	nothing
'
ok 'bt-unpack is the one beside bt-predict, then that of PATH, or there is none' '
	private
	model
	tar -czf m.tar.gz -C m .
	echo "cat model.bin" | commands
	mkdir bin path
	cp "$(command -v bt-predict)" bin
	for place in bin path; do
		printf "#!/bin/sh\necho bt-unpack: that of $place >&2\nexit 1\n" >$place/bt-unpack
		chmod +x $place/bt-unpack
	done
	predict() {
		fails 255 env PATH="$PWD/path:/usr/bin:/bin" bin/bt-predict -m "$plugins/shell.so" \
		    -d m.tar.gz -o parts "$(cat refs)"
	}
	predict
	said "bt-predict: $plugins/shell.so: that of bin"
	rm bin/bt-unpack
	predict
	said "bt-predict: $plugins/shell.so: that of path"
	rm path/bt-unpack
	predict
	said "bt-predict: $plugins/shell.so: no bt-unpack, which unpacks archives: install libarchive-dev and build it"
	nothing
	printf "#!/bin/sh\nkill -SEGV \$\$\n" >path/bt-unpack
	chmod +x path/bt-unpack
	predict
	said "bt-predict: $plugins/shell.so: m.tar.gz: bt-unpack crashed: Segmentation fault"
	nothing
'
ok 'what -E sets is not for bt-unpack' '
	private
	model
	tar -czf m.tar.gz -C m .
	echo "echo \$LD_LIBRARY_PATH" | commands
	mkdir lib
	echo no library >lib/libarchive.so.13
	bt-predict -m "$plugins/shell.so" -d m.tar.gz -E LD_LIBRARY_PATH="$PWD/lib" -o parts \
	    "$(cat refs)" >results
	cat parts/* >got
	echo "$PWD/lib" | same got
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
