#include "plugins/python/tracebacks.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/mem.h"

/* Bytes of a message to keep. */
enum { MESSAGE_MAX = 200 };

/* Takes the first line off *text, without its newline. */
static struct span
next_line(struct span *text)
{
	const char *lf = memchr(text->p, '\n', text->n);
	struct span line = { text->p, text->n };

	if (lf != NULL)
		line.n = (size_t)(lf - text->p);
	text->p += line.n + (lf != NULL);
	text->n -= line.n + (lf != NULL);
	return line;
}

/* The lines of places and code begin with a blank; of others the part before
 * a colon counts: the exception's type. */
static size_t
hash_places(struct span text)
{
	struct buf places = { 0 };
	const char *colon;
	struct span line;
	size_t hash;

	while (text.n > 0) {
		line = next_line(&text);
		colon = memchr(line.p, ':', line.n);
		if (colon != NULL && line.p[0] != ' ')
			line.n = (size_t)(colon - line.p);
		buf_add(&places, line.p, line.n);
		buf_addc(&places, '\n');
	}
	hash = hash_span(buf_span(&places));
	buf_free(&places);
	return hash;
}

void
tracebacks_log(struct tracebacks *t, const struct bt_host *host,
    struct span message, struct span text)
{
	struct buf line = { 0 };
	struct span next;
	size_t hash = hash_places(text), i;

	if (text.n == 0)
		return;
	for (i = 0; i < t->n; i++)
		if (t->seen[i].hash == hash) {
			t->seen[i].again++;
			return;
		}
	if (t->n < TRACEBACKS_MAX) {
		if (message.n > MESSAGE_MAX)
			message.n = MESSAGE_MAX;
		t->seen[t->n].hash = hash;
		t->seen[t->n].again = 0;
		t->seen[t->n++].message = mem_dup(message.p, message.n);
	}
	while (text.n > 0) {
		next = next_line(&text);
		line.n = 0;
		buf_add(&line, next.p, next.n);
		host->log(host, BT_LOG_ERROR, buf_str(&line));
	}
	buf_free(&line);
}

void
tracebacks_end(struct tracebacks *t, const struct bt_host *host)
{
	struct buf line = { 0 };
	char *p;
	size_t i;

	for (i = 0; i < t->n; i++) {
		/* A line of the log ends at a newline. */
		for (p = t->seen[i].message; *p != '\0'; p++)
			if (*p == '\n')
				*p = ' ';
		line.n = 0;
		buf_addf(&line, "%s: the same traceback %llu more time%s",
		    t->seen[i].message, t->seen[i].again,
		    t->seen[i].again == 1 ? "" : "s");
		if (t->seen[i].again > 0)
			host->log(host, BT_LOG_ERROR, buf_str(&line));
		free(t->seen[i].message);
	}
	buf_free(&line);
	t->n = 0;
}
