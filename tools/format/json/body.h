/*
 * The check of format/json.h, compiled once for each vector unit, with what
 * vec.h or swar.h has: special(), a bit for each of STEP bytes
 * that is a quote, backslash or control byte, and digits(), of RUN bytes.
 * KERNEL is the struct json_kernel to define, LABEL its name, usable() whether
 * this machine has what TARGET compiles for.
 *
 * Text is read up to 64 bytes at a time without asking where it ends: AHEAD
 * bytes from the end, what is left moves to a buffer with zeroes after it.  A
 * zero is nowhere legal, so nothing runs past them.
 */
#include "format/json/check.h"

#ifndef KERNEL
#include "format/json/swar.h"
#define KERNEL json_plain
#define LABEL "plain"
#define TARGET

static bool
usable(void)
{
	return true;
}
#endif

enum { AHEAD = 96 };

struct text {
	const char *safe; /* up to here AHEAD bytes can be read */
	const char *end;
	const char *orig; /* what tail is a copy of, or NULL */
	char before;	  /* tail[-1] */
	char tail[2 * AHEAD];
};

static __attribute__((noinline)) const char *
into_tail(struct text *t, const char *p)
{
	size_t n = (size_t)(t->end - p);

	if (n > 0)
		memcpy(t->tail, p, n);
	memset(t->tail + n, 0, sizeof t->tail - n);
	t->before = '\\'; /* whose escape tail may begin in */
	t->orig = p;
	t->end = t->tail + n;
	t->safe = t->tail + sizeof t->tail;
	return t->tail;
}

static inline const char *
ahead(struct text *t, const char *p)
{
	return __builtin_expect(p > t->safe, 0) ? into_tail(t, p) : p;
}

static inline const char *
place(const struct text *t, const char *p)
{
	return t->orig != NULL ? t->orig + (p - t->tail) : p;
}

static __attribute__((noinline)) const char *
blanks(struct text *t, const char *p, char lf)
{
	while (*p == ' ' || *p == '\t' || *p == '\r' || *p == lf)
		p = ahead(t, p + 1);
	return p;
}

/* What follows white space; lf is a blank where LF ends nothing. */
static inline const char *
next(struct text *t, const char *p, char lf)
{
	p = ahead(t, p);
	if (__builtin_expect((unsigned char)*p > ' ', 1))
		return p;
	if (*p == ' ' && (unsigned char)p[1] > ' ')
		return p + 1;
	return blanks(t, p, lf);
}

#ifdef WIDTH
/* The rest of a string that does not end within STEP bytes. */
TARGET static __attribute__((noinline)) const char *
rest(struct text *t, const char *p, const char **why, const char **bad)
{
	uint64_t m, end, carry = 0;
	unsigned i;

	for (;; p += 64) {
		p = ahead(t, p);
		for (m = stops(p, &carry, &end); m != 0; m &= m - 1) {
			i = (unsigned)__builtin_ctzll(m);
			if (__builtin_expect(end >> i & 1, 1))
				return p + i + 1;
			if ((unsigned char)p[i] < 0x20) {
				*why = JSON_WHY_CONTROL;
				*bad = p + i;
				return NULL;
			}
			if (!json_escape(p + i)) {
				*why = JSON_WHY_ESCAPE;
				*bad = p + i - 1;
				return NULL;
			}
		}
	}
}
#else
TARGET static __attribute__((noinline)) const char *
rest(struct text *t, const char *p, const char **why, const char **bad)
{
	uint64_t m;
	unsigned i;

	for (;;) {
		p = ahead(t, p);
		if ((m = special(p)) == 0) {
			p += STEP;
			continue;
		}
		i = (unsigned)__builtin_ctzll(m);
		if (p[i] == '"')
			return p + i + 1;
		*bad = p + i;
		if (p[i] != '\\') {
			*why = JSON_WHY_CONTROL;
			return NULL;
		}
		if (!json_escape(p + i + 1)) {
			*why = JSON_WHY_ESCAPE;
			return NULL;
		}
		p += i + 2;
	}
}
#endif

/* p is just past the opening quote; returns the place past the closing one,
 * or NULL with *why and *bad set. */
TARGET static inline const char *
string(struct text *t, const char *p, const char **why, const char **bad)
{
	uint64_t m;

	p = ahead(t, p);
	m = special(p);
	if (m == 0)
		return rest(t, p + STEP, why, bad);
	p += __builtin_ctzll(m);
	return *p == '"' ? p + 1 : rest(t, p, why, bad);
}

/* The bytes of a run of digits, of any length. */
static const char *
run(struct text *t, const char *p, const char **why, const char **bad)
{
	if (*p < '0' || *p > '9') {
		*why = JSON_WHY_NO_DIGIT;
		*bad = p;
		return NULL;
	}
	do
		p = ahead(t, p + 1);
	while (*p >= '0' && *p <= '9');
	return p;
}

/* number() below, for one that is longer than digits() sees. */
static __attribute__((noinline)) const char *
long_number(struct text *t, const char *p, const char **why, const char **bad)
{
	p = ahead(t, p);
	p += *p == '-';
	p = *p == '0' ? p + 1 : run(t, p, why, bad);
	if (p != NULL && *p == '.')
		p = run(t, p + 1, why, bad);
	if (p != NULL && (*p | 0x20) == 'e') {
		p++;
		p += *p == '-' || *p == '+';
		p = run(t, p, why, bad);
	}
	return p;
}

/* A number, at whose first byte p is; as above. */
TARGET static inline const char *
number(struct text *t, const char *p, const char **why, const char **bad)
{
	const char *from = p;
	/* Bits past RUN are ones, so that a run never seems to go on there. */
	uint64_t m = ~(uint64_t)digits(p);
	unsigned minus = *p == '-', n, more;

	m >>= minus;
	p += minus;
	n = (unsigned)__builtin_ctzll(m);
	if (__builtin_expect((n == 0) | ((*p == '0') & (n > 1)), 0)) {
		*why = n == 0 ? JSON_WHY_NO_DIGIT : JSON_WHY_ZERO;
		*bad = p;
		return NULL;
	}
	if (p[n] == '.') {
		more = (unsigned)__builtin_ctzll(m >> (n + 1));
		n += 1 + more;
		if (__builtin_expect(more == 0 && n + minus < RUN, 0)) {
			*why = JSON_WHY_NO_DIGIT;
			*bad = p + n;
			return NULL;
		}
	}
	if (__builtin_expect(n + minus >= RUN, 0))
		return long_number(t, from, why, bad);
	p += n;
	if ((*p | 0x20) == 'e') {
		p++;
		p += *p == '-' || *p == '+';
		n = (unsigned)__builtin_ctzll(~(uint64_t)digits(p));
		if (__builtin_expect(n == 0, 0)) {
			*why = JSON_WHY_NO_DIGIT;
			*bad = p;
			return NULL;
		}
		if (__builtin_expect(n == RUN, 0))
			return long_number(t, from, why, bad);
		p += n;
	}
	return p;
}

TARGET static inline const char *
word(const char *p, const char **why, const char **bad)
{
	if (memcmp(p, "true", 4) == 0 || memcmp(p, "null", 4) == 0)
		return p + 4;
	if (memcmp(p, "false", 5) == 0)
		return p + 5;
	*why = JSON_WHY_VALUE;
	*bad = p;
	return NULL;
}

/*
 * The brackets that are open: a bit each, 1 for a brace, 64 at hand and the
 * rest put by.
 */
struct open {
	uint64_t at_hand;
	unsigned depth;
	uint64_t put_by[JSON_DEPTH / 64];
};

static inline bool
opened(struct open *o, unsigned brace)
{
	if (__builtin_expect(o->depth % 64 == 0, 0)) {
		if (o->depth == JSON_DEPTH)
			return false;
		o->put_by[o->depth / 64] = o->at_hand;
	}
	o->at_hand = o->at_hand << 1 | brace;
	o->depth++;
	return true;
}

static inline void
closed(struct open *o)
{
	o->at_hand >>= 1;
	o->depth--;
	if (__builtin_expect(o->depth % 64 == 0, 0))
		o->at_hand = o->put_by[o->depth / 64];
}

TARGET static int
check_text(struct json_check *c)
{
	/* LF is a blank, except where it ends the text. */
	const char lf = c->line ? ' ' : '\n';
	struct text t;
	struct open o;
	const char *p = c->text.p;
#ifdef WIDTH
	unsigned n;
#endif

	o.depth = 0;
	o.at_hand = 0;
	t.orig = NULL;
	t.end = p + c->text.n;
	if (c->text.n < AHEAD)
		p = into_tail(&t, p);
	else
		t.safe = t.end - AHEAD;
	p = next(&t, p, lf);
	c->begin = place(&t, p);
	if (*p == '\n' || p >= t.end) {
		c->past = c->begin;
		goto end;
	}
value:
	/* By kind, so that a minus sign takes no branch of its own. */
	switch (json_kinds[(unsigned char)*p]) {
	case JSON_KIND_STRING:
		if ((p = string(&t, p + 1, &c->why, &c->bad)) == NULL)
			goto bad_span;
		break;
	case JSON_KIND_OBJECT:
		if (!opened(&o, 1))
			goto deep;
		p = next(&t, p + 1, lf);
		if (*p != '}')
			goto key;
		p++;
		closed(&o);
		break;
	case JSON_KIND_ARRAY:
		if (!opened(&o, 0))
			goto deep;
		p = next(&t, p + 1, lf);
		if (*p != ']')
			goto value;
		p++;
		closed(&o);
		break;
	case JSON_KIND_NUMBER:
#ifdef WIDTH
		if ((o.at_hand & 1) == 0 && (n = numbers(p)) > 0) {
			p += n;
			break;
		}
#endif
		if ((p = number(&t, p, &c->why, &c->bad)) == NULL)
			goto bad_span;
		break;
	default:
		if ((p = word(p, &c->why, &c->bad)) == NULL)
			goto bad_span;
	}
after:
	if (o.depth == 0)
		goto done;
	p = next(&t, p, lf);
	if (*p == ',') {
		p = next(&t, p + 1, lf);
		if (o.at_hand & 1)
			goto key;
		goto value;
	}
	if (*p != (o.at_hand & 1 ? '}' : ']')) {
		c->why = o.at_hand & 1 ? JSON_WHY_MEMBER : JSON_WHY_ELEMENT;
		goto bad;
	}
	p++;
	closed(&o);
	goto after;
key:
	if (*p != '"') {
		c->why = JSON_WHY_NAME;
		goto bad;
	}
	if ((p = string(&t, p + 1, &c->why, &c->bad)) == NULL)
		goto bad_span;
	p = next(&t, p, lf);
	if (*p != ':') {
		c->why = JSON_WHY_COLON;
		goto bad;
	}
	p = next(&t, p + 1, lf);
	goto value;
done:
	c->past = place(&t, p);
	p = next(&t, p, lf);
end:
	c->stop = place(&t, p);
	if (p >= t.end || (c->line && *p == '\n'))
		return 0;
	c->why = JSON_WHY_AFTER;
	goto bad;
deep:
	c->why = JSON_WHY_DEEP;
bad:
	c->bad = p;
bad_span:
	if (c->bad >= t.end || (c->line && *c->bad == '\n'))
		c->why = strcmp(c->why, JSON_WHY_CONTROL) == 0
			     ? JSON_WHY_OPEN_STRING
			     : JSON_WHY_ENDS;
	c->bad = place(&t, c->bad);
	return -1;
}

const struct json_kernel KERNEL = { { LABEL, usable }, check_text };
