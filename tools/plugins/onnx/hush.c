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

void
hush_end(struct hush *h)
{
	char line[4096];
	bool noise = false;

	fflush(stderr);
	if (h->saved != -1) {
		dup2(h->saved, STDERR_FILENO);
		close(h->saved);
		rewind(h->file);
		while (fgets(line, sizeof line, h->file) != NULL) {
			/* An empty line ends each of them. */
			if (!is_noise(line) &&
			    !(noise && strcmp(line, "\n") == 0))
				fputs(line, stderr);
			noise = is_noise(line);
		}
	}
	if (h->file != NULL)
		fclose(h->file);
}
