/*
 * The AWS command line's config and credentials files:
 *
 *	[profile NAME]
 *	region = eu-west-1
 *	s3 =
 *	  addressing_style = path
 *
 * read as it reads them.  A line that is indented more than the setting above
 * it continues that setting's value, or is a setting below it if it has no
 * value.  Names may be in any case; '=' or ':' follows them.  A line that
 * begins with # or ; is a comment.  Unlike there, a repeated section or setting
 * is not an error: the last one counts.
 * docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html
 * docs.python.org/3/library/configparser.html
 */
#ifndef S3_INI_H
#define S3_INI_H

#include <stdbool.h>
#include <stddef.h>

struct ini;

/* In the config file a profile is [profile NAME], but [default]; the name may
 * be quoted.  In the credentials file it is [NAME]. */
enum ini_file { INI_CONFIG, INI_CREDENTIALS };

/*
 * Reads n bytes.  Returns NULL, or "line N: what is wrong", to be freed; it
 * quotes nothing of the line.  *ini is the caller's until ini_free.
 */
char *ini_read(const char *p, size_t n, enum ini_file file, struct ini **ini);

/* Whether there is such a section: of type "profile" or "services". */
bool ini_has(const struct ini *ini, const char *type, const char *section);

/*
 * The last value of the name in the section, below nested (the "s3" above)
 * unless that is NULL; NULL if it is not set.  Borrowed.  *line, unless NULL,
 * becomes its line, from 1.  ini may be NULL.
 */
const char *ini_value(const struct ini *ini, const char *type,
    const char *section, const char *nested, const char *name, size_t *line);

/* Overwrites and frees: there may be secrets in it. */
void ini_free(struct ini *ini);

#endif
