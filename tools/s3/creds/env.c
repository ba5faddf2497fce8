#include <stdlib.h>

#include "s3/creds/find.h"

/* AWS_SECURITY_TOKEN is the older name, and comes first in botocore, too. */
enum found
creds_from_env(struct finding *f)
{
	char *expiration = getenv("AWS_CREDENTIAL_EXPIRATION");

	if (!f->env)
		return NOT_HERE;
	f->creds.access = creds_copy(getenv("AWS_ACCESS_KEY_ID"));
	if (f->creds.access == NULL)
		return NOT_HERE;
	f->creds.secret = creds_copy(getenv("AWS_SECRET_ACCESS_KEY"));
	f->creds.token = creds_copy(getenv("AWS_SECURITY_TOKEN"));
	if (f->creds.token == NULL)
		f->creds.token = creds_copy(getenv("AWS_SESSION_TOKEN"));
	if (f->creds.secret == NULL) {
		buf_adds(&f->why, "AWS_ACCESS_KEY_ID is set, "
				  "AWS_SECRET_ACCESS_KEY is not");
		return FAILED;
	}
	if (expiration == NULL || expiration[0] == '\0')
		return FOUND;
	if ((f->creds.expires = creds_time(expiration)) != -1)
		return FOUND;
	buf_addf(
	    &f->why, "AWS_CREDENTIAL_EXPIRATION %s: not a time", expiration);
	return FAILED;
}
