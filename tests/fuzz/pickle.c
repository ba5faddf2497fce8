/*
 * Reads the bytes as a pickle: what is found in it is of it.
 */
#include <stdlib.h>

#include "plugins/xgboost/pickle.c"

int LLVMFuzzerTestOneInput(const char *data, size_t n);

int
LLVMFuzzerTestOneInput(const char *data, size_t n)
{
	struct span file = { data, n }, model = { NULL, 0 };
	struct buf why = { 0 };

	if (!pickle_is(file))
		return 0;
	if (pickle_booster(file, &model, &why) == -1) {
		if (why.n == 0)
			abort();
	} else if (model.n == 0 || model.p < data ||
		   model.n > n - (size_t)(model.p - data))
		abort();
	buf_free(&why);
	return 0;
}
