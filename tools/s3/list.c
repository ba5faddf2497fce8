#include "s3/list.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/percent.h"
#include "s3/xml.h"

/* Offsets into text: it moves while it grows. */
struct entry {
	size_t key;
	uint64_t size;
};

/* What a page says about the pages after it. */
enum rest { UNSAID, NONE, MORE };

struct s3_list {
	struct s3_conn *conn;
	char *bucket;
	char *prefix;
	struct s3_reply reply;
	struct buf text; /* of the page: NUL-ended strings */
	struct entry *page;
	size_t n, next, room;
	struct entry now; /* that is being read */
	bool sized;	  /* it has a size */
	enum rest rest;
	struct buf token;  /* where the next page begins: "" at the start */
	struct buf marker; /* the same, of a server that knows version 1 only */
	struct buf next_token, next_marker; /* as the page has them */
	struct buf before;		    /* a token of a page before */
	unsigned long empty, compare;	    /* pages without a key */
	uint64_t said;			    /* keys, by the page's KeyCount */
	struct buf last;		    /* the key before */
	const char *wrong;
	bool more, begun, bad, encoded;
};

struct s3_list *
s3_list_new(struct s3_conn *conn, const char *bucket, const char *prefix)
{
	struct s3_list *l = mem_alloc(sizeof *l);

	memset(l, 0, sizeof *l);
	l->conn = conn;
	l->bucket = mem_str(bucket);
	l->prefix = mem_str(prefix);
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
	buf_free(&l->token);
	buf_free(&l->marker);
	buf_free(&l->next_token);
	buf_free(&l->next_marker);
	buf_free(&l->before);
	buf_free(&l->last);
	free(l->page);
	free(l->prefix);
	free(l->bucket);
	free(l);
}

/* Decodes the text in place: encoding-type=url writes a blank as '+'. */
static bool
decode(char *text)
{
	struct span s = { text, strlen(text) };
	struct buf plain = { 0 };
	bool good;
	char *p;

	for (p = text; (p = strchr(p, '+')) != NULL;)
		*p = ' ';
	good = percent_decode(&plain, s) == 0;
	if (good)
		strcpy(text, buf_str(&plain));
	buf_free(&plain);
	return good;
}

/* Text without surrounding blanks, which XML Schema allows around a number
 * or a boolean. */
static struct span
trimmed(const char *text)
{
	size_t n;

	text += strspn(text, " \t\r\n");
	n = strlen(text);
	while (n > 0 && strchr(" \t\r\n", text[n - 1]) != NULL)
		n--;
	return (struct span){ text, n };
}

static bool
number(const char *text, uint64_t *n)
{
	const char *why;
	struct span digits = trimmed(text);

	if (digits.n > 0 && *digits.p == '+')
		digits = (struct span){ digits.p + 1, digits.n - 1 };
	*n = num_parse(digits, 0, UINT64_MAX, &why);
	return why == NULL;
}

static bool
is_word(struct span s, const char *word)
{
	return s.n == strlen(word) && strncasecmp(s.p, word, s.n) == 0;
}

static bool
truncated(struct s3_list *l, const char *text)
{
	struct span s = trimmed(text);

	if (is_word(s, "true") || is_word(s, "1"))
		l->rest = MORE;
	else if (is_word(s, "false") || is_word(s, "0"))
		l->rest = NONE;
	else
		return false;
	return true;
}

static void
set(struct buf *b, const char *text)
{
	b->n = 0;
	buf_adds(b, text);
}

/* Each object has one key, which is not empty: otherwise one might be lost.
 */
static int
end_entry(struct s3_list *l)
{
	if (l->now.key == 0 || l->text.p[l->now.key] == '\0') {
		l->wrong = "the list has an object without a key";
		return -1;
	}
	if (!l->sized)
		l->now.size = UINT64_MAX;
	if (l->n == l->room) {
		l->room = l->room == 0 ? 1000 : l->room * 2;
		l->page = mem_resize(l->page, l->room, sizeof *l->page);
	}
	l->page[l->n++] = l->now;
	memset(&l->now, 0, sizeof l->now);
	l->sized = false;
	return 0;
}

static int
element(void *arg, const char *path, const char *text)
{
	struct s3_list *l = arg;

	if (strcmp(path, "Contents/Key") == 0) {
		if (l->now.key != 0) {
			l->wrong = "the list has an object with two keys";
			return -1;
		}
		l->now.key = l->text.n;
		buf_add(&l->text, text, strlen(text) + 1);
	} else if (strcmp(path, "Contents/Size") == 0) {
		l->sized = true;
		if (!number(text, &l->now.size)) {
			l->wrong = "the list has a Size that is not a number";
			return -1;
		}
	} else if (strcmp(path, "Contents") == 0) {
		return end_entry(l);
	} else if (strcmp(path, "CommonPrefixes/Prefix") == 0) {
		/* No delimiter was sent. */
		if (text[0] != '\0') {
			l->wrong = "the list has prefixes instead of keys";
			return -1;
		}
	} else if (strcmp(path, "IsTruncated") == 0) {
		if (!truncated(l, text)) {
			l->wrong = "the list has an IsTruncated that is "
				   "neither true nor false";
			return -1;
		}
	} else if (strcmp(path, "KeyCount") == 0) {
		if (!number(text, &l->said))
			l->said = 0;
	} else if (strcmp(path, "NextContinuationToken") == 0) {
		set(&l->next_token, text);
	} else if (strcmp(path, "NextMarker") == 0) {
		set(&l->next_marker, text);
	} else if (strcmp(path, "EncodingType") == 0) {
		l->encoded = is_word(trimmed(text), "url");
	}
	return 0;
}

/*
 * Some servers return the prefix with its control bytes, which no parser
 * accepts.  Those bytes are replaced; keys are encoded, and if they are not,
 * the list is refused.
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
		else if (strncmp(p, "&#", 2) == 0)
			c = strtoul(p + 2, &end, 10);
		if (c >= ' ' || c == '\t' || c == '\n' || c == '\r')
			continue;
		memset(p, '?', (size_t)(end - p));
		changed = true;
	}
	return changed;
}

static const char *
read_page(struct s3_list *l)
{
	bool tamed = tame(&l->reply.http.body);
	char root[64];
	size_t i;

	l->text.n = l->n = l->next = 0;
	l->next_token.n = l->next_marker.n = 0;
	l->rest = UNSAID;
	l->said = 0;
	l->encoded = l->sized = false;
	l->wrong = "the list is not a ListBucketResult";
	memset(&l->now, 0, sizeof l->now);
	buf_addc(&l->text, '\0'); /* offset 0: none */
	if (s3_xml(l->reply.http.body.p, l->reply.http.body.n, root, element,
		l) != 0 ||
	    strcmp(root, "ListBucketResult") != 0 || (tamed && !l->encoded))
		return l->wrong;
	/* EncodingType may follow the keys. */
	for (i = 0; l->encoded && i < l->n; i++)
		if (!decode(l->text.p + l->page[i].key))
			return l->wrong;
	if (l->encoded) {
		buf_str(&l->next_marker);
		if (!decode(l->next_marker.p))
			return l->wrong;
		l->next_marker.n = strlen(l->next_marker.p);
	}
	if (l->said > l->n)
		return "the list has fewer keys than its KeyCount";
	if (l->rest == UNSAID && l->next_token.n == 0 && l->next_marker.n == 0)
		return "the list does not say whether it ends here: no "
		       "IsTruncated";
	return NULL;
}

/*
 * The keys of a page come after those of the page before, or the list is
 * refused.  Pages without keys could repeat for ever: their token is compared
 * with that of the page 1, 2, 4, 8, ...  pages before.
 */
static bool
goes_round(struct s3_list *l, const struct buf *token)
{
	if (l->n > 0) {
		l->empty = l->compare = 0;
		return false;
	}
	if (l->empty > 0 && l->before.n == token->n &&
	    memcmp(l->before.p, token->p, token->n) == 0)
		return true;
	if (l->empty++ == l->compare) {
		l->compare = l->compare * 2 + 1;
		l->before.n = 0;
		buf_add(&l->before, token->p, token->n);
	}
	return false;
}

/* Finds the start of the next page, if there is one; false if it is not
 * known.  A token counts even if IsTruncated is false: at worst, the page is
 * empty. */
static bool
find_next(struct s3_list *l)
{
	struct buf *from = &l->marker;

	l->more = l->rest == MORE || l->next_token.n > 0 ||
		  (l->rest == UNSAID && l->next_marker.n > 0);
	if (!l->more)
		return true;
	if (l->next_token.n == 0 && l->next_marker.n == 0 && l->n > 0)
		set(&l->next_marker, l->text.p + l->page[l->n - 1].key);
	if (l->next_token.n > 0) {
		if (l->token.n > 0 &&
		    strcmp(buf_str(&l->token), buf_str(&l->next_token)) == 0)
			return false;
		from = &l->token;
		set(from, buf_str(&l->next_token));
		l->marker.n = 0;
	} else if (l->next_marker.n > 0) {
		set(from, buf_str(&l->next_marker));
	} else {
		return false;
	}
	return !goes_round(l, from);
}

/* A server that returns no token does not support list-type=2, so it is
 * asked for a list of the first version. */
static int
next_page(struct s3_list *l, struct buf *why)
{
	struct s3_pair query[4] = { { "encoding-type", "url" },
		{ "prefix", l->prefix } };
	struct s3_call call = {
		.method = "GET",
		.bucket = l->bucket,
		.root = "*", /* read_page knows what to make of it */
	};
	const char *wrong;
	size_t n = 2;

	if (l->marker.n > 0)
		query[n++] = (struct s3_pair){ "marker", buf_str(&l->marker) };
	else
		query[n++] = (struct s3_pair){ "list-type", "2" };
	if (l->marker.n == 0 && l->token.n > 0)
		query[n++] = (struct s3_pair){ "continuation-token",
			buf_str(&l->token) };
	call.query = (struct s3_pairs){ query, n };
	if (s3_call(l->conn, &call, &l->reply) != 0) {
		buf_add(why, l->reply.error.text.p, l->reply.error.text.n);
		return -1;
	}
	wrong = read_page(l);
	if (wrong == NULL && !find_next(l))
		wrong = "the list does not continue after its last page";
	if (wrong == NULL)
		return 0;
	buf_adds(why, wrong);
	return -1;
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
