#include "plugins/http/reply.h"

#include "format/json.h"
#include "plugins/http/outputs.h"

int
reply_write_values(struct rows *r, struct span lines)
{
	const char *p = lines.p, *end = p + lines.n, *q;
	int status = BT_OK;

	for (; status == BT_OK && p < end; p = q + 1) {
		q = memchr(p, '\n', (size_t)(end - p));
		status = rows_write(r, (struct span){ p, (size_t)(q - p) });
	}
	return status;
}

/* Sets *value to the document that was put into a string, as Azure's scripts do
 * that return JSON. */
static void
unwrap(struct buf *text, struct span *value)
{
	struct span inner;
	const char *reason;
	size_t at;

	if (json_kind(*value) != JSON_IS_STRING)
		return;
	text->n = 0;
	json_unquote(text, *value);
	if (json_check((struct span){ buf_str(text), text->n }, &inner, &reason,
		&at) == 0 &&
	    (json_kind(inner) == JSON_IS_ARRAY ||
		json_kind(inner) == JSON_IS_OBJECT))
		*value = inner;
}

/* The reply to a JSON document is one, too. */
static int
write_document(struct rows *r, struct span value)
{
	if (rows_refuses(r, value, &r->why))
		return rows_fail(r, BT_BAD_INPUT);
	r->host->write(r->host, value.p, value.n);
	return BT_OK;
}

static int
write_value(struct rows *r, struct request *rq, struct span value)
{
	enum form form = rq->set->protocol->form;
	struct span array;

	if (form == FORM_BATCH)
		unwrap(&rq->text, &value);
	if (r->kind == TYPE_JSON && (rq->is_document || form == FORM_BATCH))
		return write_document(r, value);
	if (form == FORM_TENSORS)
		return outputs_write(r, value);
	if (json_predictions(value, &array) &&
	    (form != FORM_BATCH || r->records != 1 || json_count(array) == 1))
		return rows_write_all(r, array);
	if (form == FORM_BATCH)
		return rows_write(r, value);
	buf_adds(&r->why, "the reply has no array \"predictions\"");
	return rows_fail_all(r);
}

int
reply_write(struct rows *r, struct request *rq, struct span body)
{
	struct span value;
	int status;

	if (rows_check(r, body, &value, &r->why) == -1)
		return rows_fail_all(r);
	status = write_value(r, rq, value);
	if (status != BT_OK || rq->lines_sent == 0 || rq->lines_sent == r->n)
		return status;
	buf_addf(
	    &r->why, "%zu predictions for %zu records", r->n, rq->lines_sent);
	return rows_fail_all(r);
}
