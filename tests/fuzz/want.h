/*
 * What fuzzers check: what is not so ends the process, which libFuzzer reports.
 */
#ifndef FUZZ_WANT_H
#define FUZZ_WANT_H

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

#endif
