# archive.sh - models in archives, for tests.
# shellcheck shell=sh disable=SC2154

# model: a folder m as SageMaker leaves it.
model() {
	mkdir -p m/code/lib
	echo weights >m/model.bin
	echo "print()" >m/code/inference.py
	echo x >m/code/lib/x.py
	echo "#!/bin/sh" >m/run
	chmod 755 m/run
	chmod 777 m/model.bin m/code
	chmod -x m/model.bin
}

# pack NAME PYTHON: NAME.tar.gz of the entries that PYTHON adds by add.
pack() {
	python3 - "$1" "$2" <<-"END"
	import io, sys, tarfile
	tar = tarfile.open(sys.argv[1] + ".tar.gz", "w:gz")
	def add(name, kind=tarfile.REGTYPE, data=b"data", link="", **more):
	    t = tarfile.TarInfo(name)
	    t.type, t.linkname = kind, link
	    t.size = len(data) if kind == tarfile.REGTYPE else 0
	    for key in more:
	        setattr(t, key, more[key])
	    tar.addfile(t, io.BytesIO(data))
	add("good", data=b"good")
	exec(sys.argv[2])
	tar.close()
	END
}
