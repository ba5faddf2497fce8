/*
 * A report as a page of HTML, or as text.
 */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "report/run.h"

/* What the result lines do not say; all borrowed. */
struct report_job {
	const char *name;
	const char *status;    /* "Completed"; NULL: not known */
	const char *reason;    /* why it failed; NULL */
	double created, ended; /* seconds since the epoch; 0: not known */
	double now;	       /* the time of the report */
	const char *outputs;   /* where they are; NULL: not known */
	const char *folder;    /* the absolute path of the job's; NULL */
	const char *script;    /* the commands that ran; NULL: not known */
	struct buf words; /* the request, a sentence a line; may be empty */
};

/* The start of each, and of no other file. */
#define REPORT_PAGE_HEAD                                                       \
	"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"                        \
	"<meta name=\"generator\" content=\"bt-report\">\n"
#define REPORT_TEXT_HEAD "job                       "

/* The name of the number of failed records. */
#define REPORT_FAILED "failed records"

/* Whether the job has not ended. */
bool report_is_running(const struct report_job *job);

/* The part of the job's records that is done; 0: not known. */
double report_share(const struct report *r);

/* The records that failed. */
uint64_t report_failed(const struct report *r);

/* Whether the run was long enough for a speed. */
bool report_has_speed(const struct report *r);

/*
 * Each of these calls each for every number and its name, in order; value is
 * borrowed: the few numbers that matter most, the others, and where things are.
 */
void report_headline(const struct report *r, const struct report_job *job,
    void (*each)(void *arg, const char *name, const char *value), void *arg);
void report_facts(const struct report *r, const struct report_job *job,
    void (*each)(void *arg, const char *name, const char *value), void *arg);
void report_places(const struct report *r, const struct report_job *job,
    void (*each)(void *arg, const char *name, const char *value), void *arg);

/* Adds text with the characters of markup escaped; a replacement character
 * takes the place of control bytes and of what is not UTF-8. */
void html_text(struct buf *b, const char *text);

/* Adds a page that needs no other file. */
void report_page(
    const struct report *r, const struct report_job *job, struct buf *b);

/* Adds the same for a terminal, without the charts: a control byte is written
 * %XX. */
void report_text(
    const struct report *r, const struct report_job *job, struct buf *b);

#endif
