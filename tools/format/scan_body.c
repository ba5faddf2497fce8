#include "format/scan_body.h"

#include <stdlib.h>
#include <string.h>

#include "format/scan.h"

/* The fastest first. */
const struct scan_body *const scan_bodies[] = {
#if defined(__x86_64__)
	&scan_avx512,
	&scan_avx2,
	&scan_sse2,
#elif defined(__AARCH64EL__) && defined(__ARM_NEON)
	&scan_neon,
#endif
	&scan_plain,
	NULL,
};

/* The fastest that is usable and, where a name is given, has it. */
static const struct scan_body *
find(const char *name)
{
	const struct scan_body *const *b;

	for (b = scan_bodies; *b != NULL; b++)
		if ((name == NULL || strcmp(name, (*b)->name) == 0) &&
		    (*b)->usable())
			return *b;
	return NULL;
}

static const struct scan_body *picked;

const struct scan_body *
scan_body_pick(void)
{
	if (picked == NULL)
		picked = find(getenv("BT_SCAN"));
	if (picked == NULL)
		picked = find(NULL);
	return picked;
}

void
scan_body_use(const struct scan_body *body)
{
	picked = body;
}

const char *
scan_body(void)
{
	return scan_body_pick()->name;
}

struct scan_walk
scan_walk_at(enum scan_state state)
{
	const uint64_t last = (uint64_t)1 << 63;
	struct scan_walk w = {
		.inside = state == AT_QUOTED ? last : 0,
		.quote = state == AT_CLOSED ? last : 0,
		.mark = state == AT_FIELD || state == AT_CLOSED ? last : 0,
	};

	return w;
}

enum scan_state
scan_walk_state(const struct scan_walk *w)
{
	if (w->inside >> 63)
		return AT_QUOTED;
	if (w->quote >> 63)
		return AT_CLOSED;
	return w->mark >> 63 ? AT_FIELD : AT_UNQUOTED;
}
