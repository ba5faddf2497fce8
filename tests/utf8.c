/*
 * utf8 [N]: for each line of standard input, the length of its first character,
 * whether all of it is UTF-8, its characters, and how many bytes are the first
 * N characters and fit into N bytes.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

int
main(int argc, char *argv[])
{
	size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 0, size = 0;
	char *line = NULL;
	struct span text;
	ssize_t got;

	while ((got = getline(&line, &size, stdin)) > 0) {
		text = (struct span){ line, (size_t)got - 1 };
		printf("%zu %s %zu %zu %zu\n", utf8_length(text),
		    utf8_valid(text) ? "valid" : "invalid", utf8_count(text),
		    utf8_head(text, n), utf8_cut(text, n));
	}
	free(line);
	return fclose(stdout) == 0 ? 0 : 1;
}
