/*
 * The objects of a command line, one after the other: each operand itself, all
 * objects whose keys begin with it, or those that a manifest names.
 */
#ifndef S3_PLAN_H
#define S3_PLAN_H

#include "s3/client.h"
#include "s3/uri.h"

enum s3_plan_kind { S3_PLAN_OBJECTS, S3_PLAN_PREFIXES, S3_PLAN_MANIFESTS };

struct s3_planned {
	const char *name;     /* for messages: "s3://bucket/key", or a path */
	struct s3_uri uri;    /* of an object; bucket NULL: name is a file's */
	const char *relative; /* the name below the operand's last '/', or below
				 the manifest's prefix */
	uint64_t size;	      /* as the list has it; UINT64_MAX: not known */
};

struct s3_plan;

/* The operands and conn are borrowed until it is freed. */
struct s3_plan *s3_plan_new(struct s3_conn *conn, enum s3_plan_kind kind,
    char *const *operands, size_t n);

/*
 * 1: the next object, borrowed until the next call; 0: there are no more; -1,
 * and adds to why, with the operand's name.
 */
int s3_plan_next(
    struct s3_plan *plan, struct s3_planned *object, struct buf *why);

void s3_plan_free(struct s3_plan *plan);

#endif
