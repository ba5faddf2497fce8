/*
 * The progress of a job, from the references and result lines in its folder.
 *
 * Both files are read once, side by side, and an object is forgotten when all
 * of it is answered: memory is for the objects that are open, for their
 * batches that wait for an answer while others have one, and for those that
 * failed.  A result line of an object that is not among the references is
 * ignored, but only the whole file shows that, so that all batches wait, at 16
 * bytes each.
 */
#ifndef JOB_COUNT_H
#define JOB_COUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "format/result.h"
#include "job/objects.h"

struct job_tally {
	uint64_t all, completed, failed;
};

struct job_count {
	struct job_tally objects, batches, records;
	bool joined; /* there is a file joined */
	/* The numbers of objects that have no output and of their failed
	 * records, and the first of these, by object name and number. */
	struct {
		uint64_t objects, records;
		struct buf object; /* encoded, as in references */
		uint64_t record;
		uint64_t in_object; /* failed records of this object */
	} failures;
	struct table open; /* of struct object: not all of it is answered */
};

/*
 * Counts; a missing file is empty.  The objects are those in the file objects,
 * and those in the file joined have their outputs; without these files, the
 * objects are those of the references, complete if all their records are
 * answered.  Records that bt-join could not join have failed; they are in the
 * file errors.  A line that is not of bt-ref(5) is reported and ignored; a file
 * that cannot be read ends the process.  An answered record has not failed,
 * even if another line says that it has.
 */
void job_count(const char *dir, struct job_count *c);

/* The same for a job that runs here: from its tally, if that can be believed.
 * Without failures.object and what belongs to it. */
void job_count_running(const char *dir, struct job_count *c);

void job_count_free(struct job_count *c);

/*
 * Counts while the result lines come, for the file tally.  counter_tally sets
 * the numbers of the lines so far and the size of the references, and adds the
 * objects that have failed, a line each.  False after counter_give_up; after a
 * line that job_count would report; and if many results come before their
 * references do.
 */
struct counter;
struct tally;

struct counter *counter_new(const char *dir);
void counter_add(struct counter *n, const struct result *r, struct span line);
void counter_give_up(struct counter *n);
bool counter_tally(struct counter *n, struct tally *t, struct buf *failed);
void counter_free(struct counter *n);

/* DIR/NAME, borrowed from b. */
const char *job_path(struct buf *b, const char *dir, const char *name);

#endif
