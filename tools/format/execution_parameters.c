#include "format/execution_parameters.h"

#include <jansson.h>
#include <string.h>

static uint32_t
number(const json_t *document, const char *name)
{
	json_int_t n = json_integer_value(json_object_get(document, name));

	return n > 0 && n <= UINT32_MAX ? (uint32_t)n : 0;
}

bool
execution_parameters_read(struct bt_execution_parameters *p, struct span text)
{
	static const char *const known[] = { "MULTI_RECORD", "SINGLE_RECORD" };
	json_t *document = json_loadb(text.p, text.n, 0, NULL);
	bool is_object = json_is_object(document);
	const char *strategy;
	size_t i;

	if (is_object) {
		p->max_concurrent_transforms =
		    number(document, "MaxConcurrentTransforms");
		p->max_payload_in_mb = number(document, "MaxPayloadInMB");
		p->batch_strategy = NULL;
		strategy = json_string_value(
		    json_object_get(document, "BatchStrategy"));
		for (i = 0; strategy != NULL && i < 2; i++)
			if (strcmp(strategy, known[i]) == 0)
				p->batch_strategy = known[i];
	}
	json_decref(document);
	return is_object;
}
