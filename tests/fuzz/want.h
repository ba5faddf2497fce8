/*
 * What fuzzers check: what is not so ends the process, which libFuzzer reports.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
want(bool is)
{
	if (!is)
		abort();
}
