/*
 * The objects of a job that are not done yet, while it is counted.
 */
#ifndef JOB_OBJECTS_H
#define JOB_OBJECTS_H

#include <stdbool.h>

#include "base/ranges.h"
#include "base/span.h"

/* A queue of batches, as the numbers of their records. */
struct batches {
	struct range *p;
	size_t from, n, size; /* those from..n-1 are in it */
};

struct object {
	struct object *next; /* with the same slot */
	uint64_t hash;
	char *path; /* as in references */
	size_t n;
	bool last;	/* its last batch is known */
	bool joined;	/* its output is in its place */
	uint64_t end;	/* of the records of its known batches */
	uint64_t known; /* how many these are */
	struct batches waiting, failed;
	struct ranges answered, not_answered; /* may overlap: then answered */
};

struct objects {
	struct object **slots;
	size_t size, n;
	struct object *recent; /* found last */
};

/* The object of this path; with add, made where it is not there, or else
 * NULL. */
struct object *objects_find(struct objects *os, struct span path, bool add);

/* Forgets it. */
void objects_drop(struct objects *os, struct object *o);

void objects_free(struct objects *os);

void batches_add(struct batches *b, struct range batch);

#endif
