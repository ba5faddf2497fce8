#include "s3/words.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct cutting {
	const char *from;
	char *to;
	const char *why;
};

/* In double quotes a backslash is one unless it stands before " or \. */
static void
quoted(struct cutting *c)
{
	char quote = *c->from++;

	while (*c->from != quote && *c->from != '\0') {
		if (quote == '"' && *c->from == '\\' &&
		    (c->from[1] == '"' || c->from[1] == '\\'))
			c->from++;
		*c->to++ = *c->from++;
	}
	if (*c->from == '\0')
		c->why = "a quote that is not closed";
	else
		c->from++;
}

static void
word(struct cutting *c)
{
	while (c->why == NULL && *c->from != '\0' &&
	       strchr(" \t\r\n", *c->from) == NULL)
		if (*c->from == '"' || *c->from == '\'') {
			quoted(c);
		} else {
			if (*c->from == '\\' && *++c->from == '\0') {
				c->why = "a \\ at its end";
				return;
			}
			*c->to++ = *c->from++;
		}
	*c->to++ = '\0';
}

char **
words_split(const char *text, const char **why)
{
	size_t n = strlen(text), most = n / 2 + 2, i = 0;
	char **words = mem_alloc(most * sizeof *words + n + 2);
	struct cutting c = { text, (char *)(words + most), NULL };

	for (;;) {
		c.from += strspn(c.from, " \t\r\n");
		if (*c.from == '\0' || c.why != NULL)
			break;
		words[i++] = c.to;
		word(&c);
	}
	words[i] = NULL;
	*why = c.why;
	if (c.why == NULL)
		return words;
	free(words);
	return NULL;
}
