/*
 * The body of a request: the mini-batch as it is, or put into the JSON that the
 * protocol has around the records.
 */
#ifndef PLUGINS_HTTP_REQUEST_H
#define PLUGINS_HTTP_REQUEST_H

#include "bt_model.h"
#include "format/records.h"
#include "plugins/http/inputs.h"
#include "plugins/http/settings.h"
#include "plugins/http/tensors.h"
#include "plugins/web/columns.h"

/* Zero one to begin with, and set set. */
struct request {
	const struct settings *set;
	struct inputs inputs; /* FORM_TENSORS: the model's */

	struct columns columns;
	struct tensors tensors;
	struct records lines; /* of a batch that was not split */
	struct buf body, text, reason;
	size_t width; /* fields of a CSV record */

	size_t lines_sent; /* of a batch that was not split; otherwise 0 */

	/* Of the last request.  If the batch is a JSON document, that is the
	 * body, and the reply is a document, too. */
	bool is_document;
	const char *type; /* its content type */
};

/*
 * Makes the body for a batch, or with FORM_RECORD for its record i; it is
 * borrowed from r and rq until the next call.  Returns BT_OK or an enum
 * bt_status, with the reason added to why and the record at fault, or -1, in
 * *bad.
 */
int request_make(struct request *r, const struct bt_request *rq, size_t i,
    struct span *body, int64_t *bad, struct buf *why);

void request_free(struct request *r);

#endif
