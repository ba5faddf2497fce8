#include "plugins/http/protocol.h"

#include <ctype.h>

static const struct protocol protocols[] = {
	{ "sagemaker", 8080, "/ping", "/invocations", FORM_BATCH, false },
	{ "tensorflow", 8501, "/v1/models/NAME", "/v1/models/NAME:predict",
	    FORM_INSTANCES, true },
	{ "kserve", 8080, "/v1/models/NAME", "/v1/models/NAME:predict",
	    FORM_INSTANCES, true },
	{ "kserve-v2", 8080, "/v2/health/ready", "/v2/models/NAME/infer",
	    FORM_TENSORS, false },
	{ "vertex", 8080, "/health", "/predict", FORM_INSTANCES, false },
	{ "mlflow", 5000, "/ping", "/invocations", FORM_FRAME, false },
	{ "torchserve", 8080, "/ping", "/predictions/NAME", FORM_RECORD,
	    false },
	{ "azure", 5001, "/", "/score", FORM_BATCH, false },
};

enum { PROTOCOLS = sizeof protocols / sizeof protocols[0] };

const struct protocol *const protocol_default = &protocols[0];

const struct protocol *
protocol_find(const char *name)
{
	size_t i;

	for (i = 0; i < PROTOCOLS; i++)
		if (strcmp(protocols[i].name, name) == 0)
			return &protocols[i];
	return NULL;
}

void
protocol_add_names(struct buf *out)
{
	size_t i;

	for (i = 0; i < PROTOCOLS; i++)
		buf_addf(out, "%s%s", i > 0 ? ", " : "", protocols[i].name);
}

bool
protocol_is_named(const char *path)
{
	return strstr(path, "NAME") != NULL;
}

void
protocol_add_path(struct buf *out, const char *path, const char *model)
{
	const char *name = strstr(path, "NAME"), *p;

	if (name == NULL) {
		buf_adds(out, path);
		return;
	}
	buf_add(out, path, (size_t)(name - path));
	/* A slash stays: a version may follow the name. */
	for (p = model; *p != '\0'; p++)
		if (isalnum((unsigned char)*p) || strchr("-._~/", *p) != NULL)
			buf_addc(out, *p);
		else
			buf_addf(out, "%%%02X", (unsigned char)*p);
	buf_adds(out, name + strlen("NAME"));
}
