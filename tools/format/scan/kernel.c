#include "format/scan/kernel.h"

/* The fastest first. */
const struct cpu_body *const scan_kernels[] = {
#if defined(__x86_64__)
	&scan_avx512.cpu,
	&scan_avx2.cpu,
	&scan_sse2.cpu,
#elif defined(__AARCH64EL__) && defined(__ARM_NEON)
	&scan_neon.cpu,
#endif
	&scan_plain.cpu,
	NULL,
};

static const struct scan_kernel *picked;

const struct scan_kernel *
scan_kernel_pick(void)
{
	/* Each begins with its cpu. */
	if (picked == NULL)
		picked = (const void *)cpu_pick(scan_kernels);
	return picked;
}

void
scan_kernel_use(const struct cpu_body *kernel)
{
	picked = (const void *)kernel;
}

const char *
scan_kernel_name(void)
{
	return scan_kernel_pick()->cpu.name;
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
