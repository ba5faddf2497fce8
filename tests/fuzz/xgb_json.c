/*
 * Reads the trees of the bytes as of a model in JSON.
 */
#include <stdlib.h>

#include "format/json.h"
#include "plugins/xgboost/trees.h"

int LLVMFuzzerTestOneInput(const char *data, size_t n);

int
LLVMFuzzerTestOneInput(const char *data, size_t n)
{
	struct span text = { data, n }, value;
	struct trees trees = { 0 };
	const char *why;
	size_t at;

	if (json_check(text, &value, &why, &at) == 0 &&
	    trees_json(&trees, value, &why) == -1 && why == NULL)
		abort();
	trees_free(&trees);
	return 0;
}
