/*
 * Loads the bytes as a model file.  If its trees are walked, then to the same
 * answers for rows together, for each alone, and for sparse ones.
 */
#include <math.h>
#include <string.h>

#include "want.h"
#include "plugins/xgboost/facts.h"

enum { ROWS = 21, COLUMNS_MAX = 64, GROUPS_MAX = 64 };

static float cells[ROWS * COLUMNS_MAX];

/* Numbers that limits are likely to be, and missing ones. */
static void
fill(struct forest *f, size_t columns)
{
	size_t i;

	for (i = 0; i < ROWS * columns; i++)
		cells[i] = i % 7 == 0 ? NAN
			   : i % 5 == 0 && f->node_count > 0
			       ? f->nodes[i % f->node_count].limit
			       : (float)(i % 11) - 5;
}

static void
walk(struct forest *f, size_t columns)
{
	static float together[ROWS * GROUPS_MAX], alone[ROWS * GROUPS_MAX],
	    sparse[ROWS * GROUPS_MAX];
	size_t width = f->groups, trees = f->tree_count, i, c;
	struct sparse s = { 0 };

	fill(f, columns);
	memset(together, 0, sizeof together);
	memset(alone, 0, sizeof alone);
	memset(sparse, 0, sizeof sparse);
	forest_predict(f, trees, cells, ROWS, columns, together, width);
	sparse_clear(&s);
	for (i = 0; i < ROWS; i++) {
		forest_predict(f, trees, cells + i * columns, 1, columns,
		    alone + i * width, width);
		for (c = 0; c < columns; c++)
			if (!isnan(cells[i * columns + c]))
				sparse_add(
				    &s, (uint32_t)c, cells[i * columns + c]);
		sparse_end_row(&s);
	}
	forest_predict_sparse(f, trees, &s, sparse, width);
	for (i = 0; i < ROWS * width; i++) {
		want(memcmp(&together[i], &alone[i], sizeof(float)) == 0 ||
		     (isnan(together[i]) && isnan(alone[i])));
		want(memcmp(&together[i], &sparse[i], sizeof(float)) == 0 ||
		     (isnan(together[i]) && isnan(sparse[i])));
	}
	sparse_free(&s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span file = { (const char *)data, size };
	struct artifact a;
	struct facts f = { 0 };
	struct buf why = { 0 };
	const char *reason = NULL;

	if (artifact_look(file, &a, &why) == 0) {
		if (facts_read(&f, &a, &reason) == -1)
			want(reason != NULL);
		else if (f.forest.columns <= COLUMNS_MAX &&
			 f.forest.groups <= GROUPS_MAX)
			walk(&f.forest,
			    f.forest.columns > 0 ? f.forest.columns : 1);
	} else
		want(why.n > 0);
	facts_free(&f);
	artifact_free(&a);
	buf_free(&why);
	return 0;
}
