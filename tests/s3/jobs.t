#!/bin/sh
# Transform jobs from bucket to bucket.
. "${0%/*}/../lib.sh"
. "$top/tests/s3/lib.sh"
. "$top/tests/jobs.sh"
. "$top/tests/transform.sh"

u=s3://$bucket

# request_s3 NAME [MEMBERS]: from $u/in/ to $u/out/NAME/.
request_s3() {
	request "$1" "$u/in/" "${2-}" | sed "s,\"out\",\"$u/out/$1\","
}

# put KEY: standard input.
put() {
	bt-s3put "$u/$1"
}

# fetch PREFIX FOLDER: all that is below it, into a new folder.
fetch() {
	rm -rf "${2:?}"
	mkdir "$2"
	bt-s3cat -o "$2" --prefix "$u/$1"
}

# keys PREFIX: those that begin with it.
keys() {
	bt-s3cat -l "$u/$1" | sed "s,^$u/,,"
}

# empty PREFIX: nothing begins with it any more.
empty() {
	keys "$1" >"$tmp/keys"
	while read -r key; do s3 rm "$bucket" "$key"; done <"$tmp/keys"
}

# ---- The examples ----

test -n "$(lacks sklearn)" || train_wines
(
	cd "$tmp/examples"
	for folder in scores breast-cancer reviews onnx sklearn; do
		bt-s3put --recursive $folder "$u/$folder/"
	done
	cd jobs
	sed -i "s,data/classes/,$u/&," data/classes.manifest
	bt-s3put --recursive data "$u/data/"
	bt-s3put --recursive made "$u/made/"
	sed -n 's/.*"ModelDataUrl": "\(.*\)".*/\1/p' models/*.json | sort -u |
	while read -r folder; do
		tar -C "$folder" -cz . | put "${folder#../}/model.tar.gz"
	done
) || exit 1

for file in "$jobs"/*.json; do
	job=${file##*/} job=${job%.json} why=$(lacks "$job")
	if test -n "$why"; then
		skip "$job" "$why"
		continue
	fi
	ok "$job" '
		in_s3 "$bucket" <"$jobs/$job.json" >job.json
		in_s3 "$bucket" <"$jobs/$(model_of "$job")" >model.json
		bt-transform --model model.json job.json >arn
		fetch "out/$job/" out
		compare "$job" out
		bt-transform describe "$job" | grep "\"TransformJobStatus\": \"Completed\""
		test ! -s "$BT_HOME/jobs/$job/log"
	'
done
ok 'what was captured' '
	keys out/captured/ | sed "s,/20../../../..,," >"$tmp/got"
	same "$tmp/got" <<-END
	out/captured/input/capture.manifest
	out/captured/output/capture.manifest
	END
	fetch out/captured/ captured
	cat captured/input/*/*/*/*/* captured/output/*/*/*/*/* >"$tmp/got"
	same "$tmp/got" <<-END
	[
	    {"prefix": "$u/scores/"},
	    "scores.csv"
	]
	[
	    {"prefix": "$u/out/capture/"},
	    "scores.csv.out"
	]
	END
'
for shell in dash bash; do
	command -v $shell >/dev/null || continue
	ok "what dry runs print, pasted into $shell, does the same" "
	shell=$shell"'
	for job in csv-join gzip manifest pipeline; do
		test -z "$(lacks $job)" || continue
		empty "out/$job/"
		in_s3 "$bucket" <"$jobs/$job.json" >job.json
		in_s3 "$bucket" <"$jobs/$(model_of $job)" >model.json
		bt-transform --dry-run --model model.json \
		    --transform-job-name "$shell-$job" job.json >script
		shellcheck -s sh script
		$shell <script
		fetch "out/$job/" out
		compare $job out
	done
	'
done

# ---- What can happen ----

# Each has $u/in/ to itself.
mine() {
	empty in/
	export BT_HOME="$PWD/home"
}

ok 'many small objects' '
	mine
	mkdir in want
	i=0
	while test $i -lt 500; do
		echo $i >in/$i.csv
		echo $i >want/$i.csv.out
		i=$((i + 1))
	done
	bt-s3put --recursive in "$u/in/"
	model identity
	request_s3 many "\"MaxConcurrentTransforms\": 2" >job.json
	run_job job.json
	fetch out/many/ out
	diff -r want out
'
ok 'each worker loads the model once' '
	mine
	model_of_loads
	seq 30000 >a.csv
	put in/a.csv <a.csv
	request_s3 loads "\"MaxConcurrentTransforms\": 2, \"BatchStrategy\": \"SingleRecord\"" >job.json
	run_job job.json
	fetch out/loads/ out
	cmp a.csv out/a.csv.out
	# Once before there is a job.
	test "$(grep -c "" loads)" -le 3
'
ok 'an object that fails has no output, the others have theirs' '
	mine
	model linear "$top/examples/scores/models/pass"
	printf "50,6,1\n60,7,2\n" | put in/a.csv
	printf "50,6,1\n60,x,7\n60,7,y\n" | put in/x/b.csv
	printf "1,2,\"3\n4\"\n" | put in/c.csv
	request_s3 fails "\"BatchStrategy\": \"SingleRecord\"" >job.json
	fails 1 run_job job.json
	tail -n 1 err >last
	same last <<-END
	bt-transform: ClientError: $u/in/x/b.csv: record 1 (byte 7): 400: linear: column 2: "x" is not a number (and 1 more record)
	END
	bt-transform describe fails | grep -F "\"FailureReason\": \"ClientError: $u/in/x/b.csv: record 1 (byte 7): 400: "
	keys out/fails/ >"$tmp/got"
	same "$tmp/got" <<-END
	out/fails/a.csv.out
	END
'
ok 'outputs that are there are not replaced' '
	mine
	model identity
	echo new | put in/a.csv
	echo new | put in/b.csv
	echo old | put out/twice/b.csv.out
	request_s3 twice >job.json
	fails 1 run_job job.json
	expand err >"$tmp/got"
	same "$tmp/got" <<-END
	bt-transform: these outputs are there already; --overwrite replaces them:
	        $u/out/twice/b.csv.out
	END
	test ! -e home/jobs/twice
	keys out/twice/ >"$tmp/got"
	same "$tmp/got" <<-END
	out/twice/b.csv.out
	END
	run_job --overwrite job.json
	fetch out/twice/ out
	cat out/a.csv.out out/b.csv.out >"$tmp/got"
	same "$tmp/got" <<-END
	new
	new
	END
'
ok 'nor one that is there in the end' '
	mine
	export BT_PLUGIN_PATH=$B/plugins:$B/tests/plugins
	model as_told
	echo "once:$PWD/flag:hang" | put in/a.csv
	echo 1 | put in/b.csv
	request_s3 raced "\"ModelClientConfig\": { \"InvocationsTimeoutInSeconds\": 2 }" >job.json
	bt-transform --detach job.json
	until test -e flag; do sleep 0.05; done
	echo theirs | put out/raced/b.csv.out
	fails 1 bt-transform wait raced
	said "$u/out/raced/b.csv.out: "
	fetch out/raced/ out
	cat out/b.csv.out >"$tmp/got"
	same "$tmp/got" <<-END
	theirs
	END
'
ok 'outputs and models are no input' '
	mine
	model identity
	echo 1 | put in/a.csv
	echo 1 | put in/out/a.csv.out
	echo 1 | put in/m/model.tar.gz
	request_s3 eats | sed "s,/out/eats,/in/out," >job.json
	fails 1 run_job job.json
	expand err >"$tmp/got"
	same "$tmp/got" <<-END
	bt-transform: under $u/in/ are outputs or models, which are no input:
	        $u/in/m/model.tar.gz
	        $u/in/out/a.csv.out
	END
	test ! -e home/jobs/eats
'
ok 'keys that are no names of files fail, and the others go on' '
	mine
	model identity
	echo 1 | put in/a.csv
	for key in in//b.csv in/x/../c.csv in/./d.csv; do
		echo 2 | s3 put "$bucket" "$key"
	done
	request_s3 odd >job.json
	fails 1 run_job job.json
	tail -n 1 err
	tail -n 1 err | grep "its name is not a valid file path"
	for key in in//b.csv in/x/../c.csv in/./d.csv; do
		grep -F "bt-s3cat: $u/$key: " home/jobs/odd/log
	done
	keys out/odd/ >"$tmp/got"
	same "$tmp/got" <<-END
	out/odd/a.csv.out
	END
'
ok 'what is no job, and leaves none' '
	mine
	model identity
	request_s3 none >job.json
	fails 1 run_job job.json
	same err <<-END
	bt-transform: no objects found under $u/in/
	END
	sed "s,$u/in/,s3://bt-nowhere-$bucket/," job.json >job2.json
	fails 1 run_job job2.json
	grep "bt-s3cat: s3://bt-nowhere-$bucket/.*NoSuchBucket" err
	tail -n 1 err >"$tmp/got"
	same "$tmp/got" <<-END
	bt-transform: the objects of s3://bt-nowhere-$bucket/ cannot be listed
	END
	echo 1 | put in/a.csv
	sed "s,$u/out/,s3://bt-nowhere-$bucket/," job.json >job2.json
	fails 1 run_job job2.json
	grep "bt-s3cat: s3://bt-nowhere-$bucket/.*NoSuchBucket" err
	(AWS_SECRET_ACCESS_KEY=x; fails 1 run_job job.json)
	grep "bt-s3cat: $u/in/.*SignatureDoesNotMatch" err
	model linear "$u/in/nowhere.tar.gz"
	fails 1 run_job job.json
	sed "s/\(NoSuchKey\): .*/\1/" err >"$tmp/got"
	same "$tmp/got" <<-END
	bt-s3cat: $u/in/nowhere.tar.gz: 404 NoSuchKey
	bt-transform: the model cannot be loaded
	END
	ls -A home/jobs >"$tmp/got"
	same "$tmp/got" </dev/null
	keys out/none/ >"$tmp/got"
	same "$tmp/got" </dev/null
'
ok 'stopped, and gone on with' '
	mine
	export BT_PLUGIN_PATH=$B/plugins:$B/tests/plugins
	model as_told
	printf "a\nb\n" | put in/a.csv
	{ echo c; echo "once:$PWD/flag:hang"; } | put in/b.csv
	request_s3 stopped "\"BatchStrategy\": \"SingleRecord\"" >job.json
	bt-transform --detach job.json
	until test -e flag; do sleep 0.05; done
	bt-transform stop stopped
	bt-transform describe stopped | grep "\"TransformJobStatus\": \"Stopped\""
	keys out/stopped/ >"$tmp/got"
	same "$tmp/got" </dev/null
	run_job resume stopped
	fetch out/stopped/ out
	cat out/a.csv.out out/b.csv.out | sed "s,$PWD,PWD," >"$tmp/got"
	same "$tmp/got" <<-END
	a
	b
	c
	once:PWD/flag:hang
	END
'
for compression in None Gzip; do for source in S3Prefix ManifestFile; do
	ok "killed, stopped, and gone on with where copies are damaged: $compression $source" "
	compression=$compression source=$source"'
	mine
	export BT_PLUGIN_PATH="$B/plugins:$B/tests/plugins"
	model as_told
	mkdir in want
	printf "a\nonce:%s/f1:hang\n" "$PWD" >in/a
	printf "b\nonce:%s/f2:hang\nc\n" "$PWD" >in/b
	for object in a b; do
		sed p in/$object | paste -d, - - >want/$object.out
	done
	if test $compression = Gzip; then
		gzip in/a in/b
		for object in a b; do mv want/$object.out want/$object.gz.out; done
	fi
	bt-s3put --recursive in "$u/in/"
	request_s3 damaged "\"BatchStrategy\": \"SingleRecord\", \"MaxConcurrentTransforms\": 2,
	    \"DataProcessing\": { \"JoinSource\": \"Input\" }" |
	    sed "s/S3Prefix/$source/; s/\"SplitType\"/\"CompressionType\": \"$compression\", &/" >job.json
	if test $source = ManifestFile; then
		bt-s3cat -l "$u/in/" | bt-s3manifest "$u/in/" | put damaged.manifest
		sed -i "s,$u/in/\",$u/damaged.manifest\"," job.json
	fi
	empty out/damaged/
	bt-transform --detach job.json >arn
	await test -e f1
	kill_all
	echo another >home/jobs/damaged/boot
	for file in home/jobs/damaged/input/* home/jobs/damaged/spool/*; do
		test ! -e "$file" || head -c "$(wc -c <"$file")" /dev/zero >"$file.new"
		test ! -e "$file" || mv "$file.new" "$file"
	done
	bt-transform resume --detach damaged
	await test -e f2
	bt-transform stop damaged
	run_job resume damaged || { cat err; false; }
	fetch out/damaged/ out
	diff -r want out
	'
done; done
moments=${RESUME_MOMENTS:-10}
ok "killed at $moments random moments, all of it, a job ends with the same objects" '
	mine
	# The leak checker waits for ever where the process that is its own is killed.
	export ASAN_OPTIONS=detect_leaks=0
	model identity
	mkdir want
	for i in 1 2 3 4; do
		awk -v i=$i "BEGIN { for (n = 0; n < 1500; n++)
		    printf \"%d,\\\"a \\\"\\\"b\\\"\\\", c\\\",%.3f\\n\", n, n * i / 7 }" >$i.csv
		put in/$i.csv <$i.csv
		sed p $i.csv | paste -d, - - >want/$i.csv.out
	done
	request_s3 killed "\"MaxConcurrentTransforms\": 2, \"BatchStrategy\": \"SingleRecord\",
	    \"DataProcessing\": { \"JoinSource\": \"Input\" }" >job.json
	start=$(date +%s%N)
	bt-transform job.json
	ms=$((($(date +%s%N) - start) / 1000000))
	fetch out/killed/ out
	diff -r want out
	i=0 resumed=0
	while test $i -lt $moments; do
		i=$((i + 1))
		empty out/killed/
		rm -rf home/jobs
		setsid bt-transform job.json >arn 2>&1 &
		ms_now=$(($(od -An -N4 -tu4 /dev/urandom) % ms))
		sleep "$(printf "%d.%03d" $((ms_now / 1000)) $((ms_now % 1000)))"
		kill_all
		fetch out/killed/ out
		for f in out/*.out; do
			test ! -e "$f" || cmp "$f" "want/${f##*/}"
		done
		if test ! -e home/jobs/killed; then
			bt-transform job.json
		elif test "$(bt-transform describe killed | grep -c Completed\",)" -eq 0; then
			resumed=$((resumed + 1))
			bt-transform resume killed
		fi
		fetch out/killed/ out
		diff -r want out
		bt-transform describe killed | grep "\"TransformJobStatus\": \"Completed\""
	done
	echo "$resumed resumed of $moments"
	test $resumed -gt 0
'
finish
