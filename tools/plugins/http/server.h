/*
 * A server that the worker starts for itself, as the worker sees it.
 */
#ifndef PLUGINS_HTTP_SERVER_H
#define PLUGINS_HTTP_SERVER_H

#include <sys/types.h>

#include "base/buf.h"
#include "plugins/http/settings.h"

struct server {
	pid_t watcher;
	int fd; /* to the watcher; -1: no server */
	int port;
	struct buf folder, socket;
};

/* Starts it: it is not ready yet.  Returns 0, or -1 with the reason added to
 * why. */
int server_start(struct server *s, const struct settings *set, struct buf *why);

/* Waits at most ms for its end.  If it has ended, returns true and adds to how:
 * "exited with status 1". */
bool server_ended(struct server *s, int ms, struct buf *how);

/* server_stop stops it and waits for its end; server_leave does not wait. */
void server_stop(struct server *s);
void server_leave(struct server *s);

#endif
