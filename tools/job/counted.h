/*
 * The file counted in a job's folder: how far its lines have been counted, and
 * what is known from them, so that who counts again goes on from there.
 *
 * It is never waited for, nor made durable: one that is damaged, or whose files
 * are no longer those that it speaks of, counts as absent.
 */
#ifndef JOB_COUNTED_H
#define JOB_COUNTED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/table.h"

/* A file up to a line of it.  The key is its name in the folder. */
struct mark {
	struct table_entry entry;
	uint64_t at, lines; /* bytes and lines before it */
};

struct counted {
	/* Of the references and results that are in the marks. */
	uint64_t objects, batches, records; /* all there are */
	uint64_t objects_done, batches_done, records_done;
	uint64_t joined, lost; /* objects in the file joined, records in errors
				*/
	/* The references after these lines were only added up. */
	uint64_t parsed_at, parsed_lines;
};

/*
 * Sets all three from the file: the marks (struct mark) and the open objects
 * (struct object), which were empty.  False, with these empty, if there is no
 * file that can be used.
 */
bool counted_load(const char *dir, struct counted *c, struct table *marks,
    struct table *open);

/* Replaces the file, or leaves it if it cannot be written. */
void counted_save(const char *dir, const struct counted *c,
    const struct table *marks, const struct table *open);

#endif
