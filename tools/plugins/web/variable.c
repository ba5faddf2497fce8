#include "plugins/web/variable.h"

#include <stdlib.h>

#include "base/num.h"

const char *
variable_get(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && *value != '\0' ? value : NULL;
}

int
variable_seconds(const char *name, uint64_t unset, uint64_t *s, struct buf *why)
{
	const char *value = variable_get(name), *reason;

	*s = unset;
	if (value == NULL)
		return 0;
	*s = num_parse(span_str(value), 1, 86400, &reason);
	if (reason != NULL)
		buf_addf(why, "%s=%s: %s", name, value, reason);
	return reason == NULL ? 0 : -1;
}

uint64_t
variable_before(uint64_t s)
{
	uint64_t ms = s * 1000, early = ms / 20;

	return ms - (early < 100 ? 100 : early > 2000 ? 2000 : early);
}
