/* filter PATH TYPE: what the filter makes of each line of standard input. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include "format/filter.h"

static void
put(const char *head, struct buf *b)
{
	printf("%s%.*s\n", head, (int)b->n, buf_str(b));
	b->n = 0;
}

int
main(int argc, char *argv[])
{
	struct buf out = { 0 }, why = { 0 };
	struct jsonpath *path;
	enum type_kind kind;
	char *line = NULL;
	size_t at, size = 0;
	ssize_t n;

	if (argc != 3)
		errx(2, "a path and a content type");
	path = jsonpath_new((struct span){ argv[1], strlen(argv[1]) },
	    JSONPATH_SAGEMAKER, &why, &at);
	if (path == NULL)
		errx(2, "%s", buf_str(&why));
	kind = type_kind((struct span){ argv[2], strlen(argv[2]) });
	while ((n = getline(&line, &size, stdin)) > 0) {
		if (line[n - 1] == '\n')
			n--;
		if (filter_record(path, kind, (struct span){ line, (size_t)n },
			&out, &why) == -1)
			put("wrong: ", &why);
		else
			put("", &out);
	}
	jsonpath_free(path);
	buf_free(&out);
	buf_free(&why);
	free(line);
	return 0;
}
