/*
 * Waiting until the server is ready, and its preferences.
 */
#ifndef PLUGINS_HTTP_READY_H
#define PLUGINS_HTTP_READY_H

#include "plugins/http/client.h"
#include "plugins/http/server.h"

/*
 * Repeats GET /ping until the answer is 200, for at most ms.  server is NULL,
 * or ours: if it ends, so does the wait.  Returns 0, or -1 with the reason
 * added to why.
 */
int ready_wait(const struct bt_host *host, struct client *c,
    struct server *server, uint64_t ms, struct buf *why);

/* Asks GET /execution-parameters.  All are 0 unless it answers 200.  strategy,
 * two strings, outlives the struct. */
void ready_ask(const struct bt_host *host, struct client *c,
    struct bt_execution_parameters *p);

#endif
