#include "report/failures.h"

#include <inttypes.h>

#include "report/scale.h"

/* The length of "record 21 (byte 2100): " at the start; 0 without it. */
static size_t
place_length(const char *text)
{
	static const char digits[] = "0123456789";
	const char *at = text;
	size_t n;

	if (strncmp(at, "record ", 7) != 0)
		return 0;
	at += 7;
	if ((n = strspn(at, digits)) == 0 || strncmp(at + n, " (byte ", 7) != 0)
		return 0;
	at += n + 7;
	if ((n = strspn(at, digits)) == 0 || strncmp(at + n, "): ", 3) != 0)
		return 0;
	return (size_t)(at + n + 3 - text);
}

void
errors_find(const struct report *r, struct report_errors *e)
{
	const struct report_failure *f;
	const char *text;
	size_t i, k;

	e->n = 0;
	for (i = 0; i < r->failures; i++) {
		f = &r->failure[i];
		text = f->error + place_length(f->error);
		for (k = 0; k < e->n; k++)
			if (strcmp(e->error[k].text, text) == 0 &&
			    e->error[k].status == f->status->name)
				break;
		if (k == e->n)
			e->error[e->n++] =
			    (struct report_error){ .status = f->status->name,
				    .text = text };
		e->error[k].batches += f->is_batch;
		e->error[k].records += f->records;
		e->error[k].places++;
		e->of[i] = k;
	}
}

void
errors_count(const struct report_error *e, struct buf *b)
{
	scale_count(b, e->records, "record", "records");
	if (e->batches == 0)
		return;
	buf_adds(b, " in ");
	scale_count(b, e->batches, "mini-batch", "mini-batches");
}

void
failure_records(const struct report_failure *f, struct buf *b)
{
	buf_addf(b, "%" PRIu64, f->first);
	if (f->count > 1)
		buf_addf(b, " to %" PRIu64, f->first + f->count - 1);
}

void
failure_place(const struct report_failure *f, struct buf *b)
{
	size_t n = place_length(f->error);

	if (n > 0)
		buf_add(b, f->error, n - 2);
	else
		buf_addf(b, "byte %" PRIu64, f->offset);
}
