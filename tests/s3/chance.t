#!/bin/sh
# Random faults: the right bytes or a clean error.  CHANCE_FAULTS (1000) says how
# many, CHANCE_SEED which: that of a failure is in its message.
. "${0%/*}/../lib.sh"
. "$top/tests/s3/lib.sh"

export STRAIGHT="$AWS_ENDPOINT_URL_S3"
proxy
faults=${CHANCE_FAULTS:-1000} seed=${CHANCE_SEED:-$(date +%s)}
ok "$faults random faults" '
	echo "CHANCE_SEED=$seed"
	/usr/bin/python3 "$here/chance.py" "$bucket" "$seed" "$faults"
'
finish
