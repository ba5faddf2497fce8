/*
 * The file tally in a job's folder: what counting its references and results
 * gives, which bt-progress(1) writes while they come, so that nobody needs to
 * read the lines of a job that runs.
 *
 * It is believed only of a job that runs, and only if
 * - its checksum is right: it is whole;
 * - results is the file that it speaks of: a job that is resumed has another,
 *   also one that was killed with its tally left;
 * - no file has less in it than was counted: the references of a job that is
 *   resumed are made anew, the names in joined too;
 * - results and references have not grown since, or it says what they were at
 *   most two seconds ago.
 * Otherwise the lines are counted.  The file is neither waited for nor made
 * durable.
 */
#ifndef JOB_TALLY_H
#define JOB_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/table.h"
#include "job/count.h"

struct tally {
	uint64_t dev, ino;	      /* of the file results */
	uint64_t results, references; /* bytes that were counted */
	/* All lines that results had at this time, in ms since the Epoch, are
	 * counted; joined had so many bytes. */
	int64_t moment;
	uint64_t joined;
	/* Without what joined and errors say; of the objects, none has failed.
	 */
	struct job_tally objects, batches, records;
};

/* Also adds the objects that have failed, of struct object.  False, with these
 * empty, if there is no tally to believe. */
bool tally_load(const char *dir, struct tally *t, struct table *failed);

/* Who writes the tallies of one run. */
struct tally_writer {
	const char *dir;
	struct counter *counter;
	struct tally seen; /* the files when they were looked at, or zero */
	struct tally last; /* that was written */
	unsigned pause;	   /* calls that do nothing */
};

/* A tally of an earlier run is removed. */
void tally_begin(struct tally_writer *w, const char *dir);

/* Writes a tally: so many bytes of results were given to the counter.  To be
 * called a few times a second, and at the end.  A file that cannot be written
 * is left. */
void tally_write(struct tally_writer *w, uint64_t results, bool end);

#endif
