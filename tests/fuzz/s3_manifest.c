/*
 * A job's manifest: either what is wrong is said, or each name is one.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "s3/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
want(bool is)
{
	if (!is)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf why = { 0 };
	struct s3_manifest *m =
	    s3_manifest_read((const char *)data, size, &why);
	size_t i;

	want((m == NULL) == (why.n > 0));
	if (m != NULL) {
		want(s3_manifest_prefix(m) != NULL);
		for (i = 0; i < s3_manifest_count(m); i++)
			want(s3_manifest_name(m, i)[0] != '\0');
		s3_manifest_free(m);
	}
	buf_free(&why);
	return 0;
}
