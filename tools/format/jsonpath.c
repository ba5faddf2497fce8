#include "format/jsonpath.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "format/jsonpath/parse.h"
#include "format/regex.h"

struct block {
	struct block *next;
	max_align_t bytes[];
};

void *
jsonpath_alloc(struct jsonpath *path, size_t n)
{
	struct block *b = mem_alloc(sizeof *b + n);

	memset(b->bytes, 0, n);
	b->next = path->blocks;
	path->blocks = b;
	return b->bytes;
}

/* The bytes of the character at p, for messages. */
static int
width(const struct parser *ps, const char *p)
{
	int n = (int)utf8_length((struct span){ p, (size_t)(ps->end - p) });

	return n > 0 ? n : 1;
}

/* What the service's own check lets pass, before it looks at the path. */
static bool
allowed(struct parser *ps)
{
	const char *p;

	if (ps->end - ps->from > 63)
		return parse_fails(ps, ps->from + 63,
		    "%zu characters, more than 63",
		    (size_t)(ps->end - ps->from));
	for (p = ps->from; p < ps->end; p++)
		if (!((*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'z') ||
			(*p >= 'A' && *p <= 'Z')) &&
		    strchr("$[]*. ,:-'", *p) == NULL)
			return parse_fails(ps, p,
			    "unexpected \"%.*s\" in a JsonPath; letters, digits "
			    "and $ [ ] * . space , : - ' are supported",
			    width(ps, p), p);
	return true;
}

static bool
read_path(struct parser *ps)
{
	if (ps->path->dialect == JSONPATH_SAGEMAKER_STRICT && !allowed(ps))
		return false;
	if (ps->path->dialect != JSONPATH_RFC9535)
		parse_blanks(ps);
	if (!parse_is(ps, '$'))
		return parse_fails(ps, ps->p, "a path begins with $");
	ps->path->query.absolute = true;
	if (!parse_segments(ps, &ps->path->query))
		return false;
	if (ps->path->dialect != JSONPATH_RFC9535)
		parse_blanks(ps);
	if (ps->p < ps->end)
		return parse_fails(ps, ps->p,
		    "a segment begins with . or [, not %.*s", width(ps, ps->p),
		    ps->p);
	return true;
}

struct jsonpath *
jsonpath_new(struct span text, enum jsonpath_dialect dialect, struct buf *why,
    size_t *at)
{
	struct jsonpath *path = mem_alloc(sizeof *path);
	struct parser ps = { .path = path, .why = why, .at = at };

	memset(path, 0, sizeof *path);
	path->dialect = dialect;
	ps.from = ps.p = text.n > 0 ? text.p : "";
	ps.end = ps.p + text.n;
	if (read_path(&ps))
		return path;
	jsonpath_free(path);
	return NULL;
}

void
jsonpath_free(struct jsonpath *path)
{
	struct block *b;
	struct expr *e;

	if (path == NULL)
		return;
	for (e = path->holders; e != NULL; e = e->next_holder) {
		regex_free(e->regex);
		free(e->query.nodes);
		buf_free(&e->pattern);
	}
	while ((b = path->blocks) != NULL) {
		path->blocks = b->next;
		free(b);
	}
	buf_free(&path->subject);
	free(path->nodes);
	free(path->kids);
	free(path->opens);
	free(path->members);
	free(path->columns);
	free(path->room);
	free(path);
}

struct span *
jsonpath_room(struct jsonpath *path, size_t *n)
{
	if (*n > path->room_size) {
		path->room = mem_resize(path->room, *n, sizeof *path->room);
		path->room_size = *n;
	}
	*n = path->room_size;
	return path->room;
}

bool
jsonpath_is_all(const struct jsonpath *path)
{
	return path->query.segments == NULL;
}
