#!/bin/sh
# A job goes on to the same bytes whatever it is of and whatever has become of
# it, or says what is damaged.
. "${0%/*}/lib.sh"
. "${0%/*}/transform.sh"
export BT_PLUGIN_PATH="$B/plugins:$B/tests/plugins"

tab=$(printf '\t')

has_results() {
	test -s "home/jobs/$1/results"
}

# cut_off NAME [MEMBERS]: killed when some of its records are answered.
cut_off() {
	export BT_HOME="$PWD/home"
	model as_told
	mkdir -p in
	for i in a b c d e; do echo $i; done >in/a.csv
	echo "once:$PWD/flag:hang" >>in/a.csv
	request "$1" in "\"BatchStrategy\": \"SingleRecord\"${2:+, $2}" >job.json
	bt-transform --detach job.json >arn
	await test -e flag
	await has_results "$1"
	kill_all
}

# resumed NAME: it ends well.
resumed() {
	run_job resume "$1" || { cat err; return 1; }
	cmp in/a.csv out/a.csv.out
	bt-transform describe "$1" | grep '"TransformJobStatus": "Completed"'
}

# damage HOW FILE
damage() {
	case $1 in
	empty)	: >"$2" ;;
	half)	head -c $(($(wc -c <"$2") / 2)) "$2" >"$2.x" && mv "$2.x" "$2" ;;
	NULs)	head -c "$(wc -c <"$2")" /dev/zero >"$2.x" && mv "$2.x" "$2" ;;
	inside)	n=$(($(wc -c <"$2") / 3))
		{ head -c $n "$2"; head -c $n /dev/zero; tail -c +$((2 * n + 1)) "$2"; } >"$2.x"
		mv "$2.x" "$2" ;;
	gone)	rm -r "$2" ;;
	esac
}

ok 'whatever is damaged is made again' '
	cut_off broken
	cp -a home/jobs/broken saved
	for file in results references request.json log lock pid boot errors parts/*; do
		for how in empty half NULs inside gone; do
			rm -rf home/jobs/broken out
			cp -a saved home/jobs/broken
			case $file in parts/*) file=$(cd saved && echo parts/*) ;; esac
			test -e "home/jobs/broken/$file" || continue
			damage $how "home/jobs/broken/$file"
			if test $file = request.json; then
				run_job resume broken
				cmp in/a.csv out/a.csv.out
			else
				resumed broken
			fi || { echo "$file $how"; false; }
		done
	done
	rm -rf home/jobs/broken out
	cp -a saved home/jobs/broken
	rm -r home/jobs/broken/parts
	resumed broken
'
ok 'or is named' '
	cut_off broken
	cp -a home/jobs/broken saved
	for file in script script.resume script.failed objects whole status.json; do
		for how in empty half NULs inside gone; do
			rm -rf home/jobs/broken out
			cp -a saved home/jobs/broken
			damage $how "home/jobs/broken/$file"
			for failed in "" --failed; do
				# shellcheck disable=SC2086
				fails 1 bt-transform resume $failed broken
				case $file$how in
				status.jsongone) said "there is no job broken" ;;
				*) said "$file: " ;;
				esac
			done
			test ! -e out || { echo "$file $how"; false; }
		done
	done
	rm -rf home/jobs/broken
	cp -a saved home/jobs/broken
	rm -rf out
	resumed broken
'
ok 'a script that ends before its end completes nothing' '
	export BT_HOME="$PWD/home"
	model identity
	echo 1 >a.csv
	request short a.csv >job.json
	mkdir late
	# It is damaged when it has been looked at.
	printf "#!/bin/sh\n: >script\nexec %s \"\$@\"\n" "$(command -v setsid)" >late/setsid
	chmod +x late/setsid
	PATH=$PWD/late:$PATH
	fails 1 run_job job.json
	bt-transform describe short | grep "\"TransformJobStatus\": \"Failed\""
'
ok 'scripts that are not written whole are no job' '
	export BT_HOME="$PWD/home"
	model identity
	echo 1 >a.csv
	request half a.csv >job.json
	# The others are smaller.
	(trap "" XFSZ; ulimit -f 4; fails 1 bt-transform job.json; said "script: not written whole")
	ls -A home/jobs >"$tmp/got"
	same "$tmp/got" </dev/null
	test ! -e out
'
ok 'what cannot be put in place says why' '
	export BT_HOME="$PWD/home"
	model identity
	echo 1 >a.csv
	request moved a.csv >job.json
	mkdir bad
	# A folder that takes no new name.
	cat >bad/bt-job <<-END
	#!/bin/sh
	case \$* in *--rename*) mkdir -p "$PWD/home/jobs/moved/x" ;; esac
	$B/bt-job "\$@" || { status=\$?; rm -rf "$PWD/home/jobs/moved"; exit \$status; }
	END
	chmod +x bad/bt-job
	(PATH=$PWD/bad:$PATH; fails 1 bt-transform job.json
	    said "bt-transform: $PWD/home/jobs/moved: Directory not empty")
	ls -A home/jobs >"$tmp/got"
	same "$tmp/got" </dev/null
	test ! -e out
'
ok 'no room for the status at the end: it is said, and told again' '
	export BT_HOME="$PWD/home"
	model identity
	echo 1 >in.csv
	request end in.csv >job.json
	mkdir bad
	printf "#!/bin/sh\ncase \$2 in Completed) echo bt-job: no room >&2; exit 1 ;; esac\nexec %s \"\$@\"\n" \
	    "$B/bt-job" >bad/bt-job
	chmod +x bad/bt-job
	(PATH=$PWD/bad:$PATH; fails 1 run_job job.json)
	tail -n 1 err >"$tmp/got"
	same "$tmp/got" <<-END
	bt-transform: the job has ended, Completed, but this cannot be kept: bt-job: no room
	END
	run_job resume end
	bt-transform describe end | grep "\"TransformJobStatus\": \"Completed\""
'
ok 'one that was killed as it cleaned up is cleaned up' '
	export BT_HOME="$PWD/home"
	model identity
	echo 1 >a.csv
	request clean a.csv >job.json
	mkdir bad
	printf "#!/bin/sh\ncase \$* in *parts*) kill -9 \$PPID ;; esac\nexec %s \"\$@\"\n" "$(command -v rm)" >bad/rm
	chmod +x bad/rm
	(PATH=$PWD/bad:$PATH; fails 1 run_job job.json)
	mkdir -p home/jobs/clean/parts
	run_job resume clean
	test ! -e home/jobs/clean/parts
	bt-transform describe clean | grep "\"TransformJobStatus\": \"Completed\""
'
ok 'a result line that came twice counts once' '
	export BT_HOME="$PWD/home"
	model identity
	mkdir twice
	cat >twice/tee <<-END
	#!/bin/sh
	case "\$*" in
	*results*) awk "{ print; print } NR == 2 { print \"no line\" }" | exec $(command -v tee) "\$@" ;;
	*) exec $(command -v tee) "\$@" ;;
	esac
	END
	chmod +x twice/tee
	seq 5 >a.csv
	request twice a.csv "\"BatchStrategy\": \"SingleRecord\"" >job.json
	sed -i "s/ NR == 2.*line.. }//" twice/tee
	(PATH=$PWD/twice:$PATH; run_job job.json) || { cat err; false; }
	cmp a.csv out/a.csv.out
	test "$(wc -l <home/jobs/twice/results)" -eq 10
'
ok 'after the machine went down, copies are made again' '
	export BT_HOME="$PWD/home"
	mkdir -p in m
	cp "$top/examples/scores/models/pass/model.json" m/
	tar -czf model.tar.gz -C m model.json
	mkdir -p home/models
	cat >home/models/m.json <<-END
	{ "ModelName": "m", "Containers": [ { "Image": "identity" },
	    { "Image": "linear", "ModelDataUrl": "model.tar.gz" } ] }
	END
	for i in 1 2 3; do echo 50,6$i,6 | gzip >in/$i.csv.gz; done
	echo "[{\"prefix\": \"$PWD/in/\"}, \"1.csv.gz\", \"2.csv.gz\", \"3.csv.gz\"]" >list
	request down list "\"DataProcessing\": { \"JoinSource\": \"Input\" }" |
	    sed "s/S3Prefix/ManifestFile/; s/\"SplitType\"/\"CompressionType\": \"Gzip\", &/" >job.json
	run_job --keep job.json
	mv out want
	cp -a home/jobs/down saved
	for damaged in "" input spool model2; do
		rm -rf home/jobs/down out
		cp -a saved home/jobs/down
		cd home/jobs/down
		rm done
		echo "{ \"TransformJobStatus\": \"InProgress\" }" >status.json
		sed -i 2,3d results
		test -z "$damaged" || find $damaged -type f |
		    while read -r file; do damage inside "$file"; done
		echo another >boot
		cd ../../..
		run_job resume down || { cat err; false; }
		diff -r -x ".bt-*.tmp" want out
	done
'
# compression split join source containers
matrix='None Line Input S3Prefix 1
None Line None S3Prefix 2
None None None S3Prefix 1
None RecordIO None ManifestFile 1
None TFRecord None S3Prefix 1
None None None ManifestFile 2
Gzip Line Input S3Prefix 1
Gzip Line None S3Prefix 2
Gzip None None S3Prefix 1
Gzip Line Input ManifestFile 2
Gzip TFRecord None S3Prefix 2
Gzip None None ManifestFile 1'

# records SPLIT_TYPE RECORD ...: an object of them.
records() {
	split=$1
	shift
	for record in "$@"; do
		case $split in
		Line) printf '%s\n' "$record" ;;
		None) printf '%s' "$record" ;;
		*)	python3 -c '
import struct, sys
split, data = sys.argv[1], sys.argv[2].encode()
if split == "RecordIO":
    frame = struct.pack("<II", 0xced7230a, len(data)) + data + b"\0" * (-len(data) % 4)
else:
    def crc(b):
        c = 0xffffffff
        for x in b:
            c ^= x
            for _ in range(8):
                c = c >> 1 ^ (0x82f63b78 if c & 1 else 0)
        c ^= 0xffffffff
        return struct.pack("<I", ((c >> 15 | c << 17) + 0xa282ead8) & 0xffffffff)
    n = struct.pack("<Q", len(data))
    frame = n + crc(n) + data + crc(data)
sys.stdout.buffer.write(frame)' "$split" "$record" ;;
		esac
	done
}

echo "$matrix" >"$tmp/matrix"
while read -r compression split join source containers; do
	ok "killed and stopped: $compression $split $join $source $containers" "
	compression=$compression split=$split join=$join source=$source containers=$containers"'
	export BT_HOME="$PWD/home"
	mkdir -p in home/models
	second=
	test $containers -eq 1 || second=", { \"Image\": \"identity\" }"
	echo "{ \"ModelName\": \"m\", \"Containers\": [ { \"Image\": \"as_told\" }$second ] }" >home/models/m.json
	if test $split = None; then
		records None "once:$PWD/f1:hang" >in/1
		records None "once:$PWD/f2:hang" >in/2
	else
		records $split a "once:$PWD/f1:hang" >in/1
		records $split b "once:$PWD/f2:hang" c >in/2
	fi
	test $compression = None || gzip in/1 in/2
	mkdir -p want
	for object in in/*; do cp $object want/; done
	uri=in
	if test $source = ManifestFile; then
		uri=list
		(cd in && ls) | sed "s/.*/, \"&\"/; 1s,^,[{\"prefix\": \"$PWD/in/\"}," >list
		echo "]" >>list
	fi
	processing=
	test $join = None || processing=", \"DataProcessing\": { \"JoinSource\": \"$join\" }"
	request mix $uri "\"BatchStrategy\": \"SingleRecord\"$processing" |
	    sed "s/S3Prefix/$source/; s/\"SplitType\": \"Line\"/\"SplitType\": \"$split\", \"CompressionType\": \"$compression\"/" >job.json
	case $split in Line) ;; *) sed -i "s,text/csv,text/plain,g; s/\"AssembleWith\": \"Line\"/\"AssembleWith\": \"None\"/" job.json ;; esac
	bt-transform --detach job.json >arn
	await test -e f1
	kill_all
	bt-transform resume --detach mix
	await test -e f2
	bt-transform stop mix
	run_job resume mix || { cat err; false; }
	test "$(bt-todo --answered home/jobs/mix/results | wc -l)" -eq "$(cut -f1 home/jobs/mix/results | sort -u | wc -l)"
	bt-transform describe mix | grep "\"TransformJobStatus\": \"Completed\""
	mv out got
	rm -r home/jobs
	run_job job.json
	diff -r -x ".bt-*.tmp" out got
	test "$(cat got/* | wc -c)" -gt 50
	'
done <"$tmp/matrix"

# A job on a small file system, and then with room.
# shellcheck disable=SC2016
small='
	mount -t tmpfs -o size=$1k none small && cd small || exit 9
	export BT_HOME=$PWD/home TMPDIR=$PWD/..
	status=0
	bt-transform --model ../model.json ../job.json >../arn 2>../err || status=$?
	test "$status" -eq 1 || test "$status" -eq 0 || test "$status" -eq 2 || exit 8
	if test $status -eq 0; then
		cmp ../a.csv ../out/a.csv.out || exit 7
	else
		test -s ../err || exit 6
		test ! -s ../arn || test -e home/jobs/tight || exit 5
	fi
	if test $status -ne 0 && test -e home/jobs/tight; then
		mount -o remount,size=4m .
		bt-transform resume tight 2>../err || exit 4
		cmp ../a.csv ../out/a.csv.out || exit 3
		echo resumed >>../resumed
	fi
	exit 0
'
tight='on a disk that fills up, whatever the moment, a job is refused, or goes on'
if (cd "$tmp" && mkdir small && unshare -rm sh -c 'mount -t tmpfs none small') 2>/dev/null; then
	ok "$tight" '
		echo "{ \"ModelName\": \"m\", \"PrimaryContainer\": { \"Image\": \"identity\" } }" >model.json
		seq 200 >a.csv
		BT_HOME=$PWD/home
		request tight "$PWD/a.csv" "\"BatchStrategy\": \"SingleRecord\"" |
		    sed "s,\"out\",\"$PWD/out\"," >job.json
		mkdir small
		size=4
		while test $size -le 100; do
			rm -rf out
			unshare -rm sh -c "$small" sh $size || { echo "size $size: $?"; cat err; exit 1; }
			size=$((size + 8))
		done
		test -s resumed
	'
else
	skip "$tight" 'no namespaces'
fi
few='where no more processes are to be had, a job is refused, or goes on'
stranger='setpriv --reuid 54321 --regid 54321 --clear-groups'
# shellcheck disable=SC2086
if test "$(id -u)" -eq 0 && $stranger prlimit --nproc=9 "$B/bt-job" --version >/dev/null 2>&1; then
	ok "$few" '
		export BT_HOME="$PWD/home"
		model identity
		seq 50 >a.csv
		request few a.csv "\"MaxConcurrentTransforms\": 2, \"BatchStrategy\": \"SingleRecord\"" >job.json
		chmod -R 777 . "$tmp"
		for n in 4 8 12 16 20; do
			rm -rf home/jobs out
			status=0
			$stranger prlimit --nproc=$n bt-transform job.json >arn 2>err || status=$?
			if test $status -eq 0; then
				cmp a.csv out/a.csv.out
			elif test -s arn; then
				$stranger bt-transform resume few
				cmp a.csv out/a.csv.out
			else
				test -s err
				test ! -e home/jobs/few
				test ! -e out
			fi
		done
	'
else
	skip "$few" 'nobody else can run the tools'
fi
# before: the job of tests/jobs/before, which tools of an earlier version made and
# which was killed half-way.
before() {
	export BT_HOME="$PWD/home"
	before=$top/tests/jobs/before job=$PWD/home/jobs/before
	mkdir -p in m home/jobs
	cp -r "$before/job" "$job"
	cp "$before/a.txt" in/
	: >flag1
	: >flag2
	echo weights >m/weights
	tar -czf m.tar.gz -C m .
	sed -i "s,@HERE@,$PWD,g" "$job"/[!p]*
	sum_up
}

# sum_up: the checksums are those of the job as it is now.
sum_up() {
	(
		cd "$job" || exit
		sums=$(cksum script script.resume script.failed objects)
		printf "%s\n" "$sums" "$(printf "%s\n" "$sums" | cksum)" >whole
		cp whole ../../../whole
	)
}

ok 'a job that an earlier version has begun goes on to the same bytes' '
	for failed in "" --failed; do
		rm -rf home in out where*
		before
		# shellcheck disable=SC2086
		run_job resume $failed before || { cat err; false; }
		cmp "$before/a.txt.out" "where it'\''s put/a.txt.out"
		bt-transform describe before | grep "\"TransformJobStatus\": \"Completed\""
		diff -r m "$job/model1/1"
		test "$(head -n 2 "$job/results")" = "$(sed "s,@HERE@,$PWD,g" "$before/job/results")"
		test "$(wc -l <"$job/results")" -eq 6
		cmp whole "$job/whole"
	done
'
ok 'with the inference ids of the seed that its script has' '
	seed=6b1f0c5e2d934a7788e0a1b2c3d4e5f6 time=2022-08-30T00:49:15Z
	for failed in "" --failed; do
		rm -rf home in out where*
		before
		sed -i "s,text/plain,text/csv,g; s/-m shell/-m identity/" \
		    "$job/results" "$job"/script*
		sed -i "s/^ *--names/        --inference-seed $seed \\\\\n        --inference-time $time --names/" \
		    "$job"/script*
		sum_up
		# shellcheck disable=SC2086
		run_job resume $failed before || { cat err; false; }
		grep -x " *--inference-id=$seed \\\\" "$job/script.now"
		(
			cd "$job"
			bt-join --content-type text/csv --accept text/csv -o ../want \
			    --input-prefix "${job%home*}in/" --inference-id=$seed \
			    --inference-time $time results
		)
		cmp "home/jobs/want/a.txt.out" "where it'\''s put/a.txt.out"
		test "$(grep -c ",$time\$" home/jobs/want/a.txt.out)" -eq 6
		cmp whole "$job/whole"
	done
'
ok 'or is found to be damaged' '
	before
	damage inside "$job/script.resume"
	fails 1 bt-transform resume before
	said "script.resume: "
	test ! -e "$job/script.now"
'
ok 'the script of this version runs as it is' '
	cut_off now
	resumed now
	test ! -e home/jobs/now/script.now
'
finish
