#!/bin/sh
# Wherever it is called from, by whatever name, and whatever its paths are
# relative to.
. "${0%/*}/lib.sh"
. "${0%/*}/transform.sh"

# An installation of its own in bin/, which is not in PATH.
install_here() {
	mkdir bin
	for tool in "$B"/bt-*; do ln -s "$tool" bin/; done
	rm bin/bt-transform
	cp "$B/bt-transform" bin/
	PATH=/usr/bin:/bin:/usr/sbin:/sbin
	echo 1 >a.csv
}

# runs_as COMMAND ...: a job in the background, and one that is gone on with so.
runs_as() {
	rm -rf out home
	(export BT_HOME="$PWD/home"; model identity)
	request one a.csv >job.json
	"$@" --detach job.json >arn
	"$@" wait one
	cmp a.csv out/a.csv.out
	rm out/a.csv.out
	sed -i 's/"Completed"/"Failed"/' home/jobs/one/status.json
	rm home/jobs/one/done
	: >home/jobs/one/results
	"$@" resume --detach one
	"$@" wait one
	cmp a.csv out/a.csv.out
}

ok 'by a relative path' '
	install_here
	BT_HOME=$PWD/home runs_as bin/bt-transform
	BT_HOME=home runs_as bin/bt-transform
	BT_HOME=./home runs_as ./bin/bt-transform
	cd bin
	mv ../a.csv .
	BT_HOME=home runs_as ./bt-transform
'
ok 'by a shell, and without leave to be executed' '
	install_here
	chmod -x bin/bt-transform
	BT_HOME=home runs_as sh bin/bt-transform
	cp a.csv bin/
	cd bin
	for shell in sh bash ksh "busybox sh"; do
		command -v "${shell%% *}" >/dev/null || continue
		# shellcheck disable=SC2086
		BT_HOME=home runs_as $shell bt-transform
	done
'
ok 'from a relative folder in PATH' '
	install_here
	PATH=bin:$PATH
	BT_HOME=home runs_as bt-transform
	PATH=./bin:$PATH
	BT_HOME=home runs_as bt-transform
'
ok 'the tools in a relative folder in PATH' '
	install_here
	mkdir elsewhere
	mv bin/bt-transform elsewhere
	PATH=bin:$PATH
	BT_HOME=home runs_as elsewhere/bt-transform
'
ok 'through links' '
	install_here
	mkdir x
	ln -s ../bin/bt-transform x/run-it
	ln -s x/run-it .
	BT_HOME=home runs_as ./run-it
	PATH=x:$PATH
	BT_HOME=home runs_as run-it
'
ok 'with CDPATH' '
	install_here
	mkdir -p other/bin other/home
	export CDPATH=$PWD/other:.
	BT_HOME=home runs_as bin/bt-transform
'
ok 'without a HOME, or with an empty one' '
	install_here
	(unset HOME; BT_HOME=home runs_as bin/bt-transform)
	unset BT_HOME
	for home in "" unset; do
		export HOME=
		test -z "$home" || unset HOME
		fails 1 bin/bt-transform list
		said "bt-transform: neither BT_HOME nor HOME says where the jobs are"
		fails 1 bin/bt-transform --detach job.json
		bin/bt-transform --version
		bin/bt-transform --help
	done
	export HOME=$PWD/me
	mkdir me
	bin/bt-transform list
	test -d me/.bt/jobs
'
ok 'a relative TMPDIR, BT_PLUGIN_PATH' '
	install_here
	mkdir tmp
	ln -s "$B/plugins" plugins
	export TMPDIR=tmp BT_PLUGIN_PATH=plugins
	BT_HOME=home runs_as bin/bt-transform
	BT_HOME=home bin/bt-transform --dry-run --overwrite job.json >script
	ls -A tmp >"$tmp/got"
	same "$tmp/got" </dev/null
'
ok 'paths with blanks and quotes' '
	d="it'\''s \"here\" \$HOME"
	mkdir "$d"
	cd "$d"
	install_here
	BT_HOME=home runs_as bin/bt-transform
	BT_HOME=$PWD/home runs_as bin/bt-transform
'
ok 'one that is not there says so' '
	install_here
	export BT_HOME=$PWD/home
	model identity
	request one a.csv >job.json
	rm bin/bt-job
	for command in "--version" list "describe one" job.json; do
		# shellcheck disable=SC2086
		fails 1 bin/bt-transform $command
		said "bt-job: not found"
	done
'
ok 'a job that cannot begin in the background is not said to' '
	install_here
	export BT_HOME=$PWD/home
	model identity
	request one a.csv >job.json
	printf "#!/bin/sh\necho setsid: no more processes >&2\nexit 1\n" >bin/setsid
	chmod +x bin/setsid
	fails 1 bin/bt-transform --detach job.json
	said "bt-transform: the job has not begun: setsid: no more processes"
	rm bin/setsid
	bin/bt-transform resume --detach one
	bin/bt-transform wait one
'
ok 'with any of its descriptors closed' '
	install_here
	export BT_HOME=$PWD/home
	model identity
	request one a.csv >job.json
	bin/bt-transform --overwrite job.json <&- >/dev/null
	bin/bt-transform --overwrite --transform-job-name two job.json 2>&- >/dev/null
	fails 1 bin/bt-transform --overwrite --transform-job-name three job.json >&-
	said "standard output: not all is written; resume runs the job three"
	bin/bt-transform resume three
	bin/bt-transform --detach --overwrite --transform-job-name four job.json <&- >/dev/null 2>&-
	bin/bt-transform wait four
	bin/bt-transform describe two >out2
	grep Completed out2
	cmp a.csv out/a.csv.out
'
ok 'links that lead nowhere or in a circle are left out, and said' '
	export BT_HOME=$PWD/home
	model identity
	mkdir -p in/d
	echo 1 >in/d/a.csv
	ln -s .. in/d/up
	ln -s self in/self
	ln -s nowhere in/gone
	for uri in in in/ "in/d/.." i; do
		rm -rf home/jobs out
		request loops "$uri" >job.json
		run_job job.json || { cat err; false; }
		find out -type f | sed "s,.*/,," >"$tmp/got"
		same "$tmp/got" <<-END
		a.csv.out
		END
		grep "File system loop detected; .*/d/up" err
		grep "/self.*: Too many levels" err
		grep "/gone.*: No such file" err
	done
	bt-transform --dry-run --overwrite job.json >script
	rm -r home/jobs
	sh script
	grep "File system loop detected; .*/d/up" home/jobs/loops/log
'
nobody='setpriv --reuid 65534 --regid 65534 --clear-groups'
# shellcheck disable=SC2086
if test "$(id -u)" -eq 0 && $nobody test -x "$B/bt-job" 2>/dev/null; then
	unreadable() { chmod 777 . "$tmp" && $nobody "$@"; }
elif test "$(id -u)" -ne 0; then
	unreadable() { "$@"; }
fi
if command -v unreadable >/dev/null; then
	ok 'a folder that cannot be read is no job' '
		export BT_HOME=$PWD/home
		model identity
		mkdir -p in/d in/x
		echo 1 >in/a.csv
		chmod 0 in/d
		chmod -R a+rwX home
		request locked in >job.json
		fails 1 unreadable bt-transform job.json
		said "/in/d"
		said "bt-transform: the objects of $PWD/in/ cannot be listed"
		# What is beside the prefix is of no matter.
		request locked in/a >job.json
		unreadable bt-transform --dry-run job.json >script
		chmod 700 in/d
	'
else
	skip 'a folder that cannot be read is no job' 'nobody else can run the tools'
fi
finish
