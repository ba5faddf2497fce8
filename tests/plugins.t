#!/bin/sh
# Which plugins are built, what is said of the others, and that no tool wants
# what they want.
. "${0%/*}/lib.sh"

# without HEADER ...: what make says in the end where these are missing.
without() {
	{
		printf '%s\n' '#!/bin/sh' 'case "$*" in'
		printf '*"-include %s "*) exit 1 ;;\n' "$@"
		printf '%s\n' 'esac' "exec ${CC:-cc} \"\$@\""
	} >compiler
	chmod +x compiler
	# shellcheck disable=SC2154 # lib.sh sets it
	make -n -s -C "$top" B="$PWD/none" CC="$PWD/compiler" all |
	    sed "s/; *echo '/\n&/g" | sed -n "s/^[; ]*echo '\(.*\)';*$/\1/p"
}

ok 'a plugin whose library is not there is left out, and what brings it is said' '
	without nothing.h | grep -e plugin -e left >out
	same out <<-END
	plugins: chat http identity linear onnx python xgboost
	END
	without curl/curl.h | grep -e plugin -e left >out
	same out <<-END
	plugins: identity linear onnx python xgboost
	left out for lack of a library:
	    plugin chat: apt-get install libcurl4-openssl-dev
	    plugin http: apt-get install libcurl4-openssl-dev
	END
	without archive.h | grep -v -e "^built" -e S3 -e plugins: -e "/env" >out
	same out <<-END
	left out for lack of a library:
	    bt-unpack for models in archives: apt-get install libarchive-dev
	END
'

# wants FILE: the libraries that the loader brings for it.
wants() {
	LC_ALL=C readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\.so.*/\1/p' |
	    grep -vxE 'lib(asan|ubsan|gcc_s|pthread|dl|m|c)|ld-linux.*' | sort | xargs
}

ok 'a tool wants no library of a model; bt-unpack alone wants that of archives' '
	for tool in bt-join bt-predict bt-progress bt-report bt-split; do
		echo "$tool: $(wants "$B/$tool")"
	done >out
	sed "s/ libcsv//; s/ libjansson//; s/ libz//" out | grep -v ": *$" >more || :
	same more </dev/null
	grep "bt-predict: libcsv" out
	wants "$B/bt-unpack" | grep -w libarchive
'
ok 'a plugin wants its own; onnx and xgboost find theirs when they run' '
	for plugin in identity linear onnx python xgboost; do
		echo "$plugin: $(wants "$B/plugins/$plugin.so")"
	done | sed "s/ libjansson//; s/ libz//; s/: *$/:/" >out
	same out <<-END
	identity:
	linear:
	onnx:
	python:
	xgboost:
	END
'
finish
