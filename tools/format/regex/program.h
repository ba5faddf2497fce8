/*
 * The machine that a regular expression becomes: regex.c writes it,
 * match.c runs it.
 */
#ifndef FORMAT_REGEX_PROGRAM_H
#define FORMAT_REGEX_PROGRAM_H

#include <stddef.h>

#include "format/regex.h"

enum op {
	OP_CHAR,
	OP_SET,
	OP_ANY,
	OP_START,
	OP_END,
	OP_SPLIT,
	OP_JUMP,
	OP_MATCH
};

struct step {
	enum op op;
	int32_t x, y; /* a code point, a set, or where to go from here */
};

struct range {
	uint32_t low, high;
};

struct set {
	size_t first, n; /* of the ranges */
	uint32_t categories;
	bool negated;
};

struct regex {
	struct step *steps;
	size_t n, size;
	struct set *sets;
	size_t n_sets;
	struct range *ranges;
	size_t n_ranges;

	/* At work: the states before and after a code point, and which of the
	 * latter are there (the step's round). */
	uint32_t *now, *then, *stack;
	size_t n_now, n_then;
	uint64_t *rounds, round;
};

/* The code point at *p, before end, which goes past it. */
uint32_t regex_point(const char **p, const char *end);

#endif
