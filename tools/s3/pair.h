/*
 * A name and its value: a query parameter, or a header.
 */
#ifndef S3_PAIR_H
#define S3_PAIR_H

#include <stddef.h>

struct s3_pair {
	const char *name;
	const char *value;
};

struct s3_pairs {
	const struct s3_pair *p;
	size_t n;
};

#endif
