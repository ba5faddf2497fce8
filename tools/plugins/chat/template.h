/*
 * The body of a request as chat.json has it: JSON whose strings hold
 * placeholders for what is in a record.
 *
 *	{{record}}	the record as it is
 *	{{NAME}}	the column of CSV, or member of JSON, of that name
 *	{{$...}}	what a JSONPath selects, as in bt-filter(7)
 */
#ifndef PLUGINS_CHAT_TEMPLATE_H
#define PLUGINS_CHAT_TEMPLATE_H

#include "base/buf.h"
#include "bt_model.h"
#include "format/type.h"
#include "plugins/web/columns.h"

/* Zero one to begin with. */
struct template
{
	struct part *part;
	size_t n, room;

	/* If many is set, the parts [from, to) are one record's value, and a
	 * request has an array of these; otherwise they are all parts. */
	bool many;
	size_t from, to;

	struct columns columns;
	struct buf value, text;
};

/*
 * Reads a checked JSON object.  many is NULL, or the name of the member that a
 * request has for each of its records.  Returns 0, or -1 with the reason added
 * to why.
 */
int template_read(
    struct template *t, struct span body, const char *many, struct buf *why);

/* Finds the columns of a batch's records.  Returns 0, or -1 with the reason
 * added to why. */
int template_begin(struct template *t, const struct bt_request *rq,
    enum type_kind kind, struct buf *why);

/* Adds what stands before the records of a request, a record's part of it, and
 * what stands after them.  template_add returns 0, or -1 with the reason added
 * to why; out is then as it was. */
void template_open(const struct template *t, struct buf *out);
int template_add(struct template *t, enum type_kind kind, struct span record,
    struct buf *out, struct buf *why);
void template_close(const struct template *t, struct buf *out);

void template_free(struct template *t);

#endif
