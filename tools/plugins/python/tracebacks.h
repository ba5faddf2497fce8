/*
 * The tracebacks of a script: each is logged once, and at the end how often it
 * came again.  Memory is bounded: beyond a number of different ones all are
 * logged.
 */
#ifndef PLUGINS_PYTHON_TRACEBACKS_H
#define PLUGINS_PYTHON_TRACEBACKS_H

#include "base/span.h"
#include "bt_model.h"

enum { TRACEBACKS_MAX = 64 };

struct tracebacks {
	struct {
		size_t hash;
		unsigned long long again;
		char *message; /* of the first */
	} seen[TRACEBACKS_MAX];
	size_t n;
};

/* Logs text, the traceback of the error that message reports, unless one was
 * logged that differs at most in the exception's text. */
void tracebacks_log(struct tracebacks *t, const struct bt_host *host,
    struct span message, struct span text);

/* Logs how often each came again, and frees the memory. */
void tracebacks_end(struct tracebacks *t, const struct bt_host *host);

#endif
