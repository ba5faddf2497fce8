/*
 * The model: chat.json of the model folder, and what the environment adds to
 * it.  bt-chat(7).
 */
#ifndef PLUGINS_CHAT_SETTINGS_H
#define PLUGINS_CHAT_SETTINGS_H

#include <jansson.h>
#include <stdint.h>

#include "base/buf.h"
#include "bt_model.h"
#include "plugins/chat/template.h"

/* What a path asks for. */
enum endpoint {
	ENDPOINT_CHAT,	      /* .../chat/completions */
	ENDPOINT_COMPLETIONS, /* .../completions */
	ENDPOINT_EMBEDDINGS,  /* .../embeddings */
	ENDPOINT_NONE
};

struct settings {
	struct buf file; /* chat.json, which spans below are of */

	struct buf server, path; /* http://host:port, and what follows it */
	enum endpoint endpoint;

	/* A record is a request of OpenAI's batch format; otherwise template
	 * makes a request of records. */
	bool batch;
	struct template template;

	bool json;	     /* an answer is JSON, */
	json_t *schema;	     /* of this schema unless it is NULL; */
	struct span columns; /* a prediction is these of its members, an array
			      * of names; n 0: all of it */

	uint64_t tries;	  /* of a record that is not answered well */
	uint64_t timeout; /* how long a request may take, in ms; 0: no limit */
	uint64_t in_flight; /* requests at a time */
	uint64_t records_per_request;
	double prompt_price, completion_price; /* of a million tokens */
	bool priced;

	struct buf headers; /* lines of "Name: value", the key's too */
	struct buf key;	    /* or empty */
	uint64_t limit;	    /* how long a batch may take, in ms; 0: no limit */
	uint64_t patience;  /* how long the server may be away, in ms */
	uint64_t keeps;	    /* bytes of answers that are kept */
};

/* Zero s to begin with.  Returns 0, or -1 with the reason added to why. */
int settings_read(
    struct settings *s, const struct bt_load *load, struct buf *why);
void settings_free(struct settings *s);

enum endpoint endpoint_find(struct span path);

/* Writes stars over the key in text, or a part that begins it: text may quote
 * what a server said. */
void settings_hide(const struct settings *s, struct buf *text);

#endif
