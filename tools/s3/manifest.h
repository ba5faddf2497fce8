/*
 * The manifest of a Batch Transform job: [{"prefix": "s3://bucket/a/"}, "b",
 * "c/d", ...] names s3://bucket/a/b and so on.
 * docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3DataSource.html
 */
#ifndef S3_MANIFEST_H
#define S3_MANIFEST_H

#include <stddef.h>

#include "base/buf.h"

struct s3_manifest;

/* Reads n bytes.  NULL, and adds to why what is wrong at which place. */
struct s3_manifest *s3_manifest_read(const char *p, size_t n, struct buf *why);

/* How many objects it names. */
size_t s3_manifest_count(const struct s3_manifest *m);

const char *s3_manifest_prefix(const struct s3_manifest *m);

/* The name of the i-th below the prefix; borrowed. */
const char *s3_manifest_name(const struct s3_manifest *m, size_t i);

void s3_manifest_free(struct s3_manifest *m);

#endif
