#include "plugins/web/columns.h"

#include "format/csv.h"
#include "plugins/web/cells.h"

static int
add_names(struct columns *c, struct buf *why)
{
	const char *p = c->header.p, *end = p + c->header.n, *q;
	struct buf name = { 0 }, text = { 0 };
	size_t start = why->n;
	int got = -1;

	for (;; p = q + 1) {
		q = csv_field_end(p, end);
		buf_addf(why, "the header row: column %zu: ", c->names.n + 1);
		name.n = 0;
		if (cell_add_text(&name, (struct span){ p, (size_t)(q - p) },
			&text, why) == CELL_BAD)
			break;
		if (table_find(&c->names, buf_span(&name)) != NULL) {
			buf_addf(why, "a second %s", buf_str(&name));
			break;
		}
		table_get(
		    &c->names, buf_span(&name), sizeof(struct table_entry));
		why->n = start;
		if (q == end) {
			got = 0;
			break;
		}
	}
	buf_free(&name);
	buf_free(&text);
	return got;
}

int
columns_read(struct columns *c, struct span header, struct buf *why)
{
	if (c->names.n > 0 && c->header.n == header.n &&
	    memcmp(c->header.p, header.p, header.n) == 0)
		return 0;
	table_free(&c->names);
	c->header.n = 0;
	buf_add(&c->header, header.p, header.n);
	if (add_names(c, why) == 0)
		return 0;
	table_free(&c->names);
	return -1;
}

void
columns_free(struct columns *c)
{
	table_free(&c->names);
	buf_free(&c->header);
}
