#!/bin/sh
# The python plugin on scripts that raise, end, hang or cannot be loaded: bt-python(7).
. "${0%/*}/lib.sh"
. "${0%/*}/python.sh"

ok 'an exception: its last line, the place, and the traceback in the log' '
	script_that "assert line != chr(98), \"not\\nb\""
	printf "%s\n" a b c >x.txt
	bt-split --batch-strategy SingleRecord x.txt >refs
	fails 1 run --invocations-max-retries 1
	errors >out
	same out <<-END
	2 500 record 1 (byte 2): python: predict_fn: AssertionError: not b (code/inference.py line 8)
	END
	said "bt-predict: python: error: Traceback (most recent call last):"
	said "bt-predict: python: error: AssertionError: not"
	said "bt-predict: python: error: predict_fn: AssertionError: not b (code/inference.py line 8): the same traceback 1 more time"
	said "bt-predict: the same error at the second try: --invocations-max-retries 0 saves such tries"
	test "$(grep -c Traceback "$tmp/err")" -eq 1
	fails 1 grep bt_bridge "$tmp/err"
	printf "a\nc\n" | cmp - parts/*
'
ok 'a traceback is printed once, and counted' '
	script_that "int(line) if line < \"b\" else line[9]"
	{ seq 20 | sed s/^/a/; printf "%s\n" b c; } >x.txt
	bt-split --batch-strategy SingleRecord x.txt >refs
	fails 1 run --invocations-max-retries 1
	errors | wc -l >out
	grep -c "Traceback (most" "$tmp/err" >>out
	grep -c "record [0-9]* (byte" "$tmp/err" >>out
	grep -c "second try" "$tmp/err" >>out
	sed -n "s/.* (code/(code/p" "$tmp/err" | grep traceback >>out
	same out <<-END
	22
	2
	22
	1
	(code/inference.py line 8): the same traceback 39 more times
	(code/inference.py line 8): the same traceback 3 more times
	END
'
ok 'an exception in another file says which' '
	mkdir -p m/code
	echo "def helps(x): return 1 / 0" >m/code/helper.py
	script_that "import helper; helper.helps(1)"
	echo a >x.txt
	fails 1 predict x.txt --invocations-max-retries 0
	errors >out
	same out <<-END
	1 500 record 0 (byte 0): python: predict_fn: ZeroDivisionError: division by zero (code/helper.py line 1)
	END
'
ok 'sys.exit is an error of the batch' '
	script_that "line != \"x\" or sys.exit(3)"
	printf "%s\n" a x b >x.txt
	bt-split --batch-strategy SingleRecord x.txt >refs
	fails 1 run --invocations-max-retries 0
	errors >out
	same out <<-END
	1 500 record 1 (byte 2): python: predict_fn: SystemExit: 3 (code/inference.py line 8)
	END
	printf "a\nb\n" | cmp - parts/*
'
ok 'the end of the interpreter is an error of the batch; another is started' '
	script_that "None if line in \"ab\" else open(\"pids\", \"a\").write(line + \"\\n\") and os._exit(4) if line == \"x\" else os.kill(os.getpid(), getattr(signal, line))"
	printf "%s\n" a x SIGKILL SIGSEGV b >x.txt
	bt-split --batch-strategy SingleRecord x.txt >refs
	fails 1 run --invocations-max-retries 1
	errors >out
	same out <<-END
	2 500 record 1 (byte 2): python: $BT_PYTHON exited with status 4
	2 500 record 2 (byte 4): python: $BT_PYTHON was killed by a signal: Killed
	2 500 record 3 (byte 12): python: $BT_PYTHON was killed by a signal: Segmentation fault
	END
	printf "a\nb\n" | cmp - parts/*
	test "$(wc -l <pids)" -eq 2
'
ok 'an end in the middle costs its own batch, whatever was sent before and after' '
	script_that "line.startswith(\"x\") and os._exit(7)"
	"$BT_PYTHON" - >x.txt <<-END
	for i in range(300):
	    print("x" * 200000 if i % 100 == 50 else "%d " % i + "y" * (i % 7 * 20000))
	END
	bt-split --batch-strategy SingleRecord x.txt >refs
	fails 1 run --invocations-max-retries 0
	errors >out
	same out <<-END
	1 500 record 50 (byte 2940190): python: $BT_PYTHON exited with status 7
	1 500 record 150 (byte 9060637): python: $BT_PYTHON exited with status 7
	1 500 record 250 (byte 15221133): python: $BT_PYTHON exited with status 7
	END
	grep -v ^x x.txt | cmp - parts/*
'
ok 'a side that sleeps is woken' '
	script_that "time.sleep(float(line))"
	for i in 0 0.0001 0 0.02 0.002 0 0 0.1 0 0.05; do
		echo $i; echo 0; echo $i
	done >x.txt
	bt-split --batch-strategy SingleRecord x.txt >refs
	run >out
	cmp x.txt out
	# Without a bell, each answer that was slept for would come after a second.
	sed -n "s/.* ms=\([0-9]*\).*/\1/p" results >ms
	test "$(awk "\$1 >= 900" ms | wc -l)" -lt 3
	rm -r parts
	{ head -n 3 refs; sleep 0.3; tail -n 3 refs; } |
	    bt-predict -m python -d m -o parts --invocations-timeout-in-seconds 9 >results
	test "$(grep -c parts/ results)" -eq 6
'
ok 'a batch that works the second time is answered' '
	script_that "os.path.exists(\"once\") or (open(\"once\", \"w\"), os._exit(1))"
	echo a >x.txt
	predict x.txt >out
	echo a | cmp - out
	grep "tries=2" results
'
ok 'kill -9 from outside while it sleeps is seen at once' '
	script_that "open(\"pid\", \"w\").write(str(os.getpid())), time.sleep(60)"
	echo a >x.txt
	bt-split x.txt >refs
	start=$(date +%s)
	run --invocations-max-retries 0 2>err >/dev/null &
	await test -s pid
	kill -9 "$(cat pid)"
	got=0
	wait $! || got=$?
	test $got -eq 1
	test $(($(date +%s) - start)) -lt 10
	grep "was killed by a signal: Killed" err
'
ok 'a process that user code forked does not hide the end, nor answers' '
	script_that "os.fork() == 0 and time.sleep(2) or os._exit(1)"
	echo a >x.txt
	fails 1 predict x.txt --invocations-max-retries 0 --invocations-timeout-in-seconds 9
	errors >out
	same out <<-END
	1 500 record 0 (byte 0): python: $BT_PYTHON exited with status 1
	END
	script_that "os.fork()"
	predict x.txt >out
	echo a | cmp - out
'
# alive: a process of those in pids is; one that nobody waited for is not.
alive() {
	ps -o stat= -p "$(xargs <pids | tr " " ,)" | grep -v Z
}

ok 'what hangs is killed in time, and none outlives bt-predict' '
	script_that "open(\"pids\", \"a\").write(str(os.getpid()) + \"\\n\"), time.sleep(60)"
	echo a >x.txt
	fails 1 predict x.txt --invocations-timeout-in-seconds 1 --invocations-max-retries 1
	errors >out
	same out <<-END
	2 timeout record 0 (byte 0): no reply within 1 s
	END
	test "$(wc -l <pids)" -eq 2
	sleep 0.1
	fails 1 alive
	rm pids
	rm -rf parts
	bt-predict -m python -d m -o parts <refs >results &
	await test -s pids
	kill -9 $!
	wait $! || :
	sleep 0.2
	fails 1 alive
'
ok 'what user code starts ends with its worker' '
	start="open(\"pids\", \"a\").write(str(subprocess.Popen([\"sleep\", \"600\"], start_new_session=True).pid) + \"\\n\")"
	script_that "import subprocess; $start"
	echo a >x.txt
	predict x.txt >out
	echo a | cmp - out
	fails 1 kill -0 "$(cat pids)"
	rm pids
	script_that "import subprocess; $start; time.sleep(60)"
	rm -r parts
	bt-predict -m python -d m -o parts <refs >results &
	await test -s pids
	kill $!
	fails 143 wait $!
	fails 1 kill -0 "$(cat pids)"
'
ok 'daemons, pools and threads end with bt-predict, however it ends' '
	script <<-END
	import concurrent.futures, multiprocessing, os, threading, time
	def note(pid):
	    with open("pids", "a") as file:
	        file.write("%d\n" % pid)
	def daemon():
	    if os.fork() == 0:
	        os.setsid()
	        if os.fork() == 0:
	            note(os.getpid())
	            time.sleep(600)
	        os._exit(0)
	def model_fn(model_dir):
	    daemon()
	    pool = multiprocessing.Pool(2)
	    executor = concurrent.futures.ProcessPoolExecutor(1)
	    for pid in pool.map(abs, range(2)) and [p.pid for p in pool._pool]:
	        note(pid)
	    note(executor.submit(os.getpid).result())
	    threading.Thread(target=time.sleep, args=(600,)).start()
	    note(os.getpid())
	    return pool, executor
	def input_fn(body, content_type):
	    return body.splitlines()
	def predict_fn(lines, model):
	    open("running", "w")
	    if lines == ["crash"]:
	        os._exit(1)
	    time.sleep(600 if lines == ["wait"] else 0)
	    return lines
	END
	for line in good crash wait; do
		rm -rf pids running parts
		echo $line >x.csv
		bt-split x.csv >refs
		bt-predict -m python -d m -o parts --invocations-max-retries 0 <refs >results 2>err &
		if test $line = wait; then
			await test -e running
			kill $!
		fi
		got=0
		wait $! || got=$?
		echo "$line $got $(wc -l <pids)"
		fails 1 alive
	done >out
	same out <<-END
	good 0 5
	crash 1 5
	wait 143 5
	END
'
ok 'too few descriptors are said to be that' '
	script_that pass
	echo a >x.txt
	bt-split x.txt >refs
	for n in $(seq 10 17); do
		sh -c "ulimit -n $n; exec bt-predict -m python -d m -o parts" <refs 2>err ||
		    grep "^bt-predict: .*: Too many open files" err
	done
'
ok 'the memory of the interpreter is the model'\''s' '
	script_that "line == \"leak\" and (b\"x\" * (400 << 20), time.sleep(9))"
	printf "%s\n" leak good >x.txt
	bt-split --batch-strategy SingleRecord x.txt >refs
	fails 1 run --max-memory-in-mb 300 --invocations-max-retries 0
	errors >out
	same out <<-END
	1 memory record 0 (byte 0): model used more than 300 MB of memory
	END
	echo good | cmp - parts/*
	echo "held = b\"x\" * (100 << 20)" >>m/code/inference.py
	bt-predict --probe -m python -d m >out
	bytes=$(sed -n "s/^memory_bytes=//p" out)
	test "$bytes" -gt $((100 << 20))
	test "$bytes" -lt $((300 << 20))
'
ok 'a batch that is too large for the memory is halved' '
	script <<-END
	class OutOfMemoryError(RuntimeError): pass
	errors = {1: MemoryError(), 2: OutOfMemoryError(), 4: RuntimeError("CUDA error: out of memory")}
	def model_fn(model_dir): return errors
	def input_fn(body, content_type): return body.splitlines()
	def predict_fn(lines, model):
	    print(",".join(lines))
	    if len(lines) > 1 or "x" in lines:
	        raise model[len(lines)]
	    return lines
	END
	printf "%s\n" a b c x >x.csv
	fails 1 predict x.csv
	errors >out
	grep -v "python: error\|same traceback" "$tmp/err" >>out
	cat parts/* >>out
	same out <<-END
	1 413 record 3 (byte 6): python: predict_fn: MemoryError (code/inference.py line 8)
	a,b,c,x
	a,b
	a
	b
	c,x
	c
	x
	bt-predict: x.csv: record 3 (byte 6): python: predict_fn: MemoryError (code/inference.py line 8)
	a
	b
	c
	END
	script_that "raise RuntimeError(\"out of luck\")"
	echo a >x.txt
	fails 1 predict x.txt --invocations-max-retries 0
	errors >out
	same out <<-END
	1 500 record 0 (byte 0): python: predict_fn: RuntimeError: out of luck (code/inference.py line 8)
	END
'
ok 'a lack of memory, by the names that packages have for it' '
	script <<-END
	class OutOfMemoryError(Exception): pass
	class ResourceExhaustedError(Exception): pass
	class XGBoostError(ValueError): pass
	def model_fn(model_dir): return None
	def input_fn(body, content_type): return eval(body)
	def predict_fn(error, model): raise error
	END
	cat >x.csv <<-END
	OutOfMemoryError("CUDA")
	ResourceExhaustedError("OOM when allocating tensor")
	XGBoostError("cudaErrorMemoryAllocation: out of memory")
	XGBoostError("label")
	END
	bt-split -b SingleRecord x.csv >refs
	fails 1 run --invocations-max-retries 0
	errors | sed "s/record.*_fn: //; s/ (code.*//" >out
	same out <<-END
	1 413 inference.OutOfMemoryError: CUDA
	1 413 inference.ResourceExhaustedError: OOM when allocating tensor
	1 413 inference.XGBoostError: cudaErrorMemoryAllocation: out of memory
	1 500 inference.XGBoostError: label
	END
'
ok 'text that is not UTF-8 names the record, and is not tried again' '
	script <<-END
	def model_fn(model_dir): return None
	def transform_fn(model, body, content_type, accept): return body
	END
	printf "a,b\nc,\377d\ne,f\n" >x.csv
	fails 1 predict x.csv --isolate
	errors >out
	same out <<-END
	1 400 record 1 (byte 4): python: not UTF-8: byte 0xff
	END
	printf "a,b\ne,f\n" | cmp - parts/*
	cp x.csv x.txt
	predict x.txt --accept text/plain | cmp x.csv -
'
ok 'types that nobody reads or writes' '
	script <<-END
	def model_fn(model_dir): return None
	def predict_fn(records, model): return records
	END
	echo a >x.txt
	fails 1 predict x.txt
	errors >out
	echo "{}" >x.jsonl
	fails 1 predict x.jsonl --accept text/html
	errors >>out
	script <<-END
	from sagemaker_inference import errors
	def model_fn(model_dir): return None
	def transform_fn(model, body, content_type, accept):
	    if content_type == "text/plain":
	        raise errors.UnsupportedFormatError(content_type)
	    if content_type == "text/csv":
	        raise errors.BaseInferenceToolkitError(422, "no", "no")
	    raise errors.UnsupportedFormatError(accept)
	END
	fails 1 predict x.txt
	errors >>out
	fails 1 predict x.jsonl --accept text/html
	errors >>out
	echo a >x.csv
	fails 1 predict x.csv
	errors >>out
	tr Q "\047" <<-END | same out
	1 415 record 0 (byte 0): python: text/plain: there is no input_fn, and the default reads only application/json, text/csv, application/x-npy, application/x-npz, application/jsonlines
	1 406 record 0 (byte 0): python: text/html: there is no output_fn, and the default writes only application/json, text/csv, application/x-npy, application/jsonlines
	1 415 record 0 (byte 0): python: transform_fn: sagemaker_inference.errors.UnsupportedFormatError: content type text/plain is not supported (code/inference.py line 5)
	1 406 record 0 (byte 0): python: transform_fn: sagemaker_inference.errors.UnsupportedFormatError: content type text/html is not supported (code/inference.py line 8)
	1 400 record 0 (byte 0): python: transform_fn: sagemaker_inference.errors.BaseInferenceToolkitError: (422, QnoQ, QnoQ) (code/inference.py line 7)
	END
'

# refused TEXT: the model in m is, at load, in these words.
refused() {
	echo a >x.txt
	bt-split x.txt >refs
	fails 255 run
	said "bt-predict: python: $1"
}

ok 'models that cannot be loaded' '
	mkdir m
	refused "$(pwd)/m: no inference.py, in code/ or in the folder itself"
	: | script
	refused "code/inference.py: no model_fn"
	echo "def model_fn(model_dir): return 1" | script
	refused "code/inference.py: no predict_fn, and model_fn returned an int, which has no predict() and cannot be called"
	printf "%s\n" "model_fn = predict_fn = lambda a: 1" | script
	refused "code/inference.py: predict_fn has 1 parameter, not 2, or 3 with the context"
	script <<-END
	def model_fn(model_dir): return 1
	def predict_fn(data, model): return 1
	def transform_fn(model, body, content_type, accept): return 1
	END
	refused "code/inference.py: transform_fn beside input_fn, predict_fn or output_fn"
	script <<-END
	def model_fn(): return 1
	END
	refused "code/inference.py: model_fn has 0 parameters, not 1, or 2 with the context"
	script <<-END
	def model_fn(model_dir):
	    return (1
	END
	refused "SyntaxError: "
	said "(code/inference.py line 2)"
	echo "import no_such_thing" | script
	refused "ModuleNotFoundError: No module named "
	said "no_such_thing"
	said "(code/inference.py line 1); set BT_PYTHON to use an interpreter other than $BT_PYTHON"
	printf "def model_fn(model_dir):\n    1 / 0\ndef predict_fn(data, model): return 1\n" | script
	refused "model_fn: ZeroDivisionError: division by zero (code/inference.py line 2)"
	printf "import os\ndef model_fn(model_dir): os._exit(0)\npredict_fn = lambda d, m: 1\n" | script
	refused "$BT_PYTHON exited with status 0 before the model was loaded"
	printf "def model_fn(model_dir): raise SystemExit\npredict_fn = lambda d, m: 1\n" | script
	refused "model_fn: SystemExit (code/inference.py line 1)"
	echo "import time; time.sleep(9)" | script
	fails 255 run --start-timeout 1
	said "bt-predict: python: no reply within 1 s while it was loaded"
	fails 255 bt-predict -m python -o parts <refs
	said "bt-predict: python: no model: a folder with inference.py is required"
	echo x >m.pkl
	fails 255 bt-predict -m python -d m.pkl -o parts <refs
	said "bt-predict: python: m.pkl: the model is a file; a folder or an archive with inference.py is required"
'
ok 'interpreters that are none' '
	script_that pass
	echo a >x.txt
	bt-split x.txt >refs
	fails 255 run -E BT_PYTHON=no-such-python
	said "bt-predict: python: no-such-python: No such file or directory; BT_PYTHON names the interpreter"
	fails 255 run -E BT_PYTHON=./m
	said "bt-predict: python: ./m: Permission denied; BT_PYTHON names the interpreter"
	fails 255 run -E BT_PYTHON=true
	said "bt-predict: python: true exited with status 0 before the model was loaded"
	printf "#!/bin/sh\nexec \"\$BT_PYTHON_REAL\" \"\$@\"\n" >mine
	chmod +x mine
	run -E BT_PYTHON=./mine -E BT_PYTHON_REAL="$BT_PYTHON" >out
	echo a | cmp - out
	BT_PYTHON='' PATH=${BT_PYTHON%/*}:$PATH run >out
	echo a | cmp - out
'
finish
