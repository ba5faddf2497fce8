/*
 * What a JSONPath is made of.
 */
#ifndef FORMAT_JSONPATH_PARTS_H
#define FORMAT_JSONPATH_PARTS_H

#include "format/json.h"
#include "format/jsonpath.h"

struct regex;

enum part_kind { PART_NAME, PART_WILD, PART_INDEX, PART_SLICE, PART_FILTER };

/* What stands between brackets and commas. */
struct part {
	struct part *next;
	enum part_kind kind;
	struct span name; /* in UTF-8, without quotes and escapes */
	int64_t index;	  /* or a slice's start */
	int64_t end, step;
	bool has_start, has_end;
	struct expr *filter;
};

struct segment {
	struct segment *next;
	struct part *parts;
	bool descends;
};

struct query {
	struct segment *segments;
	bool absolute; /* begins with $, not @ */
	bool single;   /* can select at most one node */

	/* In a filter an absolute query selects the same all through a
	 * document, that of round: its nodes. */
	struct span *nodes;
	size_t count;
	uint64_t round;
};

enum expr_kind {
	/* Either true or not. */
	EXPR_OR,
	EXPR_AND,
	EXPR_NOT,
	EXPR_COMPARE,
	EXPR_EXISTS,
	EXPR_MATCH,
	EXPR_SEARCH,
	/* A value, or nothing. */
	EXPR_LITERAL,
	EXPR_ONLY, /* the node of a single query */
	EXPR_LENGTH,
	EXPR_COUNT,
	EXPR_VALUE
};

enum compare {
	COMPARE_EQ,
	COMPARE_NE,
	COMPARE_LE,
	COMPARE_GE,
	COMPARE_LT,
	COMPARE_GT
};

struct expr {
	enum expr_kind kind;
	enum compare compare;
	struct expr *a, *b;
	struct span literal; /* JSON text */
	struct query query;

	/* The last pattern of match and search; regex is NULL if it is
	 * none. */
	struct regex *regex;
	struct buf pattern;
	bool compiled;
	struct expr *next_holder; /* of memory to be freed */
};

/* A member (key with its quotes) or an element (key.p NULL). */
struct kid {
	struct span key, item;
};

/* A bracket in the text, where it closes, and how many open within. */
struct opening {
	const char *p, *end;
	size_t within;
};

struct jsonpath {
	struct query query;
	enum jsonpath_dialect dialect;
	struct block *blocks; /* memory of the parts */
	struct expr *holders;

	/* At work: stacks of nodes, of a node's kids, of openings below it. */
	struct span root;
	uint64_t round;
	struct span *nodes;
	size_t n, size;
	struct kid *kids;
	size_t n_kids, kids_size;
	struct opening *opens;
	size_t n_opens, opens_size;
	bool too_many;
	struct buf subject; /* a string that match or search looks at */

	struct span *members; /* for jsonpath_filter */
	size_t members_size;

	size_t *columns;
	size_t n_columns, columns_size, width;
	bool width_known;
	struct span *room; /* jsonpath_room's */
	size_t room_size;
};

/* n zero bytes that live as long as the path. */
void *jsonpath_alloc(struct jsonpath *path, size_t n);

/* Appends what the segments from seg on select of node to the stack, which
 * may move. */
void jsonpath_select(
    struct jsonpath *path, const struct segment *seg, struct span node);

/* jsonpath_nodes, where node is what the segments before seg select. */
const struct span *jsonpath_below(struct jsonpath *path,
    const struct segment *seg, struct span root, struct span node,
    size_t *count);

/* Whether a filter's expression is true of node. */
bool jsonpath_test(struct jsonpath *path, struct expr *e, struct span node);

/* The node of a single query; false if there is none. */
bool jsonpath_only(const struct query *q, struct span node, struct span *found);

/* The node that a name or an index selects; false if there is none. */
bool jsonpath_child(
    const struct part *part, struct span node, struct span *found);

/* The elements of an array of n that a slice stands for: from *first, by its
 * step; returns how many. */
size_t jsonpath_slice(enum jsonpath_dialect dialect, const struct part *slice,
    size_t n, int64_t *first);

#endif
