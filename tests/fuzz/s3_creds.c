/*
 * What a process, a container or an instance answers with: credentials, or why
 * not, which never has the document in it but what an error says of itself.
 */
#include <string.h>

#include "words.h"

#include "s3/creds/find.h"

static const char *const words[] = { "{\"Version\": 1, ", "\"AccessKeyId\": \"",
	"\", \"SecretAccessKey\": \"", "\", \"Token\": \"",
	"\", \"Expiration\": \"", "2099-12-31T23:59:59", "Z", "+09:00", ".5",
	"\"}", "{", "\"Code\": \"", "\", \"Message\": \"", "\\n", "\\u007f",
	"2001-", "null", "," };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf text = { 0 };
	int versioned;

	spell(&text, data, size, words, sizeof words / sizeof *words);
	creds_time(buf_str(&text));
	for (versioned = 0; versioned < 2; versioned++) {
		struct finding f = { 0 };
		enum found found = creds_from_json(
		    &f, buf_span(&text), "Token", versioned == 1);

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
	buf_free(&text);
	return 0;
}
