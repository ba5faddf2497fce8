/*
 * The AWS command line's config and credentials files:
 *
 *	[profile NAME]
 *	region = eu-west-1
 *	s3 =
 *	  addressing_style = path
 *
 * docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html
 */
#ifndef S3_INI_H
#define S3_INI_H

#include <stdbool.h>
#include <stddef.h>

struct ini;

/*
 * Reads n bytes.  Returns NULL, or what is wrong and in which line, to be
 * freed. *ini is the caller's until ini_free.
 */
char *ini_read(const char *p, size_t n, struct ini **ini);

/* Whether there is such a section: "default", "profile x", "services y". */
bool ini_has(const struct ini *ini, const char *section);

/*
 * The last value of the name in the section, below nested (the "s3" above)
 * where that is not NULL; NULL where it is not set.  Borrowed.  ini may be
 * NULL.
 */
const char *ini_value(const struct ini *ini, const char *section,
    const char *nested, const char *name);

/* Overwrites and frees: there may be secrets in it. */
void ini_free(struct ini *ini);

#endif
