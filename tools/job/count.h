/*
 * How far a job is, by the references and result lines in its folder.
 *
 * Both files are read once, side by side, and an object is forgotten when all
 * of it is answered: memory is for the objects that are open, for their
 * batches that wait for an answer, and for those that failed.  A result line of
 * an object that the references do not have (any more) is passed over, but lets
 * all batches wait, of 16 bytes each: it takes the whole file to know it.
 */
#ifndef JOB_COUNT_H
#define JOB_COUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "format/ref.h"
#include "job/objects.h"

struct job_tally {
	uint64_t all, completed, failed;
};

struct job_count {
	struct job_tally objects, batches, records;
	bool joined; /* there is a file joined */
	/* Objects that have no output, and records that failed: how many, and
	 * the first of these records, by its object's name and its number. */
	struct {
		uint64_t objects, records;
		struct buf object; /* encoded, as in references */
		uint64_t record;
		uint64_t in_object; /* those of records of this object */
	} failures;
	struct table open; /* of struct object: not all of it is answered */
};

/*
 * Counts; a file that is not there is empty.  The objects are those of the file
 * objects, and have their outputs where the file joined says so; where these
 * are not there, the references' objects, all of whose records are answered.  A
 * line that is none of bt-ref(5) is told and passed over; a file that cannot be
 * read ends the process. A record that was answered has not failed, whatever
 * came before or after.
 */
void job_count(const char *dir, struct job_count *c);

void job_count_free(struct job_count *c);

/* DIR/NAME, borrowed from b. */
const char *job_path(struct buf *b, const char *dir, const char *name);

#endif
