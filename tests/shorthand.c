/*
 * shorthand - the AWS CLI's shorthand, one a line, as JSON a line; ! and why
 * where it is none.  @= gives the value in angle brackets.
 */
#include <stdio.h>
#include <stdlib.h>

#include "format/shorthand.h"

static int
load(const char *value, struct buf *text, struct buf *why)
{
	if (strcmp(value, "refused") == 0) {
		buf_adds(why, "refused");
		return -1;
	}
	buf_addf(text, "<%s>", value);
	return 0;
}

static void
show(struct span line)
{
	struct buf why = { 0 };
	size_t at;
	json_t *v = shorthand_read(line, load, &why, &at);
	char *text;

	if (v == NULL) {
		printf("! %zu: %s\n", at, buf_str(&why));
	} else {
		text = json_dumps(v, JSON_COMPACT | JSON_SORT_KEYS);
		puts(text);
		free(text);
	}
	json_decref(v);
	buf_free(&why);
}

int
main(void)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	while ((n = getline(&line, &size, stdin)) > 0) {
		n -= line[n - 1] == '\n';
		show((struct span){ line, (size_t)n });
	}
	free(line);
	return fclose(stdout) == 0 ? 0 : 1;
}
