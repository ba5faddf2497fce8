# Completion of the bt tools' options in bash.  What options there are, each
# tool's --help says; what their values can be is here.
# shellcheck shell=bash

_bt_plugins() {
	local folder file
	local IFS=:
	for folder in $BT_PLUGIN_PATH @PLUGINDIR@; do
		for file in "$folder"/*.so; do
			file=${file##*/}
			case $file in
			'*.so' | bt-*) ;; # bt-s3.so is no model
			*)	printf '%q\n' "${file%.so}" ;;
			esac
		done
	done
}

_bt_jobs() {
	local folder
	for folder in "${BT_HOME:-${HOME-}/.bt}"/jobs/*/; do
		folder=${folder%/}
		test "${folder##*/}" = '*' || printf '%q\n' "${folder##*/}"
	done
}

# _bt_members BT-TRANSFORM: the options that are members of a request.
_bt_members() {
	"$1" --generate-cli-skeleton 2>/dev/null |
	    sed -nE 's/^    "([A-Za-z]+)".*/\1/p' |
	    sed -E 's/([a-z])([A-Z])/\1-\2/g; s/^/--/' | tr '[:upper:]' '[:lower:]'
}

# _bt_values TOOL OPTION: lines of what can stand behind it; fails where files can.
_bt_values() {
	case $1:$2 in
	bt-split:-t | *:--split-type) printf '%s\n' Line RecordIO TFRecord None ;;
	bt-split:-b | *:--batch-strategy) printf '%s\n' MultiRecord SingleRecord ;;
	bt-join:-j | *:--join-source) printf '%s\n' Input None ;;
	*:--assemble-with) printf '%s\n' Line None ;;
	*:--compression-type) printf '%s\n' Gzip None ;;
	*:--embedded-newlines) printf '%s\n' refuse keep ;;
	*:--jsonpath) printf '%s\n' sagemaker rfc9535 ;;
	*:--generate-cli-skeleton) echo input ;;
	*:--output) printf '%s\n' json table ;;
	*:--engine) printf '%s\n' none slurm ;;
	*:--on-error) printf '%s\n' fail skip placeholder= ;;
	*:--sort-by) printf '%s\n' Name CreationTime Status ;;
	*:--sort-order) printf '%s\n' Ascending Descending ;;
	bt-job:--set-status | *:--status-equals)
		printf '%s\n' InProgress Completed Failed Stopping Stopped ;;
	bt-split:-c | *:--content-type | *:--accept)
		printf '%s\n' text/csv text/libsvm text/plain application/json \
		    application/jsonlines application/x-recordio-protobuf ;;
	bt-predict:-m | bt-predict:--model) _bt_plugins ;;
	*)	return 1 ;;
	esac
}

_bt() {
	local tool=${1##*/} word=$2 before=$3 words one
	COMPREPLY=()
	if words=$(_bt_values "$tool" "$before"); then
		:
	elif [[ $word == -* ]]; then
		words=$("$1" --help 2>/dev/null | sed -n '/^usage/,/^$/p; /^  -/p' |
		    grep -oE '(^|[^[:alnum:]_-])--?[[:alnum:]][[:alnum:]-]*' |
		    grep -oE -- '-.*' | sort -u)
		test "$tool" != bt-transform || words+=$'\n'$(_bt_members "$1")
	elif [[ $tool == bt && $before == @(lesson|--check|--en|--vi) ]]; then
		words=$("$1" lesson | sed -n 's/^ *\([0-9]*\)\. .*/\1/p')
	elif [[ $tool == bt && $COMP_CWORD -eq 1 || $before == help ]]; then
		words=$("$1" | sed -n 's/^    \([a-z0-9]\{1,\}\)  .*/\1/p')
	elif [[ $tool == bt-transform && $COMP_CWORD -eq 1 ]]; then
		words=$(printf '%s\n' create describe list remove resume stop wait)
	elif [[ $tool == bt-report ||
	    $before == @(describe|remove|resume|stop|wait) ]]; then
		words=$(_bt_jobs)
	else
		return
	fi
	# compgen -W would expand what is in a name.
	while IFS= read -r one; do
		[[ $one != "$word"* ]] || COMPREPLY+=("$one")
	done <<<"$words"
}

complete -o default -F _bt bt bt-job bt-join bt-predict bt-progress bt-report \
    bt-s3cat bt-s3manifest bt-s3put bt-share bt-split bt-todo bt-transform \
    bt-unpack
