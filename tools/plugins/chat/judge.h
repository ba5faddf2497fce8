/*
 * What an answer of the server means for the records that were asked about.
 */
#ifndef PLUGINS_CHAT_JUDGE_H
#define PLUGINS_CHAT_JUDGE_H

#include "plugins/chat/settings.h"
#include "plugins/web/client.h"

enum judgement {
	JUDGE_ANSWERED, /* a reply, which may be good or not */
	JUDGE_REFUSED,	/* the same request will not be answered */
	JUDGE_AGAIN,	/* it may be if it is sent again, a few times */
	JUDGE_WAIT,	/* it will be, but the server is busy or away */
	JUDGE_HOPELESS	/* no request will be: the key, the quota, the model */
};

/* Unless it is JUDGE_ANSWERED, the reason is added to why. */
enum judgement judge(const struct settings *set, const struct answer *a,
    const struct post *p, const char *where, struct buf *why);

#endif
