/*
 * What the API takes: the shapes of CreateTransformJob and of CreateModel, as
 * tables.
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

/* Where a run on this machine takes more than the service. */
enum job_relief {
	JOB_AS_IS,
	JOB_OR_PATH, /* a path or a file:// URI will do */
	JOB_ANY_TEXT /* no values, no greatest length */
};

struct shape {
	enum job_kind kind;
	enum job_relief relief;
	/* Of a number its value, of a string its characters, of a list or map
	 * its members; most 0: as many as there are. */
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

/* The member of a struct; NULL where it has none of that name. */
const struct member *job_shape_member(
    const struct shape *shape, const char *name);

#endif
