/*
 * The shapes of the API's CreateTransformJob and CreateModel, as tables.  The
 * options of bt-job, its usage and --describe follow from the first.
 */
#ifndef JOB_SHAPES_H
#define JOB_SHAPES_H

#include <stdbool.h>
#include <stdint.h>

enum job_kind {
	JOB_STRUCT,
	JOB_MAP,
	JOB_LIST,
	JOB_STRING,
	JOB_INTEGER, /* of 32 bits */
	JOB_BOOLEAN
};

/* What this machine accepts and the service does not. */
enum job_relief {
	JOB_AS_IS,
	JOB_OR_PATH, /* also a path or a file:// URI */
	JOB_ANY_TEXT /* any value of any length */
};

struct shape {
	enum job_kind kind;
	enum job_relief relief;
	/* Bounds of a number's value, a string's characters, a list's or
	 * map's members; most 0: none. */
	int64_t least, most;
	const char *pattern; /* RFC 9485, matches the whole; NULL: any text */
	const char *words;   /* what the pattern means, or the values */
	const char *const *values;	/* the only ones; a NULL ends them */
	const struct member *members;	/* a struct's; a NULL name ends */
	const struct shape *key, *item; /* of a map, and of a list */
};

enum job_need { JOB_OPTIONAL, JOB_REQUIRED, JOB_REQUIRED_STRICT };

struct member {
	const char *name;
	enum job_need need;
	const struct shape *shape;
};

extern const struct shape job_transform_shape, job_model_shape;

/* The member of a struct with this name, or NULL. */
const struct member *job_shape_member(
    const struct shape *shape, const char *name);

#endif
