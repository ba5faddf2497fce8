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
			*)	echo "${file%.so}" ;;
			esac
		done
	done
}

_bt_jobs() {
	local folder
	for folder in "${BT_HOME:-$HOME/.bt}"/jobs/*/; do
		folder=${folder%/}
		test "${folder##*/}" = '*' || echo "${folder##*/}"
	done
}

# _bt_values TOOL OPTION: what can stand behind it; fails where files can.
_bt_values() {
	case $1:$2 in
	bt-split:-t | *:--split-type) echo Line RecordIO TFRecord None ;;
	bt-split:-b | *:--batch-strategy) echo MultiRecord SingleRecord ;;
	bt-join:-j | *:--join-source) echo Input None ;;
	*:--assemble-with) echo Line None ;;
	*:--compression-type) echo Gzip None ;;
	*:--embedded-newlines) echo refuse keep ;;
	*:--jsonpath) echo sagemaker rfc9535 ;;
	*:--on-error) echo fail skip placeholder= ;;
	*:--sort-by) echo Name CreationTime Status ;;
	*:--sort-order) echo Ascending Descending ;;
	bt-job:--set-status | *:--status-equals)
		echo InProgress Completed Failed Stopping Stopped ;;
	bt-split:-c | *:--content-type | *:--accept)
		echo text/csv text/libsvm text/plain application/json \
		    application/jsonlines application/x-recordio-protobuf ;;
	bt-predict:-m | bt-predict:--model) _bt_plugins ;;
	*)	return 1 ;;
	esac
}

_bt() {
	local tool=${1##*/} word=$2 before=$3 words
	COMPREPLY=()
	if words=$(_bt_values "$tool" "$before"); then
		:
	elif [[ $word == -* ]]; then
		words=$("$1" --help 2>/dev/null |
		    grep -oE '(^|[^[:alnum:]_-])--?[[:alnum:]][[:alnum:]-]*' |
		    grep -oE -- '-.*' | sort -u)
	elif [[ $tool == bt-transform && $COMP_CWORD -eq 1 ]]; then
		words='create describe list resume stop wait'
	elif [[ $tool == bt-report ||
	    $before == @(describe|resume|stop|wait) ]]; then
		words=$(_bt_jobs)
	else
		return
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}

complete -o default -F _bt bt-job bt-join bt-predict bt-progress bt-report \
    bt-s3cat bt-s3manifest bt-s3put bt-split bt-todo bt-transform
