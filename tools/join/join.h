/*
 * Makes of result lines, in any order, each object's predictions in the order
 * of its records, optionally joined to the records.
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
	uint64_t max_errors;	 /* failed records tolerated in an object */
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

/* Result lines come from this file, which no output may replace. */
void join_reads(struct join *j, int fd);

/* Handles a result line, without its newline; file and its line number are for
 * messages. */
void join_line(
    struct join *j, struct span line, const char *file, uint64_t number);

/* No more lines come for now: puts whole outputs in their places. */
void join_idle(struct join *j);

/* After all lines: 0 if every object is whole, otherwise 1, after messages.
 * Frees j. */
int join_finish(struct join *j);

#endif
