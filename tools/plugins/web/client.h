/*
 * Requests to one server, one after the other, over a connection that is kept.
 * For requests at the same time, several clients.
 */
#ifndef PLUGINS_WEB_CLIENT_H
#define PLUGINS_WEB_CLIENT_H

#include <curl/curl.h>
#include <stdint.h>

#include "base/buf.h"

/* How long it may take to make a connection, in ms. */
enum { CLIENT_CONNECT_MAX = 30000 };

/* The result of a request, the client's until the next one. */
struct answer {
	long status;	  /* HTTP's; 0: there was no answer */
	const char *type; /* its Content-Type, or NULL */
	struct buf body;
	uint64_t retry_after; /* s that the server asks to wait; 0: nothing */

	/* Why the answer is missing or incomplete; "" if it is whole. */
	struct buf broken;
	bool late;    /* the time limit was reached */
	bool refused; /* there was no connection: the server has seen nothing */
};

struct post {
	const char *content_type, *accept;
	const char *object; /* its path; NULL: no headers tell of the batch */
	uint64_t first_record, record_count;
	const char *body;
	size_t size;
	bool finds_text; /* an error is JSON: the text in it is of interest */
};

struct client;

/* NULL, with the reason added to why.  headers are lines of "Name: value". */
struct client *client_new(const char *headers, struct buf *why);
void client_free(struct client *c);

/* For the server at url, or on the socket, or both.  Returns 0, or -1 with the
 * reason added to why. */
int client_place(
    struct client *c, const char *url, const char *socket, struct buf *why);

/* Answers with more bytes are broken. */
void client_limit(struct client *c, size_t most);

/* Where requests go, for messages: no password in it. */
const char *client_where(struct client *c);

/* ms is how long a request may take; 0: no limit. */
const struct answer *client_get(
    struct client *c, const char *path, uint64_t ms);
const struct answer *client_post(
    struct client *c, const char *path, const struct post *p, uint64_t ms);

/*
 * client_post in two steps: the request is libcurl's handle, for its multi
 * interface to perform, with what is in p until client_end is given libcurl's
 * result.
 */
CURL *client_begin(
    struct client *c, const char *path, const struct post *p, uint64_t ms);
const struct answer *client_end(struct client *c, CURLcode code);
CURL *client_handle(const struct client *c);

#endif
