/*
 * The bodies of the scan: the same loop for each kind of vector, 64 bytes a
 * step, over bytes whose quotes stand where RFC 4180 has them.
 *
 * A step's bytes are seen as masks of 64 bits, bit 0 the first byte.  Between
 * two steps the masks of the last one say all there is to know of the past.
 */
#ifndef FORMAT_SCAN_KERNEL_H
#define FORMAT_SCAN_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cpu.h"
#include "base/crc32c_lanes.h"
#include "format/scan.h"

struct scan_walk {
	/* Masks of the step before (before the first: what it would be). */
	uint64_t inside; /* from an opening quote up to its closing one */
	uint64_t quote;
	uint64_t mark; /* quotes, commas and LFs */
	uint64_t end;  /* LFs that are not inside quotes */

	const char *from; /* the walk's first byte */
	bool cr_before;	  /* the byte before it is a CR, where that matters */
	bool keep;	  /* an LF inside quotes does not stop it */

	uint64_t inner;	      /* LFs inside quotes */
	uint64_t ends, blank; /* as in struct scan */
	/* Just past the last end; or, where that is less, a place with no end
	 * between it and the last; or both NULL. */
	const char *last, *last_many;

	/* Where places go, for the walks that list them: offsets from origin.
	 */
	const char *origin;
	uint32_t *out, *limit;

	/* For the walks that sum. */
	struct crc32c_lanes *lanes;
};

/*
 * Walks whole steps from p on.  Returns where it stops: less than 64 bytes
 * before end, or at a step with something that it cannot decide or that has
 * no room.
 */
typedef const char *scan_walk_fn(
    struct scan_walk *w, const char *p, const char *end);

/* A walk whose first byte stands at state, none that listens to libcsv; and
 * where the byte after a walk's last step stands. */
struct scan_walk scan_walk_at(enum scan_state state);
enum scan_state scan_walk_state(const struct scan_walk *w);

struct scan_kernel {
	struct cpu_body cpu;
	scan_walk_fn *csv; /* count ends, check quotes */
	/* And make turns of w->lanes: NULL if the body makes none. */
	scan_walk_fn *csv_summed;
	scan_walk_fn *csv_ends; /* and list what is just past each end */
	scan_walk_fn *lines;	/* count ends, whatever quotes there are */
	scan_walk_fn *line_ends;
	/* List the places of commas and LFs outside quotes, LFs with
	 * SCAN_RECORD_END; there is room for a place for each byte. */
	scan_walk_fn *separators;
};

/* The one in use; and all that were built, the last NULL. */
const struct scan_kernel *scan_kernel_pick(void);
void scan_kernel_use(const struct cpu_body *kernel); /* this one, from now on */
extern const struct cpu_body *const scan_kernels[];

extern const struct scan_kernel scan_plain;
#if defined(__x86_64__)
extern const struct scan_kernel scan_sse2, scan_avx2, scan_avx512;
#elif defined(__AARCH64EL__) && defined(__ARM_NEON)
extern const struct scan_kernel scan_neon;
#endif

#endif
