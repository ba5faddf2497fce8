/*
 * Adds the bytes as a tree, unchecked by anything before.  If it is taken, a
 * walk of its rows comes to the leaves to which a plain walk of the same lists
 * comes, which never leaves them.
 */
#include <math.h>
#include <string.h>

#include "want.h"
#include "plugins/xgboost/forest.h"

enum { NODES_MAX = 64, ROWS = 19, COLUMNS = 6, CATEGORIES = 8, SETS = 4 };

static int32_t left[NODES_MAX], right[NODES_MAX], column[NODES_MAX],
    set_node[SETS], categories[CATEGORIES];
static float limit[NODES_MAX], cells[ROWS * COLUMNS];
static unsigned char default_left[NODES_MAX], by_category[NODES_MAX];
static int64_t set_begin[SETS], set_size[SETS];

static bool
goes_left(const struct forest_source *t, int32_t at, float v)
{
	size_t set = 0;
	int64_t i;

	if (isnan(v))
		return t->default_left[at];
	if (t->by_category == NULL || !t->by_category[at])
		return v < t->limit[at];
	while (set < t->sets && t->set_node[set] != at)
		set++;
	want(set < t->sets);
	for (i = 0; i < t->set_size[set]; i++)
		if (v >= 0 && v < 1 << 24 &&
		    t->categories[t->set_begin[set] + i] == (int32_t)v)
			return false;
	return true;
}

static float
leaf(const struct forest_source *t, const float *row)
{
	int32_t at = 0, steps = 0;

	while (t->left[at] != -1) {
		want(at >= 0 && (size_t)at < t->nodes && steps++ < NODES_MAX);
		want(t->column[at] >= 0 && t->column[at] < COLUMNS);
		at = goes_left(t, at, row[t->column[at]]) ? t->left[at]
							  : t->right[at];
	}
	return t->limit[at];
}

static uint8_t
next(const uint8_t **data, size_t *size)
{
	if (*size == 0)
		return 0;
	--*size;
	return *(*data)++;
}

/* Mostly a node or column that there is, and at times a wild one. */
static int32_t
number(const uint8_t **data, size_t *size)
{
	uint8_t v = next(data, size);

	return v < 250 ? (int32_t)v - 1 : (int32_t)(v * 0x01fffffdu);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct forest_source t = { .left = left,
		.right = right,
		.column = column,
		.limit = limit,
		.default_left = default_left,
		.set_node = set_node,
		.set_begin = set_begin,
		.set_size = set_size,
		.categories = categories,
		.category_count = CATEGORIES,
		.weight = 1 };
	struct forest f = { 0 };
	float out[ROWS] = { 0 };
	const char *why = NULL;
	size_t i;
	float wanted;

	t.nodes = next(&data, &size) % NODES_MAX;
	t.sets = next(&data, &size) % (SETS + 1);
	for (i = 0; i < t.nodes; i++) {
		left[i] = number(&data, &size);
		right[i] = number(&data, &size);
		if (right[i] == -1)
			right[i] = left[i] + 1;
		column[i] = number(&data, &size) % COLUMNS;
		limit[i] = (float)next(&data, &size) / 4 - 9;
		default_left[i] = next(&data, &size) & 1;
		by_category[i] = t.sets > 0 && next(&data, &size) % 3 == 0;
	}
	t.by_category = t.sets > 0 ? by_category : NULL;
	for (i = 0; i < SETS; i++) {
		set_node[i] = (int32_t)(next(&data, &size) % NODES_MAX);
		if (i > 0 && set_node[i] <= set_node[i - 1])
			set_node[i] = set_node[i - 1] + 1;
		set_begin[i] = number(&data, &size);
		set_size[i] = number(&data, &size);
	}
	for (i = 0; i < CATEGORIES; i++)
		categories[i] = number(&data, &size);
	for (i = 0; i < ROWS * COLUMNS; i++)
		cells[i] = i % 5 == 0 ? NAN : (float)next(&data, &size) / 4 - 9;
	if (forest_add(&f, &t, &why) == 0) {
		forest_predict(&f, 1, cells, ROWS, COLUMNS, out, 1);
		for (i = 0; i < ROWS; i++) {
			wanted = 0.0f + leaf(&t, cells + i * COLUMNS);
			want(memcmp(&out[i], &wanted, sizeof wanted) == 0);
		}
	} else
		want(why != NULL);
	forest_free(&f);
	return 0;
}
