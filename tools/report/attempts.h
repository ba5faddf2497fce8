/*
 * The attempts to run the shares of a job, bt-cluster(7), from the files in
 * the folder attempts of the job's, each named SHARE.NAME:
 *
 *	machine=HOST start=SECONDS
 *	status=N end=SECONDS
 *
 * The second line is missing if the attempt has not ended, or was killed with
 * its machine.  The part files of an attempt are in parts/SHARE.NAME/, which
 * says whose the replies are.
 */
#ifndef REPORT_ATTEMPTS_H
#define REPORT_ATTEMPTS_H

#include "report/run.h"

/* Adds those of a job's folder; none if it has no such folder.  A file that is
 * damaged is ignored, one that cannot be read ends the process. */
void attempts_read(struct report *r, const char *dir);

/* Counts a mini-batch that was answered until end, with this reply. */
void attempts_add_reply(struct report *r, const struct ref *reply, double end);

/* Puts them in order, and finds what came of each; before the lanes are
 * assigned. */
void attempts_settle(struct report *r);

/* Whether it ended before the share was done. */
bool attempt_is_cut(const struct report_attempt *a);

/* Whether it is not the only one of its share, or was cut. */
bool attempt_is_told(const struct report_attempt *a);

/* Adds "killed after 4.0 s or more, 12 mini-batches answered; begun again 7.0 s
 * later on node4": the last answer came so late. */
void attempt_outcome(const struct report_attempt *a, struct buf *b);

#endif
