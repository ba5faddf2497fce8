#include "plugins/web/headers.h"

#include <stdlib.h>
#include <strings.h>

#include "base/mem.h"

static void
add(struct curl_slist **list, const char *line)
{
	struct curl_slist *more = curl_slist_append(*list, line);

	if (more == NULL)
		abort();
	*list = more;
}

/* Whether bt-predict itself sets the header. */
static bool
is_ours(struct span name)
{
	static const char *const ours[] = { "Accept", "Connection",
		"Content-Length", "Content-Type", "Transfer-Encoding" };
	size_t i;

	for (i = 0; i < sizeof ours / sizeof ours[0]; i++)
		if (strlen(ours[i]) == name.n &&
		    strncasecmp(ours[i], name.p, name.n) == 0)
			return true;
	return false;
}

/* Some servers end a header at a control byte. */
static bool
has_control(const char *value)
{
	for (; *value != '\0'; value++)
		if (((unsigned char)*value < ' ' && *value != '\t') ||
		    *value == 0x7f)
			return true;
	return false;
}

static int
take_header(struct headers *h, struct span s, struct buf *why)
{
	static const char name[] =
	    "!#$%&'*+-.^_`|~0123456789"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	char *line = mem_dup(s.p, s.n);
	size_t n = strspn(line, name), value = n + 1;
	int got = -1;

	if (n == 0 || line[n] != ':')
		buf_adds(why, "not \"Name: value\"");
	else if (is_ours((struct span){ line, n }))
		buf_addf(why, "%.*s is set by bt-predict", (int)n, line);
	else if (has_control(line + value))
		buf_addf(
		    why, "%.*s has a control byte in its value", (int)n, line);
	else {
		value += strspn(line + value, " \t");
		/* libcurl sends a header without a value if it ends in ";". */
		if (line[value] == '\0')
			memcpy(line + n, ";", 2);
		add(&h->own, line);
		got = 0;
	}
	free(line);
	return got;
}

/* Messages do not quote the line: it may be a secret. */
int
headers_take(struct headers *h, const char *lines, struct buf *why)
{
	size_t n, number = 1, start = why->n;

	for (; *lines != '\0'; lines += n + (lines[n] != '\0'), number++) {
		struct span s = { lines, n = strcspn(lines, "\n") };

		if (s.n > 0 && s.p[s.n - 1] == '\r')
			s.n--;
		buf_addf(why, "BT_HTTP_HEADERS: line %zu: ", number);
		if (s.n > 0 && take_header(h, s, why) == -1)
			return -1;
		why->n = start;
	}
	return 0;
}

void
headers_begin(struct headers *h)
{
	const struct curl_slist *l;

	curl_slist_free_all(h->sent);
	h->sent = NULL;
	for (l = h->own; l != NULL; l = l->next)
		add(&h->sent, l->data);
}

void
headers_line(struct headers *h, const char *line)
{
	add(&h->sent, line);
}

void
headers_add(struct headers *h, const char *name, const char *value)
{
	h->line.n = 0;
	buf_addf(&h->line, "%s: ", name);
	/* A reference may hold any bytes: a header is one line. */
	for (; *value != '\0'; value++)
		buf_addc(&h->line, (unsigned char)*value < ' ' ? ' ' : *value);
	add(&h->sent, buf_str(&h->line));
}

void
headers_free(struct headers *h)
{
	curl_slist_free_all(h->own);
	curl_slist_free_all(h->sent);
	buf_free(&h->line);
}
