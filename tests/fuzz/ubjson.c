/*
 * Checks the bytes as UBJSON: what is whole is not whole without its last
 * byte, and the place of what is wrong is in it.
 */
#include <stdlib.h>

#include "plugins/xgboost/ubjson.h"

int LLVMFuzzerTestOneInput(const char *data, size_t n);

int
LLVMFuzzerTestOneInput(const char *data, size_t n)
{
	struct span text = { data, n };
	struct trees trees = { 0 };
	const char *why;
	size_t at;
	int got = ubjson_check(text, &trees, &why, &at);

	if (got == -1 && (why == NULL || at > n))
		abort();
	text.n--;
	if (got == 0 && ubjson_check(text, &trees, &why, &at) == 0)
		abort();
	trees_free(&trees);
	return 0;
}
