/*
 * Checks the bytes as XGBoost's binary format.
 */
#include <stdlib.h>

#include "plugins/xgboost/binary.h"

int LLVMFuzzerTestOneInput(const char *data, size_t n);

int
LLVMFuzzerTestOneInput(const char *data, size_t n)
{
	struct span model = { data, n };
	struct trees trees = { 0 };
	const char *why;
	size_t at = binary_hinge(model);

	if (at > n - 4 && at != 0)
		abort();
	if (binary_is(model) &&
	    (binary_check(model, &trees, &why) == 0) != (why == NULL))
		abort();
	trees_free(&trees);
	return 0;
}
