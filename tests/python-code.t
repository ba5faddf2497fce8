#!/bin/sh
# Where the python plugin finds the script: bt-python(7).
. "${0%/*}/lib.sh"
. "${0%/*}/python.sh"

# entry TEXT: src/entry.py, which replies with what it imports beside it, and the
# model's folder m.
entry() {
	mkdir -p src m
	cat >src/entry.py <<-END
	import helper
	def model_fn(model_dir): return helper.NAME
	def transform_fn(model, body, content_type, accept): return model + "\n"
	END
	echo "NAME = \"$1\"" >src/helper.py
	echo a >x.csv
	bt-split x.csv >refs
}

# run_at DIRECTORY OPTION ...: the replies of the script there.
run_at() {
	at=$1
	shift
	run -E SAGEMAKER_PROGRAM=entry.py -E "SAGEMAKER_SUBMIT_DIRECTORY=$at" "$@"
}

ok 'SAGEMAKER_SUBMIT_DIRECTORY: a folder, an archive, file://' '
	entry "of src"
	tar -czf sourcedir.tar.gz -C src .
	tar -cf plain.tar -C src .
	mkdir tmp
	export TMPDIR="$PWD/tmp"
	for at in src "$PWD/src/" sourcedir.tar.gz plain.tar "file://$PWD/src" \
	    "file://localhost$PWD/sourcedir.tar.gz"; do
		run_at "$at"
	done >out
	SAGEMAKER_PROGRAM=entry SAGEMAKER_SUBMIT_DIRECTORY=plain.tar run >>out
	tar -czf m.tar.gz -C m .
	rm -r m parts
	bt-predict -m python -d m.tar.gz -o parts -E SAGEMAKER_PROGRAM=entry.py \
	    -E SAGEMAKER_SUBMIT_DIRECTORY=sourcedir.tar.gz <refs >results
	cat parts/* >>out
	same out <<-END
	of src
	of src
	of src
	of src
	of src
	of src
	of src
	of src
	END
	test -z "$(ls tmp)"
'
ok 'the folders of an image are those of the model' '
	entry "of code"
	mv src m/code
	for at in /opt/ml/model/code /opt/ml/model/code/ /opt/ml/code file:///opt/ml/model/code ""; do
		run_at "$at"
	done >out
	mv m/code/* m
	for at in /opt/ml/model /opt/ml/model/nothing; do
		run_at "$at"
	done >>out
	same out <<-END
	of code
	of code
	of code
	of code
	of code
	of code
	of code
	END
'
ok 'an archive is unpacked once a run, and is gone after a signal' '
	entry "of src"
	mkdir tmp
	cat >>src/entry.py <<-END
	import os, time
	def model_fn(model_dir):
	    open("pids", "a").write("%d %d\n" % (os.getpid(), os.stat(__file__).st_ino))
	    return helper.NAME
	def transform_fn(model, body, content_type, accept):
	    if "kill" in body:
	        os.kill(os.getppid(), 9)
	    while "wait" in body:
	        time.sleep(1)
	    return body
	END
	tar -czf src.tar.gz -C src .
	printf "%s\n" a kill b >x.csv
	bt-split -n 1 x.csv >refs
	export TMPDIR="$PWD/tmp"
	fails 1 run_at src.tar.gz --invocations-max-retries 0
	test "$(wc -l <pids)" -eq 2
	test "$(cut -d" " -f2 pids | uniq | wc -l)" -eq 1
	rm -r pids parts
	echo wait >x.csv
	bt-split x.csv >refs
	bt-predict -m python -d m -o parts -E SAGEMAKER_PROGRAM=entry.py \
	    -E SAGEMAKER_SUBMIT_DIRECTORY=src.tar.gz <refs >results &
	await test -s pids
	kill $!
	fails 143 wait $!
	test -z "$(ls tmp)"
'
ok 'a pipeline of scripts, each with settings of its own' '
	entry "of src"
	mkdir other
	cat >other/second.py <<-END
	import os
	def model_fn(model_dir): return os.environ["SAGEMAKER_PROGRAM"]
	def transform_fn(model, body, content_type, accept):
	    if not os.path.exists("once"):
	        open("once", "w")
	        os._exit(1)
	    return "%s, %s, %s\n" % (body.decode().strip(), model, accept)
	END
	tar -czf src.tar.gz -C src .
	bt-predict -E SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT=text/plain -m python -d m \
	    -E SAGEMAKER_PROGRAM=entry.py -E SAGEMAKER_SUBMIT_DIRECTORY=src.tar.gz \
	    -m python -d m -E SAGEMAKER_PROGRAM=second.py -E SAGEMAKER_SUBMIT_DIRECTORY=other \
	    -E SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT=text/x-own -o parts <refs >results
	cat parts/* >out
	sed "s/.*type=//; s/,.*tries=/ /; s/ worker.*//" results >>out
	same out <<-END
	of src, second.py, text/x-own
	text/x-own 2
	END
'
ok 'places where there is none' '
	entry "of src"
	tar -czf other.tar.gz -C src helper.py
	echo text >file
	head -c 100 other.tar.gz >cut.tar.gz
	for at in nowhere file other.tar.gz cut.tar.gz src/none https://a/b.tar.gz; do
		fails 255 run_at "$at" -E SAGEMAKER_PROGRAM=none.py
		cat "$tmp/err"
	done >out
	fails 255 run_at src -E SAGEMAKER_PROGRAM=none.py
	cat "$tmp/err" >>out
	same out <<-END
	bt-predict: python: SAGEMAKER_SUBMIT_DIRECTORY is nowhere, which is no folder, archive or s3://
	bt-predict: python: SAGEMAKER_SUBMIT_DIRECTORY is file, which is no folder, archive or s3://
	bt-predict: python: SAGEMAKER_SUBMIT_DIRECTORY is other.tar.gz, in which there is no none.py
	bt-predict: python: SAGEMAKER_SUBMIT_DIRECTORY: cut.tar.gz: the gzip data is cut short
	bt-predict: python: SAGEMAKER_SUBMIT_DIRECTORY is src/none, which is no folder, archive or s3://
	bt-predict: python: SAGEMAKER_SUBMIT_DIRECTORY is https://a/b.tar.gz, which is no folder, archive or s3://
	bt-predict: python: SAGEMAKER_SUBMIT_DIRECTORY is src, in which there is no none.py
	END
'
ok 'in S3: bt-s3cat fetches it, as an archive or a folder' '
	entry "of S3"
	tar -czf sourcedir.tar.gz -C src .
	mkdir bin tmp
	ln "$B/bt-unpack" "$B/bt-predict" bin 2>/dev/null || cp "$B/bt-unpack" "$B/bt-predict" bin
	cat >bin/bt-s3cat <<-\END
	#!/bin/sh
	echo "$* $SAGEMAKER_PROGRAM" >>asked
	case $* in
	*/none)	echo "bt-s3cat: s3://b/none: no such object" >&2; exit 1 ;;
	*/text)	echo text ;;
	*/)	mkdir -p "$4"; cp src/* "$4" ;;
	*)	cat sourcedir.tar.gz ;;
	esac
	END
	chmod +x bin/bt-s3cat
	PATH=$PWD/bin:$PATH
	export TMPDIR="$PWD/tmp"
	run_at "s3://b/a;\$(b) c" >out
	run_at s3://b/c/ >>out
	for at in s3://b/none s3://b/text; do
		fails 255 run_at $at
		sed "s/: Unrecognized.*//" "$tmp/err" >>out
	done
	same out <<-END
	of S3
	of S3
	bt-predict: python: SAGEMAKER_SUBMIT_DIRECTORY: s3://b/none: no such object
	bt-predict: python: SAGEMAKER_SUBMIT_DIRECTORY: s3://b/text: damaged, or no tar archive
	END
	sed "s,$PWD/tmp/bt-predict\.......,FOLDER," asked >out
	same out <<-END
	s3://b/a;\$(b) c 
	--prefix --overwrite -o FOLDER/0.code.part s3://b/c/ 
	s3://b/none 
	s3://b/text 
	END
	test -z "$(ls tmp)"
	rm bin/bt-s3cat
	PATH=$PWD/bin:/usr/bin:/bin fails 255 run_at s3://b/none
	said "bt-predict: python: SAGEMAKER_SUBMIT_DIRECTORY: no bt-s3cat, which reads S3: install libcurl4-openssl-dev, libssl-dev and libexpat1-dev and build it"
'
ok 'requirements.txt: what the interpreter lacks is said, and is no error' '
	entry "of code"
	mkdir code
	mv src/* code
	mv code m
	for name in one two.three; do
		mkdir -p "m/code/$name-1.5.dist-info"
		printf "%s\n" "Metadata-Version: 2.1" "Name: $name" "Version: 1.5" \
		    >"m/code/$name-1.5.dist-info/METADATA"
	done
	cat >m/code/requirements.txt <<-END
	# What is there
	one==1.5  # as it should be
	Two_Three[x]>=1.2,<2
	one~=1.4 ; python_version > "3"
	--index-url https://a/b
	git+https://a/b.git
	./local
	one @ https://a/b
	one==1.*
	# and what is not
	nosuch==1
	one<1.5
	two.three ~= 2.0 \\
	    --hash=sha256:abc
	END
	sed "s/helper$/helper, one/" m/code/entry.py >m/code/third.py
	run -E SAGEMAKER_PROGRAM=entry.py 2>err >out
	cat err >>out
	fails 255 run -E SAGEMAKER_PROGRAM=third.py
	grep -v "python: error" "$tmp/err" >>out
	echo "one==1.5" >m/code/requirements.txt
	fails 255 run -E SAGEMAKER_PROGRAM=third.py
	grep -v "python: error" "$tmp/err" >>out
	tr Q "\047" <<-END | same out
	of code
	bt-predict: python: warning: code/requirements.txt asks for nosuch==1, one<1.5 (1.5 is there), two.three ~= 2.0 (1.5 is there): python3 -m venv venv && venv/bin/pip install -r code/requirements.txt, then BT_PYTHON=venv/bin/python3
	bt-predict: python: ModuleNotFoundError: No module named QoneQ (code/third.py line 1); code/requirements.txt asks for nosuch==1, one<1.5 (1.5 is there), two.three ~= 2.0 (1.5 is there): python3 -m venv venv && venv/bin/pip install -r code/requirements.txt, then BT_PYTHON=venv/bin/python3
	bt-predict: python: ModuleNotFoundError: No module named QoneQ (code/third.py line 1); set BT_PYTHON to use an interpreter other than $BT_PYTHON
	END
'
ok 'a file of the image is in the folder of the model' '
	entry "of code"
	echo "NAME = open(\"/opt/ml/model/nosuch\").read()" >src/helper.py
	fails 255 run_at src
	grep -v "python: error: " "$tmp/err" >out
	tr Q "\047" <<-END | same out
	bt-predict: python: FileNotFoundError: [Errno 2] No such file or directory: Q/opt/ml/model/nosuchQ (helper.py line 1); here the model is in the folder that SM_MODEL_DIR names
	END
'
ok 'errors name files of the script as they are in its folder' '
	entry "of src"
	echo "raise ValueError(1)" >src/helper.py
	tar -czf src.tar.gz -C src .
	for at in src src.tar.gz; do
		fails 255 run_at $at
		grep -v "python: error: " "$tmp/err"
	done >out
	same out <<-END
	bt-predict: python: ValueError: 1 (helper.py line 1)
	bt-predict: python: ValueError: 1 (helper.py line 1)
	END
'
finish
