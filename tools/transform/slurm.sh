# slurm.sh - a job on a Slurm cluster: its script, and what asks Slurm about it.
#
# The Makefile puts it into bt-transform, whose functions it uses.
#
# The script submits three jobs of one name, which is in the file engine of the
# job's folder: the split; an array of shares of its references; the join, when all
# shares have ended, in whatever way.  What they leave in the folder is the truth,
# whatever Slurm says: a share runs what has no result line, the join looks
# whether anything is missing.  A job of few mini-batches has no split: the script
# cuts them before it submits the others.
#
# With --work-dir nothing but S3 is shared.  Each task works in a folder of its own
# on its machine, and fetches and stores what the others need of it, below
# $BT_PLACE, which is s3://.../RUN/ and a word of its own for each submission, and
# in the file place of the job's folder.  refresh brings the folder up to date.
#
#   shares		how many there are
#   run		the name of the jobs in Slurm
#   work		s3://.../RUN/, or nothing
#   cut_here	yes if the script cuts
#   jobs_left	what is in the queue of them, a line each: NAME INDEX STATE NODES
# shellcheck shell=sh disable=SC1007,SC2016,SC2030,SC2031,SC2034,SC2086,SC2094,SC2154

# A node that is slow, or starts late, takes fewer of them.
shares_an_instance=4

# So few mini-batches are cut sooner where the job is submitted than by a task of its
# own, for which the others wait.
few=256

# No more than there are mini-batches, if these have been counted.
settle_shares() {
	run=$TransformJobName-${seed%????????????????????????}
	test -z "$work" || work=${work%/}/$run/
	shares=$((InstanceCount * shares_an_instance))
	set -- $counted
	test "${1:-$shares}" -ge "$shares" || shares=$1
	test "$shares" -gt 0 || shares=1
	cut_here=
	test "${1:-$few}" -ge "$few" || cut_here=yes
}

# ---- The script ----

# file_of NAME TEXT: the lines that write a file.  The word that ends it is none of
# its lines.
file_of() {
	end=END
	while case $newline$2 in *"$newline$end$newline"*) ;; *) false ;; esac; do
		end=${end}_
	done
	add "cat >$1 <<'$end'
$2$end"
}

put_command() {
	start bt-s3put
	option --kms-key-id "$KmsKeyId"
}

# head_of WHAT: how each of the files begins.
head_of() {
	quote "$job"
	add "#!/bin/sh
# $1
set -eu"
	test -n "$work" || add "cd $quoted"
	add "trap 'exit 143' TERM"
	if test -z "$work"; then
		add "if grep -qs '\"Stopping\"' status.json; then
	exit 143
fi"
		return
	fi
	put_command
	add 'folder=$(mktemp -d)
cd "$folder"'
	add "put() { $command \"\$@\"; }"
	add 'store() { test ! -e "$1" || put "$BT_PLACE/$1" <"$1"; }
leave() { cd /; rm -rf "$folder"; exit "$1"; }
trap '\''leave $?'\'' EXIT'
}

# cut_script: the lines that cut.  The join says what they have refused.
cut_script() {
	add 'stage() { "$@" 2>>shares/split.log || printf '\''%s\n'\'' "$1" >>split.failed; }
rm -f split.failed'
	test "$CompressionType" != Gzip || add 'rm -rf spool'
	cut_stages ' >references.new'
	add 'mv references.new references'
}

slurm_split() {
	head_of 'The objects are cut into mini-batches, once.'
	test -z "$work" || add 'mkdir shares
finish() {
    status=$?
    trap "" TERM
    store split.failed && store references || status=1
    test ! -s shares/split.log || store shares/split.log || :
    leave $status
}
trap finish EXIT
exec 2>>shares/split.log
bt-s3cat -l "$BT_PLACE/references" >there
test ! -s there || exit 0
bt-s3cat "$BT_PLACE/objects" >objects'
	add 'exec 9>>lock
flock 9
if test -e references; then
	exit 0
fi'
	cut_script
}

slurm_share() {
	head_of 'A share of the mini-batches: those that have no result line yet.'
	add '# Each attempt writes a file of its own: another may still run, out of reach.
share=$(bt-share --index)'
	list=references
	if test -n "$work"; then
		list='"$BT_PLACE/references"'
		add 'mkdir shares
lines=shares/$share.lines.${folder##*.}'
	else
		add 'lines=$(mktemp "shares/$share.lines.XXXXXX")'
	fi
	add 'attempt=$share.${lines##*.}
todo=shares/$share.todo.${lines##*.}
mkdir -p parts attempts
# What bt-report draws.
printf '\''machine=%s start=%s\n'\'' "$(uname -n)" "$(date +%s.%N)" >"attempts/$attempt"
ended() { printf "status=%s end=%s\n" "$1" "$(date +%s.%N)" >>"attempts/$attempt" || :; }'
	if test -n "$work"; then
		add '# Lines are stored after the replies that they name.
finish() {
    status=$?
    trap "" TERM
    put --recursive parts "${BT_PLACE%/*}/parts/" && store "$lines" &&
	store "shares/$share.done" || status=1
    ended $status
    store "attempts/$attempt" || :
    test ! -s "shares/$attempt.log" || store "shares/$attempt.log" || :
    leave $status
}
exec 2>"shares/$attempt.log"
trap finish EXIT
store "attempts/$attempt"
: >>"$lines"
bt-s3cat --prefix "$BT_PLACE/shares/$share.lines." >"shares/$share.lines.earlier"'
		case $resume in
		*--failed*) add 'bt-s3cat --prefix -o before "$BT_PLACE/before/$share"' ;;
		esac
		models_script
		add
	else
		add 'trap '\''ended $?'\'' EXIT'
	fi
	add "bt-share $list >\"\$todo.all\"
left() {"
	case $resume in
	*--failed*)
		add '    bt-todo --failed "before/$share" <"$todo.all" >"$todo.old" &&
	bt-todo "shares/$share.lines."* <"$todo.old" >"$todo"' ;;
	*)	add '    bt-todo "shares/$share.lines."* <"$todo.all" >"$todo"' ;;
	esac
	add '}
left
tries=0
while test -s "$todo"; do
    if test $tries -eq 3; then
	printf '\''bt-transform: share %s on %s: %s mini-batches have no result\n'\'' \
	    "$share" "$SLURMD_NODENAME" "$(wc -l <"$todo")" >&2
	exit 1
    fi
    tries=$((tries + 1))'
	parts='"parts/$attempt"'
	predict_command
	add "    $command <\"\$todo\" >>\"\$lines\" || :
    left
done
rm -f \"\$todo\"*
: >\"shares/\$share.done\""
}

slurm_join() {
	head_of 'The replies are put in the order of the records, when all shares have ended.'
	quote "$TransformJobName"
	test -z "$work" || add "# The folder of the job is made here.
export BT_HOME=\"\$folder\"
mkdir -p jobs/$quoted
cd jobs/$quoted
finish() {
    status=\$?
    trap '' TERM
    test ! -e status.json || bt-transform ended $quoted \$status 2>/dev/null || status=\$?
    # It was killed, and may run again.
    test \$status -ne 143 || leave 143
    # Another join may run where nobody can stop it.  The first end is the job's.
    set -- \$(ls -d errors failed joined log missing results \"done\" status.json 2>/dev/null)
    put --look-first \"\$BT_PLACE/ended.tar\" -- tar -cf - \"\$@\" || status=1
    leave \$status
}
bt-s3cat --prefix -o . \"\$BT_PLACE/\"
test ! -e ended.tar || leave 0
bt-s3cat --prefix -o . \"\${BT_PLACE%/*}/parts\"
mkdir -p shares
trap finish EXIT"
	add "# One join at a time; what comes late finds all done.
exec 3>&2 9>>lock
flock 9"
	test -n "$work" ||
		add "test ! -e status.json || trap 'bt-transform ended $quoted \$? 2>&3' EXIT"
	add "if test -e \"done\"; then
	exit 0
fi
exec 2>log # messages are kept
rm -rf failed joined out results.new
stage() { \"\$@\" || printf '%s\\n' \"\$1\" >>failed; }
! test -e split.failed || cp split.failed failed

# A line counts once, the first one of two.
share=0 unfinished=
set --
while test \$share -lt $shares; do
    for file in \"shares/\$share.lines.\"*; do
	! test -e \"\$file\" || set -- \"\$@\" \"\$file\"
    done
    test -e \"shares/\$share.done\" || unfinished=\"\$unfinished \$share\"
    share=\$((share + 1))
done
: >>references
bt-todo --answered /dev/null \"\$@\" >results.new
mv results.new results
bt-todo results <references >missing
if test -s missing; then
    awk -v shares=\"\${unfinished# }\" '{ ref = \$0; sub(/^[^,]*,records=[0-9]*[+]/, \"\"); records += \$0 }
	NR == 1 { first = ref }
	END { printf \"bt-transform: share%s %s of $shares: no result for %.0f records, first those of %s; see shares/*.log\\n\",
	    (shares ~ / / ? \"s\" : \"\"), shares, records, first }' missing >&2
    printf 'shares\\n' >>failed
fi
for file in shares/*.log; do
    test ! -s \"\$file\" || cat \"\$file\"
done >&2
"
	join_command
	add "stage $command <results"
	check_script
	store_script
	left="$left shares before missing storing"
	end_script
}

# store_carefully: the outputs, by $command, if nobody else's are there.  $look is in
# it.
store_carefully() {
	if test -z "$work"; then
		add "# A join that is run again finds outputs of its own.
look=--look-first
test ! -e storing || look=
: >storing
stage $command"
		return
	fi
	add "# Each join says so before it stores any.  If another has, what is there is of this
# job: that join was killed, or runs where nobody can stop it.
: >\"storing.\${folder##*.}\"
store \"storing.\${folder##*.}\"
others() { test \"\$(bt-s3cat -l \"\$BT_PLACE/storing.\" | wc -l)\" -gt 1; }
outputs() {
    look=\$1
    $command 2>looked
}
outputs --look-first || { others && outputs ''; } ||
    { cat looked >&2; printf 'bt-s3put\\n' >>failed; }"
}

# cut_or_submit: the lines that have the objects cut: here, where nobody else does
# and bt-transform has the lock, or by a task.
cut_or_submit() {
	case $cut_here$resume in
	'')	add "submit $split" ;;
	yes)	add '# Few mini-batches are cut sooner here than by a task.'
		cut_script ;;
	yes*)	add 'test -e references || {'
		cut_script
		add '}' ;;
	*)	add "test -e references || submit $split" ;;
	esac
}

# submit_script: the lines that give the files to Slurm.
submit_script() {
	options='--open-mode append' split='--output shares/split.log split'
	share="--output 'shares/%a.log' share" join='--output join.log join'
	if test -n "$work"; then
		# A script is looked for where it is to run.
		options='--output /dev/null --chdir /'
		split='"$PWD/split"' share='"$PWD/share"' join='"$PWD/join"'
		quote "$work"
		add "
# The tasks share nothing but this."
		if test -z "$resume"; then
			add "BT_PLACE=$quoted\$(od -An -N4 -tx1 /dev/urandom | tr -d ' ')
printf '%s\n' \"\$BT_PLACE\" >place"
		else
			add 'read -r BT_PLACE <place
if test -e split.failed; then
	rm -f references split.failed shares/*.done
fi'
		fi
		add "export BT_PLACE
rm -rf sent
mkdir sent
for file in request.json status.json engine manifest objects outdir references before shares; do
    test ! -e \"\$file\" || cp -r \"\$file\" sent/
done"
		put_command
		add "$command --recursive sent \"\$BT_PLACE/\"
rm -r sent"
	fi
	quote "$run"
	add "
# Slurm runs a share again if its node dies.  afterany: the join looks for itself
# whether all is there.  The options of sbatch(1) may be in its variables, as
# SBATCH_PARTITION, SBATCH_TIMELIMIT.
export BT_COUNT=$shares
unset BT_INDEX
submit() {
    answer=\$(sbatch --parsable --job-name $quoted --export ALL --requeue \\
	--ntasks 1 $options \"\$@\") || { scancel --name $quoted; exit 1; }
    after=afterany:\${answer%%;*}
}"
	array="--cpus-per-task $workers $share"
	if test -z "$resume"; then
		cut_or_submit
		after='--dependency "$after" '
		test -z "$cut_here" || after=
		add "submit $after--array 0-$((shares - 1))%$InstanceCount \\
    $array
submit --dependency \"\$after\" $join"
		return
	fi
	add "# A share that has a file .done misses nothing.
if test -e split.failed; then
	rm -f references shares/*.done
fi
after= array= share=0"
	cut_or_submit
	add 'while test $share -lt $BT_COUNT; do
    test -e references && test -e "shares/$share.done" || array=$array,$share
    share=$((share + 1))
done'
	add "test -z \"\$array\" ||
    submit \${after:+--dependency \"\$after\"} --array \"\${array#,}%$InstanceCount\" \\
	$array
submit \${after:+--dependency \"\$after\"} $join"
}

# one_file NAME FUNCTION: adds the file that the function writes.
one_file() {
	before=$text text=
	"$2"
	inside=$text text=$before
	add
	file_of "$1" "$inside"
}

slurm_script() {
	text=
	quote "$job"
	add "# A transform job for a Slurm cluster.  Pasted into a shell of a machine that can
# submit, this does what bt-transform does.
(
set -eu
mkdir -p $quoted/shares
cd $quoted"
	if test -z "$resume"; then
		add 'rm -rf references split.failed results joined out storing "done" attempts shares/*
: >results'
	else
		add 'if test -e done; then
	exit 0
fi'
	fi
	test -n "$work" || models_script
	input_script
	test -n "$cut_here" || one_file split slurm_split
	one_file share slurm_share
	one_file join slurm_join
	submit_script
	add ')'
}

# ---- What is in S3 ----

# in_place COMMAND: with $place, and nobody else at the same time; nothing if the
# job in this folder shares a file system.
in_place() {
	test ! -e place || (flock 7 && read -r place <&7 && "$1") 7<place
}

# new_place: no late task stores anything there.
new_place() {
	word=$(od -An -N4 -tx1 /dev/urandom | tr -d ' ') &&
	    printf '%s/%s\n' "${place%/*}" "$word" >place.new && mv place.new place
}

# fetch FOLDER WHAT [OPTION]: what is below the place.
fetch() {
	told=$(bt-s3cat --prefix "${3---overwrite}" -o "$1" "$place/$2" 2>&1) && return
	say "S3 does not answer; this is what the job's files say: ${told##*"$newline"}"
	return 1
}

fetch_shares() {
	fetch shares shares/ --no-clobber && fetch attempts attempts/ &&
	    fetch . split.failed || return
	test -e references || fetch . references
}

# fetch_end: the status, and what goes with it, if a join has stored them.
fetch_end() {
	fetch . ended.tar || return
	test -e ended.tar || return 0
	rm -rf ended && mkdir ended && tar -xof ended.tar -C ended || return
	case $(status_of ended 2>/dev/null) in
	Completed | Failed | Stopped) ;;
	*)	return 0 ;;
	esac
	fetch_shares || return
	for file in errors failed joined log missing results "done"; do
		rm -f "$file"
		test ! -e "ended/$file" || mv "ended/$file" . || return
	done
	test ! -e "done" || rm -rf shares before
	sync ./* . && mv ended/status.json . && rm -r ended ended.tar
}

refresh_end() {
	has_ended || in_place fetch_end
}

# refresh: its shares, too, if it goes on.
refresh() {
	has_ended || { in_place fetch_shares && in_place fetch_end; }
}

# ---- The queue ----

# ask_queue RUN[,...]: $jobs_left; false if Slurm does not say.
ask_queue() {
	jobs_left=$(squeue -h -r -n "$1" -o '%j %K %t %N %r' 2>&1)
}

# in_queue: whether any task of the job in this folder may run.
in_queue() {
	ask_queue "$run" ||
	    die 1 "Slurm does not say if the job $TransformJobName is running: $jobs_left"
	test -n "$jobs_left"
}

# say_held: what Slurm does not start before somebody says so.
say_held() {
	case $jobs_left in
	*[Hh]eld*) ;;
	*)	return ;;
	esac
	held=$(squeue -h -r -n "$run" -t PD -o '%i %r' | sed -n '/ .*[Hh]eld/s/ .*//p' |
	    paste -sd, -)
	test -z "$held" ||
	    say "Slurm holds tasks of the job; scontrol release $held has it start them"
}

say_mute() {
	say "Slurm does not answer; this is what the job's files say: $jobs_left"
}

# submit SCRIPT: that of the job in this folder, whose lock we have.
submit() {
	interrupted=
	trap 'interrupted=yes' HUP INT TERM
	if why=$(sh "./$1" 2>&1 >/dev/null </dev/null) && test -z "$interrupted" &&
	    test "$(status_of .)" = InProgress; then
		trap - HUP INT TERM
		exec 9>&-
		test -z "$detach" || exit 0
		trap 'say "the job $TransformJobName goes on; bt-transform stop $TransformJobName ends it"; exit 1' INT TERM
		wait_for_status
		say_end
		test "$(status_of .)" = Completed
		exit
	fi
	scancel --name "$run" 2>/dev/null
	if test -n "$interrupted" || test "$(status_of .)" = Stopping; then
		set_status Stopping 2>/dev/null
		set_status Stopped
	else
		set_status Failed --failure-reason "InternalServerError: the job cannot be submitted: ${why##*"$newline"}"
	fi
	say_end
	exit 1
}

# cancel: until nothing is left in the queue, nor comes from whoever submits the
# job meanwhile.
cancel() {
	told=
	while :; do
		scancel --name "$run" 2>/dev/null
		if ! ask_queue "$run"; then
			test -n "$told" ||
			    say "Slurm does not answer; waiting for it: $jobs_left"
			told=yes
		elif test -z "$jobs_left"; then
			exec 9>>lock
			flock 9
			ask_queue "$run" && test -z "$jobs_left" && return
			exec 9>&-
		fi
		sleep 1
	done
}

has_ended() {
	case $(status_of .) in
	InProgress | Stopping) false ;;
	esac
}

# wait_for_status: of the job in this folder, or until nothing is left of it.  An
# answer that says so must come three times: what a file system shows of another
# machine's files may be some seconds old, and folders that are read are new.
# $waited is in fifths of a second.  A look at the file of the status costs little;
# S3 is asked once a second, Slurm every 20 seconds.
wait_for_status() {
	pause=0.2 step=1 waited=0 gone=0 held=
	while ls . >/dev/null && ! has_ended && test $gone -lt 3; do
		case $waited in
		5 | 10 | 50 | *00)
			refresh 2>/dev/null
			gone=$((gone + 1))
			if ! ask_queue "$run" || test -n "$jobs_left" ||
			    ! flock -ns lock true; then
				gone=0
			fi
			test -n "$held" || say_held
			test ! -t 2 || show_shares ;;
		esac
		test $waited -lt 300 || pause=1 step=5
		sleep $pause
		waited=$((waited + step))
		test $((waited % 5)) -ne 0 || refresh_end 2>/dev/null
	done
	test ! -t 2 || printf '\r\033[K' >&2
	has_ended || die 1 "$(: | bt-job --describe --queue - . | reason_in)"
}

# show_shares: a line, over which the next is written.
show_shares() {
	printf '%s\n' "$jobs_left" |
	    bt-job --describe --queue - --output table . 2>/dev/null |
	    awk '/^(Records|Shares) / {
			text = text (text == "" ? "" : "; ") tolower($1)
			sub(/^[A-Za-z]*/, ""); sub(/^ */, " "); text = text $0
		}
		END { printf "\r\033[K%.79s", text }' >&2
}

# exec_with_queue ARGUMENT ...: bt-job with what is left in the queue.
exec_with_queue() {
	refresh
	if ask_queue "$run"; then
		say_held
		printf '%s\n' "$jobs_left" | bt-job --queue - "$@"
		exit
	fi
	say_mute
	exec bt-job "$@"
}

# ---- The end, and another beginning ----

# ended NAME STATUS: what the join of this job says when it has ended.
ended() {
	job=$jobs/$1 TransformJobName=$1
	cd "$job" || exit
	! has_ended || exit 0
	# It was killed, and may run again.
	test "$2" -ne 143 || test "$(status_of .)" = Stopping || exit 143
	end_with "$2"
}

# tidy_shares: before a resume: each share keeps the lines that count, and is done if
# these are all.
tidy_shares() {
	export BT_COUNT="$shares"
	mkdir -p shares before || exit
	# Replies are stored before their lines.
	check=--check
	test ! -e place || check=
	in_place new_place || exit
	share=0
	while test "$share" -lt "$shares"; do
		tidy_share || exit
		share=$((share + 1))
	done
	sync shares before
	# Copies of objects may be damaged; they are made again with the references.
	test ! -e prefix || rm -f references
}

tidy_share() {
	rm -f "shares/$share.todo."* "shares/$share.done" || return
	test -e references || return 0
	good=$(mktemp "shares/$share.lines.XXXXXX") || return
	set --
	for file in "shares/$share.lines."*; do
		set -- "$@" "$file"
	done
	bt-todo --answered $check "$@" >"before/$share.new" &&
	    bt-todo --answered $failed "before/$share.new" >"$good" &&
	    sync "before/$share.new" "$good" &&
	    mv "before/$share.new" "before/$share" || return
	for file in "$@"; do
		test "$file" = "$good" || rm "$file" || return
	done
	BT_INDEX=$share bt-share references >"shares/$share.todo.all" &&
	    bt-todo "$good" <"shares/$share.todo.all" >"shares/$share.todo.left" ||
	    return
	test -s "shares/$share.todo.left" || : >"shares/$share.done"
	rm -f "shares/$share.todo."*
}
