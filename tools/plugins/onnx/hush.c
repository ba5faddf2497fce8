#include "plugins/onnx/hush.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

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
	return strstr(line, "Schema error: ") != NULL &&
	       strstr(line, "is already registered") != NULL;
}

static void
tell_rest(FILE *f)
{
	char line[4096];
	bool noise = false;

	rewind(f);
	while (fgets(line, sizeof line, f) != NULL) {
		/* An empty line ends each of them. */
		if (!is_noise(line) && !(noise && strcmp(line, "\n") == 0))
			fputs(line, stderr);
		noise = is_noise(line);
	}
}

void
hush_end(struct hush *h)
{
	fflush(stderr);
	if (h->saved != -1) {
		dup2(h->saved, STDERR_FILENO);
		close(h->saved);
		tell_rest(h->file);
	}
	if (h->file != NULL)
		fclose(h->file);
}
