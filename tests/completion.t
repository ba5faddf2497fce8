#!/bin/sh
# What bash offers behind the tools' names.
. "${0%/*}/lib.sh"

# offered WORD ...: for a command line, the last word of it begun.
offered() {
	bash -c '. "$0"
	COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
	_bt "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
	printf "%s\n" "${COMPREPLY[@]}"' "$top/tools/completion.bash" "$@" |
	    sed "/./!d" | LC_ALL=C sort
}

ok 'every tool is completed' '
	bash -c ". $top/tools/completion.bash; complete -p" >completed
	for c in "$top"/tools/bt "$top"/tools/bt-*; do
		t=${c##*/} t=${t%.c}
		case $t in *.in) continue ;; esac
		grep " $t\$" completed
	done
'
ok 'the options are those that the usage has' '
	for c in "$top"/tools/bt "$top"/tools/bt-*; do
		t=${c##*/} t=${t%.c}
		case $t in *.in) continue ;; esac
		"$t" --help | sed -n "/^usage/,/^\$/p; /^  -/p" | tr " []|,=" "\n\n\n\n\n\n" |
		    grep "^--*[a-zA-Z0-9]" | LC_ALL=C sort -u >want
		offered "$t" - >got
		case $t in
		bt-transform) LC_ALL=C comm -23 want got | diff /dev/null - ;;
		*)	diff want got ;;
		esac
	done
'
ok 'bt-transform has the members of a request, too' '
	offered bt-transform --m >got
	same got <<-END
	--max-concurrent-transforms
	--max-errors
	--max-payload-in-mb
	--max-records
	--model
	--model-client-config
	--model-name
	END
'
ok 'the values are those that the tools take' '
	echo 1 >in.csv
	while read -r tool option values; do
		for value in $values; do
			"$tool" "$option" "$value" in.csv >out 2>err || :
			fails 1 grep -e "$option" err
		done
		test "$(offered "$tool" "$option" "" | xargs)" = "$values"
	done <<-END
	bt-split --split-type Line None RecordIO TFRecord
	bt-split --batch-strategy MultiRecord SingleRecord
	bt-split --compression-type Gzip None
	bt-split --embedded-newlines keep refuse
	bt-join --join-source Input None
	bt-join --assemble-with Line None
	bt-join --jsonpath rfc9535 sagemaker
	bt-join --on-error fail placeholder= skip
	END
	offered bt-predict -m lin >got
	same got <<-END
	linear
	END
'
ok 'verbs and jobs' '
	export BT_HOME=$PWD/home
	mkdir -p home/jobs/one home/jobs/two
	offered bt-transform re >got
	same got <<-END
	remove
	resume
	END
	offered bt-transform stop "" | xargs >got
	same got <<-END
	one two
	END
	offered bt-report t >got
	same got <<-END
	two
	END
'
ok 'names that say more than a name are not run' '
	export BT_HOME=$PWD/home BT_PLUGIN_PATH=$PWD/plugins
	mkdir -p plugins home/jobs/"\$(touch PWNED)" "home/jobs/a b" home/jobs/-n
	: >"plugins/x\$(touch PWNED).so"
	offered bt-predict -m x >got
	offered bt-transform stop "" >>got
	test ! -e PWNED
	same got <<-"END"
	x\$\(touch\ PWNED\)
	-n
	\$\(touch\ PWNED\)
	a\ b
	END
'
finish
