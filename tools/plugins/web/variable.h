/*
 * Settings from the environment.
 */
#ifndef PLUGINS_WEB_VARIABLE_H
#define PLUGINS_WEB_VARIABLE_H

#include <stdint.h>

#include "base/buf.h"

/* The value of a variable that is set and not empty, or NULL. */
const char *variable_get(const char *name);

/* Sets *s to its value, or to unset.  Returns 0, or -1 with the reason added to
 * why. */
int variable_seconds(
    const char *name, uint64_t unset, uint64_t *s, struct buf *why);

/* In ms, somewhat less than the s seconds after which bt-predict kills the
 * worker: so the error can say how far the request got, and the server stays.
 */
uint64_t variable_before(uint64_t s);

#endif
