#!/bin/sh
# A little of make torture, always the same: each N-th fault only.
. "${0%/*}/lib.sh"

some() {	# some TEST N
	TORTURE_STEP=$2 TORTURE_SEED=1 "$top/tests/torture/$1" 3>&1
}

ok 'memory that is not to be had' 'some memory 31'
ok 'calls that fail' 'some calls 17'
# Whole jobs have nothing for the sanitizers that the tests of their tools have not.
case $B in
*-san) ;;
*)
	ok 'jobs that are killed' 'some kills 60'
	ok 'a shell on failing ground' 'some script 100'
	ok 'the power goes' 'some power 90'
	ok 'jobs of three kinds, killed at three moments each' '"$top/tests/torture/resume" 3 1'
	;;
esac
finish
