/*
 * Checks the bytes as UBJSON: what is whole is not whole without its last
 * byte, and the place of what is wrong is in it.
 */
#include <stdlib.h>

#include "plugins/xgboost/ubjson.c"

int LLVMFuzzerTestOneInput(const char *data, size_t n);

int
LLVMFuzzerTestOneInput(const char *data, size_t n)
{
	struct span text = { data, n };
	const char *why;
	size_t at;

	if (ubjson_check(text, &why, &at) == -1) {
		if (why == NULL || at > n)
			abort();
		return 0;
	}
	text.n--;
	if (ubjson_check(text, &why, &at) == 0)
		abort();
	return 0;
}
