/* Any bytes as an archive: a file is found, or there is a reason. */
#include <stdint.h>
#include <stdlib.h>

#include "format/tar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span archive = { (const char *)data, size };
	struct buf out = { 0 };
	const char *why = NULL;

	if ((tar_file(archive, "model.json", &out, &why) == -1) !=
	    (why != NULL))
		abort();
	buf_free(&out);
	return 0;
}
