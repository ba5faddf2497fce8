/*
 * The listed failures by error, so that each error is shown once.
 */
#ifndef REPORT_FAILURES_H
#define REPORT_FAILURES_H

#include "report/run.h"

/* Failures of one status and one error, apart from its place. */
struct report_error {
	const char *status, *text; /* borrowed */
	uint64_t batches, records; /* that failed with it */
	size_t places;		   /* failures */
};

struct report_errors {
	struct report_error error[REPORT_FAILURES];
	size_t n;
	size_t of[REPORT_FAILURES]; /* the error of each failure */
};

/* Finds the errors of r, which they borrow from. */
void errors_find(const struct report *r, struct report_errors *e);

/* Adds "1 record in 1 mini-batch". */
void errors_count(const struct report_error *e, struct buf *b);

/* Adds "20 to 29", the records of the batch. */
void failure_records(const struct report_failure *f, struct buf *b);

/* Adds "record 21 (byte 2100)", as the error says, otherwise "byte 2000", where
 * the batch begins. */
void failure_place(const struct report_failure *f, struct buf *b);

#endif
