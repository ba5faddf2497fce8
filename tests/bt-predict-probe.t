#!/bin/sh
# bt-predict --probe, and what --strict tells a model.
. "${0%/*}/lib.sh"
plugins=$B/tests/plugins

# What is different each time becomes the same.
same_each_time() {
	sed "s/^load_ms=[0-9][0-9]*$/load_ms=N/; s/^memory_bytes=[1-9][0-9]*$/memory_bytes=N/;
	    s,^model=/.*/,model=,"
}

ok 'what a model is' '
	mkdir m
	bt-predict --probe -m "$plugins/shell.so" -d m >all
	same_each_time <all >out
	same out <<-END
	model=shell.so
	model_dir=m
	name=shell
	version=1.0 of two lines
	abi=1.3
	content_types=text/plain
	accepts=text/plain
	MaxConcurrentTransforms=4
	BatchStrategy=MULTI_RECORD
	MaxPayloadInMB=6
	load_ms=N
	memory_bytes=N
	END
	test "$(awk -F = "\$1 == \"memory_bytes\" { print \$2 }" all)" -gt 100000
'
ok 'several, each in turn; types that are the host'\''s' '
	bt-predict --probe -m "$plugins/rows.so" -m identity | same_each_time >out
	same out <<-END
	model=rows.so
	model_dir=
	name=rows
	version=1.0
	abi=1.3
	content_types=text/csv,text/libsvm,application/json,application/jsonlines
	accepts=text/csv,application/json,application/jsonlines
	MaxConcurrentTransforms=
	BatchStrategy=
	MaxPayloadInMB=
	load_ms=N
	memory_bytes=N
	model=identity
	model_dir=
	name=identity
	version=1.0
	abi=1.3
	content_types=*/*
	accepts=*/*
	MaxConcurrentTransforms=
	BatchStrategy=
	MaxPayloadInMB=
	load_ms=N
	memory_bytes=N
	END
'
ok 'an archive is unpacked for it, and removed' '
	mkdir tmp m
	cp "$top/examples/scores/models/pass/model.json" m
	tar -czf m.tar.gz -C m .
	TMPDIR=$PWD/tmp bt-predict --probe -m linear -d m.tar.gz -m linear -d m.tar.gz |
	    grep ^model >out
	same out <<-END
	model=linear
	model_dir=m.tar.gz
	model=linear
	model_dir=m.tar.gz
	END
	test -z "$(ls tmp)"
'
ok 'one that cannot be loaded is 255, and the others are probed' '
	fails 255 bt-predict --probe -m none -m identity -m ./x >out
	said "bt-predict: none: no none.so in "
	said "bt-predict: ./x: "
	grep ^name out >names
	echo name=identity | same names
	fails 255 bt-predict --probe -m linear -d none >out
	said "bt-predict: linear: none: No such file or directory"
	same out </dev/null
'
ok 'one that crashes or hangs while it is loaded' '
	cat >bad.c <<-END
	#include <stdlib.h>
	#include <unistd.h>
	#include <bt_model.h>
	static int
	model_fn(const struct bt_host *host, const struct bt_load *load, void **model)
	{
		(void)host; (void)load; (void)model;
		if (getenv("CRASH") != NULL)
			abort();
		for (;;)
			pause();
	}
	static int
	predict_fn(const struct bt_host *host, void *model, void *input, void **prediction)
	{
		(void)host; (void)model; (void)input; (void)prediction;
		return BT_OK;
	}
	static const struct bt_plugin plugin = { BT_PLUGIN_HEAD, .name = "bad",
	    .model_fn = model_fn, .predict_fn = predict_fn };
	BT_PLUGIN(plugin)
	END
	"${CC:-cc}" -I"$top/tools" -fPIC -shared -o bad.so bad.c
	fails 255 bt-predict --probe -m ./bad.so -E CRASH=1 >out
	said "bt-predict: ./bad.so: model aborted while it was loaded"
	fails 255 bt-predict --probe --start-timeout 1 -m ./bad.so >>out
	said "bt-predict: ./bad.so: no reply within 1 s while it was loaded"
	same out </dev/null
'
ok 'its command line, and an output that is full' '
	fails 2 bt-predict --probe
	said "bt-predict: no -m MODEL: the name of a plugin, or its path"
	fails 2 bt-predict --probe -m identity "x#bytes=0+1,records=0+1"
	said "bt-predict: x#bytes=0+1,records=0+1: --probe takes no references"
	fails 1 bt-predict --probe -m identity >/dev/full
	said "standard output: No space left on device"
'
ok '--strict is told to the model, unless -E says otherwise' '
	mkdir m
	printf "%s\n" "echo strict=\$BT_STRICT" >c.txt
	ref="c.txt#bytes=0+23,records=0+1"
	strict() {
		bt-predict -m "$plugins/shell.so" -d m -o parts "$@" "$ref" >results
		cat parts/*
		rm -r parts
	}
	{
		strict
		strict --strict
		strict --strict -E BT_STRICT=0
		strict -E BT_STRICT=0 --strict
		BT_STRICT=mine strict
		BT_STRICT=mine strict --strict
	} >out
	same out <<-END
	strict=
	strict=1
	strict=0
	strict=0
	strict=mine
	strict=1
	END
'
ok '--strict selects the service'\''s paths for --input-filter' '
	printf "{\"a_b\":1}\n" >x.jsonl
	ref="x.jsonl#bytes=0+10,records=0+1"
	bt-predict -m identity -o parts --input-filter "\$.a_b" "$ref" >results
	cat parts/* >out
	echo 1 | same out
	fails 2 bt-predict -m identity -o parts --strict --input-filter "\$.a_b" "$ref"
	said "bt-predict: --input-filter \$.a_b: character "
'
finish
