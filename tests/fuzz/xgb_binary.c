/*
 * Checks the bytes as XGBoost's binary format.
 */
#include <stdlib.h>

#include "plugins/xgboost/binary.c"

int LLVMFuzzerTestOneInput(const char *data, size_t n);

int
LLVMFuzzerTestOneInput(const char *data, size_t n)
{
	struct span model = { data, n };
	const char *why;

	if (binary_is(model) &&
	    (binary_check(model, &why) == 0) != (why == NULL))
		abort();
	return 0;
}
