#!/bin/sh
# Lines as they come, of any length, until a signal.
. "${0%/*}/lib.sh"

# shellcheck disable=SC2034
lines=$B/tests/lines

ok 'lines, and what is cut off at the end' '
	printf "one\n\n two \nthr" | "$lines" >out
	same out <<-END
	<one>
	<>
	< two >
	end after 3
	END
	printf "" | "$lines" >out
	echo "end after 0" | same out
'
ok 'a line too long to be one comes as an empty one, wherever blocks end' '
	for n in 65535 65536 65537 131072 131073 200000 1000000; do
		printf "a\n%0${n}d\nb\n%0${n}d\n%0${n}d\nc\n%0${n}d" 0 0 0 0 >in
		"$lines" <in >out
		(cat in) | "$lines" >piped
		for file in out piped; do
			sed "s/^$n\$/<>/; s/^0*\$/<>/" $file >said
			same said <<-END
			<a>
			<>
			<b>
			<>
			<>
			<c>
			end after 6
			END
		done
	done
	tail -n 1 in | grep -q 0
	printf "%0200000d\n%041d\n" 0 0 | "$lines" >out
	same out <<-END
	<>
	41
	end after 2
	END
'
ok 'a signal that came before the wait is not waited for' '
	mkfifo pipe
	timeout 60 "$lines" stop <pipe >out &
	exec 5>pipe
	printf "a\nb\n" >&5
	wait $!
	same out <<-END
	<a>
	<b>
	idle after 2
	END
	exec 5>&-
'
finish
