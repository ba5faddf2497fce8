#!/bin/sh
# make install puts everything in its place.
. "${0%/*}/lib.sh"
case $B in
*-san) san=1 ;;
*) san= ;;
esac

ok 'tools, plugins, pages, the header, completion; and they work from there' '
	make -s -C "$top" B="$B" SAN="$san" DESTDIR="$PWD/root" PREFIX=/usr install >made
	cd root/usr
	for c in "$top"/tools/bt "$top"/tools/bt-*; do
		t=${c##*/} t=${t%.c}
		case $t in *.in) continue ;; esac
		test -e "$B/$t" || test -x "$c" || continue
		test -x bin/$t
		test -e share/man/man1/$t.1
		test -e share/bash-completion/completions/$t
	done
	ls "$top"/man | sed "s,.*\.\(.\)\$,share/man/man\1/&," | xargs ls >/dev/null
	ls include >got
	same got <<-END
	bt_model.h
	END
	for p in "$B"/plugins/*.so; do test -x "lib/bt/${p##*/}"; done
	cc -std=c99 $(PKG_CONFIG_PATH=lib/pkgconfig pkg-config \
	    --define-variable=prefix="$PWD" --define-variable=includedir="$PWD/include" \
	    --cflags bt-model) -fsyntax-only "$top/examples/plugin/dot.c"
	grep -h "@" lib/pkgconfig/* share/bash-completion/completions/bt-split |
	    fails 1 grep "@[A-Z]*@"
	printf "1,2\n" >in.csv
	PATH=$PWD/bin:/usr/bin:/bin BT_PLUGIN_PATH=$PWD/lib/bt sh -c "
	    bt-split in.csv | bt-predict -m identity -o parts | bt-join -j Input" >got
	same got <<-END
	1,2,1,2
	END
'
ok 'make uninstall leaves no file of these' '
	make -s -C "$top" B="$B" SAN="$san" DESTDIR="$PWD/root" PREFIX=/usr install >made
	make -s -C "$top" B="$B" SAN="$san" DESTDIR="$PWD/root" PREFIX=/usr uninstall
	find root ! -type d >left
	same left </dev/null
'
ok 'build/env: the tools, the plugins, the pages and completion from the tree' '
	printf "1,2
" >in.csv
	for shell in sh bash; do
		env -u BT_PLUGIN_PATH -u MANPATH PATH=/usr/bin:/bin $shell -uc ". "$B/env"
		    bt-split in.csv | bt-predict -m identity -o parts-$shell | bt-join
		    . "$B/env"; bt-transform --version >version; echo \$PATH" >got
		same got <<-END
		1,2
		$B:/usr/bin:/bin
		END
	done
	cp -r "$top/examples/plugin" .
	echo 1,2,3 >plugin/in.csv
	env -u BT_PLUGIN_PATH PATH=/usr/bin:/bin sh -c ". "$B/env"
	    cd plugin; make -s PKG_CONFIG=/nowhere; bt-split in.csv |
	    bt-predict -m ./dot.so -d model -o parts | bt-join" >got
	same got <<-END
	4.5
	END
	env PATH=/usr/bin:/bin bash -c ". "$B/env"; complete -p bt-split" >got
	same got <<-END
	complete -o default -F _bt bt-split
	END
	for page in "$top"/man/*; do
		name=${page##*/}
		cmp "$B/man/man${name##*.}/$name" "$page"
	done
'
finish
