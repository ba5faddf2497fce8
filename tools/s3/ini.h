/*
 * The AWS command line's config and credentials files:
 *
 *	[profile NAME]
 *	region = eu-west-1
 *	s3 =
 *	  addressing_style = path
 *
 * read as it reads them: a line that begins further in than the setting above
 * it goes on with that setting's value, and where that has none yet it is a
 * setting below it; names are the same in capitals; '=' or ':' stands after
 * them; a comment is a line that begins with # or ;.  Unlike there, a section
 * or a setting that comes again is no error: the later one counts.
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
 * shows nothing of the line.  *ini is the caller's until ini_free.
 */
char *ini_read(const char *p, size_t n, enum ini_file file, struct ini **ini);

/* Whether there is such a section: of type "profile" or "services". */
bool ini_has(const struct ini *ini, const char *type, const char *section);

/*
 * The last value of the name in the section, below nested (the "s3" above)
 * where that is not NULL; NULL where it is not set.  Borrowed.  *line, unless
 * NULL, becomes the line it is in, from 1.  ini may be NULL.
 */
const char *ini_value(const struct ini *ini, const char *type,
    const char *section, const char *nested, const char *name, size_t *line);

/* Overwrites and frees: there may be secrets in it. */
void ini_free(struct ini *ini);

#endif
