#include "plugins/xgboost/pickle.h"

#include <stdint.h>

/* The operand after an instruction's byte. */
enum operand {
	NONE,
	FIXED,	/* n bytes */
	SIZED,	/* their number first, little endian in n bytes */
	LINES,	/* n lines */
	UNKNOWN /* not of protocols 2 to 5 */
};

struct instruction {
	const char *codes; /* of those that have this operand */
	enum operand operand;
	unsigned n;
};

static const struct instruction instructions[] = {
	{ "(012.NRQabdeolst)]}u\x81\x85\x86\x87\x88\x89\x8f\x90\x91\x92\x93\x94\x97\x98",
	    NONE, 0 },
	{ "Kqh\x80\x82", FIXED, 1 },
	{ "M\x83", FIXED, 2 },
	{ "Jrj\x84", FIXED, 4 },
	{ "G\x95", FIXED, 8 },
	{ "CU\x8a\x8c", SIZED, 1 },
	{ "BTX\x8b", SIZED, 4 },
	{ "\x8d\x8e\x96", SIZED, 8 },
	{ "ILFSVpgP", LINES, 1 },
	{ "ci", LINES, 2 },
};

/* Those that matter here. */
enum {
	BINBYTES = 'B',
	SHORT_BINBYTES = 'C',
	BINBYTES8 = 0x8e,
	BYTEARRAY8 = 0x96,
	BINUNICODE = 'X',
	SHORT_BINUNICODE = 0x8c,
	BINUNICODE8 = 0x8d,
	STACK_GLOBAL = 0x93,
	STOP = '.'
};

struct reader {
	struct span file;
	size_t at;
	struct span strings[2]; /* the last two */
	struct span class[2];	/* the first global: its module and name */
	struct span longest;	/* of the runs of bytes */
	bool failed;
};

static struct instruction
find(unsigned char code)
{
	size_t i;

	for (i = 0; i < sizeof instructions / sizeof instructions[0]; i++)
		if (code != 0 && strchr(instructions[i].codes, code) != NULL)
			return instructions[i];
	return (struct instruction){ NULL, UNKNOWN, 0 };
}

/* n bytes of the file; if it ends before, none, and the reader has failed. */
static struct span
take(struct reader *r, uint64_t n)
{
	struct span s = { r->file.p + r->at, (size_t)n };

	if (n > r->file.n - r->at) {
		r->failed = true;
		s.n = 0;
	}
	r->at += s.n;
	return s;
}

static struct span
take_line(struct reader *r)
{
	size_t left = r->file.n - r->at;
	const char *p = r->file.p + r->at,
		   *lf = left > 0 ? memchr(p, '\n', left) : NULL;
	struct span line = { p, lf != NULL ? (size_t)(lf - p) : 0 };

	take(r, lf != NULL ? line.n + 1 : left + 1);
	return line;
}

static void
note_global(struct reader *r, struct span module, struct span name)
{
	if (r->class[0].p == NULL) {
		r->class[0] = module;
		r->class[1] = name;
	}
}

static void
note(struct reader *r, unsigned char code, struct span operand)
{
	switch (code) {
	case BINBYTES:
	case SHORT_BINBYTES:
	case BINBYTES8:
	case BYTEARRAY8:
		if (operand.n > r->longest.n)
			r->longest = operand;
		break;
	case BINUNICODE:
	case SHORT_BINUNICODE:
	case BINUNICODE8:
		r->strings[0] = r->strings[1];
		r->strings[1] = operand;
		break;
	case STACK_GLOBAL:
		note_global(r, r->strings[0], r->strings[1]);
		break;
	}
}

static void
step(struct reader *r, unsigned char code)
{
	struct instruction is = find(code);
	struct span head, operand = { 0 };
	uint64_t size = 0;

	switch (is.operand) {
	case NONE:
		break;
	case FIXED:
		take(r, is.n);
		break;
	case SIZED:
		head = take(r, is.n);
		while (head.n > 0)
			size = size << 8 | (unsigned char)head.p[--head.n];
		operand = take(r, size);
		break;
	case LINES:
		operand = take_line(r);
		if (is.n == 2)
			note_global(r, operand, take_line(r));
		break;
	case UNKNOWN:
		r->failed = true;
		break;
	}
	if (!r->failed)
		note(r, code, operand);
}

bool
pickle_is(struct span file)
{
	return file.n > 2 && (unsigned char)file.p[0] == 0x80 &&
	       file.p[1] >= 2 && file.p[1] <= 5 &&
	       find((unsigned char)file.p[2]).operand != UNKNOWN;
}

static void
refuse_class(const struct reader *r, struct buf *why)
{
	size_t i;

	buf_adds(why, "a pickle of ");
	if (r->class[0].p == NULL)
		buf_adds(why, "no class");
	for (i = 0; i < 2 && r->class[0].p != NULL; i++) {
		buf_adds(why, i == 1 ? "." : "");
		buf_add(why, r->class[i].p,
		    r->class[i].n < 80 ? r->class[i].n : 80);
	}
	buf_adds(why, ", not of xgboost.core.Booster");
}

int
pickle_booster(struct span file, struct span *model, struct buf *why)
{
	struct reader r = { .file = file };
	unsigned char code = 0;
	size_t at = 0;

	while (!r.failed && code != STOP) {
		at = r.at;
		code = r.at < file.n ? (unsigned char)file.p[r.at++] : 0;
		step(&r, code);
	}
	if (r.class[0].p != NULL && (!span_is(r.class[0], "xgboost.core") ||
					!span_is(r.class[1], "Booster")))
		refuse_class(&r, why);
	else if (r.failed && at == file.n)
		buf_addf(why, "a pickle that ends early, at byte %zu", at);
	else if (r.failed && find(code).operand == UNKNOWN)
		buf_addf(why, "a damaged pickle: byte %zu is 0x%02x", at, code);
	else if (r.failed)
		buf_addf(why,
		    "a pickle that is cut short: byte %zu needs more than its %zu bytes",
		    at, file.n);
	else if (r.class[0].p == NULL)
		refuse_class(&r, why);
	else if (r.longest.n == 0)
		buf_addf(why,
		    "a pickle of protocol %d, without bytes: save the model as JSON, or with protocol 3 or later",
		    file.p[1]);
	else {
		*model = r.longest;
		return 0;
	}
	return -1;
}
