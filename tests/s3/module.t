#!/bin/sh
# Batches that live in S3: bt-split, bt-predict and bt-join on s3:// paths,
# against a real server and a proxy before it.
. "${0%/*}/../lib.sh"
. "$top/tests/s3/lib.sh"

u=s3://$bucket

# etag KEY: as a reference writes it.
etag() {
	s3 head "$bucket" "$1" | tr -d '\r' |
	    sed -n 's/^[Ee][Tt]ag: "\(.*\)"$/%22\1%22/p'
}

# plain: references and results on standard input, the object's ETag and the
# worker's name left out.
plain() {
	sed -E 's/etag=%22[^,	]*/etag=E/g; s,(s3://[^#]*|parts)/[^/#]*\.part,P.part,; s/	start=.*//'
}

# predict REF ...: as a process that has nothing of this folder.
predict() {
	bt-predict -m identity -o "$u/parts" "$@"
}

printf 'a,1\nb,2\nc,3\n' >"$tmp/abc.csv"
s3 put "$bucket" abc.csv <"$tmp/abc.csv"
seq 1 4000000 >"$tmp/big.csv"
s3 put "$bucket" big.csv <"$tmp/big.csv"

ok 'references name the object and its version' '
	e=$(etag abc.csv)
	bt-split -n 2 "$u/abc.csv" >refs
	same refs <<-END
	$u/abc.csv#bytes=0+8,records=0+2,etag=$e,crc32c=93c94029
	$u/abc.csv#bytes=8+4,records=2+1,etag=$e,crc32c=0e467a7b,last
	END
'
ok 'an object of many parts is cut as the file is' '
	bt-split -p 1 "$tmp/big.csv" | sed "s,.*#,," >want
	bt-split -p 1 "$u/big.csv" | sed "s,.*#,,; s/,etag=[^,]*//" | cmp - want
	test "$(wc -l <want)" -eq 30
'
ok 'split, predict, join' '
	bt-split -n 2 "$u/abc.csv" | predict >results
	plain <results >out
	same out <<-END
	$u/abc.csv#bytes=0+8,records=0+2,etag=E,crc32c=93c94029	P.part#bytes=0+8,records=0+2,type=text/csv,crc32c=93c94029
	$u/abc.csv#bytes=8+4,records=2+1,etag=E,crc32c=0e467a7b,last	P.part#bytes=0+4,records=0+1,type=text/csv,crc32c=0e467a7b
	END
	bt-join <results | cmp - "$tmp/abc.csv"
	bt-join -j Input <results >out
	same out <<-END
	a,1,a,1
	b,2,b,2
	c,3,c,3
	END
	bt-join -j Input -o "$u/out/" <results
	s3 get "$bucket" out/abc.csv.out | cmp - out
	bt-join -j Input -o "$u/deep/er" --input-prefix s3:// <results
	s3 get "$bucket" "deep/er/$bucket/abc.csv.out" | cmp - out
	ls >"$tmp/got"
	same "$tmp/got" <<-END
	out
	results
	END
'
ok 'machines that share no disk' '
	mkdir one two three
	(cd one && bt-split -n 1 "$u/abc.csv") >refs
	head -n 1 refs | (cd two && predict) >results.2
	tail -n 2 refs | (cd three && predict) >results.3
	rm -r two three
	cat results.3 results.2 | (cd one && bt-join -j Input -o "$u/apart")
	s3 get "$bucket" apart/abc.csv.out >out
	same out <<-END
	a,1,a,1
	b,2,b,2
	c,3,c,3
	END
	test -z "$(ls one)"
'
ok 'many objects, of many workers, in any order' '
	mkdir in
	i=0
	while test $i -lt 700; do
		seq $i $((i + 9)) >in/$(printf %04d $i).csv
		i=$((i + 1))
	done
	s3 fill "$bucket" many/ in
	bt-s3cat -l "$u/many/" | xargs -d "\n" bt-split -n 4 |
	    shuf --random-source="$tmp/big.csv" |
	    xargs -P 3 -n 70 bt-predict -m identity -o parts |
	    bt-join -j Input --input-prefix "$u/many" -o "$u/manyout"
	bt-s3cat -o got --prefix "$u/manyout/"
	for f in in/*; do paste -d, "$f" "$f" | cmp - "got/${f#in/}.out"; done
	test "$(find got -type f | wc -l)" -eq 700
'
ok 'replies that follow each other fast are one object' '
	seq 1 2000 | s3 put "$bucket" n.csv
	bt-split -b SingleRecord "$u/n.csv" >refs
	bt-predict -m identity -o "$u/few" <refs >results
	bt-join <results >out
	seq 1 2000 | cmp - out
	s3 ls "$bucket" few/ >objects
	test "$(wc -l <objects)" -lt 200
	cut -f 2 results | sed "s,#.*,," | sort -u | sed "s,^$u/,," >named
	sed "s,.* ,," objects | sort | diff - named
'
ok 'large replies, large outputs' '
	bt-split -p 6 "$u/big.csv" | xargs -P 2 -n 1 bt-predict -m identity -o "$u/large" |
	    bt-join -o "$u/largeout"
	s3 get "$bucket" largeout/big.csv.out | cmp - "$tmp/big.csv"
	s3 head "$bucket" largeout/big.csv.out | grep -i "^etag: .*-4\""
	s3 uploads "$bucket" >"$tmp/got"
	same "$tmp/got" </dev/null
'
ok 'a large object beside its predictions, some of them missing' '
	bt-split -p 1 "$u/big.csv" | bt-predict -m identity -o parts >results
	bt-join -j Input <results >out
	paste -d , "$tmp/big.csv" "$tmp/big.csv" | cmp - out
	awk -F "\t" -v OFS="\t" "NR % 4 == 2 { \$2 = \"!\"; \$3 = \"\" } 1" results >holes
	bt-join -j Input --on-error skip <holes >out
	awk -F "[#+,]" "NR % 4 == 2 { print \$4, \$5 }" results | sed "s/[a-z=]*//g" |
	    awk "{ print \$1 + 1 \",\" \$1 + \$2 \"d\" }" >gone
	paste -d , "$tmp/big.csv" "$tmp/big.csv" | sed -f gone | cmp - out
'
ok 'large objects joined by turns' '
	seq 4000001 8000000 | s3 put "$bucket" big2.csv
	for key in big.csv big2.csv; do bt-split -p 3 "$u/$key" >refs.$key; done
	paste -d "\n" refs.big.csv refs.big2.csv | sed "/^\$/d" |
	    bt-predict -m identity -o parts >results
	bt-join -j Input -o out results
	seq 1 8000000 | sed "s/.*/&,&/" | cmp - "$(cat out/big.csv.out out/big2.csv.out >both; echo both)"
	bt-predict -m identity -o parts2 <refs.big.csv >results
	bt-predict -m identity -o parts2 <refs.big2.csv >>results
	bt-join -j Input -o out2 results
	cmp out/big.csv.out out2/big.csv.out
	cmp out/big2.csv.out out2/big2.csv.out
'
ok 'a header row, a part cut again, a manifest' '
	{ echo x,y; cat "$tmp/abc.csv"; } | s3 put "$bucket" h/h.csv
	bt-split --header -n 1 "$u/h/h.csv" >refs
	predict <refs | bt-join -j Input >out
	same out <<-END
	x,y,SageMakerOutput0,SageMakerOutput1
	a,1,a,1
	b,2,b,2
	c,3,c,3
	END
	bt-split -n 2 "$u/abc.csv" | head -n 1 >ref
	bt-split -n 1 "$(cat ref)" | plain >out
	same out <<-END
	$u/abc.csv#bytes=0+4,records=0+1,etag=E,crc32c=96646914
	$u/abc.csv#bytes=4+4,records=1+1,etag=E,crc32c=c0a148b4
	END
	printf "%s" "[{\"prefix\": \"$u/\"}, \"h/h.csv\", \"abc.csv\"]" >m
	bt-s3cat -l --manifest m | xargs -d "\n" bt-split | plain >out
	same out <<-END
	$u/h/h.csv#bytes=0+16,records=0+4,etag=E,crc32c=7a09e654,last
	$u/abc.csv#bytes=0+12,records=0+3,etag=E,crc32c=3e9d4fa6,last
	END
'
ok 'gzip: kept in a file here' '
	gzip <"$tmp/big.csv" | s3 put "$bucket" z/big.csv.gz
	fails 2 bt-split "$u/z/big.csv.gz"
	said "bt-split: $u/z/big.csv.gz: references cannot name compressed bytes: add -o FILE to keep it in a file"
	mkdir spool
	bt-split -p 1 -o spool "$u/z/big.csv.gz" >refs
	cmp spool/big.csv "$tmp/big.csv"
	bt-split -p 1 spool/big.csv | cmp - refs
'
ok 'keys as they are, an empty object' '
	for key in "a b" "100%" "x#1" "q,\"'"'"'\\" "é" a//b a/../b; do
		cp "$tmp/abc.csv" in
		s3 put "$bucket" "k/$key.csv" <in
		bt-split "$u/k/$key.csv" >>refs
	done
	predict <refs >results
	while read -r line; do
		echo "$line" | bt-join | cmp - "$tmp/abc.csv"
	done <results
	test "$(wc -l <results)" -eq 7
	: | s3 put "$bucket" none.csv
	bt-split "$u/none.csv" | predict | bt-join -o "$u/out"
	s3 head "$bucket" out/none.csv.out | grep -i "^content-length: 0"
'
ok 'an object that is replaced between two stages' '
	s3 put "$bucket" r.csv <"$tmp/abc.csv"
	bt-split -n 2 "$u/r.csv" >refs
	e=$(etag r.csv | tr -d "%2")
	predict <refs >results
	printf "x,1\ny,2\nz,3\n" | s3 put "$bucket" r.csv
	fails 1 predict <refs >failed
	plain <"$tmp/err" | sed "s/ETag \"[0-9a-f]*\"/ETag/; s/is not \"[0-9a-f]*\"/is not E/; s/: ETag, not \"[0-9a-f]*\"/: its ETag is not E/" >said
	same said <<-END
	bt-predict: $u/r.csv: records 0 to 1 (byte 0): the object has changed: its ETag is not E
	bt-predict: $u/r.csv: record 2 (byte 8): the object has changed: its ETag is not E
	END
	cut -f 2 failed >"$tmp/got"
	same "$tmp/got" <<-END
	!
	!
	END
	fails 1 bt-join -j Input -o "$u/replaced" <results
	said "bt-join: $u/r.csv: "
	said "the object has changed: "
	fails 1 s3 head "$bucket" replaced/r.csv.out
	bt-join <results | cmp - "$tmp/abc.csv"
	fails 1 bt-split -n 1 "$(head -n 1 refs)" >out
	said "bt-split: $u/r.csv: the object has changed: "
	same out </dev/null
'
ok 'an object, a bucket, that is not there' '
	s3 put "$bucket" gone.csv <"$tmp/abc.csv"
	bt-split "$u/gone.csv" >refs
	s3 rm "$bucket" gone.csv
	# radosgw says no more than the code.
	fails 1 bt-split "$u/gone.csv"
	sed "s/: The specified key does not exist\.$//" "$tmp/err" >said
	same said <<-END
	bt-split: $u/gone.csv: 404 NoSuchKey
	END
	fails 1 predict <refs >out
	sed "s/: The specified key does not exist\.$//" "$tmp/err" >said
	same said <<-END
	bt-predict: $u/gone.csv: records 0 to 2 (byte 0): 404 NoSuchKey
	END
	fails 1 bt-split "s3://$bucket-not/a.csv" "$u/abc.csv" >out
	said "bt-split: s3://$bucket-not/a.csv: 404 NoSuchBucket"
	test "$(plain <out)" = "$u/abc.csv#bytes=0+12,records=0+3,etag=E,crc32c=3e9d4fa6,last"
	bt-split "$u/abc.csv" >refs
	fails 1 bt-predict -m identity -o "s3://$bucket-not/p" <refs >out
	said "bt-predict: s3://$bucket-not/p/"
	said "404 NoSuchBucket"
	same out </dev/null
	predict <refs >results
	fails 1 bt-join -o "s3://$bucket-not/o" <results
	said "bt-join: $u/abc.csv: s3://$bucket-not/o/abc.csv.out: 404 NoSuchBucket"
'
ok 'replies that a crash, or a signal, finds not stored yet are stored' '
	plugins=$B/tests/plugins
	printf "%s\n" a b segv c d | s3 put "$bucket" told.txt
	bt-split -n 1 "$u/told.txt" >refs
	fails 1 bt-predict -m "$plugins/as_told.so" --invocations-max-retries 0 -o "$u/told" <refs >results
	said "bt-predict: $u/told.txt: record 2 (byte 4): model crashed: Segmentation fault"
	bt-join --on-error placeholder=none <results >out
	same out <<-END
	a
	b
	none
	c
	d
	END
	printf "%s\n" a b hang c | s3 put "$bucket" told.txt
	bt-split -n 1 "$u/told.txt" >refs
	bt-predict -m "$plugins/as_told.so" -o "$u/hang" <refs >results &
	pid=$!
	sleep 2
	kill -TERM $pid
	fails 143 wait $pid
	cut -f 1 results | cmp - "$(head -n 2 refs >two; echo two)"
	sed "s/,last//; 2 s/crc32c=[0-9a-f]*/&,last/; s/ sum=[^ ]*//" results | bt-join >out
	same out <<-END
	a
	b
	END
'
ok 'memory is bounded' '
	case $B in *-san) exit ;; esac
	printf "[default]\ns3 =\n  max_concurrent_requests = 2\n" >config
	export AWS_CONFIG_FILE=$PWD/config
	yes 0123456789 | head -c 154000000 | s3 put "$bucket" long.csv
	peak() {	# peak COMMAND ...: its own largest memory, in KiB
		/usr/bin/python3 -c "import resource, subprocess, sys
subprocess.check_call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)" "$@" 2>peak
		cat peak >&2
		test "$(cat peak)" -le 65536
	}
	peak bt-split "$u/long.csv" >refs
	bt-predict -m identity -o parts <refs >results
	peak bt-join -j Input -o "$u/longout" results
	s3 head "$bucket" longout/long.csv.out | grep -i "^content-length: 308000000"
'
proxy
get='"method": "GET"'
put='"method": "PUT"'

# broken RULES COMMAND ...: with the proxy answering so, as it must have.
broken() {
	faults "$1"
	shift
	"$@"
	asked | grep "\"rule\": 1" >/dev/null || { echo nothing was broken; return 1; }
}

ok 'refusals and resets while it is cut: the same references' '
	bt-split -p 1 "$u/big.csv" >want
	broken "{$get, \"status\": 503, \"code\": \"SlowDown\", \"times\": 2}" bt-split -p 1 "$u/big.csv" | cmp - want
	broken "{$get, \"reset\": 1000000, \"times\": 3}" bt-split -p 1 "$u/big.csv" | cmp - want
	broken "{$get, \"ignore-range\": true, \"times\": -1}" bt-split -p 1 "$u/big.csv" | cmp - want
	broken "{$get, \"range\": \"=9437184-\", \"reset\": 100000, \"times\": 2}" bt-split -p 1 "$u/big.csv" | cmp - want
'
ok 'what ends the cutting: an error, and no last reference' '
	cut_fails() {
		broken "$1" fails 1 bt-split -p 1 "$u/big.csv" >refs
		said "bt-split: $u/big.csv: $2"
		fails 1 grep -c last refs
		cut -d , -f 1-2 refs >some
		head -n "$(wc -l <some)" "$tmp/want" | cut -d , -f 1-2 | cmp - some
	}
	bt-split -p 1 "$u/big.csv" >"$tmp/want"
	cut_fails "{$get, \"range\": \"17825792-\", \"status\": 412, \"code\": \"PreconditionFailed\"}" "the object has changed: its ETag is not "
	cut_fails "{$get, \"range\": \"17825792-\", \"set\": {\"ETag\": \"\\\"00\\\"\"}}" "the object has changed: ETag \"00\", not "
	cut_fails "{$get, \"range\": \"17825792-\", \"flip\": 5}" "corrupted in transit: its checksum is md5 "
	cut_fails "{$get, \"range\": \"17825792-\", \"status\": 500, \"times\": -1}" "500 InternalError: as told (3 attempts)"
	test -s refs
	broken "{$get, \"range\": \"17825792-\", \"status\": 403, \"code\": \"AccessDenied\"}" fails 1 bt-split -p 1 "$u/big.csv" "$u/abc.csv" >refs
	test "$(tail -n 1 refs | plain)" = "$u/abc.csv#bytes=0+12,records=0+3,etag=E,crc32c=3e9d4fa6,last"
'
ok 'refusals and resets while it is predicted and joined' '
	bt-split -p 6 "$u/big.csv" >refs
	broken "{$get, \"status\": 503, \"code\": \"SlowDown\", \"times\": 2}, {$get, \"reset\": 1000000, \"times\": 3}, {$put, \"status\": 503, \"code\": \"SlowDown\", \"times\": 1}, {$put, \"drop\": true, \"times\": 1}" predict <refs >results
	broken "{$get, \"reset\": 300000, \"times\": 3}, {$get, \"status\": 500}, {$put, \"status\": 503, \"code\": \"SlowDown\"}" bt-join -o "$u/mended" <results
	s3 get "$bucket" mended/big.csv.out | cmp - "$tmp/big.csv"
	test "$(wc -l <refs)" -eq "$(wc -l <results)"
'
ok 'each batch is one request, of its version' '
	bt-split -p 6 "$u/big.csv" >refs
	faults ""
	bt-predict -m identity -o parts <refs >results
	asked | grep -c "\"method\": \"GET\"" >gets
	wc -l <refs | cmp - gets
	test "$(asked | grep -c "\"if_match\": \"")" -eq "$(wc -l <refs)"
	test "$(asked | grep -c "\"method\": \"HEAD\"")" -eq 0
'
ok 'a byte that is flipped is found by the checksum of the reference' '
	bt-split "$u/abc.csv" >refs
	broken "{$get, \"flip\": 2}" fails 1 predict <refs >results
	said "bt-predict: $u/abc.csv: records 0 to 2 (byte 0): the file has changed: crc32c "
'
ok 'an upload whose answer is lost, and one that is refused for ever' '
	bt-split -n 1 "$u/abc.csv" >refs
	broken "{$put, \"lost\": true}" bt-predict -m identity -o "$u/lost" <refs >results
	bt-join <results | cmp - "$tmp/abc.csv"
	broken "{$put, \"status\": 500, \"times\": -1}" fails 1 bt-predict -m identity -o "$u/never" <refs >results
	said "500 InternalError: as told (3 attempts)"
	same results </dev/null
	s3 ls "$bucket" never >"$tmp/got"
	same "$tmp/got" </dev/null
	faults ""
	predict <refs >results
	broken "{$put, \"status\": 500, \"times\": -1}" fails 1 bt-join -o "$u/never" results
	said "bt-join: $u/never/abc.csv.out: 500 InternalError: as told (3 attempts)"
	s3 ls "$bucket" never >"$tmp/got"
	same "$tmp/got" </dev/null
'
ok 'an output that is refused fails alone' '
	key=$(printf "%01020d" 0)
	for name in a b c big.csv; do
		case $name in
		big.csv) bt-split -p 6 "$u/big.csv" ;;
		*) cp "$tmp/abc.csv" $name && bt-split $name ;;
		esac
	done | bt-predict -m identity -o parts >results
	broken "{$put, \"path\": \"/b.out\", \"status\": 403, \"code\": \"AccessDenied\"}, {\"method\": \"POST\", \"path\": \"/big.csv.out\", \"status\": 403, \"code\": \"AccessDenied\"}" \
	    fails 1 bt-join -o "$u/alone" results
	sort "$tmp/err" >said
	same said <<-END
	bt-join: b: $u/alone/b.out: 403 AccessDenied: as told
	bt-join: $u/big.csv: $u/alone/big.csv.out: 403 AccessDenied: as told
	END
	broken "{$put, \"path\": \"/big.csv.out\", \"query\": \"partNumber=2\", \"status\": 400, \"code\": \"InvalidPart\"}" \
	    fails 1 bt-join -o "$u/alone" results
	same "$tmp/err" <<-END
	bt-join: $u/big.csv: $u/alone/big.csv.out: part 2: 400 InvalidPart: as told
	END
	s3 uploads "$bucket" >uploads
	same uploads </dev/null
	faults ""
	fails 1 bt-join -o "$u/$key" results
	test "$(grep -c "a key has at most 1024 bytes" "$tmp/err")" -eq 4
	fails 1 bt-join -o "$u/$(printf "%01018d" 0)" results
	same "$tmp/err" <<-END
	bt-join: $u/big.csv: $u/$(printf "%01018d" 0)/big.csv.out: a key has at most 1024 bytes
	END
	s3 ls "$bucket" alone/ | cut -d " " -f 2 | xargs >names
	echo alone/a.out alone/b.out alone/c.out | cmp - names
	for name in a b c; do
		bt-s3cat "$u/alone/$name.out" | cmp - "$tmp/abc.csv"
	done
	broken "{$put, \"path\": \"/b.out\", \"status\": 500, \"times\": -1}" fails 1 bt-join -o "$u/ends" results
	same "$tmp/err" <<-END
	bt-join: $u/ends/b.out: 500 InternalError: as told (3 attempts)
	END
'
ok 'a worker that is killed leaves no half object, and its run goes on' '
	bt-split -p 1 "$u/big.csv" | head -n 3 >refs
	faults "{$put, \"path\": \"killed/\", \"delay\": 2, \"times\": 1}, {$put, \"path\": \"killed/\", \"hang\": 30, \"times\": 1}"
	bt-predict -m identity -o "$u/killed" <refs >results &
	pid=$!
	sleep 1
	pkill -KILL -P $pid
	wait $pid
	bt-join <results >out || :
	cut -f 1 results | cmp - refs
	s3 ls "$bucket" killed/ >objects
	cut -d " " -f 1 objects | sort -u >sizes
	cut -f 2 results | sed "s/.*bytes=0+//; s/,.*//" | sort -u | cmp - sizes
'
for signal in TERM KILL; do
	ok "bt-join that is ended by SIG$signal leaves no object" '
		faults ""
		bt-split -p 6 "$u/big.csv" | predict >results
		printf "[default]\ns3 =\n  max_concurrent_requests = 1\n" >config
		export AWS_CONFIG_FILE=$PWD/config
		faults "{$put, \"query\": \"partNumber=2\", \"hang\": 60, \"times\": -1}"
		bt-join -o "$u/ended" <results &
		pid=$!
		until curl -sSf --max-time 1 "$AWS_ENDPOINT_URL_S3/-/log" >/dev/null || test $? -eq 28; do :; done
		sleep 2
		kill -$signal $pid
		got=0
		wait $pid || got=$?
		test $got -eq $((128 + $(kill -l $signal 2>/dev/null | grep "^[0-9]" || case $signal in TERM) echo 15 ;; *) echo 9 ;; esac)))
		fails 1 s3 head "$bucket" ended/big.csv.out
		test $signal = KILL || s3 uploads "$bucket" >"$tmp/got"
		test $signal = KILL || same "$tmp/got" </dev/null
	'
done
finish
