/* ref parse|result: reads lines and says how they are understood. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

#include "format/result.h"

static void
show(const struct ref *r)
{
	struct buf b = { 0 };

	if (ref_decode(&b, r->path) == -1)
		printf("bad ");
	b.n = 0;
	ref_decode_or_copy(&b, r->path);
	printf("path=<%s>\n", buf_str(&b));
	b.n = 0;
	ref_add(&b, r);
	printf("%s\n", buf_str(&b));
	buf_free(&b);
}

int
main(int argc, char *argv[])
{
	struct result res;
	struct ref r;
	struct buf error = { 0 };
	char *line = NULL;
	size_t size = 0;
	ssize_t n;
	const char *why;

	while ((n = getline(&line, &size, stdin)) > 0) {
		struct span s = { line, (size_t)n - (line[n - 1] == '\n') };

		if (argc > 1 && argv[1][0] == 'r') {
			if (result_parse(&res, s, &why) == -1) {
				printf("%s\n", why);
				continue;
			}
			show(&res.ref);
			if (res.answered)
				show(&res.reply);
			error.n = 0;
			ref_decode_or_copy(&error, result_key(&res, "error"));
			printf("error=<%s>\n", buf_str(&error));
		} else if (ref_parse(&r, s, &why) == -1) {
			printf("%s\n", why);
		} else {
			show(&r);
		}
	}
	buf_free(&error);
	free(line);
	return 0;
}
