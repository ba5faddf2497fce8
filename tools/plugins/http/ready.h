/*
 * Waiting until the server says that it is ready, and what it would like.
 */
#ifndef PLUGINS_HTTP_READY_H
#define PLUGINS_HTTP_READY_H

#include "plugins/http/client.h"
#include "plugins/http/server.h"

/*
 * Asks GET /ping until it is answered with 200, for so many ms at most.  server
 * is ours, and its end ends the wait; or NULL.  Returns 0, or -1 with what is
 * wrong added to why.
 */
int ready_wait(const struct bt_host *host, struct client *c,
    struct server *server, uint64_t ms, struct buf *why);

/* Asks GET /execution-parameters.  A server that answers with anything but 200
 * has none: all 0.  strategy, two strings, outlives the struct. */
void ready_ask(const struct bt_host *host, struct client *c,
    struct bt_execution_parameters *p);

#endif
