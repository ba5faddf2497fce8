#include "plugins/onnx/columns.h"

#include <stdlib.h>

#include "base/mem.h"
#include "format/csv.h"

/* A column's name, in the text of all of them. */
struct label {
	const struct buf *text;
	size_t from, n;
	size_t column;
};

static struct span
label_name(const struct label *l)
{
	return (struct span){ l->text->p + l->from, l->n };
}

static int
span_compare(struct span a, struct span b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n > 0 ? memcmp(a.p, b.p, n) : 0;

	return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

/* By name, and in the row's order. */
static int
label_compare(const void *a, const void *b)
{
	const struct label *x = a, *y = b;
	int order = span_compare(label_name(x), label_name(y));

	return order != 0 ? order
			  : (x->column > y->column) - (x->column < y->column);
}

/* The first of the sorted labels that does not come before name. */
static size_t
label_find(const struct label *labels, size_t n, struct span name)
{
	size_t low = 0, mid;

	while (low < n) {
		mid = low + (n - low) / 2;
		if (span_compare(label_name(&labels[mid]), name) < 0)
			low = mid + 1;
		else
			n = mid;
	}
	return low;
}

static struct label *
labels_make(const struct span *header, size_t count, struct buf *text)
{
	struct label *labels = mem_resize(NULL, count, sizeof *labels);
	struct span field;
	size_t i;

	for (i = 0; i < count; i++) {
		field = header[i];
		labels[i] = (struct label){ text, text->n, 0, i };
		if (field.n > 0 && field.p[0] == '"')
			csv_unquote(text, field);
		else
			buf_add(text, field.p, field.n);
		labels[i].n = text->n - labels[i].from;
	}
	qsort(labels, count, sizeof *labels, label_compare);
	return labels;
}

/* An input takes the columns that have its name. */
static int
find_named(struct columns *c, const struct session *s,
    const struct label *labels, size_t count, struct buf *why)
{
	const struct port *port, *lacking = NULL;
	size_t i, k, found, had = 0, at = 0;
	struct span name;

	for (i = 0; i < s->input_count; i++) {
		port = &s->inputs[i];
		name = span_str(port->name);
		found = 0;
		for (k = label_find(labels, count, name);
		     k < count &&
		     span_compare(label_name(&labels[k]), name) == 0;
		     k++, found++)
			if (found < port->width)
				c->at[at + found] = labels[k].column;
		c->named = c->named || found > 0;
		if (found != port->width && lacking == NULL) {
			lacking = port;
			had = found;
		}
		at += port->width;
	}
	if (!c->named || lacking == NULL)
		return 0;
	buf_addf(why,
	    "the header has %zu column%s \"%s\", but the model's input takes %zu",
	    had, had == 1 ? "" : "s", lacking->name, lacking->width);
	return -1;
}

int
columns_find(struct columns *c, const struct session *s,
    const struct span *header, size_t count, struct buf *why)
{
	struct buf text = { 0 };
	struct label *labels;
	size_t i;
	int result = 0;

	c->named = false;
	c->total = 0;
	for (i = 0; i < s->input_count; i++) {
		if (s->inputs[i].width == 0) {
			buf_addf(why, "input \"%s\", ", s->inputs[i].name);
			port_describe(&s->inputs[i], why);
			buf_adds(why,
			    ", has no fixed width, and the model has several inputs: use JSON");
			return -1;
		}
		c->total += s->inputs[i].width;
	}
	c->at = mem_grow(c->at, &c->size, c->total, sizeof *c->at);
	if (count > 0) {
		labels = labels_make(header, count, &text);
		result = find_named(c, s, labels, count, why);
		free(labels);
		buf_free(&text);
	}
	c->width = c->named ? count : c->total;
	for (i = 0; i < c->total && !c->named; i++)
		c->at[i] = i;
	return result;
}
