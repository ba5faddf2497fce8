/*
 * SageMakerInferenceId: UUIDs, random, or such that a record's is always the
 * same.
 */
#ifndef JOIN_ID_H
#define JOIN_ID_H

#include <stdint.h>

#include "base/span.h"

enum { ID_LENGTH = 36 };

/* The ids of records that follow each other. */
struct ids {
	bool random;
	uint64_t key[2];
	uint64_t record; /* the next */
};

/* Those of an object's records from first on; with a seed (NULL: random) they
 * follow from it, the object's name and the record's number. */
struct ids ids_begin(const char *seed, const char *object, uint64_t first);

/*
 * Writes the next record's (RFC 9562: version 4 random, else 8) at p, ID_LENGTH
 * bytes and no NUL; returns its end.  Ends the process if the system has no
 * random bytes.
 */
char *ids_put(struct ids *ids, char *p);

#endif
