/*
 * OpenAI's batch format, a line of JSON each: requests
 *
 *	{"custom_id":"r-1","method":"POST","url":"/v1/...","body":{...}}
 *
 * and what was answered
 *
 *	{"id":"batch_req_0","custom_id":"r-1","response":{"status_code":200,
 *	    "request_id":"...","body":{...}},"error":null}
 *
 * Source: openai/openai-openapi, openapi.yaml, BatchRequestInput and
 * BatchRequestOutput.
 */
#ifndef PLUGINS_CHAT_BATCHLINE_H
#define PLUGINS_CHAT_BATCHLINE_H

#include <stdint.h>

#include "base/buf.h"

struct batchline {
	struct span custom_id; /* with its quotes; of the record, */
	struct span body;      /* and so is this */
	struct buf path;
};

/* Zero l to begin with.  Returns 0, or -1 with the reason added to why. */
int batchline_read(struct batchline *l, struct span record, struct buf *why);

/* Adds the line that answers custom_id; number tells it from others of the
 * object.  body need not be JSON. */
void batchline_add(struct buf *out, struct span custom_id, uint64_t number,
    long status, struct span body);

#endif
