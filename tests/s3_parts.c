/*
 * s3_parts [PART_SIZE] - prints the bytes of parts 1, 1000, 1055, 1056 and
 * 10000 of an upload, and of all of them together.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "s3/put.h"

int
main(int argc, char *argv[])
{
	static const unsigned shown[] = { 1, 1000, 1055, 1056,
		S3_PUT_PARTS_MAX };
	uint64_t size = argc > 1 ? strtoull(argv[1], NULL, 10) : 0, all = 0;
	unsigned i;

	for (i = 0; i < sizeof shown / sizeof *shown; i++)
		printf("%u: %" PRIu64 "\n", shown[i],
		    s3_put_part_size(size, shown[i]));
	for (i = 1; i <= S3_PUT_PARTS_MAX; i++)
		all += s3_put_part_size(size, i);
	printf("all: %" PRIu64 "\n", all);
	return 0;
}
