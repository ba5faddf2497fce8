#include "format/ref.h"

#include "base/num.h"
#include "base/percent.h"

static const char *const split_names[] = { "Line", "RecordIO", "TFRecord",
	"None" };

const char *
ref_split_name(enum ref_split split)
{
	return split_names[split];
}

int
ref_split_find(struct span name)
{
	int i;

	for (i = 0; i < (int)(sizeof split_names / sizeof split_names[0]); i++)
		if (span_is(name, split_names[i]))
			return i;
	return -1;
}

/* Looked up for every byte of every line. */
static percent_set encoded = { 0xffffffff | PERCENT_BIT(' ') |
				   PERCENT_BIT('"') | PERCENT_BIT('#') |
				   PERCENT_BIT('%') | PERCENT_BIT('\'') |
				   PERCENT_BIT(','),
	PERCENT_BIT('\\') | PERCENT_BIT(0x7f), 0, 0 };

void
ref_encode(struct buf *out, struct span s)
{
	if (s.n > 0 && *s.p == '-') {
		buf_adds(out, "%2D");
		s = (struct span){ s.p + 1, s.n - 1 };
	}
	percent_encode(out, s, encoded);
}

int
ref_decode(struct buf *out, struct span word)
{
	return percent_decode(out, word);
}

void
ref_decode_or_copy(struct buf *out, struct span word)
{
	size_t n = out->n;

	if (ref_decode(out, word) == -1) {
		out->n = n;
		buf_add(out, word.p, word.n);
	}
}

/* Takes the digits that *s begins with; -1 where it has none, or too many. */
static int
take_number(struct span *s, uint64_t *v)
{
	uint64_t n = 0, digit;
	size_t i;

	for (i = 0; i < s->n && (digit = (uint64_t)(s->p[i] - '0')) < 10; i++) {
		/* Nineteen digits are not too many. */
		if (i >= 19 && n > (UINT64_MAX - digit) / 10)
			return -1;
		n = n * 10 + digit;
	}
	*v = n;
	s->p += i;
	s->n -= i;
	return i > 0 ? 0 : -1;
}

static int
take_text(struct span *s, const char *text)
{
	size_t n = strlen(text);

	if (s->n < n || memcmp(s->p, text, n) != 0)
		return -1;
	s->p += n;
	s->n -= n;
	return 0;
}

/* A+B that does not pass the end of 64 bits. */
static int
take_run(struct span *s, uint64_t *at, uint64_t *n)
{
	if (take_number(s, at) == -1 || take_text(s, "+") == -1 ||
	    take_number(s, n) == -1 || *n > UINT64_MAX - *at)
		return -1;
	return 0;
}

enum key {
	KEY_OTHER,
	KEY_SPLIT,
	KEY_BARE,
	KEY_PARTS,
	KEY_HEADER,
	KEY_CRC32C,
	KEY_NEWLINES,
	KEY_SEND_HEADER,
	KEY_TYPE,
	KEY_ETAG,
	KEY_LAST
};

/* Takes the next `,KEY` or `,KEY=VALUE` off *keys; false where none is left. */
static bool
next_key(struct span *keys, struct span *name, struct span *value)
{
	const char *p = keys->p + 1, *end = keys->p + keys->n, *comma, *equals;

	if (keys->n == 0)
		return false;
	comma = memchr(p, ',', (size_t)(end - p));
	if (comma == NULL)
		comma = end;
	equals = memchr(p, '=', (size_t)(comma - p));
	name->p = p;
	name->n = (size_t)((equals != NULL ? equals : comma) - p);
	value->p = equals != NULL ? equals + 1 : NULL;
	value->n = equals != NULL ? (size_t)(comma - equals - 1) : 0;
	keys->p = comma;
	keys->n = (size_t)(end - comma);
	return true;
}

static enum key
key_find(struct span name)
{
	switch (name.n) {
	case 4:
		return span_is(name, "last")   ? KEY_LAST
		       : span_is(name, "type") ? KEY_TYPE
		       : span_is(name, "bare") ? KEY_BARE
		       : span_is(name, "etag") ? KEY_ETAG
					       : KEY_OTHER;
	case 5:
		return span_is(name, "split")	? KEY_SPLIT
		       : span_is(name, "parts") ? KEY_PARTS
						: KEY_OTHER;
	case 6:
		return span_is(name, "crc32c")	 ? KEY_CRC32C
		       : span_is(name, "header") ? KEY_HEADER
						 : KEY_OTHER;
	case 8:
		return span_is(name, "newlines") ? KEY_NEWLINES : KEY_OTHER;
	case 11:
		return span_is(name, "Send-header") ? KEY_SEND_HEADER
						    : KEY_OTHER;
	}
	return KEY_OTHER;
}

static const char *
set_key(struct ref *r, struct span name, struct span value)
{
	int split;

	switch (key_find(name)) {
	case KEY_LAST:
		r->last = true;
		return value.p == NULL ? NULL : "last takes no value";
	case KEY_BARE:
		r->bare = true;
		return value.p == NULL ? NULL : "bare takes no value";
	case KEY_PARTS:
		r->parts = true;
		return value.p == NULL ? NULL : "parts takes no value";
	case KEY_SPLIT:
		if (value.p == NULL || (split = ref_split_find(value)) == -1)
			return "split= is not Line, RecordIO, TFRecord or None";
		r->split = (enum ref_split)split;
		return NULL;
	case KEY_HEADER:
		if (value.p == NULL ||
		    take_run(&value, &r->header_offset, &r->header_length) ==
			-1 ||
		    value.n > 0)
			return "header= is not OFFSET+LENGTH";
		return NULL;
	case KEY_SEND_HEADER:
		r->sends_header = true;
		return value.p == NULL ? NULL : "Send-header takes no value";
	case KEY_CRC32C:
		if (value.p == NULL || num_hex32(value, &r->crc32c) == -1)
			return "crc32c= is not eight hexadecimal digits";
		r->has_crc32c = true;
		return NULL;
	case KEY_NEWLINES:
		if (value.p == NULL || !span_is(value, "keep"))
			return "newlines= is not keep";
		r->keeps_newlines = true;
		return NULL;
	case KEY_TYPE:
		if (value.n == 0)
			return "type= is empty";
		r->type = value;
		return NULL;
	case KEY_ETAG:
		if (value.n == 0)
			return "etag= is empty";
		r->etag = value;
		return NULL;
	case KEY_OTHER:
		if (name.n == 0)
			return "a key is empty";
		if (name.p[0] >= 'A' && name.p[0] <= 'Z')
			return "a key in capitals, which this version does not know";
	}
	return NULL;
}

/* Whether s holds only what ref_encode leaves, %, and the byte also.  Where a
 * line was cut off and another runs into it, this does not hold. */
static bool
is_encoded(struct span s, char also)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (percent_has(encoded, s.p[i]) && s.p[i] != '%' &&
		    s.p[i] != also)
			return false;
	return true;
}

int
ref_parse(struct ref *r, struct span text, const char **why)
{
	struct span keys, name, value;
	const char *hash = memchr(text.p, '#', text.n);

	memset(r, 0, sizeof *r);
	*why = NULL;
	if (hash == NULL || hash == text.p) {
		*why = "not PATH#bytes=OFFSET+LENGTH,records=FIRST+COUNT";
		return -1;
	}
	r->path.p = text.p;
	r->path.n = (size_t)(hash - text.p);
	text.p = hash + 1;
	text.n -= r->path.n + 1;
	if (take_text(&text, "bytes=") == -1 ||
	    take_run(&text, &r->offset, &r->length) == -1)
		*why = "bytes= is not OFFSET+LENGTH";
	else if (take_text(&text, ",records=") == -1 ||
		 take_run(&text, &r->first, &r->count) == -1)
		*why = "records= is not FIRST+COUNT";
	else if (text.n > 0 && text.p[0] != ',')
		*why = "bytes after records=FIRST+COUNT";
	/* The bytes that were taken off text are known. */
	if (!is_encoded(r->path, '%') || !is_encoded(text, ','))
		*why = "a byte in it that is written %XX";
	r->keys = keys = text;
	while (*why == NULL && next_key(&keys, &name, &value))
		*why = set_key(r, name, value);
	return *why == NULL ? 0 : -1;
}

static char *
put_text(char *p, struct span s)
{
	memcpy(p, s.p, s.n);
	return p + s.n;
}

/* TEXT is a literal. */
#define PUT(p, text) put_text(p, (struct span){ text, sizeof text - 1 })

static char *
put_run(char *p, uint64_t at, uint64_t n)
{
	p = num_put(p, at);
	*p++ = '+';
	return num_put(p, n);
}

static void
add_other_keys(struct buf *out, struct span keys)
{
	struct span name, value;

	while (next_key(&keys, &name, &value)) {
		if (key_find(name) != KEY_OTHER)
			continue;
		buf_addc(out, ',');
		buf_add(out, name.p, (size_t)(keys.p - name.p));
	}
}

void
ref_add(struct buf *out, const struct ref *r)
{
	/* All that is written here besides these is shorter. */
	char *p = buf_room(out, r->path.n + r->type.n + r->etag.n + 512);

	p = put_text(p, r->path);
	p = PUT(p, "#bytes=");
	p = put_run(p, r->offset, r->length);
	p = PUT(p, ",records=");
	p = put_run(p, r->first, r->count);
	if (r->split != REF_LINE) {
		p = PUT(p, ",split=");
		p = put_text(p, span_str(ref_split_name(r->split)));
	}
	if (r->bare)
		p = PUT(p, ",bare");
	if (r->parts)
		p = PUT(p, ",parts");
	if (r->keeps_newlines)
		p = PUT(p, ",newlines=keep");
	if (r->header_length > 0) {
		p = PUT(p, ",header=");
		p = put_run(p, r->header_offset, r->header_length);
	}
	if (r->sends_header)
		p = PUT(p, ",Send-header");
	if (r->type.n > 0) {
		p = PUT(p, ",type=");
		p = put_text(p, r->type);
	}
	if (r->etag.n > 0) {
		p = PUT(p, ",etag=");
		p = put_text(p, r->etag);
	}
	if (r->has_crc32c) {
		p = PUT(p, ",crc32c=");
		p = num_put_hex32(p, r->crc32c);
	}
	out->n = (size_t)(p - out->p);
	if (r->keys.n > 0)
		add_other_keys(out, r->keys);
	if (r->last)
		buf_adds(out, ",last");
}
