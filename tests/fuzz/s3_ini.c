/*
 * Config and credentials files, and the words of a credential_process: what is
 * read is found again, values are in the text's order, and nothing shown of a
 * wrong line.
 */
#include <string.h>

#include "base/mem.h"
#include "s3/ini.h"
#include "s3/words.h"
#include "want.h"

static void
look(const struct ini *ini)
{
	static const char *const names[] = { "region", "a", "s3", "" };
	size_t i, line = 0;

	for (i = 0; i < sizeof names / sizeof *names; i++) {
		const char *v =
		    ini_value(ini, "profile", "default", NULL, names[i], &line);

		if (v != NULL)
			want(ini_has(ini, "profile", "default") && line > 0 &&
			     strlen(v) < 1 << 20);
		ini_value(ini, "profile", "p", "s3", names[i], &line);
		ini_value(ini, "services", "p", "s3", names[i], NULL);
	}
}

static void
words(const char *text)
{
	const char *why;
	char **list = words_split(text, &why);
	size_t n = 0, bytes = 0;

	want((list == NULL) == (why != NULL));
	if (list == NULL)
		return;
	for (; list[n] != NULL; n++)
		bytes += strlen(list[n]);
	want(bytes <= strlen(text));
	free(list);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_dup((const char *)data, size), *why;
	struct ini *ini;
	int file;

	for (file = INI_CONFIG; file <= INI_CREDENTIALS; file++) {
		ini = NULL;
		why = ini_read(text, size, (enum ini_file)file, &ini);
		want((why == NULL) == (ini != NULL));
		if (why != NULL)
			want(
			    strncmp(why, "line ", 5) == 0 && strlen(why) < 100);
		else
			look(ini);
		ini_free(ini);
		free(why);
	}
	words(text);
	free(text);
	return 0;
}
