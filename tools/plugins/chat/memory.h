/*
 * What became of each record of a batch.  bt-predict runs a batch again if it
 * fails, whole or in pieces: what was answered is not asked again.
 */
#ifndef PLUGINS_CHAT_MEMORY_H
#define PLUGINS_CHAT_MEMORY_H

#include <stdint.h>

#include "base/buf.h"
#include "bt_model.h"

enum slot_state {
	SLOT_OPEN,     /* to be asked */
	SLOT_AT_WORK,  /* a request is under way */
	SLOT_ANSWERED, /* text is the answer, JSON */
	SLOT_REFUSED   /* text is the reason */
};

struct slot {
	enum slot_state state;
	bool alone;	/* not with others in a request */
	unsigned tries; /* that were not answered well */
	size_t hash;	/* of the record */
	char *text;
	size_t n;
};

/* Zero one to begin with. */
struct memory {
	struct buf object;
	uint64_t first; /* number of the record of slot 0 */
	struct slot *slots;
	size_t n, gone; /* slots before this one are empty */
	uint64_t bytes; /* in texts */
};

/* The slots for the records of a batch.  If it is the last one, or a piece of
 * it, they are as they were. */
struct slot *memory_begin(struct memory *m, const struct bt_request *rq);

/* Ends a slot: text is copied. */
void memory_end(
    struct memory *m, struct slot *s, enum slot_state state, struct span text);

void memory_free(struct memory *m);

#endif
