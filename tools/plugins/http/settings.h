/*
 * The address of the server and its settings, from the environment: bt-http(7).
 */
#ifndef PLUGINS_HTTP_SETTINGS_H
#define PLUGINS_HTTP_SETTINGS_H

#include <stdint.h>

#include "base/buf.h"
#include "bt_model.h"
#include "plugins/http/protocol.h"
#include "plugins/web/cells.h"

struct settings {
	/* A server that runs already: its URL, or its socket's path, or both.
	 */
	const char *url, *socket;

	/* A server of our own: a command for sh, or NULL for the program
	 * "serve" in dir; dir is the folder it runs in, NULL the current one.
	 */
	bool own;
	const char *command, *dir;

	const struct protocol *protocol;
	bool vertex; /* it is Vertex AI's */
	int port;    /* of a server that runs already; unless url */
	struct buf health, predict; /* paths of requests */
	bool by_name;		    /* a CSV record is an object */
	enum missing missing;
	uint64_t payload; /* most bytes of a request; 0: no limit */

	const char *headers;	/* lines of "Name: value"; "" for none */
	uint64_t start_timeout; /* how long it may take to be ready, in ms */
	uint64_t timeout; /* how long a request may take, in ms; 0: no limit */
	bool accept_any;  /* the user asked for any type of reply */
};

/* Strings are borrowed from the environment and load.  Returns 0, or -1 with
 * the reason added to why. */
int settings_read(
    struct settings *s, const struct bt_load *load, struct buf *why);
void settings_free(struct settings *s);

#endif
