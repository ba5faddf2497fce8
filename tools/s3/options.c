#include "s3/options.h"

#include <string.h>

#include "base/num.h"
#include "base/say.h"

enum { TIMEOUT_MAX = 86400 };

static unsigned
number(const char *name, const char *arg, uint64_t min, uint64_t max)
{
	const char *why;
	struct span s = { arg, strlen(arg) };
	uint64_t n = num_parse(s, min, max, &why);

	if (why != NULL)
		say_exit(2, "%s %s: %s", name, arg, why);
	return (unsigned)n;
}

bool
s3_option(struct s3_options *o, int option, const char *arg)
{
	switch (option) {
	case S3_ENDPOINT_URL:
		o->endpoint_url = arg;
		return true;
	case S3_REGION:
		o->region = arg;
		return true;
	case S3_PROFILE:
		o->profile = arg;
		return true;
	case S3_CA_BUNDLE:
		o->ca_bundle = arg;
		return true;
	case S3_NO_SIGN_REQUEST:
		o->no_sign_request = true;
		return true;
	case S3_NO_VERIFY_SSL:
		o->no_verify_ssl = true;
		return true;
	case S3_REQUEST_PAYER:
		if (strcmp(arg, "requester") != 0)
			say_exit(2, "--request-payer %s: not requester", arg);
		o->request_payer = arg;
		return true;
	case S3_READ_TIMEOUT:
		o->read_timeout_given = true;
		o->read_timeout =
		    number("--cli-read-timeout", arg, 0, TIMEOUT_MAX);
		return true;
	case S3_CONNECTIONS:
		o->connections =
		    number("--connections", arg, 1, S3_CONNECTIONS_MAX);
		return true;
	}
	return false;
}
