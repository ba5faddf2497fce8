/*
 * s3_settings OPTION ... - prints the settings from the options of all S3
 * tools, the environment and the files, a line each, and the address of an
 * object.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/say.h"
#include "s3/address.h"
#include "s3/options.h"
#include "s3/settings.h"

static void
put(const char *name, const char *value)
{
	printf("%s=%s\n", name, value != NULL ? value : "-");
}

int
main(int argc, char *argv[])
{
	static const struct option table[] = { S3_LONG_OPTIONS,
		{ NULL, 0, NULL, 0 } };
	struct s3_options options = { 0 };
	struct s3_address a = { 0 };
	struct s3_settings *s;
	char *why;
	int ch;

	while ((ch = getopt_long(argc, argv, "", table, NULL)) != -1)
		if (!s3_option(&options, ch, optarg))
			return 2;
	if ((why = s3_settings_load(&options, &s)) != NULL) {
		say("%s", why);
		free(why);
		return 1;
	}
	put("profile", s->profile);
	put("profile_given", s->profile_given ? "yes" : "no");
	put("region", s->region);
	put("endpoint", s->endpoint);
	put("sts_endpoint", s->sts_endpoint);
	put("dualstack", s->dualstack ? "yes" : "no");
	put("path_style", s->path_style ? "yes" : "no");
	put("ca_bundle", s->ca_bundle);
	put("verify_ssl", s->verify_ssl ? "yes" : "no");
	put("sign", s->sign ? "yes" : "no");
	put("request_payer", s->request_payer);
	printf("attempts=%u\nconnections=%u\n", s->attempts, s->connections);
	put("checksum_calculate", s->checksum_calculate ? "yes" : "no");
	put("checksum_validate", s->checksum_validate ? "yes" : "no");
	s3_address(&a, s, s->region, NULL, "bucket", "key");
	printf("url=%s%s\n", a.base.p, a.path.p);
	s3_address_free(&a);
	s3_settings_free(s);
	return 0;
}
