#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "s3/creds/find.h"

/* Reads n digits at *p and advances it; -1 if there are fewer. */
static int
digits(const char **p, int n)
{
	int value = 0;

	for (; n > 0; n--, (*p)++) {
		if (**p < '0' || **p > '9')
			return -1;
		value = value * 10 + (**p - '0');
	}
	return value;
}

/* Reads n digits and the mark after them; the mark ' ' is optional. */
static bool
part(const char **p, int n, char mark, int least, int most, int *value)
{
	*value = digits(p, n);
	if (*value < least || *value > most || (mark != ' ' && **p != mark))
		return false;
	*p += mark != ' ';
	return true;
}

/* "Z", "+09:00" or "-0330" to the end; seconds east, or -1. */
static bool
zone(const char *p, int *east)
{
	int hours, minutes, sign = *p == '-' ? -1 : 1;

	*east = 0;
	if (strcmp(p, "Z") == 0 || strcmp(p, "z") == 0)
		return true;
	if (*p != '+' && *p != '-')
		return false;
	p++;
	if (!part(&p, 2, ' ', 0, 23, &hours))
		return false;
	p += *p == ':';
	if (!part(&p, 2, ' ', 0, 59, &minutes))
		return false;
	*east = sign * (hours * 60 + minutes) * 60;
	return *p == '\0';
}

static int
days(int year, int month)
{
	if (month == 2)
		return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
			   ? 29
			   : 28;
	return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

time_t
creds_time(const char *p)
{
	struct tm tm = { 0 };
	size_t fraction;
	int east;

	if (!part(&p, 4, '-', 1970, 9999, &tm.tm_year) ||
	    !part(&p, 2, '-', 1, 12, &tm.tm_mon) ||
	    !part(&p, 2, ' ', 1, days(tm.tm_year, tm.tm_mon), &tm.tm_mday) ||
	    *p == '\0' || strchr("Tt ", *p++) == NULL ||
	    !part(&p, 2, ':', 0, 23, &tm.tm_hour) ||
	    !part(&p, 2, ':', 0, 59, &tm.tm_min) ||
	    !part(&p, 2, ' ', 0, 60, &tm.tm_sec))
		return -1;
	if (*p == '.') {
		fraction = strspn(++p, "0123456789");
		if (fraction == 0)
			return -1;
		p += fraction;
	}
	if (!zone(p, &east))
		return -1;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	return timegm(&tm) - east;
}

static const char *
member(const json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	return text != NULL && text[0] != '\0' ? text : NULL;
}

/* The members are jansson's memory. */
static void
wipe(json_t *o)
{
	const char *name;
	json_t *value;

	json_object_foreach (o, name, value)
		if (json_is_string(value))
			explicit_bzero((char *)json_string_value(value),
			    json_string_length(value));
	json_decref(o);
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

/* A member that is not text is an error; ignoring it would give credentials
 * that are never renewed, or are sent without their token. */
static bool
are_texts(struct finding *f, const json_t *o, const char *token)
{
	const char *names[] = { "AccessKeyId", "SecretAccessKey", token,
		"Expiration" };
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++) {
		const json_t *value = json_object_get(o, names[i]);

		if (value != NULL && !json_is_string(value) &&
		    !json_is_null(value)) {
			buf_addf(&f->why, "%s: not a string", names[i]);
			return false;
		}
	}
	return true;
}

static enum found
take(struct finding *f, const json_t *o, const char *token)
{
	const char *expiration =
	    json_string_value(json_object_get(o, "Expiration"));

	if (!are_texts(f, o, token))
		return FAILED;
	f->creds.access = creds_copy(member(o, "AccessKeyId"));
	f->creds.secret = creds_copy(member(o, "SecretAccessKey"));
	f->creds.token = creds_copy(member(o, token));
	if (f->creds.access == NULL || f->creds.secret == NULL) {
		say_instead(f, o);
		return FAILED;
	}
	if (expiration != NULL &&
	    (f->creds.expires = creds_time(expiration)) == -1) {
		buf_addf(&f->why, "Expiration %s: no time", expiration);
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

	/* jansson's own messages quote the document. */
	if (o == NULL)
		buf_addf(&f->why, "not JSON: byte %d", error.position);
	else if (versioned &&
		 json_integer_value(json_object_get(o, "Version")) != 1)
		buf_adds(&f->why, "Version is not 1");
	else
		found = take(f, o, token);
	if (o != NULL)
		wipe(o);
	return found;
}
