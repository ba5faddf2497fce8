/*
 * Waiting until the server is ready, and its preferences.
 */
#ifndef PLUGINS_HTTP_READY_H
#define PLUGINS_HTTP_READY_H

#include "plugins/http/inputs.h"
#include "plugins/http/server.h"
#include "plugins/web/client.h"

/*
 * Repeats the protocol's request (GET /ping) until the answer is 200, for at
 * most ms.  server is NULL, or ours: if it ends, so does the wait.  Returns 0,
 * or -1 with the reason added to why.
 */
int ready_wait(const struct bt_host *host, struct client *c,
    struct server *server, const struct settings *set, uint64_t ms,
    struct buf *why);

/* FORM_TENSORS: asks for the inputs of the model.  Returns 0, or -1 with the
 * reason added to why. */
int ready_inputs(struct client *c, const struct settings *set,
    struct inputs *in, struct buf *why);

/* Asks GET /execution-parameters.  All are 0 unless it answers 200.  strategy,
 * two strings, outlives the struct. */
void ready_ask(const struct bt_host *host, struct client *c,
    struct bt_execution_parameters *p);

#endif
