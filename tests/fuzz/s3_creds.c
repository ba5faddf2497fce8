/*
 * What a process, a container or an instance answers with: credentials, or why
 * not, which never has the document in it but what an error says of itself.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "s3/creds_find.h"

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
	char *text = mem_dup((const char *)data, size);
	int versioned;

	creds_time(text);
	for (versioned = 0; versioned < 2; versioned++) {
		struct finding f = { 0 };
		enum found found = creds_from_json(
		    &f, (struct span){ text, size }, "Token", versioned == 1);

		want(found == FOUND || found == FAILED);
		want((found == FAILED) == (f.why.n > 0));
		if (found == FOUND) {
			want(f.creds.access[0] != '\0' &&
			     f.creds.secret[0] != '\0');
			want(creds_check(&f) != NOT_HERE);
		}
		s3_creds_clear(&f.creds);
		buf_free(&f.why);
	}
	free(text);
	return 0;
}
