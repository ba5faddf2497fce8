/*
 * The objects of a job that are not complete yet, while it is counted.
 */
#ifndef JOB_OBJECTS_H
#define JOB_OBJECTS_H

#include "base/ranges.h"
#include "base/table.h"

/* A queue of batches, each a range of record numbers. */
struct batches {
	struct range *p;
	size_t from, n, size; /* those from..n-1 are in it */
};

/* The key is the path, as in references. */
struct object {
	struct table_entry entry;
	bool last;	/* its last batch is known */
	bool joined;	/* its output is in its place */
	uint64_t end;	/* after the records of its known batches */
	uint64_t known; /* the number of these records */
	struct batches waiting, failed;
	struct ranges answered, not_answered; /* may overlap: then answered */
};

/* Forgets one object, or all. */
void objects_drop(struct table *objects, struct object *o);
void objects_free(struct table *objects);

void batches_add(struct batches *b, struct range batch);

#endif
