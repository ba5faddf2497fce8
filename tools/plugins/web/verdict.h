/*
 * The status of a batch for an answer.
 */
#ifndef PLUGINS_WEB_VERDICT_H
#define PLUGINS_WEB_VERDICT_H

#include "plugins/web/client.h"

/* An enum bt_status; unless it is BT_OK, the reason is added to why. */
int verdict(const struct answer *a, const struct post *p, const char *where,
    struct buf *why);

/* The gist of an error's body, in one short line: its first line; of HTML and
 * JSON, which may begin with nothing but brackets, its text. */
void verdict_gist(struct buf *out, struct span body);

#endif
