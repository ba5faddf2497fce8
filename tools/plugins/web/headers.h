/*
 * The headers of requests: the user's, and those of each.
 */
#ifndef PLUGINS_WEB_HEADERS_H
#define PLUGINS_WEB_HEADERS_H

#include <curl/curl.h>

#include "base/buf.h"

/* Zero it to begin with. */
struct headers {
	struct curl_slist *own;	 /* the user's */
	struct curl_slist *sent; /* all of the current request */
	struct buf line;
};

/* The user's: lines of "Name: value".  Returns 0, or -1 with the reason added
 * to why. */
int headers_take(struct headers *h, const char *lines, struct buf *why);

/* Begins a request's, with the user's; adds one; adds a line in libcurl's form.
 */
void headers_begin(struct headers *h);
void headers_add(struct headers *h, const char *name, const char *value);
void headers_line(struct headers *h, const char *line);

void headers_free(struct headers *h);

#endif
