/*
 * What a server's reply has for each record that was asked about.
 */
#ifndef PLUGINS_CHAT_REPLY_H
#define PLUGINS_CHAT_REPLY_H

#include <stdint.h>

#include "plugins/chat/settings.h"

struct usage {
	uint64_t requests, again; /* and how many of them a second time */
	uint64_t prompt_tokens, completion_tokens;
};

/* Zero one to begin with. */
struct reply {
	struct span *item; /* a choice or an embedding for each record */
	size_t room;
	struct buf text;
};

/*
 * Reads the body of a reply for n records; the spans are of body.  Adds to
 * usage what the server says it used.  Returns 0, or -1 with the reason added
 * to why.
 */
int reply_read(struct reply *r, struct span body, size_t n, struct usage *usage,
    struct buf *why);

enum reply_is {
	REPLY_GOOD,
	REPLY_BAD,    /* another try may be better */
	REPLY_REFUSED /* it would not */
};

/* Adds the answer for record i, in JSON; or the reason to why. */
enum reply_is reply_answer(struct reply *r, const struct settings *set,
    size_t i, struct buf *out, struct buf *why);

/* Adds to usage the tokens that a checked reply says it used. */
void reply_usage(struct span reply, struct usage *usage);

/* Adds the prediction that an answer is: its columns as an array, or if
 * by_name as an object.  set->columns is set. */
void reply_prediction(const struct settings *set, struct span answer,
    bool by_name, struct buf *out);

void reply_free(struct reply *r);

#endif
