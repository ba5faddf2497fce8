/*
 * How fast a model on words can be: MB (10^6 bytes) of a CSV file a second of
 * processor time, the best of ROUNDS in turn.
 *
 *	text MODEL_DIR FILE
 *
 * hash is what the model's format asks of any program: the words are cut and in
 * small letters before the clock starts; then each byte goes through FNV-1a,
 * and each run of words adds its weight.  It leaves out the CSV, cutting, small
 * letters and the reply.  It is the limit of a plain loop, a word after the
 * other, in which the end of a word is a branch that no processor foresees; one
 * that hashes several words side by side may be faster.
 *
 * words is words_sum, which cuts and converts too; its sums must be the same to
 * the bit.  linear -r of tests/linear.c measures the whole plugin.
 */
#include <err.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/load.h"
#include "base/mem.h"
#include "format/csv.h"
#include "plugins/linear/model.h"
#include "plugins/linear/words_kernel.h"
#include "clock.h"

enum { ROUNDS = 9, COLUMNS = 100 };

struct data {
	const struct linear_model *m;
	size_t count, room;
	struct span *texts;
	struct buf words; /* of all texts: a NUL after each, and each text */
	double *sums[2];  /* of the texts, by each work */
	size_t *found;	  /* runs */
};

/* Adds the words of a text as they are hashed.  Returns how many. */
static size_t
text_cut(const struct words *w, struct span text, struct buf *out)
{
	const unsigned char *p = (const unsigned char *)text.p,
			    *end = p + text.n;
	enum words_character is;
	unsigned char c[4];
	bool inside = false;
	size_t n, words = 0;

	for (; p < end; p += n, inside = is == WORDS_LETTER) {
		is = words_character(w, p, end, c, &n);
		if (inside && is != WORDS_LETTER)
			buf_addc(out, '\0');
		words += is == WORDS_SYMBOL || (is == WORDS_LETTER && !inside);
		if (is != WORDS_BREAK)
			buf_add(out, c, n);
		if (is == WORDS_SYMBOL)
			buf_addc(out, '\0');
	}
	if (inside)
		buf_addc(out, '\0');
	buf_addc(out, '\0');
	return words;
}

/* Adds the text of a record, in the model's first column. */
static void
data_add(struct data *d, struct span record)
{
	struct span fields[COLUMNS];
	size_t n = csv_fields(record, fields, COLUMNS), words, i;
	long column = d->m->columns[0];

	column += column < 0 ? (long)n : 0;
	if (n > COLUMNS || column < 0 || (size_t)column >= n)
		errx(1, "a record of %zu columns", n);
	d->texts = mem_grow(d->texts, &d->room, d->count + 1, sizeof *d->texts);
	d->found = mem_resize(d->found, d->room, sizeof *d->found);
	d->texts[d->count] = fields[column];
	words = text_cut(&d->m->words, fields[column], &d->words);
	d->found[d->count] = 0;
	for (i = 0; i < d->m->words.ngrams && i < words; i++)
		d->found[d->count] += words - i;
	d->count++;
}

static void
data_read(struct data *d, const char *path, struct buf *file)
{
	const char *p, *end, *lf;

	if (load_whole(path, file) == -1)
		err(1, "%s", path);
	for (p = file->p, end = p + file->n; p < end; p = lf + 1) {
		lf = memchr(p, '\n', (size_t)(end - p));
		if (lf == NULL)
			lf = end;
		data_add(d, (struct span){ p, (size_t)(lf - p) });
	}
	d->sums[0] = mem_resize(NULL, d->count, sizeof(double));
	d->sums[1] = mem_resize(NULL, d->count, sizeof(double));
}

static inline __attribute__((always_inline)) void
plain(struct data *d, unsigned ngrams)
{
	const unsigned char *p = (unsigned char *)d->words.p;
	const double *weights = d->m->weights;
	unsigned bits = d->m->words.bits, before, k;
	uint32_t mask = (1u << bits) - 1, h[WORDS_NGRAMS_MAX];
	double sum;
	size_t i;

	for (i = 0; i < d->count; i++, p++) {
		sum = 0;
		h[0] = FNV_BASIS;
		for (before = 0; *p != '\0'; p++) {
			for (k = before + 1; k < ngrams; k++)
				h[k] = 0;
			for (; *p != '\0'; p++)
				for (k = 0; k < ngrams; k++)
					h[k] = (h[k] ^ *p) * FNV_PRIME;
			for (k = 0; k <= before; k++)
				sum += weights[(h[k] ^ h[k] >> bits) & mask];
			before += before + 1 < ngrams;
			for (k = ngrams - 1; k > 0; k--)
				h[k] = (h[k - 1] ^ ' ') * FNV_PRIME;
			h[0] = FNV_BASIS;
		}
		d->sums[0][i] = sum;
	}
}

static void
work_hash(struct data *d)
{
	if (d->m->words.ngrams == 1)
		plain(d, 1);
	else if (d->m->words.ngrams == 2)
		plain(d, 2);
	else
		plain(d, d->m->words.ngrams);
}

static void
work_words(struct data *d)
{
	memset(d->sums[1], 0, d->count * sizeof(double));
	words_sum(
	    &d->m->words, d->texts, d->count, 1, d->m->weights, 1, d->sums[1]);
}

int
main(int argc, char *argv[])
{
	static void (*const works[])(struct data *) = { work_hash, work_words };
	double best[2] = { 1e9, 1e9 }, start, took;
	struct buf file = { 0 }, path = { 0 }, why = { 0 };
	struct data d = { 0 };
	size_t n;
	int round, i;

	if (argc != 3)
		errx(2, "usage: text MODEL_DIR FILE");
	buf_addf(&path, "%s/model.json", argv[1]);
	d.m = linear_model_read(buf_str(&path), NULL, 0, &why);
	if (d.m == NULL)
		errx(1, "%s: %s", buf_str(&path), buf_str(&why));
	if (!d.m->text || d.m->outputs != 1)
		errx(1, "%s: not a model on words with one row", argv[1]);
	data_read(&d, argv[2], &file);
	for (round = 0; round < ROUNDS; round++)
		for (i = 0; i < 2; i++) {
			start = now();
			works[i](&d);
			took = now() - start;
			if (took < best[i])
				best[i] = took;
		}
	for (n = 0; n < d.count; n++)
		if (d.found[n] > 0)
			d.sums[0][n] /= sqrt((double)d.found[n]);
	if (memcmp(d.sums[0], d.sums[1], d.count * sizeof(double)) != 0)
		errx(1, "two sums differ");
	printf("hash %.0f words %.0f\n", (double)file.n / best[0] / 1e6,
	    (double)file.n / best[1] / 1e6);
	return 0;
}
