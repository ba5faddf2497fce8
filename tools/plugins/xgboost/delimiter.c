#include "plugins/xgboost/delimiter.h"

#include <stdlib.h>

#include "base/mem.h"

/* The delimiter of a row; NUL: commas, or none. */
static char
find(struct bt_span row)
{
	static const char others[] = "\t;| ";
	const char *other;

	if (row.n == 0 || memchr(row.p, ',', row.n) != NULL)
		return '\0';
	for (other = others; *other != '\0'; other++)
		if (memchr(row.p, *other, row.n) != NULL)
			return *other;
	return '\0';
}

const struct bt_span *
delimiter_commas(struct delimiter *d, const struct bt_span *records, size_t n)
{
	size_t i, k, bytes = 0;
	char delimiter, *p;

	for (i = 0; i < n && find(records[i]) == '\0'; i++)
		continue;
	if (i == n)
		return records;
	if (d->rows_size < n) {
		d->rows = mem_resize(d->rows, n, sizeof *d->rows);
		d->rows_size = n;
	}
	for (k = i; k < n; k++)
		bytes += records[k].n;
	d->text.n = 0;
	buf_room(&d->text, bytes); /* so that the spans do not move */
	memcpy(d->rows, records, n * sizeof *records);
	for (; i < n; i++) {
		delimiter = find(records[i]);
		if (delimiter == '\0')
			continue;
		p = d->text.p + d->text.n;
		buf_add(&d->text, records[i].p, records[i].n);
		for (k = 0; k < records[i].n; k++)
			if (p[k] == delimiter)
				p[k] = ',';
		d->rows[i].p = p;
	}
	return d->rows;
}

void
delimiter_free(struct delimiter *d)
{
	free(d->rows);
	buf_free(&d->text);
}
