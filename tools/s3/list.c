#include "s3/list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "s3/xml.h"

/* Offsets into text: it moves while it grows. */
struct entry {
	size_t key, etag, modified;
	uint64_t size;
};

enum { ENTRIES_MOST = 1000 };

struct s3_list {
	struct s3_conn *conn;
	char *bucket;
	char *prefix;
	struct s3_reply reply;
	struct buf text; /* of the page: NUL-ended strings */
	struct entry *page;
	size_t n, next;
	struct entry now; /* that is being read */
	char *token;	  /* where the next page begins; NULL: at the start */
	struct buf next_token;
	struct buf last; /* the key before */
	bool more, begun, bad, encoded;
};

struct s3_list *
s3_list_new(struct s3_conn *conn, const char *bucket, const char *prefix)
{
	struct s3_list *l = mem_alloc(sizeof *l);

	memset(l, 0, sizeof *l);
	l->conn = conn;
	l->bucket = mem_dup(bucket, strlen(bucket));
	l->prefix = mem_dup(prefix, strlen(prefix));
	l->page = mem_alloc(ENTRIES_MOST * sizeof *l->page);
	l->more = true;
	return l;
}

void
s3_list_free(struct s3_list *l)
{
	if (l == NULL)
		return;
	s3_reply_free(&l->reply);
	buf_free(&l->text);
	buf_free(&l->next_token);
	buf_free(&l->last);
	free(l->token);
	free(l->page);
	free(l->prefix);
	free(l->bucket);
	free(l);
}

static size_t
keep(struct s3_list *l, const char *text)
{
	size_t at = l->text.n;

	buf_add(&l->text, text, strlen(text) + 1);
	return at;
}

static int
hex(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

/* As encoding-type=url writes it: '+' is a blank. */
static bool
decode(char *text)
{
	char *out = text;
	int a, b;

	for (; *text != '\0'; text++) {
		if (*text == '+') {
			*out++ = ' ';
		} else if (*text != '%') {
			*out++ = *text;
		} else {
			if ((a = hex(text[1])) < 0 || (b = hex(text[2])) < 0 ||
			    (a == 0 && b == 0))
				return false;
			*out++ = (char)(a * 16 + b);
			text += 2;
		}
	}
	*out = '\0';
	return true;
}

static bool
number(const char *text, uint64_t *n)
{
	char *end;

	errno = 0;
	*n = strtoull(text, &end, 10);
	return *text >= '0' && *text <= '9' && *end == '\0' && errno == 0;
}

static int
element(void *arg, const char *path, const char *text)
{
	struct s3_list *l = arg;

	if (strcmp(path, "Contents/Key") == 0) {
		l->now.key = keep(l, text);
	} else if (strcmp(path, "Contents/Size") == 0) {
		if (!number(text, &l->now.size))
			return -1;
	} else if (strcmp(path, "Contents/ETag") == 0) {
		l->now.etag = keep(l, text);
	} else if (strcmp(path, "Contents/LastModified") == 0) {
		l->now.modified = keep(l, text);
	} else if (strcmp(path, "Contents") == 0) {
		if (l->n == ENTRIES_MOST || l->now.key == 0)
			return -1;
		l->page[l->n++] = l->now;
		memset(&l->now, 0, sizeof l->now);
	} else if (strcmp(path, "IsTruncated") == 0) {
		l->more = strcmp(text, "true") == 0;
	} else if (strcmp(path, "NextContinuationToken") == 0) {
		l->next_token.n = 0;
		buf_adds(&l->next_token, text);
	} else if (strcmp(path, "EncodingType") == 0) {
		l->encoded = strcmp(text, "url") == 0;
	}
	return 0;
}

/* EncodingType may stand behind the keys: they are decoded afterwards. */
static bool
decode_keys(struct s3_list *l)
{
	size_t i;

	for (i = 0; l->encoded && i < l->n; i++)
		if (!decode(l->text.p + l->page[i].key))
			return false;
	return true;
}

/*
 * Some servers give the prefix back as it is, control bytes and all, which no
 * parser takes.  What counts is encoded; where it is not, there is no telling.
 */
static bool
tame(struct buf *body)
{
	bool changed = false;
	char *p, *end, *stop;
	unsigned long c;

	buf_str(body);
	stop = body->p + body->n;
	for (p = body->p; p < stop; p = end) {
		c = (unsigned char)*p;
		end = p + 1;
		if (strncmp(p, "&#x", 3) == 0)
			c = strtoul(p + 3, &end, 16);
		if (c >= ' ' || c == '\t' || c == '\n' || c == '\r')
			continue;
		memset(p, '?', (size_t)(end - p));
		changed = true;
	}
	return changed;
}

static int
read_page(struct s3_list *l, struct buf *why)
{
	bool tamed = tame(&l->reply.http.body);
	char root[64];

	l->text.n = l->n = l->next = 0;
	l->next_token.n = 0;
	l->more = l->encoded = false;
	memset(&l->now, 0, sizeof l->now);
	buf_addc(&l->text, '\0'); /* offset 0: none */
	if (s3_xml(l->reply.http.body.p, l->reply.http.body.n, root, element,
		l) != 0 ||
	    strcmp(root, "ListBucketResult") != 0 || (tamed && !l->encoded) ||
	    !decode_keys(l)) {
		buf_adds(why, "the list is no ListBucketResult");
		return -1;
	}
	if (!l->more)
		return 0;
	if (l->next_token.n == 0 ||
	    (l->token != NULL &&
		strcmp(l->token, buf_str(&l->next_token)) == 0)) {
		buf_adds(why, "the list does not go on after its first page");
		return -1;
	}
	free(l->token);
	l->token = mem_dup(l->next_token.p, l->next_token.n);
	return 0;
}

static int
next_page(struct s3_list *l, struct buf *why)
{
	struct s3_pair query[4] = { { "list-type", "2" },
		{ "encoding-type", "url" }, { "prefix", l->prefix },
		{ "continuation-token", l->token } };
	struct s3_call call = {
		.method = "GET",
		.bucket = l->bucket,
		.query = { query, l->token != NULL ? 4 : 3 },
	};

	if (s3_call(l->conn, &call, &l->reply) != 0) {
		buf_add(why, l->reply.error.text.p, l->reply.error.text.n);
		return -1;
	}
	return read_page(l, why);
}

int
s3_list_next(struct s3_list *l, struct s3_listed *object, struct buf *why)
{
	const struct entry *e;

	while (l->next == l->n) {
		if (!l->more)
			return 0;
		if (l->bad || next_page(l, why) != 0) {
			l->bad = true;
			return -1;
		}
	}
	e = &l->page[l->next++];
	object->key = l->text.p + e->key;
	object->size = e->size;
	object->etag = l->text.p + e->etag;
	object->modified = l->text.p + e->modified;
	if (strncmp(object->key, l->prefix, strlen(l->prefix)) != 0 ||
	    (l->begun && strcmp(buf_str(&l->last), object->key) >= 0)) {
		buf_addf(
		    why, "the list is not in order at \"%s\"", object->key);
		l->bad = true;
		l->more = true;
		l->next = l->n;
		return -1;
	}
	l->begun = true;
	l->last.n = 0;
	buf_adds(&l->last, object->key);
	return 1;
}
