/*
 * Describes why an answer is missing or incomplete.
 */
#ifndef PLUGINS_WEB_BROKEN_H
#define PLUGINS_WEB_BROKEN_H

#include "plugins/web/client.h"

struct broken {
	CURL *curl;
	CURLcode code;
	const char *error;     /* libcurl's own words, or "" */
	uint64_t size;	       /* of the request's body */
	uint64_t ms;	       /* its limit; 0: none */
	struct answer *answer; /* its result */
};

/* Describes it in b->answer->broken, and sets late and refused. */
void broken_say(const struct broken *b);

#endif
