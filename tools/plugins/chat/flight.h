/*
 * The requests of a batch, many at a time.
 */
#ifndef PLUGINS_CHAT_FLIGHT_H
#define PLUGINS_CHAT_FLIGHT_H

#include "plugins/chat/memory.h"
#include "plugins/chat/reply.h"

struct flight;

/* For the server of set.  NULL, with the reason added to why; that may also be
 * that the server refuses the key. */
struct flight *flight_new(
    const struct bt_host *host, struct settings *set, struct buf *why);
void flight_free(struct flight *f);

enum flight_end {
	FLIGHT_DONE,	/* each slot is answered or refused */
	FLIGHT_LATE,	/* the time for a batch is over */
	FLIGHT_FULL,	/* the answers of the batch are too large */
	FLIGHT_LOST,	/* the server has been away for too long */
	FLIGHT_HOPELESS /* no request will be answered */
};

/*
 * Asks about the records of rq whose slots are open, and ends these slots.
 * Unless it is FLIGHT_DONE, the reason is added to why, and some slots are
 * open.
 */
enum flight_end flight_run(struct flight *f, struct memory *m,
    struct slot *slots, const struct bt_request *rq, struct buf *why);

/* Since flight_new. */
const struct usage *flight_usage(const struct flight *f);

#endif
