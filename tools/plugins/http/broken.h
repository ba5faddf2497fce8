/*
 * Why there was no answer, or not all of it, in words.
 */
#ifndef PLUGINS_HTTP_BROKEN_H
#define PLUGINS_HTTP_BROKEN_H

#include <curl/curl.h>

#include "plugins/http/client.h"

struct broken {
	CURL *curl;
	CURLcode code;
	const char *error;     /* libcurl's own words, or "" */
	uint64_t size;	       /* of the request's body */
	uint64_t ms;	       /* that it had; 0: no limit */
	struct answer *answer; /* what came of it */
};

/* Puts them into b->answer->broken, and sets late. */
void broken_say(const struct broken *b);

#endif
