#include "format/scan/odd.h"

#include <csv.h>
#include <stdlib.h>

#include "base/mem.h"

/*
 * The most that libcsv is given at once.  It keeps the text of a field, which
 * is not needed here; dropping that between pieces bounds its memory.
 */
enum { PIECE = 4096 };

struct scan_odd {
	struct csv_parser csv;
	bool cr;	 /* a CR is held back: it may be that of a CR LF */
	uint64_t fields; /* ended so far */
};

static int
is_lf(unsigned char c)
{
	return c == '\n';
}

static int
is_nothing(unsigned char c)
{
	(void)c;
	return 0;
}

static void *
grow(void *p, size_t n)
{
	return mem_resize(p, n, 1);
}

static void
count_field(void *p, size_t n, void *odd)
{
	(void)p;
	(void)n;
	((struct scan_odd *)odd)->fields++;
}

static size_t
parse(struct scan_odd *o, const char *p, size_t n)
{
	size_t used = csv_parse(&o->csv, p, n, count_field, NULL, o);

	/* One byte stays: it stands for a closing quote, maybe. */
	if (o->csv.entry_pos > 1)
		o->csv.entry_pos = 1;
	return used;
}

struct scan_odd *
scan_odd_begin(struct scan_odd *o, enum scan_state state)
{
	static const char *const prefix[] = {
		[AT_FIELD] = "",
		[AT_UNQUOTED] = "x",
		[AT_QUOTED] = "\"",
		[AT_CLOSED] = "\"\"",
		[AT_CLOSED_CR] = "\"\"",
	};

	if (o == NULL) {
		o = mem_alloc(sizeof *o);
		csv_init(&o->csv, CSV_STRICT | CSV_STRICT_FINI);
		csv_set_term_func(&o->csv, is_lf);
		csv_set_space_func(&o->csv, is_nothing);
		csv_set_realloc_func(&o->csv, grow);
		csv_set_blk_size(&o->csv, PIECE);
	}
	parse(o, prefix[state], strlen(prefix[state]));
	o->cr = state == AT_CLOSED_CR;
	return o;
}

void
scan_odd_free(struct scan_odd *o)
{
	if (o == NULL)
		return;
	csv_free(&o->csv);
	free(o);
}

/*
 * Of what libcsv refuses in strict mode, one is data unless s is strict too.
 * After a closing quote a CR may turn out to be no line end; the blame is then
 * on the byte after it, because the CR itself may be in the block before.
 */
static enum scan_problem
feed(struct scan_odd *o, bool strict, const char *p, size_t n, size_t *used)
{
	size_t at = 0;

	while ((at += parse(o, p + at, n - at)) < n) {
		*used = at + (p[at] == '\r');
		if (o->csv.quoted)
			return SCAN_AFTER_QUOTE;
		if (strict)
			return SCAN_BARE_QUOTE;
		csv_set_opts(&o->csv, CSV_STRICT_FINI);
		at += parse(o, p + at, 1);
		csv_set_opts(&o->csv, CSV_STRICT | CSV_STRICT_FINI);
	}
	*used = n;
	return SCAN_FINE;
}

/* A piece of a line, with or without its end. */
static enum scan_problem
feed_piece(
    struct scan_odd *o, bool strict, const char *p, size_t n, size_t *used)
{
	enum scan_problem problem;
	size_t text = n - (p[n - 1] == '\n'), one;
	bool held = o->cr;

	*used = 0;
	if (held && text > 0 && feed(o, strict, "\r", 1, &one) != SCAN_FINE)
		return SCAN_AFTER_QUOTE;
	o->cr = text > 0 && p[text - 1] == '\r';
	problem = feed(o, strict, p, text - o->cr, used);
	if (problem != SCAN_FINE)
		return problem;
	*used = n;
	if (text < n) {
		o->cr = false;
		return feed(o, strict, "\n", 1, &one);
	}
	return SCAN_FINE;
}

/* Up to and with what may end the field. */
static size_t
piece_length(const char *p, size_t n)
{
	size_t i;

	n = n < PIECE ? n : PIECE;
	for (i = 0; i < n; i++)
		if (p[i] == ',' || p[i] == '\n')
			return i + 1;
	return n;
}

enum scan_problem
scan_odd_feed(struct scan_odd *o, const struct scan *s, const char *p, size_t n,
    size_t *used, uint64_t *inner, bool *ended)
{
	enum scan_problem problem;
	uint64_t fields = o->fields;
	size_t piece, fed;

	for (*used = 0; *used < n && o->fields == fields; *used += fed) {
		piece = piece_length(p + *used, n - *used);
		problem = feed_piece(o, s->strict, p + *used, piece, &fed);
		if (problem != SCAN_FINE) {
			*used += fed;
			return problem;
		}
		if (o->fields == fields && p[*used + piece - 1] == '\n') {
			if (!s->keep) {
				*used += piece - 1;
				return SCAN_EMBEDDED_NEWLINE;
			}
			++*inner;
		}
	}
	*ended = o->fields != fields;
	return SCAN_FINE;
}

bool
scan_odd_is_open(struct scan_odd *o)
{
	return csv_fini(&o->csv, NULL, NULL, NULL) != 0;
}
