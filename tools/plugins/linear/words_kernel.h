/*
 * What the bodies of words_sum share.
 */
#ifndef PLUGINS_LINEAR_WORDS_KERNEL_H
#define PLUGINS_LINEAR_WORDS_KERNEL_H

#include "base/cpu.h"
#include "plugins/linear/words.h"

/* FNV-1a, 32 bits (Fowler, Noll, Vo). */
#define FNV_BASIS 0x811c9dc5u
#define FNV_PRIME 0x01000193u

struct words_kernel {
	struct cpu_body cpu;
	void (*sum)(const struct words *w, const struct span *texts,
	    size_t count, size_t parts, const double *weights, size_t outputs,
	    double *sums);
};

extern const struct words_kernel words_avx2, words_plain;

#endif
