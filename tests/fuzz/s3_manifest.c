/*
 * A job's manifest: either what is wrong is said, or each name is one.
 */
#include <string.h>

#include "words.h"

#include "s3/manifest.h"

static const char *const words[] = { "[{\"prefix\": \"s3://b/\"}", ", \"",
	"\"]", "\\u0000", "\\n", "{\"prefix\": ", "}", "null", "\xc3\xa9" };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf why = { 0 }, text = { 0 };
	struct s3_manifest *m;
	size_t i;

	spell(&text, data, size, words, sizeof words / sizeof *words);
	m = s3_manifest_read(buf_str(&text), text.n, &why);
	want((m == NULL) == (why.n > 0));
	if (m != NULL) {
		want(s3_manifest_prefix(m) != NULL);
		for (i = 0; i < s3_manifest_count(m); i++)
			want(s3_manifest_name(m, i)[0] != '\0');
		s3_manifest_free(m);
	}
	buf_free(&why);
	buf_free(&text);
	return 0;
}
