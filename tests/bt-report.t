#!/bin/sh
# A job's folder as a page, and as text.
. "${0%/*}/lib.sh"

# A run of two workers at a time, of which one came after another.
job() {
	mkdir job
	cat >job/references <<-END
	a.csv#bytes=0+1000,records=0+10
	a.csv#bytes=1000+1000,records=10+10
	a.csv#bytes=2000+1000,records=20+10
	a.csv#bytes=3000+500,records=30+5,last
	END
	tr "|" "\t" >job/results <<-END
	a.csv#bytes=0+1000,records=0+10|p/1.part#bytes=0+20,records=0+10|start=1795530000.000 ms=100 tries=1 worker=h-1 bytes=1000
	a.csv#bytes=1000+1000,records=10+10|p/2.part#bytes=0+20,records=0+10|start=1795530000.050 ms=300 tries=2 worker=h-2 bytes=1000
	a.csv#bytes=2000+1000,records=20+10|!|start=1795530000.200 ms=1800 tries=1 worker=h-3 bytes=1000 status=400 error=record%2021%20(byte%202100):%20%22<b>&x%22%20is%20no%20number
	END
	printf "a.csv#bytes=3000+500,records=30+5,last" >>job/results
	cat >job/request.json <<-END
	{ "TransformJobName": "job", "ModelName": "sentiment",
	  "Environment": { "TOKEN": "secret", "LOCALE": "vi" },
	  "MaxConcurrentTransforms": 2, "BatchStrategy": "SingleRecord",
	  "TransformInput": { "ContentType": "text/csv", "SplitType": "Line",
	    "CompressionType": "Gzip", "DataSource": { "S3DataSource":
	      { "S3DataType": "S3Prefix", "S3Uri": "s3://b/in/" } } },
	  "TransformOutput": { "S3OutputPath": "s3://b/out", "Accept": "text/csv", "KmsKeyId": "alias/k",
	    "AssembleWith": "Line" },
	  "DataProcessing": { "InputFilter": "\$[1:]", "JoinSource": "Input",
	    "OutputFilter": "\$[0,-1]" } }
	END
	cat >job/status.json <<-END
	{ "TransformJobStatus": "Failed", "FailureReason": "a.csv: record 21 <b>",
	  "CreationTime": "2026-11-24T14:19:58.000000+00:00",
	  "TransformEndTime": "2026-11-24T14:20:02.500000+00:00" }
	END
}

# dateless: a page without the time at which it was made.
dateless() {
	sed "/report made/d" "$@"
}

ok 'as text' '
	job
	bt-report --text job >text
	version=$(bt-report --version)
	sed "s,^\(folder of the job *\)$PWD/,\1,; s/$version\$/VERSION/" text >out
	same out <<-END
	job                       job
	status                    Failed
	reason                    a.csv: record 21 <b>
	duration                  4.5 s
	records                   30 of 35
	records a second          15
	failed records            10
	mini-batches              3 of 4, 1 failed
	objects                   1, 1 failed
	payload                   2.9 KiB
	batches tried again       1
	created                   2026-11-24 14:19:58 UTC
	first call                2026-11-24 14:20:00 UTC
	before the first call     2.0 s
	first call to last        2.0 s
	workers                   2 at a time, 3 in all
	in the model              55% of the workers'\'' time
	p50 of the calls          300 ms
	longest call              1.80 s
	outputs                   s3://b/out
	folder of the job         job
	host                      h
	version                   VERSION

	failed
	400: "<b>&x" is no number (10 records in 1 mini-batch)
	    a.csv: records 20 to 29: record 21 (byte 2100)

	calls, by time
	under 128 ms              ################################################## 1
	under 256 ms              0
	under 512 ms              ################################################## 1
	under 1.02 s              0
	under 2.05 s              ################################################## 1

	asked for
	Read every object whose name begins with s3://b/in/.
	Each is unpacked with gzip first.
	Each line of an object is a record.
	Each record is sent by itself.
	The model sees only \$[1:] of each record.
	The model sentiment answers up to 2 mini-batches at a time, given as text/csv, asked for text/csv.
	A call may take 600 s, and is retried at most 3 times if it fails.
	The model'\''s environment has TOKEN, LOCALE.
	Each prediction is put beside its record.
	Only \$[0,-1] of each joined record is kept.
	Each prediction ends with a newline.
	The output of each object is stored under s3://b/out, with .out added to its name, encrypted with the key alias/k.
	END
'
ok 'as a page: each batch in its place, nothing from elsewhere, text escaped' '
	job
	bt-report -o page.html job >out
	test ! -s out
	grep "<rect .*<title>a.csv" page.html >bars
	same bars <<-END
	<rect class="run" x="0.00%" y="3" width="4.90%" height="14"><title>a.csv#bytes=0+1000,records=0+10
	<rect class="again" x="2.50%" y="23" width="14.90%" height="14"><title>a.csv#bytes=1000+1000,records=10+10
	<rect class="bad" x="10.00%" y="3" width="89.90%" height="14"><title>a.csv#bytes=2000+1000,records=20+10
	END
	# Below the last border are the calls of --text, and no other.
	sed -n "s,.*>under \(.*\)\$,\1,p" page.html | head -n 1
	grep -c ">under " page.html | grep -x 5
	# Each colour has its meaning.
	sed -n "s,.*<span><svg><rect class=\"\([a-z]*\)\".*</svg>\(.*\)</span>,\1: \2,p" page.html >key
	same key <<-END
	run: answered
	again: answered after a retry
	bad: failed
	load: loading the model, or waiting for work
	END
	grep "class=\"load\" .*<title>" page.html >gaps
	same gaps <<-END
	<rect class="load" x="0.00%" y="28" width="2.50%" height="4"><title>loading the model for at most 0.05 s</title></rect>
	<rect class="load" x="5.00%" y="8" width="5.00%" height="4"><title>loading the model for at most 0.10 s</title></rect>
	END
	grep -qx "<div><dt>status</dt><dd class=\"wrong\">Failed</dd></div>" page.html
	grep -qx "<div><dt>failed records</dt><dd class=\"wrong\">10</dd></div>" page.html
	fails 1 grep -n "src=\|href=\|url(\|<script\|<b>" page.html
	grep -q "<p class=\"what\">&quot;&lt;b>&amp;x&quot; is no number</p>" page.html
	grep -q "<p class=\"wrong\">a.csv: record 21 &lt;b></p>" page.html
	python3 - page.html <<-END
	import html.parser, sys
	void, open_ = {"meta"}, []
	class P(html.parser.HTMLParser):
	    def handle_starttag(self, tag, attrs):
	        if tag not in void: open_.append(tag)
	    def handle_startendtag(self, tag, attrs): pass
	    def handle_endtag(self, tag):
	        if tag in void: return
	        assert open_.pop() == tag, (tag, self.getpos())
	P().feed(open(sys.argv[1], encoding="utf-8").read())
	assert open_ == [], open_
	END
'
ok 'a job that was resumed: what was answered later has not failed' '
	job
	tr "|" "\t" >job/results <<-END
	a.csv#bytes=0+1000,records=0+10|!|start=1795530000.000 ms=5 tries=1 worker=h-1 bytes=1000 status=500 error=down
	a.csv#bytes=1000+1000,records=10+10|!|start=1795530000.050 ms=5 tries=1 worker=h-1 bytes=1000 status=500 error=down
	a.csv#bytes=2000+1000,records=20+10|!|start=1795530000.200 ms=5 tries=1 worker=h-1 bytes=1000 status=500 error=down
	a.csv#bytes=2000+1000,records=20+10|!|start=1795530001.000 ms=5 tries=1 worker=h-2 bytes=1000 status=400 error=bad
	a.csv#bytes=1000+500,records=10+5|p/2.part#bytes=0+20,records=10+5|start=1795530001.200 ms=5 tries=1 worker=h-2 bytes=500
	a.csv#bytes=1500+500,records=15+5|p/2.part#bytes=20+20,records=15+5|start=1795530001.400 ms=5 tries=1 worker=h-2 bytes=500
	END
	bt-report --text job >text
	grep -x "records  *30 of 35" text
	grep -x "failed records  *20" text
	grep -x "mini-batches  *3 of 4, 2 failed" text
	sed -n "/^failed\$/,/^\$/p" text >got
	same got <<-END
	failed
	500: down (10 records in 1 mini-batch)
	    a.csv: records 0 to 9: byte 0
	400: bad (10 records in 1 mini-batch)
	    a.csv: records 20 to 29: byte 2000

	END
	bt-report job >page
	sed -n "s/^<p class=\"soft\">\(.*mini-batch.*\)<.p>/\1/p" page >sums
	same sums <<-END
	500: 10 records in 1 mini-batch
	400: 10 records in 1 mini-batch
	END
'
ok 'a line that comes again counts once, and the first answer does' '
	job
	bt-report --text job >want
	bt-report job | dateless >want.html
	{ head -n 3 job/results; head -n 3 job/results; echo nonsense
	    printf "a.csv#bytes=0+1000,records=0+10\tp/9.part#bytes=0+20,records=0+10\tstart=1795530900.000 ms=1 tries=9 worker=h-9\n"
	    printf "a.csv#bytes=0+1000,records=0+10\t!\tstart=1795530000.100 ms=1 tries=1 worker=h-1 error=late\n"
	} >again
	sed "\$d" again >job/results
	bt-report --text job | diff want -
	bt-report job | dateless | diff want.html -
	rm job/references
	bt-report --text job >text
	grep -x "records  *30" text
	grep -x "failed records  *10" text
	grep -x "mini-batches  *3, 1 failed" text
	# A try that failed again is a call.
	cp again job/results
	bt-report --text job >text
	grep -x "records  *30" text
	grep -x "failed records  *10" text
	grep -x "under 2 ms  *#* 1" text
	fails 1 grep late text
'
ok 'times that are damaged are none' '
	job
	bt-report --text job >want
	bt-report job | dateless >want.html
	n=0
	for times in "start=inf ms=1" "start=nan ms=1" "start=-1 ms=1" "start=1e300 ms=1" "start=9e15 ms=1" "start=1795530000 ms=inf" \
	    "start=1795530000 ms=-5" "start=1795530000 ms=1e300" "start=1795530000 ms=nan" "start= ms=1" "start=0 ms=1" "ms=1"; do
		n=$((n + 1))
		printf "a.csv#bytes=3000+500,records=30+5,last\t!\t%s worker=h-1 error=x\n" "$times" >more
		printf "a.csv#bytes=0+1000,records=0+10\tp/1.part#bytes=0+20,records=0+10\t%s worker=h-1\n" "$times" >>more
		mkdir $n
		{ head -n 3 job/results; cat more; } >$n/results
		bt-report --text $n >text
		grep -x "first call to last  *2.0 s" text
		bt-report $n | grep -c "class=\"\(run\|again\)\".*title>a.csv" | grep -x 2
	done
	# Too short to be told from nothing.
	for times in "start=253402300799 ms=0" "start=1795530000 ms=1e-300" "start=1e-300 ms=1e-300"; do
		printf "a.csv#bytes=0+10,records=0+1\tp#bytes=0+1,records=0+1\t%s worker=h\n" "$times" >1/results
		bt-report --text 1 | grep -x "the only call  *under 1 ms"
		bt-report 1 >page
		fails 1 grep -i "nan\|inf[^o]" page
	done
	printf "a#bytes=0+1,records=0+1\tp#bytes=0+1,records=0+1\tstart=1 ms=1 worker=h\nb#bytes=0+1,records=0+1\tp#bytes=0+1,records=0+1\tstart=253402300799 ms=1 worker=h\n" >1/results
	bt-report --text 1 | grep -x "first call to last  *70389527 h 59 min"
	bt-report 1 >page
'
ok 'an error that comes often is shown once' '
	mkdir job
	awk "BEGIN { for (i = 0; i < 30; i++)
		printf \"a.csv#bytes=%d+9,records=%d+1\\t!\\tstart=1795530000.000 ms=100 worker=h-1 status=%d error=%s\\n\",
		    9 * i, i, i < 25 ? 400 : 500,
		    i < 25 ? \"record%20\" i \"%20(byte%20\" 9 * i \"):%20bad\" : \"down\" }" >job/results
	bt-report --text job | sed -n "/^failed\$/,/^\$/p" >out
	same out <<-END
	failed
	400: bad (25 records in 25 mini-batches)
	    a.csv: record 0: record 0 (byte 0)
	    a.csv: record 1: record 1 (byte 9)
	    a.csv: record 2: record 2 (byte 18)
	    and 22 more
	500: down (5 records in 5 mini-batches)
	    a.csv: record 25: byte 225
	    a.csv: record 26: byte 234
	    a.csv: record 27: byte 243
	    and 2 more

	END
	bt-report job >page
	grep "class=\"what\"\|<summary>" page >once
	same once <<-END
	<div class="error"><p class="what">bad</p>
	<details><summary>22 more</summary>
	<div class="error"><p class="what">down</p>
	<details><summary>2 more</summary>
	END
	grep -c "data-name=\"at\"" page | grep -x 30
	# The reason, unless it is an error of these.
	echo "{ \"TransformJobStatus\": \"Failed\", \"FailureReason\": \"a.csv: record 0: bad\" }" >job/status.json
	bt-report job >page
	fails 1 grep "record 0: bad" page
'
ok 'a running job: the part done, the time left, and it reloads' '
	job
	mkdir run
	cp job/references run/references
	head -n 2 job/results >run/results
	echo "{ \"TransformJobStatus\": \"InProgress\", \"CreationTime\": \"2026-11-24T14:19:58Z\" }" >run/status.json
	exec 9>run/lock
	flock 9
	bt-report --text run >text
	grep "^as of  *20.* UTC\$" text
	grep -x "done  *57%" text
	grep "^running for  *[0-9]" text
	sed -i "s/ms=300/ms=2950/" run/results
	bt-report --text run | grep -x "time left  *3 s"
	bt-report run >page
	grep -x "<meta http-equiv=\"refresh\" content=\"10\">" page
	grep "class=\"run\" width=\"57.1%\"" page
	grep "^<p class=\"soft\">As of [0-2][0-9]:[0-5][0-9]:[0-6][0-9] UTC" page
	bt-report job >page
	fails 1 grep "http-equiv\|As of" page
'
ok 'a time without any worker is a stop if it is longer than a load' '
	mkdir job
	tr "|" "\t" >job/results <<-END
	a.csv#bytes=0+10,records=0+1|p/1.part#bytes=0+2,records=0+1|start=1795530000.000 ms=1000 worker=h-1
	a.csv#bytes=10+10,records=1+1|p/2.part#bytes=0+2,records=0+1|start=1795530003.000 ms=1000 worker=h-2
	a.csv#bytes=20+10,records=2+1|p/3.part#bytes=0+2,records=0+1|start=1795530015.000 ms=1000 worker=h-3
	END
	bt-report job | grep "class=\"\(load\|stop\)\" .*<title>" >gaps
	same gaps <<-END
	<rect class="stop" x="25.00%" y="0" width="68.75%" height="20"><title>stopped: no worker for 11.0 s</title></rect>
	<rect class="load" x="6.25%" y="8" width="12.50%" height="4"><title>loading the model for at most 2.0 s</title></rect>
	END
	# The first call came 0.4 s after the job was made: so long takes a load.
	echo "{ \"TransformJobStatus\": \"Completed\", \"CreationTime\": \"2026-11-24T14:19:59.6Z\" }" >job/status.json
	bt-report job | grep -c "class=\"stop\" .*<title>" | grep -x 2
'
ok 'a single short call: no speed, no charts' '
	mkdir job
	printf "a.csv#bytes=0+10,records=0+814,last\tp/1.part#bytes=0+2,records=0+814\tstart=1795530000.000 ms=1 worker=h-1\n" >job/results
	bt-report --text job >text
	grep -x "the only call  *1 ms" text
	fails 1 grep "a second\|in the model\|p50" text
	bt-report job >page
	fails 1 grep "<svg\|a second" page
'
ok 'on a terminal it is text' '
	job
	script -qec "bt-report job" /dev/null </dev/null | tr -d "\r" >seen
	bt-report --text job | cmp - seen
	script -qec "bt-report -o page job" /dev/null </dev/null
	grep -q "^</html>" page
'
ok 'names and messages are shown by a terminal, not obeyed' '
	mkdir "$(printf "job\033[2J")"
	printf "a%%1B%%5B2J.csv#bytes=0+9,records=0+1\t!\tstart=1795530000 ms=5 worker=w status=4\033 error=%%0D%%07x\n" >"$(printf "job\033[2J")/results"
	printf "{\"ModelName\":\"m\\u001b[1m\"}" >"$(printf "job\033[2J")/request.json"
	bt-report --text job* >out
	fails 1 grep "$(printf "[\001-\010\013-\037\177]")" out
	grep -x "job  *job%1B\[2J" out
	grep -x "4%1B: %0D%07x (1 record in 1 mini-batch)" out
	grep -x "    a%1B\[2J.csv: record 0: byte 0" out
	grep "The model m%1B\[1m answers" out
'
ok 'a report takes the place of none but a report' '
	job
	echo mine >mine
	echo "<!DOCTYPE html>" >page.html
	ln -s job/results link
	ln job/results hard
	mkdir job/parts
	echo part >job/parts/1.part
	: >job/lock
	for file in job/results job/references job/request.json job/status.json job/parts/1.part hard mine page.html; do
		cp "$file" before
		fails 1 bt-report -o "$file" job
		echo "bt-report: $file: this file exists and is not a report; give -o another name" | cmp - "$tmp/err"
		cmp before "$file"
	done
	fails 1 bt-report -o job/lock job
	said "job/lock: this file exists and is not a report"
	fails 1 bt-report -o link job
	echo "bt-report: link: a link; name the file itself" | cmp - "$tmp/err"
	fails 1 bt-report -o /dev/null job
	echo "bt-report: /dev/null: not a regular file" | cmp - "$tmp/err"
	fails 2 bt-report -o "" job
	echo "bt-report: -o: empty" | cmp - "$tmp/err"
	fails 1 bt-report -o gone/page job
	echo "bt-report: gone/page: No such file or directory" | cmp - "$tmp/err"
	# Its own, as page or as text, and what is empty.
	: >new
	for words in "" --text ""; do
		# shellcheck disable=SC2086 # no word, or one
		bt-report $words -o new job
		# shellcheck disable=SC2086
		bt-report $words job | dateless >again
		dateless new | cmp - again
		# shellcheck disable=SC2086
		bt-report $words -o job/report job
	done
	dateless job/report >again
	dateless new | cmp - again
	cp new before
	status=0
	(ulimit -f 1; trap "" XFSZ; bt-report -o new job) 2>err || status=$?
	test $status -eq 1
	echo "bt-report: new: File too large" | cmp - err
	cmp new before
	test -z "$(find . -name ".bt-*")"
'
ok 'a job whose run was killed has failed' '
	job
	echo "{\"TransformJobStatus\": \"InProgress\"}" >job/status.json
	(cd job && bt-report --text . | sed -n 1,3p) >out
	same out <<-END
	job                       job
	status                    Failed
	reason                    InternalServerError: the run was killed; resume goes on with it
	END
	exec 9>job/lock
	flock 9
	bt-report --text job | grep -x "status  *InProgress"
'
ok 'a failure is drawn over what else was at the time' '
	mkdir job
	tr "|" "\t" >job/results <<-END
	a.csv#bytes=0+10,records=0+1|!|start=1795530000.000 ms=0 worker=h-1 error=x
	a.csv#bytes=10+10,records=1+1,last|p/1.part#bytes=0+2,records=1+1|start=1795530000.000 ms=0 worker=h-1
	END
	bt-report job | sed -n "s/^<rect class=\"\(run\|bad\)\" x=\"\([0-9.]*%\)\" y=\"3\".*title>a.csv.*/\1 \2/p" >bars
	same bars <<-END
	run 0.00%
	bad 0.00%
	END
'
ok 'more workers than there is room for are counted' '
	mkdir job
	awk "BEGIN { for (i = 0; i < 150; i++)
		printf \"a.csv#bytes=%d+9,records=%d+1\\tp/%d#bytes=0+2,records=%d+1\\tstart=1795530000.000 ms=100 worker=h-%d\\n\",
		    9 * i, i, i, i, i }" >job/results
	bt-report --text job >text
	grep -x "workers  *150 at a time, 150 in all" text
	fails 1 grep "in the model\|records a second" text
	bt-report job >page
	grep -qx "<p class=\"soft\">50 more at a time are not drawn.</p>" page
	grep -c "class=\"run\".*<title>a.csv" page | grep -x 100
'
ok 'as many workers as lines, in time' '
	mkdir job
	awk "BEGIN { for (i = 0; i < 700000; i++)
		printf \"a.csv#bytes=0+9,records=%d+1\\tp/1#bytes=0+2,records=0+1\\tstart=1795530000.000 ms=100 worker=%d\\n\",
		    i, i }" >job/results
	timeout 60 bt-report --text job >text
	grep -x "workers  *700000 at a time, 700000 in all" text
'
ok 'a line that comes between the two readings is not drawn' '
	mkdir job
	mkfifo job/results later
	line() {
		tr "|" "\t" <<-END
		a.csv#bytes=10+10,records=1+1|p/1.part#bytes=0+2,records=0+1|start=1795530100.000 ms=100 worker=h-1
		a.csv#bytes=20+10,records=2+1|p/1.part#bytes=2+2,records=0+1|start=1795530100.200 ms=200 worker=h-1
		END
	}
	early() {
		tr "|" "\t" <<-END
		a.csv#bytes=0+10,records=0+1|p/2.part#bytes=0+2,records=0+1|start=1795530000.000 ms=100 worker=h-1
		END
	}
	{
		exec 3>job/results
		mv later job/results
		line >&3
		exec 3>&-
		{ line; early; } >job/results
	} &
	timeout 60 bt-report job | sed -n "s/^<rect class=\"run\" x=\"\([-0-9.]*\)%\" y=\"3\".*title>a.csv.*/\1/p" >bars
	wait
	printf "0.00\n50.00\n" | same bars
'
ok 'very many batches: a page of bounded size, all counted' '
	mkdir big
	awk "BEGIN { for (i = 0; i < 50000; i++)
		printf \"a.csv#bytes=%d+100,records=%d+10%s\\tp/%d.part#bytes=0+2,records=0+10\\t\" \
		    \"start=%.3f ms=7 tries=1 worker=h-%d bytes=100\\n\", i * 100, i * 10,
		    i == 49999 ? \",last\" : \"\", i, 1795530000 + int(i / 4) / 100,
		    i % 4 + 4 * int(i / 4000) }" >big/results
	bt-report -o big.html big
	test "$(wc -c <big.html)" -lt 400000
	bt-report --text big >text
	grep -x "records  *500,000" text
	grep -x "workers  *4 at a time, 52 in all" text
	grep -x "longest call  *7 ms" text
'
ok 'by name, and a job without lines' '
	mkdir -p home/jobs/empty
	: >home/jobs/empty/results
	BT_HOME=$PWD/home bt-report --text empty | sed "/^folder\|^version/d" >out
	same out <<-END
	job                       empty
	records                   0
	failed records            0
	mini-batches              0
	payload                   0 B
	END
	BT_HOME=$PWD/home bt-report empty >page
	grep -q "^</html>" page
'
ok 'the outputs are where the job keeps that they are' '
	job
	printf "%s\n" "/data/out/" >job/outdir
	bt-report --text job | grep "^outputs" >out
	same out <<-END
	outputs                   /data/out/
	END
'
ok 'what is missing or damaged is named' '
	fails 1 bt-report nowhere
	said "nowhere/results: No such file or directory"
	job
	echo "{ \"a\": 1," >job/request.json
	fails 1 bt-report job
	said "bt-report: job/request.json: line 2, column 0: "
	fails 2 bt-report
'
ok 'a full disk is an error' '
	job
	fails 1 bt-report job >/dev/full
	said "standard output: No space left on device"
'
# cluster: a job of two machines, of which node1 died while it ran share 1, and
# node2 began that again.
cluster() {
	mkdir -p job/attempts job/shares
	echo "{ \"TransformJobStatus\": \"$1\" }" >job/status.json
	: >job/results
	tr "|" "\t" >job/shares/0.lines.aaaaaa <<-END
	a.csv#bytes=0+10,records=0+1|parts/0.aaaaaa/p#bytes=0+2,records=0+1|start=1795530000.000 ms=2000 worker=node2-7
	a.csv#bytes=10+10,records=1+1|parts/0.aaaaaa/q#bytes=0+2,records=1+1|start=1795530001.000 ms=3000 worker=node2-8
	END
	tr "|" "\t" >job/shares/1.lines.bbbbbb <<-END
	a.csv#bytes=20+10,records=2+1|parts/1.bbbbbb/p#bytes=0+2,records=2+1|start=1795530001.000 ms=2000 worker=node1-7
	END
	tr "|" "\t" >job/shares/1.lines.cccccc <<-END
	a.csv#bytes=20+10,records=2+1|parts/1.cccccc/p#bytes=0+2,records=2+1|start=1795530006.000 ms=1000 worker=node2-9
	a.csv#bytes=30+10,records=3+1,last|parts/1.cccccc/p#bytes=2+2,records=3+1|start=1795530007.000 ms=3000 worker=node2-9
	END
	printf "machine=node2 start=1795530000.0\nstatus=0 end=1795530004.5\n" >job/attempts/0.aaaaaa
	printf "machine=node1 start=1795530000.5\n" >job/attempts/1.bbbbbb
	printf "machine=node2 start=1795530006.0\nstatus=0 end=1795530010.0\n" >job/attempts/1.cccccc
}

# drawn: what is in the time line, above its axis.
drawn() {
	sed -n "/aria-label=\"Batches/,/class=\"axis\"/p" "$@" | sed "1d;\$d"
}

ok 'a job of many machines, as text: its shares, and what happened to them' '
	cluster Completed
	bt-report --text job >text
	sed -n "/^shares  /p; /^host/p; /^shares\$/,/^\$/p" text >out
	same out <<-END
	shares                    2 in 3 attempts, 1 killed
	hosts                     node1, node2
	shares
	share 1 on node1: killed after 2.5 s or more, 1 mini-batch answered; begun again 3.0 s later on node2
	share 1 on node2: done after 4.0 s, 1 mini-batch answered

	END
	# One that was stopped, one that failed, and nothing of what is damaged.
	printf "machine=node1 start=1795530000.5\nstatus=143 end=1795530002.5\n" >job/attempts/1.bbbbbb
	printf "machine=node2 start=1795530006.0\nstatus=1 end=1795530010.0\n" >job/attempts/1.cccccc
	printf "machine=node2 start=1795530000.0\nstatus=0 end=17955" >job/attempts/0.aaaaaa
	for words in "" "machine=x" "start=1795530000" "machine=x start=nan" "machine=x start=1e300" "machine= start=1"; do
		printf "%s\n" "$words" >"job/attempts/7.$((n = n + 1))"
	done
	printf "machine=x start=1\n" >job/attempts/x.y
	bt-report --text job | sed -n "/^shares\$/,/^\$/p" >out
	same out <<-END
	shares
	share 0 on node2: killed after 4.0 s or more, 2 mini-batches answered
	share 1 on node1: stopped after 2.0 s, 1 mini-batch answered; begun again 3.5 s later on node2
	share 1 on node2: failed after 4.0 s, 1 mini-batch answered

	END
'
ok 'as a page: a row for the shares of each machine, and for each of its workers' '
	cluster Completed
	bt-report job >page
	drawn page >out
	same out <<-END
	<rect class="load" x="0.00%" y="88" width="10.00%" height="4"><title>loading the model for at most 1.0 s</title></rect>
	<rect class="load" x="20.00%" y="68" width="50.00%" height="4"><title>loading the model for at most 5.0 s</title></rect>
	<text class="end" x="-8" y="14">node1</text>
	<text class="end" x="-8" y="34">1</text>
	<line class="line" x2="100%" y1="40" y2="40"/>
	<text class="end" x="-8" y="54">node2</text>
	<text class="end" x="-8" y="74">1</text>
	<text class="end" x="-8" y="94">2</text>
	<rect class="run" x="0.00%" y="63" width="19.90%" height="14"><title>a.csv#bytes=0+10,records=0+1
	2.00 s</title></rect>
	<rect class="run" x="10.00%" y="83" width="29.90%" height="14"><title>a.csv#bytes=10+10,records=1+1
	3.00 s</title></rect>
	<rect class="run" x="10.00%" y="23" width="19.90%" height="14"><title>a.csv#bytes=20+10,records=2+1
	2.00 s</title></rect>
	<rect class="run" x="70.00%" y="63" width="29.90%" height="14"><title>a.csv#bytes=30+10,records=3+1,last
	3.00 s</title></rect>
	<rect class="share" x="0.00%" y="43" width="44.90%" height="14"><title>share 0 on node2: done after 4.5 s, 2 mini-batches answered</title></rect>
	<text class="mid in" x="22.50%" y="54">0</text>
	<rect class="share" x="5.00%" y="3" width="24.90%" height="14"><title>share 1 on node1: killed after 2.5 s or more, 1 mini-batch answered; begun again 3.0 s later on node2</title></rect>
	<text class="mid in" x="17.50%" y="14">1</text>
	<rect class="bad" x="30.00%" y="3" width="0.10%" height="14"><title>share 1 on node1: killed after 2.5 s or more, 1 mini-batch answered; begun again 3.0 s later on node2</title></rect>
	<rect class="redo" x="60.00%" y="43" width="39.90%" height="14"><title>share 1 on node2: done after 4.0 s, 1 mini-batch answered</title></rect>
	<text class="mid in" x="80.00%" y="54">1</text>
	END
	sed -n "/<th>share/,/<.table>/p" page >table
	same table <<-END
	<tr><th>share</th><th>machine</th><th>began</th><th>then</th></tr>
	<tr><td class="one" data-name="share">1</td><td data-name="machine">node1</td><td class="one" data-name="began">14:20:00 UTC</td><td data-name="then">killed after 2.5 s or more, 1 mini-batch answered; begun again 3.0 s later on node2</td></tr>
	<tr><td class="one" data-name="share">1</td><td data-name="machine">node2</td><td class="one" data-name="began">14:20:06 UTC</td><td data-name="then">done after 4.0 s, 1 mini-batch answered</td></tr>
	</table>
	END
	sed -n "s,.*<span><svg><rect class=\"\([a-z]*\)\".*</svg>\(.*\)</span>,\1: \2,p" page >key
	same key <<-END
	run: answered
	load: loading the model, or waiting for work
	share: a share, by its number
	redo: a share that was begun again
	bad: a share that was cut short
	END
'
ok 'a running job of many machines: from the shares that it has' '
	cluster InProgress
	exec 9>job/lock
	flock 9
	rm job/attempts/1.cccccc job/shares/1.lines.cccccc
	bt-report --text job >text
	grep -x "records  *3" text
	grep -x "shares  *2" text
	fails 1 grep "^share " text
'
ok 'machines without shares have their names; many of them have a row each' '
	mkdir job
	awk "BEGIN { for (i = 0; i < 120; i++)
		printf \"a.csv#bytes=%d+9,records=%d+1\\tp/%d#bytes=0+2,records=%d+1\\tstart=1795530000.000 ms=%d worker=%s-%d\\n\",
		    9 * i, i, i, i, i % 60 < 30 ? 1000 : 500, i < 60 ? \"b\" : \"a-very-long-name.of.a.domain\", i % 60 }" >job/results
	bt-report job >page
	drawn page >out
	same out <<-END
	<text class="end" x="-8" y="14">b</text>
	<line class="line" x2="100%" y1="20" y2="20"/>
	<text class="end" x="-8" y="34">a-very-long-n…<title>a-very-long-name.of.a.domain</title></text>
	<rect class="run" x="0.00%" y="3" width="50.00%" height="14"/>
	<rect class="run" x="50.00%" y="3" width="50.00%" height="14" opacity="0.60"/>
	<rect class="run" x="0.00%" y="23" width="50.00%" height="14"/>
	<rect class="run" x="50.00%" y="23" width="50.00%" height="14" opacity="0.60"/>
	END
	# Few of them have rows for their workers.
	sed -i "4s/worker=b/worker=c/; 4q" job/results
	bt-report job | sed -n "s/.*class=\"end\".* y=\"\(.*\)<.text>/\1/p" | sed 4q >out
	same out <<-END
	14">b
	34">2
	54">3
	74">c
	END
'
finish
