/*
 * Objects of S3, and files, one after the other: to standard output, or each
 * into a file of its own.
 */
#ifndef S3_CAT_H
#define S3_CAT_H

#include "s3/plan.h"

struct s3_cat_options {
	enum s3_plan_kind kind; /* of the operands */
	const char *folder;	/* NULL: standard output */
	bool overwrite;		/* replace files */
	bool no_clobber;	/* skip objects whose file exists */
	bool names;		/* print the path of each file that is whole */
	char end;		/* after a name */
};

/*
 * Both return the exit status, after a message about each object that failed.
 * To standard output, s3_cat ends at the first failure: what follows a gap is
 * of no use.  Files do not depend on each other.  If a signal comes
 * (s3/ending.h), s3_cat removes an unfinished file and ends the process.
 */
int s3_cat(struct s3_client *client, const struct s3_cat_options *options,
    char *const *operands, size_t n);

/* Prints the names of the objects instead. */
int s3_cat_list(struct s3_client *client, const struct s3_cat_options *options,
    char *const *operands, size_t n);

#endif
