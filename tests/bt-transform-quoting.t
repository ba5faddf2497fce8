#!/bin/sh
# What a request, a key or a file's name says never is anything but a word.
# shellcheck disable=SC1003
. "${0%/*}/lib.sh"
. "${0%/*}/transform.sh"

ok 'words get into scripts one way' '
	cd "$top/tools"
	fails 1 grep -nw echo bt-transform
	# The usage and the help alone are here-documents.
	test "$(grep -c "<<" bt-transform)" -eq 2
	# What is evaluated has been quoted, or has a number for a name.
	grep -o "eval .*" bt-transform | grep -v "^eval \"\(\$text\|\$command\|\$assignments\)\"" |
	    sed "s/\\\\[$]//g; s/[$]\({i}\|i\|{name-}\|name\|variable\)//g" >got
	fails 1 grep -F "\$" got
	rm got
'
if command -v python3 >/dev/null; then
	ok 'random requests reach the tools unchanged, in any shell' '
		"$top/tests/torture/quoting" "${QUOTING:-4}" 20261129
	'
else
	skip 'random requests reach the tools unchanged, in any shell' 'no python3'
fi
ok 'backslashes stay, in any shell' '
	export BT_HOME=$PWD/home
	model identity
	echo 1 >a.csv
	request odd a.csv "\"Environment\": { \"A\": \"\\\\d+\\\\.\\\\w\\\\b\", \"B\": \"a\\\\cb\",
	    \"C\": \"x\\\\0047 ; touch PWNED ; : \\\\0047\", \"D\": \"\", \"E\": \"--\" }" >job.json
	for shell in dash bash ksh "busybox sh"; do
		command -v "${shell%% *}" >/dev/null || continue
		$shell "$B/bt-transform" --dry-run job.json >script
		tr -s "\n\\\\ " "\n\\\\ " <script >/dev/null
		grep -oE -e "-E '\''?[A-E]=[^ ]*" script >got
		same got <<-"END"
		-E '\''A=\d+\.\w\b'\''
		-E '\''B=a\cb'\''
		-E '\''C=x\0047
		-E D=
		-E E=--
		END
	done
	run_job job.json
	test -z "$(find . -name PWNED)"
'
ok 'a newline in a path runs nothing, neither dry nor in earnest' '
	export BT_HOME=$PWD/home
	model identity
	d=$(printf "dir\ntouch %s/PWNED\n#" "$PWD" | tr / _)
	mkdir "$d"
	echo 1 >"$d/a.csv"
	request odd "$(printf "%s" "$d" | sed ":a; N; \$!ba; s/\n/\\\\n/g")" >job.json
	bt-transform --dry-run job.json >script
	sh script
	cat out/a.csv.out >"$tmp/got"
	same "$tmp/got" <<-END
	1
	END
	rm -r out home/jobs
	run_job job.json
	test -e out/a.csv.out
	test -z "$(find . -type f -name "*PWNED")"
'
ok 'a prefix that is a pattern, and a folder that is one, mean themselves' '
	export BT_HOME=$PWD/home
	model identity
	mkdir "[a]*?" a
	for f in "[a]*?/b*.csv" "[a]*?/bc.csv" "[a]*?/c" a/b.csv; do echo "$f" >"$f"; done
	for name in "[a]*?/b*" "[a]*?/b" "[a]*?"; do
		rm -rf out home/jobs
		request globs "$name" >job.json
		run_job job.json
		(cd out && ls) | tr "\n" " "
	done | xargs >got
	same got <<-END
	b*.csv.out b*.csv.out bc.csv.out b*.csv.out bc.csv.out c.out
	END
'
ok 'names that end in newlines, of objects, folders, outputs and models' '
	export BT_HOME=$PWD/home
	n=$(printf "\nx") n=${n%x}
	mkdir "in$n" "m$n"
	cp "$top/examples/scores/models/pass/model.json" "m$n/"
	echo 50,60,6 >"in$n/a$n"
	model linear "m\\n"
	request ends "in\\n" | sed "s/\"out\"/\"out\\\\n\"/" >job.json
	run_job job.json || cat err
	cat "out$n/a$n.out" >"$tmp/got"
	same "$tmp/got" <<-END
	1,pass
	END
'
ok 'what stands in the way is found whatever its name' '
	export BT_HOME=$PWD/home
	model identity
	n=$(printf "\nx") n=${n%x}
	mkdir "in$n" "o${n}ut"
	echo 1 >"in$n/a"
	echo old >"o${n}ut/a.out"
	request there "in\\n" | sed "s/\"out\"/\"o\\\\nut\"/" >job.json
	fails 1 run_job job.json
	grep -c "o?ut/a.out" err
	test "$(cat "o${n}ut/a.out")" = old
	mkdir "in$n/o${n}ut"
	echo 1 >"in$n/o${n}ut/b.out"
	request there "in\\n" | sed "s/\"out\"/\"in\\\\n\/o\\\\nut\"/" >job.json
	fails 1 run_job --overwrite job.json
	grep "are outputs or models, which are no input" err
'
ok 'as much as a request may hold' '
	export BT_HOME=$PWD/home BT_PLUGIN_PATH=$B/plugins:$B/tests/plugins
	model show
	seq 3 >a.csv
	long=$(head -c 10000 /dev/zero | tr "\0" "x")
	for i in a b c d e f g h i j k l m n; do
		printf "\"%s\": \"%s\", " "$i" "$long"
	done >environment
	request long a.csv "\"Environment\": { $(cat environment) \"z\": \"\" },
	    \"MaxConcurrentTransforms\": 2, \"BatchStrategy\": \"SingleRecord\"" >job.json
	run_job job.json || { tail -n 2 err; false; }
	test -s out/a.csv.out
'
ok 'what is said has no control bytes in it' '
	export BT_HOME=$PWD/home
	model identity
	request none "$(printf "x\\\\u001b[31m\\\\ny")" >job.json
	fails 1 run_job job.json
	cat -v err >"$tmp/got"
	same "$tmp/got" <<-END
	bt-transform: no objects found under $PWD/x?[31m?y
	END
'
ok 'no room for what a dry run prints' '
	export BT_HOME=$PWD/home
	model identity
	echo 1 >a.csv
	request dry a.csv >job.json
	fails 1 bt-transform --dry-run job.json >/dev/full
	said "bt-transform: standard output: not all is written"
	fails 1 bt-transform --dry-run job.json >&-
'
ok 'empty words are refused, and two names' '
	export BT_HOME=$PWD/home
	model identity
	echo 1 >a.csv
	request one a.csv >job.json
	for option in --model --on-error --max-errors; do
		fails 2 bt-transform "$option" "" job.json
		said "bt-transform: $option: empty"
		fails 2 bt-transform "$option=" job.json
	done
	sed "s/\"out\"/\"\"/" job.json >job2.json
	fails 1 bt-transform job2.json
	said "TransformOutput.S3OutputPath: found \"\""
	run_job job.json
	fails 2 bt-transform describe one two
	said "bt-transform: two: a second name"
	fails 2 bt-transform stop ""
	fails 2 bt-transform stop --transform-job-name
	said "bt-transform: which job?"
'
finish
