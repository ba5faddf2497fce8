#include "s3/xml.h"

#include <expat.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"

enum { DEPTH_MOST = 4, TEXT_MOST = 1024 * 1024 };

struct reading {
	XML_Parser parser;
	int (*each)(void *arg, const char *path, const char *text);
	void *arg;
	char *root;
	struct buf path; /* "/Contents/Key" */
	struct buf text; /* of the innermost element */
	unsigned depth;	 /* the root's is 1 */
	int status;
};

static void
end(struct reading *r, int status)
{
	if (r->status == 0)
		r->status = status;
	XML_StopParser(r->parser, XML_FALSE);
}

static void XMLCALL
opened(void *arg, const char *name, const char **attributes)
{
	struct reading *r = arg;
	const char *bare = strrchr(name, ':');

	(void)attributes;
	name = bare == NULL ? name : bare + 1;
	r->text.n = 0;
	if (++r->depth > DEPTH_MOST) {
		end(r, -1);
	} else if (r->depth > 1) {
		buf_addc(&r->path, '/');
		buf_adds(&r->path, name);
	} else if (r->root != NULL) {
		snprintf(r->root, 64, "%s", name);
	}
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
}

static void XMLCALL
texts(void *arg, const char *p, int n)
{
	struct reading *r = arg;

	if (r->text.n + (size_t)n > TEXT_MOST)
		end(r, -1);
	else
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

	if (root != NULL)
		root[0] = '\0';
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
