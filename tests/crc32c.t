#!/bin/sh
# CRC-32C, by carry-less products, by instruction and by table.
. "${0%/*}/lib.sh"

for how in avx512 hw plain; do
	ok "$how: the known value, and the definition at every length" '
		BT_CPU=$how "$B/tests/crc32c" >out
		same out <<-END
		e3069283
		END
	'
done
finish
