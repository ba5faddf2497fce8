#!/bin/sh
# A model server as people write them, Flask behind gunicorn, through the
# filters.
. "${0%/*}/lib.sh"
test -f "$B/plugins/http.so" || { echo "1..0 # SKIP no plugin http"; exit 0; }
unset BT_HTTP_URL BT_HTTP_UNIX BT_HTTP_HEADERS
for python in python3 /usr/bin/python3 ''; do
	test -n "$python" || { echo "1..0 # SKIP no gunicorn and Flask"; exit 0; }
	! "$python" -c 'import flask, gunicorn' 2>/dev/null || break
done
app=$(cd "${0%/*}/http" && pwd)/app.py
export PYTHONDONTWRITEBYTECODE=1
unset BT_HTTP_COMMAND
export server="echo \$\$ >pid; exec $python -m gunicorn --chdir m --log-level warning --threads 2 \
    --access-logfile access --access-logformat '%(m)s %(U)s %(s)s %({content-type}i)s %({accept}i)s %({x-bt-first-record}i)s' \
    -b 127.0.0.1:\$PORT app:app"

# model: the folder m is a server of these.
model() {
	mkdir m
	cp "$app" m
}

ok 'CSV in, CSV out, joined; one request a batch, one connection' '
	model
	printf "%s\n" 1,2 3,4 5,6 7,8 9,10 >in.csv
	bt-split --max-records 2 in.csv | bt-predict -m http -d "$server" \
	    --start-timeout 60 -o parts | bt-join --join-source Input >out
	same out <<-END
	1,2,3
	3,4,7
	5,6,11
	7,8,15
	9,10,19
	END
	same m/access <<-END
	GET /ping 200 - */* -
	GET /execution-parameters 200 - */* -
	POST /invocations 200 text/csv text/csv 0
	POST /invocations 200 text/csv text/csv 2
	POST /invocations 200 text/csv text/csv 4
	END
	fails 1 kill -0 "$(cat pid)"
'
ok 'CSV in, JSON out, joined' '
	model
	printf "%s\n" 1,2 3,4 >in.csv
	bt-split in.csv | bt-predict -m http -d "$server" --accept application/json -o parts >results
	grep -c ",type=application/json," results
	bt-join <results >out
	grep -c score out
'
ok 'what a handler refuses: 400, 406, 413, 415, 500' '
	model
	printf "%s\n" 1,2 a,b 3,4 >in.csv
	bt-split --max-records 1 in.csv >refs
	fails 1 bt-predict -m http -d "$server" -o parts <refs >results
	said "bt-predict: in.csv: record 1 (byte 4): http: the server answered 400: Unable to evaluate payload provided: could not convert string to float: "
	fails 1 bt-predict -m http -d "$server" -o parts --accept image/png "$(sed 1q refs)"
	said "http: the server answered 406 to Accept: image/png: {\"error\": \"unsupported\", \"accept\": \"image/png\"}"
	fails 1 bt-predict -m http -d "$server" -o parts --content-type application/json "$(sed 1q refs)"
	said "http: the server answered 415 to Content-Type: application/json: This predictor only supports CSV data"
	echo -1 >in.csv
	bt-split in.csv >refs
	fails 1 bt-predict -m http -d "$server" -o parts --invocations-max-retries 0 <refs
	said "http: the server answered 500: 500 Internal Server Error Internal Server Error The server encountered an internal error"
	yes 1,2,3,4,5,6,7,8,9 | head -n 8 >in.csv
	bt-split in.csv | bt-predict -m http -d "$server" -o parts >results
	bt-join <results >out
	yes 45 | head -n 8 | cmp - out
	cut -f1 results | sed "s/.*records=//; s/,.*//" >out
	same out <<-END
	0+2
	2+2
	4+2
	6+2
	END
	grep -c "POST /invocations 413" m/access >out
	same out <<-END
	3
	END
'
ok 'a worker each, by xargs, on its socket' '
	model
	seq 1 40 >in.csv
	export BT_HTTP_COMMAND="exec $python -m gunicorn --log-level warning -b unix:\$SOCKET app:app"
	bt-split --max-records 5 in.csv | xargs -P 2 -n 4 bt-predict -m http -d m -o parts |
	    bt-join >out
	cmp in.csv out
'
finish
