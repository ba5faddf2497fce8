/* Apart from scan.c, which needs libcsv: plugins list fields without it. */
#include "format/scan.h"

#include "format/scan/kernel.h"

enum { STEP = 64 };

const char *
scan_separators(enum scan_state *state, const char *p, const char *end,
    const char *origin, uint32_t **out)
{
	const char *from = p;
	struct scan_walk w;

	if (end - p < STEP || *state > AT_CLOSED)
		return p;
	w = scan_walk_at(*state);
	w.keep = true;
	w.origin = origin;
	w.out = *out;
	p = scan_kernel_pick()->separators(&w, p, end);
	*out = w.out;
	if (p > from)
		*state = scan_walk_state(&w);
	return p;
}
