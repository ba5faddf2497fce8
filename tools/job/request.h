/*
 * A request as it comes: a JSON document, and options of the AWS CLI, whose
 * values take the place of the document's members.
 */
#ifndef JOB_REQUEST_H
#define JOB_REQUEST_H

#include <jansson.h>
#include <stddef.h>

#include "base/buf.h"

struct request {
	const char *name; /* of the document, for messages */
	json_t *value;	  /* the document, NULL where there is none */
	json_t *set;	  /* the options' members, NULL where there is none */
	json_t *given;	  /* the options' names, by those of their members */
};

/* Zero one to begin with; this is how it ends. */
void job_request_free(struct request *r);

/*
 * Reads the document, a file or "-" for standard input.  What cannot be read,
 * or is not JSON, ends the process with status 1.
 */
void job_request_file(struct request *r, const char *path);

/* The same for the value of --cli-input-json: JSON, file://FILE or FILE. */
void job_request_cli(struct request *r, const char *text);

/*
 * Puts the options' members in the place of the document's, whichever came
 * first.  There is a value and a name then.
 */
void job_request_merge(struct request *r);

/*
 * Sets the member that an option ("--transform-input") names to what its words
 * say, one, or for a list any number: text, JSON, shorthand, or the file of
 * file:// or fileb://.  A value that cannot be read ends the process with
 * status 2; what it says is not checked here.
 */
void job_request_option(
    struct request *r, const char *option, char *const *words, size_t n);

/* A whole JSON file, as job_request_file reads it, of at most 16 MiB.  The
 * caller's reference. */
json_t *job_load(const char *path, const char *name);

/* The same, but NULL and a message in why. */
json_t *job_try(const char *path, const char *name, struct buf *why);

#endif
