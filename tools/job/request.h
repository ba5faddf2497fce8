/*
 * A request: a JSON document, and options of the AWS CLI, whose values replace
 * the document's members.
 */
#ifndef JOB_REQUEST_H
#define JOB_REQUEST_H

#include <jansson.h>
#include <stddef.h>

#include "base/buf.h"

struct request {
	const char *name; /* of the document, in messages */
	json_t *value;	  /* the document, or NULL */
	json_t *set;	  /* the options' members, or NULL */
	json_t *given;	  /* the options' names, by those of their members */
};

/* A request is zero at first; this frees its members. */
void job_request_free(struct request *r);

/*
 * Reads the document from a file, or "-" for standard input.  If it cannot be
 * read or is not JSON, the process ends with status 1.
 */
void job_request_file(struct request *r, const char *path);

/* The same for the value of --cli-input-json: JSON, file://FILE or FILE. */
void job_request_cli(struct request *r, const char *text);

/*
 * Replaces the document's members with the options', whichever came first.
 * After it value and name are set.
 */
void job_request_merge(struct request *r);

/*
 * Sets the member that an option ("--transform-input") names to the value of
 * its words, one, or any number for a list: text, JSON, shorthand, or the file
 * of file:// or fileb://.  A value that cannot be read ends the process with
 * status 2; job_check_request checks it later.
 */
void job_request_option(
    struct request *r, const char *option, char *const *words, size_t n);

/*
 * A whole JSON file, as job_request_file reads it, of at most 16 MiB.  The
 * caller's reference.  What job_check finds wrong by the member's name is not
 * refused here: strings with U+0000, and whole numbers of more than 64 bits,
 * which become reals.
 */
json_t *job_load(const char *path, const char *name);

/* The same, but NULL and a message in why, and nothing is let through. */
json_t *job_try(const char *path, const char *name, struct buf *why);

#endif
