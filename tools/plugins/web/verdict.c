#include "plugins/web/verdict.h"

#include "bt_model.h"
#include "format/json.h"

enum { GIST_MAX = 200 };

static bool
is_blank(char ch)
{
	return (unsigned char)ch <= ' ' || ch == 0x7f;
}

/* Adds a byte; white space and control bytes are one space, and none at the
 * start. */
static void
add_byte(struct buf *out, size_t start, char ch)
{
	if (!is_blank(ch))
		buf_addc(out, ch);
	else if (out->n > start && out->p[out->n - 1] != ' ')
		buf_addc(out, ' ');
}

void
verdict_gist(struct buf *out, struct span body)
{
	size_t i = 0, start = out->n;
	bool html, lines, tag = false;

	while (i < body.n && is_blank(body.p[i]))
		i++;
	html = i < body.n && body.p[i] == '<';
	lines = !html && i < body.n && strchr("{[", body.p[i]) == NULL;
	for (; i < body.n && out->n <= start + GIST_MAX; i++) {
		if (lines && (body.p[i] == '\n' || body.p[i] == '\r'))
			break;
		if (html && (tag || body.p[i] == '<')) {
			tag = body.p[i] != '>';
			add_byte(out, start, ' ');
		} else
			add_byte(out, start, body.p[i]);
	}
	/* At most GIST_MAX bytes, of whole UTF-8 characters. */
	if (out->n > start + GIST_MAX) {
		out->n = start + GIST_MAX;
		while (out->n > start && (out->p[out->n] & 0xc0) == 0x80)
			out->n--;
		buf_adds(out, "...");
	}
	while (out->n > start && out->p[out->n - 1] == ' ')
		out->n--;
}

/* Sets *text to the string in an error's JSON object that says what is wrong,
 * with its quotes.  Servers do not agree on its place. */
static bool
find_text(struct span body, struct span *text)
{
	static const char *const names[] = { "error", "message", "detail" };
	struct span object, item;
	const char *reason;
	size_t i, at;

	if (json_check(body, &object, &reason, &at) == -1 ||
	    json_kind(object) != JSON_IS_OBJECT)
		return false;
	for (i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (!json_member(object, span_str(names[i]), text))
			continue;
		if (json_kind(*text) == JSON_IS_OBJECT &&
		    json_member(*text, span_str("message"), &item))
			*text = item;
		if (json_kind(*text) == JSON_IS_STRING)
			return true;
	}
	return false;
}

static void
add_error(struct buf *why, const struct answer *a, const struct post *p)
{
	struct buf text = { 0 };
	struct span string;

	if (p->finds_text && find_text(buf_span(&a->body), &string)) {
		json_unquote(&text, string);
		verdict_gist(why, (struct span){ buf_str(&text), text.n });
	} else
		verdict_gist(why, buf_span(&a->body));
	buf_free(&text);
}

static int
meaning(long status)
{
	switch (status) {
	case 406:
		return BT_BAD_ACCEPT;
	case 413:
	case 507: /* of TorchServe: out of memory */
		return BT_TOO_LARGE;
	case 415:
		return BT_BAD_CONTENT_TYPE;
	case 408:
	case 429:
	case 502:
	case 503:
	case 504:
		return BT_RETRY;
	default:
		return status >= 500 ? BT_MODEL_ERROR : BT_BAD_INPUT;
	}
}

int
verdict(const struct answer *a, const struct post *p, const char *where,
    struct buf *why)
{
	size_t start;

	/* A server may refuse and close before it has read everything. */
	if (a->broken.n > 0 && a->status < 400) {
		buf_addf(why, "%s: ", where);
		buf_add(why, a->broken.p, a->broken.n);
		return BT_RETRY;
	}
	if (a->status >= 200 && a->status < 300)
		return BT_OK;
	buf_addf(why, "the server answered %ld", a->status);
	if (meaning(a->status) == BT_TOO_LARGE)
		buf_addf(why, " to %zu bytes", p->size);
	else if (a->status == 406)
		buf_addf(why, " to Accept: %s", p->accept);
	else if (a->status == 415)
		buf_addf(why, " to Content-Type: %s", p->content_type);
	else if (a->status == 504)
		buf_adds(why, " (a time limit on its side)");
	else if (a->status < 400)
		buf_adds(why, ", and redirects are not followed");
	start = why->n;
	buf_adds(why, ": ");
	add_error(why, a, p);
	if (why->n == start + 2)
		why->n = start;
	return meaning(a->status);
}
