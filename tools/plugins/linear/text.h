/*
 * The text in a record: columns of CSV, a field of a JSON object, or the whole
 * line.
 */
#ifndef PLUGINS_LINEAR_TEXT_H
#define PLUGINS_LINEAR_TEXT_H

#include "bt_model.h"
#include "format/type.h"
#include "plugins/linear/model.h"

struct texts {
	struct span
	    *at; /* parts for each record; a span of it, or the host's */
	size_t parts, count, room; /* texts a record; records; of at */
};

/*
 * Finds the texts of the request's records; t is zero before, and t->at the
 * caller's to free, also after a failure.  Returns BT_OK, or the status given
 * to host->fail.
 */
int texts_read(const struct bt_host *host, const struct linear_model *m,
    const struct bt_request *request, struct texts *t);

#endif
