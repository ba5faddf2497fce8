/*
 * A report as a page of HTML, or as text.
 */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "report/run.h"

/* What is not in the result lines; all borrowed. */
struct report_job {
	const char *name;
	const char *status;    /* "Completed"; NULL: not known */
	const char *reason;    /* why it failed; NULL */
	double created, ended; /* seconds since the epoch; 0: not known */
	struct buf words; /* the request, a sentence a line; may be empty */
};

/* What each begins with, and no other file does. */
#define REPORT_PAGE_HEAD                                                       \
	"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"                        \
	"<meta name=\"generator\" content=\"bt-report\">\n"
#define REPORT_TEXT_HEAD "job                       "

/* Adds a page that needs nothing but itself. */
void report_page(
    const struct report *r, const struct report_job *job, struct buf *b);

/* Adds the same, without the pictures, for a terminal: a control byte is
 * written %XX. */
void report_text(
    const struct report *r, const struct report_job *job, struct buf *b);

#endif
