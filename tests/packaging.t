#!/bin/sh
# The Debian packages are built, lintian accepts them, and what is in them works.
. "${0%/*}/lib.sh"
case $B in
*-san)
	echo '1..0 # SKIP packages are made without sanitizers'
	exit 0
	;;
esac
for command in dpkg-buildpackage dh lintian; do
	command -v $command >/dev/null || {
		echo "1..0 # SKIP no $command"
		exit 0
	}
done

ok 'packages are built and accepted, and a job runs from them' '
	"$top/tools/packaging/build-deb" debs >log 2>&1 || { tail -n 30 log; false; }
	cd debs
	ls *.deb | sed "s/_.*//" | grep -v dbgsym | sort >got
	same got <<-END
	batch-transform
	batch-transform-dev
	END
	dpkg-deb -x batch-transform_*.deb root
	ls "$top"/tools/bt "$top"/tools/bt-* | sed "s,.*/,,; s/\.c\$//; /\.in\$/d" >want
	ls root/usr/bin | diff want -
	printf "1,2\n" >in.csv
	PATH=$PWD/root/usr/bin:/usr/bin:/bin
	test -e root/usr/lib/*/bt/bt-s3.so
	export BT_PLUGIN_PATH="$(echo root/usr/lib/*/bt)"
	bt-split in.csv | bt-predict -m identity -o parts | bt-join -j Input >got
	same got <<-END
	1,2,1,2
	END
	bt-predict --probe -m xgboost -d "$top/examples/breast-cancer/models/diagnosis" |
	    grep "^name=xgboost"
'
finish
