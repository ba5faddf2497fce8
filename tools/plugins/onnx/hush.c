#include "plugins/onnx/hush.h"

#include <string.h>
#include <unistd.h>

enum { TOLD_MAX = 65536 };

void
hush_begin(struct hush *h)
{
	h->saved = -1;
	h->file = tmpfile();
	if (h->file == NULL)
		return;
	fflush(stderr);
	h->saved = dup(STDERR_FILENO);
	if (h->saved != -1)
		dup2(fileno(h->file), STDERR_FILENO);
}

static bool
is_noise(const char *line)
{
	return strstr(line, "Schema error: ") != NULL ||
	       strstr(line, "is already registered") != NULL;
}

static void
tell_rest(FILE *f)
{
	char line[4096];
	size_t told = 0;

	rewind(f);
	while (told < TOLD_MAX && fgets(line, sizeof line, f) != NULL)
		if (!is_noise(line) && line[0] != '\n') {
			fputs(line, stderr);
			told += strlen(line);
		}
}

void
hush_end(struct hush *h, bool tell)
{
	fflush(stderr);
	if (h->saved != -1) {
		dup2(h->saved, STDERR_FILENO);
		close(h->saved);
		if (tell)
			tell_rest(h->file);
	}
	if (h->file != NULL)
		fclose(h->file);
}
