/*
 * The predictions in a server's reply, as the protocol has them.
 */
#ifndef PLUGINS_HTTP_REPLY_H
#define PLUGINS_HTTP_REPLY_H

#include "plugins/http/request.h"
#include "plugins/web/rows.h"

/*
 * Writes the predictions in the body of a reply, JSON, to the last request.
 * r was begun.  Returns BT_OK, or what host->fail was given.
 */
int reply_write(struct rows *r, struct request *rq, struct span body);

/* Writes predictions that are lines of JSON. */
int reply_write_values(struct rows *r, struct span lines);

#endif
