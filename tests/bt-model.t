#!/bin/sh
# The plugin interface: bt-model(3), bt_model.h.
. "${0%/*}/lib.sh"
PATH=$B/tests:$PATH
# shellcheck disable=SC2034
plugins=$B/tests/plugins

# rows PLUGIN OPTION ...: two rows of numbers through it; the reply.
rows() {
	rm -rf parts
	printf "1,2\n3,4.5\n" >in.csv
	plugin=$1
	shift
	bt-predict -m "$plugin" -o parts "$@" \
	    "in.csv#bytes=0+10,records=0+2,last" >results || return
	cat parts/*
}

ok 'a plugin built against 1.0 works' '
	rows "$plugins/abi_1_0.so" -E KEY=value >out
	same out <<-END
	3
	7.5
	END
'
ok 'a plugin of a later minor version works' '
	rows "$plugins/abi_1_9.so" >out
	same out <<-END
	1,2
	3,4.5
	END
'
ok 'bytes that are lent are not copied if they are the whole reply' '
	for ways in l 0l0 ll lw wl le lewe; do
		rm -rf parts
		printf "a\nb\n" >in.txt
		WAYS=$ways bt-predict --no-count -m "$plugins/lends.so" -o parts \
		    "in.txt#bytes=0+4,records=0+2,last" >results
		printf "%s: " $ways
		cat parts/* | tr "\n" "|"
		echo
	done >out
	same out <<-END
	l: other
	0l0: other
	ll: word word 
	lw: word word 
	wl: word word 
	le: word |
	lewe: word |word |
	END
'
case $(abi | head -n 1) in
'bt_span 16')
ok 'no member has moved since 1.0' '
	abi >out
	same out <<-END
	bt_span 16
	bt_span.n 8
	bt_matrix 24
	bt_matrix.columns 8
	bt_matrix.values 16
	bt_parameter 16
	bt_parameter.value 8
	bt_host.struct_size 4
	bt_host.abi_major 8
	bt_host.abi_minor 12
	bt_host.alloc 16
	bt_host.matrix 24
	bt_host.log 32
	bt_host.fail 40
	bt_host.write 48
	bt_host.end_record 56
	bt_host.content_type 64
	bt_load.threads 4
	bt_load.model_dir 8
	bt_load.archive 16
	bt_load.archive_size 24
	bt_load.parameters 32
	bt_load.parameter_count 40
	bt_load.content_type 48
	bt_load.accept 56
	bt_request.content_type 8
	bt_request.accept 16
	bt_request.body 24
	bt_request.body_size 32
	bt_request.records 40
	bt_request.record_count 48
	bt_request.header 56
	bt_request.object 72
	bt_request.offset 80
	bt_request.first_record 88
	bt_execution_parameters.max_concurrent_transforms 4
	bt_execution_parameters.max_payload_in_mb 8
	bt_execution_parameters.batch_strategy 16
	bt_plugin.struct_size 4
	bt_plugin.abi_major 8
	bt_plugin.abi_minor 12
	bt_plugin.name 16
	bt_plugin.version 24
	bt_plugin.content_types 32
	bt_plugin.accepts 40
	bt_plugin.model_fn 48
	bt_plugin.input_fn 56
	bt_plugin.predict_fn 64
	bt_plugin.output_fn 72
	bt_plugin.input_free 80
	bt_plugin.prediction_free 88
	bt_plugin.model_close 96
	bt_plugin.execution_parameters 104
	statuses 0 400 406 413 415 500 503
	END
'
;;
*) skip 'no member has moved since 1.0' 'pointers of another size' ;;
esac
ok 'what is no plugin is refused' '
	for p in no_symbol other_major wrong_magic unwilling too_small no_predict; do
		fails 255 rows "$plugins/$p.so" 2>&1 | sed "s,$plugins/,,g"
	done >out
	echo text >text.so
	fails 255 rows ./text.so 2>>out
	fails 255 rows ./absent.so 2>>out
	same out <<-END
	bt-predict: no_symbol.so: no_symbol.so: not a model plugin: no bt_plugin_v1
	bt-predict: other_major.so: a plugin of interface 2, not 1
	bt-predict: wrong_magic.so: not a model plugin: magic 0x464c457f, not 0x6c646d62
	bt-predict: unwilling.so: the plugin does not work with interface 1.3
	bt-predict: too_small.so: its struct bt_plugin has 32 bytes, not at least 72
	bt-predict: no_predict.so: the plugin has no predict_fn
	bt-predict: ./text.so: file too short
	bt-predict: ./absent.so: cannot open shared object file: No such file or directory
	END
'
ok 'a name is looked up, and the places are named' '
	mkdir one two
	cp "$plugins/rows.so" two/mine.so
	BT_PLUGIN_PATH=one:two rows mine >out
	same out <<-END
	3
	7.5
	END
	BT_PLUGIN_PATH=one:two fails 255 rows yours
	said "bt-predict: yours: no yours.so in one:two:$B/plugins:$B/../lib/bt:"
'
# hint NAME: what a bt-predict without plugins beside it says of the name, but
# for the folders.
hint() {
	status=0
	BT_PLUGIN_PATH=here ./bt-predict -m "$1" -o parts "x.csv#bytes=0+2,records=0+1" \
	    >results 2>err || status=$?
	test "$status" -eq 255
	sed "s/^bt-predict: //; s/ in here:[^ ;]*\([;:] .*\)/\1/; s/ in here:[^ ]*$//" err
}
ok 'a name that is not found has a hint' '
	cp "$B/bt-predict" .
	mkdir here model
	touch here/linear.so here/lineal.so here/python.so here/bt-s3.so dot.so
	echo 1 >x.csv
	for name in liner lniear python.so dot.so xgboost http model pytohn2 bt-s4 li; do
		hint "$name"
	done >out
	hint ./model >>out
	same out <<-END
	liner: no liner.so; did you mean linear?
	lniear: no lniear.so; did you mean linear?
	python.so: no python.so.so; did you mean python?
	dot.so: no dot.so.so; ./dot.so is a path
	xgboost: no xgboost.so
	http: no http.so: it is built if libcurl4-openssl-dev is installed
	model: no model.so; model is a folder: is it -d?
	pytohn2: no pytohn2.so; did you mean python?
	bt-s4: no bt-s4.so
	li: no li.so
	./model: a folder, not a plugin: is it -d?
	END
'
ok 'the hints name the packages that the Makefile names' '
	sed -n "s/.*{ \"\(.*\)\", \"\(.*\)\" },/\1_PACKAGE = \2/p" \
	    "$top/tools/predict/hint.c" | sort >hints
	grep -h _PACKAGE "$top"/tools/plugins/*.mk | sort | same hints
'
ok 'a plugin in C++11' '
	cat >plugin.cc <<-END
	#include <vector>
	#include <bt_model.h>
	namespace {
	int model_fn(const bt_host *, const bt_load *, void **model) {
		*model = new std::vector<float>{1, 10};
		return BT_OK;
	}
	int predict_fn(const bt_host *host, void *model, void *input, void **out) try {
		auto &w = *static_cast<std::vector<float> *>(model);
		auto in = static_cast<const bt_matrix *>(input);
		bt_matrix *m = host->matrix(host, in->rows, 1);
		for (size_t i = 0; i < in->rows; i++)
			m->values[i] = in->values[2 * i] * w.at(0) + in->values[2 * i + 1] * w.at(1);
		*out = m;
		return BT_OK;
	} catch (...) {
		return host->fail(host, BT_MODEL_ERROR, -1, "an exception");
	}
	const bt_plugin plugin = { BT_PLUGIN_HEAD, "cc", "1.0", nullptr, nullptr,
		model_fn, nullptr, predict_fn, nullptr, nullptr, nullptr, nullptr, nullptr, 0 };
	}
	BT_PLUGIN(plugin)
	END
	c++ -std=c++11 -pedantic -Wall -Wextra -Werror -fvisibility=hidden -fPIC -shared \
	    -I"$top/tools" -o cc.so plugin.cc
	rows ./cc.so >out
	same out <<-END
	21
	48
	END
'
ok 'the example of the manual page is the one in examples' '
	sed -n "/begins\$/,/ends\$/{ /^\.\\\\\"/d; s/\\\\e/\\\\/g; p; }" "$top/man/bt-model.3" >dot.c
	diff -u "$top/examples/plugin/dot.c" dot.c
'
ok 'a plugin from the installed files alone' '
	make -s -C "$top" B="$B" install PREFIX=/opt/bt DESTDIR="$PWD/root" >&2
	cp -r "$top/examples/plugin" .
	cd plugin
	export PKG_CONFIG_PATH="$PWD/../root/opt/bt/lib/pkgconfig"
	export PKG_CONFIG_SYSROOT_DIR="$PWD/../root"
	make -s CFLAGS="-pedantic -Wall -Wextra -Werror"
	mkdir -p ../root/opt/bt/lib/bt
	make -s install PKG_CONFIG_SYSROOT_DIR= DESTDIR="$PWD/../root"
	ls ../root/opt/bt/lib/bt/dot.so
	printf "1,2,3\n4,5,6\n" >in.csv
	unset BT_PLUGIN_PATH
	../root/opt/bt/bin/bt-predict -m dot -d model -o parts \
	    "in.csv#bytes=0+12,records=0+2,last" >results
	cat parts/* >out
	same out <<-END
	4.5
	9
	END
	printf "1,2\n" >short.csv
	fails 1 ../root/opt/bt/bin/bt-predict -m dot -d model -o parts \
	    "short.csv#bytes=0+4,records=0+1" >results
	said "bt-predict: short.csv: record 0 (byte 0): dot: 2 features, not 3"
	fails 255 ../root/opt/bt/bin/bt-predict -m dot -o parts \
	    "short.csv#bytes=0+4,records=0+1" >results
	said "bt-predict: dot: no model folder"
'
case $(uname -sm) in
"Linux x86_64")
	ok 'a plugin binary of version 1.0 loads' '
		cp "$top/tests/abi/plugin-1.0-x86_64.so" first.so
		printf "abc\n\n!x\nde\n" >in.txt
		bt-split in.txt >refs
		fails 1 bt-predict -m ./first.so -E UNIT=octets --isolate -o parts \
		    <refs >results
		said "bt-predict: ./first.so: loaded"
		said "bt-predict: in.txt: record 2 (byte 5): ./first.so: record 0 of in.txt: !x"
		cat parts/* >out
		same out <<-END
		3 octets
		0 octets
		2 octets
		END
	'
	;;
*)
	skip 'a plugin binary of version 1.0 loads' 'it is for Linux on x86_64'
	;;
esac
finish
