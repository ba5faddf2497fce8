/*
 * Result lines in any order, to each object's predictions in the order of its
 * records, beside these where asked.
 */
#ifndef JOIN_JOIN_H
#define JOIN_JOIN_H

#include <stdint.h>

#include "base/span.h"
#include "format/jsonpath.h"

enum join_assemble { ASSEMBLE_DEFAULT, ASSEMBLE_NONE, ASSEMBLE_LINE };
enum join_on_error { ON_ERROR_FAIL, ON_ERROR_SKIP, ON_ERROR_PLACEHOLDER };

struct join_options {
	bool input;		 /* JoinSource Input */
	struct jsonpath *filter; /* NULL: everything */
	bool strict;		 /* JSON as the service prints it */
	enum join_assemble assemble;
	enum join_on_error on_error;
	struct span placeholder; /* a failed record's prediction */
	uint64_t max_errors; /* failed records of an object that are borne */
	bool max_is_percent;
	const char *errors; /* file for a line per failed record, or NULL */
	const char *inference_time; /* NULL: no ids */
	const char *inference_seed; /* NULL: they are random */
	const char
	    *content_type;  /* of the records; NULL: as the reference says */
	const char *accept; /* of replies that do not say; or NULL */
	const char *dir;    /* NULL: one object, to standard output */
	bool names;	    /* say which outputs are in their places */
	const char
	    *prefix; /* of paths, that names below dir leave out; or NULL */
};

struct join;

/* o is borrowed for the join's life. */
struct join *join_new(const struct join_options *o);

/* Result lines come from this file: nothing is written in its place. */
void join_reads(struct join *j, int fd);

/* Takes a result line, without its newline; file and its line number are for
 * messages. */
void join_line(
    struct join *j, struct span line, const char *file, uint64_t number);

/* No more lines come for now: what is whole is put in its place. */
void join_idle(struct join *j);

/* All lines were there.  0 when every object is whole, else 1; all was said.  j
 * is gone. */
int join_finish(struct join *j);

#endif
