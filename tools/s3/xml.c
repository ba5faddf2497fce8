#include "s3/xml.h"

#include <expat.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"

enum { DEPTH_MAX = 4, TEXT_MAX = 1024 * 1024 };

struct reading {
	XML_Parser parser;
	int (*each)(void *arg, const char *path, const char *text);
	void *arg;
	char *root;
	struct buf path; /* "/Contents/Key" */
	struct buf text; /* of the innermost element */
	unsigned depth;	 /* the root's is 1 */
	bool parent;	 /* the text would follow an element's end */
	int status;
};

static void
end(struct reading *r, int status)
{
	if (r->status == 0)
		r->status = status;
	XML_StopParser(r->parser, XML_FALSE);
}

/* The number of leading blanks. */
static size_t
blanks(const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n && memchr(" \t\r\n", p[i], 4) != NULL; i++)
		;
	return i;
}

/* An element with elements in it has no text beside them: a key would be cut
 * in two. */
static void XMLCALL
opened(void *arg, const char *name, const char **attributes)
{
	struct reading *r = arg;
	const char *bare = strrchr(name, ':');

	(void)attributes;
	name = bare == NULL ? name : bare + 1;
	if (++r->depth > DEPTH_MAX ||
	    blanks(r->text.p, r->text.n) < r->text.n) {
		end(r, -1);
	} else if (r->depth > 1) {
		buf_addc(&r->path, '/');
		buf_adds(&r->path, name);
	} else if (r->root != NULL) {
		snprintf(r->root, 64, "%s", name);
	}
	r->text.n = 0;
	r->parent = false;
}

static void XMLCALL
closed(void *arg, const char *name)
{
	struct reading *r = arg;
	int status;

	(void)name;
	if (r->status != 0 || --r->depth == 0)
		return;
	status = r->each(r->arg, buf_str(&r->path) + 1, buf_str(&r->text));
	if (status != 0)
		end(r, status);
	while (r->path.p[--r->path.n] != '/')
		;
	r->text.n = 0;
	r->parent = true;
}

static void XMLCALL
texts(void *arg, const char *p, int n)
{
	struct reading *r = arg;

	if (r->text.n + (size_t)n > TEXT_MAX ||
	    (r->parent && blanks(p, (size_t)n) < (size_t)n))
		end(r, -1);
	else if (!r->parent)
		buf_add(&r->text, p, (size_t)n);
}

static void XMLCALL
doctype(void *arg, const char *name, const char *system, const char *public,
    int internal)
{
	(void)name, (void)system, (void)public, (void)internal;
	end(arg, -1);
}

int
s3_xml(const char *p, size_t n, char root[64],
    int (*each)(void *arg, const char *path, const char *text), void *arg)
{
	struct reading r = { .each = each, .arg = arg, .root = root };
	size_t at;

	if (root != NULL)
		root[0] = '\0';
	/* Expat requires an XML declaration to come first; some servers
	 * write blanks or a byte order mark before it. */
	at = blanks(p, n);
	if (n - at >= 3 && memcmp(p + at, "\xef\xbb\xbf", 3) == 0)
		at += 3;
	at += blanks(p + at, n - at);
	p += at;
	n -= at;
	if (n > INT_MAX || (r.parser = XML_ParserCreate(NULL)) == NULL)
		return -1;
	XML_SetUserData(r.parser, &r);
	XML_SetElementHandler(r.parser, opened, closed);
	XML_SetCharacterDataHandler(r.parser, texts);
	XML_SetStartDoctypeDeclHandler(r.parser, doctype);
	if (XML_Parse(r.parser, p, (int)n, XML_TRUE) != XML_STATUS_OK &&
	    r.status == 0)
		r.status = -1;
	XML_ParserFree(r.parser);
	buf_free(&r.path);
	buf_free(&r.text);
	return r.status;
}
