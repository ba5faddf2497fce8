# slurm.sh - a job on a Slurm cluster: its script, and what asks Slurm about it.
#
# The Makefile puts it into bt-transform, whose functions it uses.
#
# The script submits three jobs of one name, which is in the file engine of the
# job's folder: the split; an array of shares of its references; the join, when all
# shares have ended, in whatever way.  What they leave in the folder is the truth,
# whatever Slurm says: a share runs what has no result line, the join looks
# whether anything is missing.
#
#   shares		how many there are
#   run		the name of the jobs in Slurm
#   jobs_left	what is in the queue of them, a line each: NAME INDEX STATE NODES
# shellcheck shell=sh disable=SC1007,SC2016,SC2034,SC2086,SC2154

# A node that is slow, or starts late, takes fewer of them.
shares_an_instance=4

# No more than there are mini-batches, if these have been counted.
settle_shares() {
	run=$TransformJobName-${seed%????????????????????????}
	shares=$((InstanceCount * shares_an_instance))
	set -- $counted
	test "${1:-$shares}" -ge "$shares" || shares=$1
	test "$shares" -gt 0 || shares=1
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

# head_of WHAT: how each of the files begins.
head_of() {
	quote "$job"
	add "#!/bin/sh
# $1
set -eu
cd $quoted
trap 'exit 143' TERM
if grep -qs '\"Stopping\"' status.json; then
	exit 143
fi"
}

slurm_split() {
	head_of 'The objects are cut into mini-batches, once.'
	add 'exec 9>>lock
flock 9
if test -e references; then
	exit 0
fi
stage() { "$@" || printf '\''%s\n'\'' "$1" >>split.failed; }
rm -f split.failed'
	test "$CompressionType" != Gzip || add 'rm -rf spool'
	cut_stages ' >references.new'
	add 'mv references.new references'
}

slurm_share() {
	head_of 'A share of the mini-batches: those that have no result line yet.'
	add '# Each attempt writes a file of its own: another may still run, out of reach.
share=$(bt-share --index)
lines=$(mktemp "shares/$share.lines.XXXXXX")
attempt=$share.${lines##*.}
todo=shares/$share.todo.${lines##*.}
mkdir -p parts attempts
# What bt-report draws.
printf '\''machine=%s start=%s\n'\'' "$(uname -n)" "$(date +%s.%N)" >"attempts/$attempt"
trap '\''printf "status=%s end=%s\n" "$?" "$(date +%s.%N)" >>"attempts/$attempt" || :'\'' EXIT
left() {
    bt-share references >"$todo.all" &&'
	case $resume in
	*--failed*)
		add '	bt-todo --failed "before/$share" <"$todo.all" >"$todo.old" &&
	bt-todo "shares/$share.lines."* <"$todo.old" >"$todo"' ;;
	*)	add '	bt-todo "shares/$share.lines."* <"$todo.all" >"$todo"' ;;
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
	add "# One join at a time; what comes late finds all done.
exec 9>>lock
flock 9
test ! -e status.json || trap 'bt-transform ended $quoted \$?' EXIT
if test -e \"done\"; then
	exit 0
fi
exec 3>&2 2>log # messages are kept
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

# submit_script: the lines that give the files to Slurm.
submit_script() {
	quote "$run"
	add "
# Slurm runs a share again if its node dies.  afterany: the join looks for itself
# whether all is there.  The options of sbatch(1) may be in its variables, as
# SBATCH_PARTITION, SBATCH_TIMELIMIT.
export BT_COUNT=$shares
unset BT_INDEX
submit() {
    answer=\$(sbatch --parsable --job-name $quoted --export ALL --requeue \\
	--ntasks 1 --open-mode append \"\$@\") || { scancel --name $quoted; exit 1; }
    after=afterany:\${answer%%;*}
}"
	array="--cpus-per-task $workers --output 'shares/%a.log' share"
	if test -z "$resume"; then
		add "submit --output shares/split.log split
submit --dependency \"\$after\" --array 0-$((shares - 1))%$InstanceCount \\
    $array
submit --dependency \"\$after\" --output join.log join"
		return
	fi
	add '# A share that has a file .done misses nothing.
if test -e split.failed; then
	rm -f references shares/*.done
fi
after= array= share=0
test -e references || submit --output shares/split.log split
while test $share -lt $BT_COUNT; do
    test -e references && test -e "shares/$share.done" || array=$array,$share
    share=$((share + 1))
done'
	add "test -z \"\$array\" ||
    submit \${after:+--dependency \"\$after\"} --array \"\${array#,}%$InstanceCount\" \\
	$array
submit \${after:+--dependency \"\$after\"} --output join.log join"
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
	models_script
	input_script
	one_file split slurm_split
	one_file share slurm_share
	one_file join slurm_join
	submit_script
	add ')'
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
wait_for_status() {
	pause=0.2 gone=0 asked=0 held=
	while ls . >/dev/null && ! has_ended && test $gone -lt 3; do
		asked=$((asked + 1))
		case $asked in
		5 | 10 | *[02468]0)
			gone=$((gone + 1))
			if ! ask_queue "$run" || test -n "$jobs_left" ||
			    ! flock -ns lock true; then
				gone=0
			fi
			test -n "$held" || say_held
			test ! -t 2 || show_shares ;;
		esac
		test $asked -lt 10 || pause=1
		sleep $pause
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
	bt-todo --answered --check "$@" >"before/$share.new" &&
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
