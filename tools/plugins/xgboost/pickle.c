#include "plugins/xgboost/pickle.h"

#include "base/num.h"

/* The operand after an instruction's byte. */
enum operand {
	NONE,
	FIXED,	 /* n bytes */
	SIZED,	 /* their number first, little endian in n bytes */
	LINES,	 /* n lines */
	REFUSED, /* no saved Booster has it */
	UNKNOWN	 /* not of protocols 0 to 5 */
};

struct instruction {
	const char *codes; /* of those that have this operand */
	enum operand operand;
	unsigned n;
};

static const struct instruction instructions[] = {
	{ "(012.NRabdelst)]}u\x81\x85\x86\x87\x88\x89\x8f\x90\x91\x92\x93\x94",
	    NONE, 0 },
	{ "Kqh\x80", FIXED, 1 },
	{ "M", FIXED, 2 },
	{ "Jrj", FIXED, 4 },
	{ "G\x95", FIXED, 8 },
	{ "CU\x8a\x8c", SIZED, 1 },
	{ "BTX\x8b", SIZED, 4 },
	{ "\x8d\x8e\x96", SIZED, 8 },
	{ "ILFSVpg", LINES, 1 },
	{ "c", LINES, 2 },
	{ "PQio\x82\x83\x84\x97\x98", REFUSED, 0 },
};

/* Those that matter here. */
enum {
	BINBYTES = 'B',
	SHORT_BINBYTES = 'C',
	BINBYTES8 = 0x8e,
	BYTEARRAY8 = 0x96,
	UNICODE = 'V',
	BINUNICODE = 'X',
	SHORT_BINUNICODE = 0x8c,
	BINUNICODE8 = 0x8d,
	STRING = 'S',
	BINSTRING = 'T',
	SHORT_BINSTRING = 'U',
	INT = 'I',
	LONG = 'L',
	BININT = 'J',
	BININT1 = 'K',
	BININT2 = 'M',
	LONG1 = 0x8a,
	STACK_GLOBAL = 0x93,
	STOP = '.'
};

/* The names of the refused ones, in pickletools. */
static const struct {
	unsigned char code;
	const char *name;
} refused[] = { { 'P', "PERSID" }, { 'Q', "BINPERSID" }, { 'i', "INST" },
	{ 'o', "OBJ" }, { 0x82, "EXT1" }, { 0x83, "EXT2" }, { 0x84, "EXT4" },
	{ 0x97, "NEXT_BUFFER" }, { 0x98, "READONLY_BUFFER" } };

/* A run of bytes, or text that stands for one, and its instruction. */
struct run {
	struct span operand;
	unsigned char code;
	size_t at;
};

struct reader {
	struct span file;
	size_t at;
	struct run strings[2]; /* the last two */
	struct span class[2];  /* the first global: its module and name */
	struct run longest;    /* of the runs of bytes */
	uint64_t trees;	       /* best_ntree_limit */
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

/* Objects of protocols 0 and 1 are made by copy_reg._reconstructor: theirs is
 * the next global. */
static void
note_global(struct reader *r, struct span module, struct span name)
{
	if (r->class[0].p == NULL && !span_is(name, "_reconstructor")) {
		r->class[0] = module;
		r->class[1] = name;
	}
}

static void
note_bytes(struct reader *r, struct run run)
{
	if (run.operand.n > r->longest.operand.n)
		r->longest = run;
}

/* In protocol 0 the strings of Python 2 stand in quotes. */
static bool
string_is(struct run string, const char *text)
{
	struct span s = string.operand;

	if (string.code == STRING && s.n >= 2) {
		s.p++;
		s.n -= 2;
	}
	return span_is(s, text);
}

/* Before protocol 3, bytes are a text and the name of its encoding. */
static void
note_string(struct reader *r, struct run string)
{
	struct run *last = r->strings;

	last[0] = last[1];
	last[1] = string;
	if (last[0].operand.p != NULL && last[0].code != STRING &&
	    last[0].code != BINSTRING && last[0].code != SHORT_BINSTRING &&
	    (string_is(string, "latin-1") || string_is(string, "latin1")))
		note_bytes(r, last[0]);
}

static uint64_t
little_endian(struct span s)
{
	uint64_t v = 0;

	while (s.n > 0)
		v = v << 8 | (unsigned char)s.p[--s.n];
	return v;
}

/* The integer after the name best_ntree_limit. */
static void
note_integer(struct reader *r, uint64_t v)
{
	if (r->strings[1].operand.p != NULL &&
	    string_is(r->strings[1], "best_ntree_limit"))
		r->trees = v;
}

/* 12, and of Python 2's long 12L. */
static uint64_t
decimal(struct span line)
{
	const char *why;
	uint64_t v;

	if (line.n > 0 && line.p[line.n - 1] == 'L')
		line.n--;
	v = num_parse(line, 0, UINT64_MAX, &why);
	return why == NULL ? v : 0;
}

static void
note(struct reader *r, struct run run)
{
	switch (run.code) {
	case BINBYTES:
	case SHORT_BINBYTES:
	case BINBYTES8:
	case BYTEARRAY8:
		note_bytes(r, run);
		break;
	case UNICODE:
	case BINUNICODE:
	case SHORT_BINUNICODE:
	case BINUNICODE8:
	case STRING:
	case BINSTRING:
	case SHORT_BINSTRING:
		note_string(r, run);
		break;
	case BININT:
	case BININT1:
	case BININT2:
	case LONG1:
		note_integer(r, little_endian(run.operand));
		break;
	case INT:
	case LONG:
		note_integer(r, decimal(run.operand));
		break;
	case STACK_GLOBAL:
		note_global(r, r->strings[0].operand, r->strings[1].operand);
		break;
	}
}

static void
step(struct reader *r, unsigned char code)
{
	struct instruction is = find(code);
	struct run run = { { 0 }, code, r->at - 1 };

	switch (is.operand) {
	case NONE:
		break;
	case FIXED:
		run.operand = take(r, is.n);
		break;
	case SIZED:
		run.operand = take(r, little_endian(take(r, is.n)));
		break;
	case LINES:
		run.operand = take_line(r);
		if (is.n == 2)
			note_global(r, run.operand, take_line(r));
		break;
	case REFUSED:
	case UNKNOWN:
		r->failed = true;
		break;
	}
	if (!r->failed)
		note(r, run);
}

/* Takes a line with the name of a module or class off s. */
static bool
take_name(struct span *s)
{
	static const char letters[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.";
	size_t n = 0;

	while (n < s->n && s->p[n] != '\0' && strchr(letters, s->p[n]) != NULL)
		n++;
	if (n == 0 || n == s->n || s->p[n] != '\n')
		return false;
	s->p += n + 1;
	s->n -= n + 1;
	return true;
}

bool
pickle_is(struct span file)
{
	/* Protocols 0 and 1 have no head: an object begins with its class. */
	if (file.n > 1 && file.p[0] == 'c') {
		file.p++;
		file.n--;
		return take_name(&file) && take_name(&file);
	}
	return file.n > 2 && (unsigned char)file.p[0] == 0x80 &&
	       file.p[1] >= 2 && file.p[1] <= 5 &&
	       find((unsigned char)file.p[2]).operand != UNKNOWN;
}

/* The bytes that a text of code points up to U+00FF in UTF-8 stands for. */
static bool
decode_utf8(struct span text, struct buf *out)
{
	const unsigned char *p = (const unsigned char *)text.p,
			    *end = p + text.n;

	for (; p < end; p++)
		if (*p < 0x80)
			buf_addc(out, (char)*p);
		else if ((*p & 0xfe) == 0xc2 && end - p > 1 &&
			 (p[1] & 0xc0) == 0x80) {
			buf_addc(out, (char)((*p & 3) << 6 | (p[1] & 0x3f)));
			p++;
		} else
			return false;
	return true;
}

/* The same in Latin-1, in which protocol 0 writes backslashes, newlines and a
 * few more as \u005c. */
static bool
decode_line(struct span text, struct buf *out)
{
	const char *p = text.p, *end = p + text.n;
	int high, low;

	for (; p < end; p++) {
		if (*p != '\\') {
			buf_addc(out, *p);
			continue;
		}
		if (end - p < 6 || memcmp(p, "\\u00", 4) != 0 ||
		    (high = num_hex_digit(p[4])) == -1 ||
		    (low = num_hex_digit(p[5])) == -1)
			return false;
		buf_addc(out, (char)(high << 4 | low));
		p += 5;
	}
	return true;
}

/* The model in a run. */
static int
decode(struct run run, struct buf *room, struct span *model, struct buf *why)
{
	bool ok;

	switch (run.code) {
	case UNICODE:
		ok = decode_line(run.operand, room);
		break;
	case BINUNICODE:
	case SHORT_BINUNICODE:
	case BINUNICODE8:
		ok = decode_utf8(run.operand, room);
		break;
	default:
		*model = run.operand;
		return 0;
	}
	*model = buf_span(room);
	if (ok && model->n > 0)
		return 0;
	buf_addf(
	    why, "a damaged pickle: the text at byte %zu is not bytes", run.at);
	return -1;
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

/* The instruction at a byte that no saved Booster has. */
static void
refuse_instruction(unsigned char code, size_t at, struct buf *why)
{
	size_t i = 0;

	while (
	    i < sizeof refused / sizeof refused[0] && refused[i].code != code)
		i++;
	buf_addf(why, "a damaged pickle: byte %zu is 0x%02x", at, code);
	if (i < sizeof refused / sizeof refused[0])
		buf_addf(
		    why, " (%s), which no saved Booster has", refused[i].name);
}

static bool
is_booster(const struct reader *r)
{
	return span_is(r->class[0], "xgboost.core") &&
	       span_is(r->class[1], "Booster");
}

int
pickle_booster(
    struct span file, struct buf *room, struct pickled *out, struct buf *why)
{
	struct reader r = { .file = file };
	enum operand operand;
	unsigned char code = 0;
	size_t at = 0;

	while (!r.failed && code != STOP) {
		at = r.at;
		code = r.at < file.n ? (unsigned char)file.p[r.at++] : 0;
		step(&r, code);
	}
	operand = find(code).operand;
	if (r.class[0].p != NULL && !is_booster(&r))
		refuse_class(&r, why);
	else if (r.failed && at == file.n)
		buf_addf(why, "a pickle that ends early, at byte %zu", at);
	else if (operand == UNKNOWN || operand == REFUSED)
		refuse_instruction(code, at, why);
	else if (r.failed)
		buf_addf(why,
		    "a pickle that is cut short: byte %zu needs more than its %zu bytes",
		    at, file.n);
	else if (r.class[0].p == NULL)
		refuse_class(&r, why);
	else if (r.longest.operand.n == 0)
		buf_adds(why, "a pickle of a Booster without a model");
	else {
		out->trees = r.trees;
		return decode(r.longest, room, &out->model, why);
	}
	return -1;
}
