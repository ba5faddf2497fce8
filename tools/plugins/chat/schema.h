/*
 * Whether a value fits a JSON schema, as far as labels need it: servers may
 * ignore the one that they are sent.  Of a schema's words these are looked at:
 * type, enum, const, properties, required, additionalProperties if it is false,
 * items.
 */
#ifndef PLUGINS_CHAT_SCHEMA_H
#define PLUGINS_CHAT_SCHEMA_H

#include <jansson.h>

#include "base/buf.h"

/* Returns 0, or -1 with the reason added to why: "label: not in enum". */
int schema_check(const json_t *schema, json_t *value, struct buf *why);

#endif
