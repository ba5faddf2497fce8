#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/isotime.h"
#include "s3/creds/find.h"

time_t
creds_time(const char *text)
{
	int64_t ms;

	return isotime_read(text, &ms) == 0 && ms >= 0 ? (time_t)(ms / 1000)
						       : -1;
}

static const char *
member(const json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	return text != NULL && text[0] != '\0' ? text : NULL;
}

/* The error that the services of containers and instances return instead of
 * credentials. */
static void
say_instead(struct finding *f, const json_t *o)
{
	const char *code = member(o, "Code"), *text = member(o, "Message");

	if (code == NULL)
		code = member(o, "code");
	if (text == NULL)
		text = member(o, "message");
	if (code == NULL && text == NULL)
		buf_adds(&f->why, "JSON without AccessKeyId and "
				  "SecretAccessKey");
	else
		buf_addf(&f->why, "%s%s%s", code != NULL ? code : "",
		    code != NULL && text != NULL ? ": " : "",
		    text != NULL ? text : "");
}

static enum found
take(struct finding *f, const json_t *o, const char *token)
{
	const char *names[] = { "AccessKeyId", "SecretAccessKey", token,
		"Expiration" };
	const char *expiration;
	const json_t *value;
	size_t i;

	/* A member that is not text is an error; ignoring it would give
	 * credentials that are never renewed, or are sent without their token.
	 */
	for (i = 0; i < sizeof names / sizeof *names; i++) {
		value = json_object_get(o, names[i]);
		if (value != NULL && !json_is_string(value) &&
		    !json_is_null(value)) {
			buf_addf(&f->why, "%s: not a string", names[i]);
			return FAILED;
		}
	}
	f->creds.access = creds_copy(member(o, "AccessKeyId"));
	f->creds.secret = creds_copy(member(o, "SecretAccessKey"));
	f->creds.token = creds_copy(member(o, token));
	if (f->creds.access == NULL || f->creds.secret == NULL) {
		say_instead(f, o);
		return FAILED;
	}
	expiration = json_string_value(json_object_get(o, "Expiration"));
	if (expiration != NULL &&
	    (f->creds.expires = creds_time(expiration)) == -1) {
		buf_addf(&f->why, "Expiration %s: not a time", expiration);
		return FAILED;
	}
	return FOUND;
}

enum found
creds_from_json(
    struct finding *f, struct span json, const char *token, bool versioned)
{
	json_error_t error;
	json_t *o = json_loadb(json.p, json.n, 0, &error);
	enum found found = FAILED;
	const char *name;
	json_t *value;

	/* jansson's own messages quote the document. */
	if (o == NULL)
		buf_addf(&f->why, "not JSON: byte %d", error.position);
	else if (versioned &&
		 json_integer_value(json_object_get(o, "Version")) != 1)
		buf_adds(&f->why, "Version is not 1");
	else
		found = take(f, o, token);
	/* The members are jansson's memory. */
	json_object_foreach (o, name, value)
		if (json_is_string(value))
			explicit_bzero((char *)json_string_value(value),
			    json_string_length(value));
	json_decref(o);
	return found;
}
