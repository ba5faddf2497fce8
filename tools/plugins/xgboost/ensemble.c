#include "plugins/xgboost/ensemble.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/load.h"
#include "base/mem.h"

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The models of a folder, in the order of their names; NULL and errno. */
static char **
list(const char *folder, size_t *n)
{
	DIR *d = opendir(folder);
	struct dirent *entry;
	struct buf path = { 0 };
	struct stat st;
	char **names = mem_alloc(1);

	*n = 0;
	if (d == NULL) {
		free(names);
		return NULL;
	}
	while ((entry = readdir(d)) != NULL) {
		path.n = 0;
		buf_addf(&path, "%s/%s", folder, entry->d_name);
		if (entry->d_name[0] == '.' || stat(buf_str(&path), &st) != 0 ||
		    !S_ISREG(st.st_mode))
			continue;
		names = mem_resize(names, *n + 1, sizeof *names);
		names[(*n)++] = mem_str(entry->d_name);
	}
	buf_free(&path);
	closedir(d);
	if (*n > 0)
		qsort(names, *n, sizeof *names, by_name);
	return names;
}

/* All predict the same thing from the same columns. */
static int
check_same(const struct ensemble *e, struct buf *why)
{
	const struct booster *a = &e->boosters[0], *b = a + e->count - 1;

	if (b->features == 0)
		buf_adds(why, "a model without columns");
	else if (b->features != a->features)
		buf_addf(why, "%zu columns, but the first model has %zu",
		    b->features, a->features);
	else if (b->classes != a->classes)
		buf_addf(why, "%zu classes, but the first model has %zu",
		    b->classes, a->classes);
	else
		return 0;
	return -1;
}

int
ensemble_load_bytes(struct ensemble *e, const struct bt_host *host,
    struct span file, struct buf *why)
{
	struct booster *b;

	e->boosters =
	    mem_resize(e->boosters, e->count + 1, sizeof *e->boosters);
	b = &e->boosters[e->count++];
	if (booster_load(b, host, file, why) == -1 || check_same(e, why) == -1)
		return -1;
	e->vote = strcmp(e->boosters[0].objective, "multi:softmax") == 0 ||
		  strcmp(e->boosters[0].objective, "binary:hinge") == 0;
	return 0;
}

static int
load_file(struct ensemble *e, const struct bt_host *host, const char *folder,
    const char *name, struct buf *why)
{
	struct buf path = { 0 }, file = { 0 };
	int result;

	buf_addf(&path, "%s/%s", folder, name);
	buf_addf(why, "%s: ", path.p);
	result = load_whole(buf_str(&path), &file);
	if (result == -1)
		buf_adds(why, strerror(errno));
	else
		result = ensemble_load_bytes(e, host, buf_span(&file), why);
	if (result == 0)
		why->n = 0;
	buf_free(&path);
	buf_free(&file);
	return result;
}

int
ensemble_load_folder(struct ensemble *e, const struct bt_host *host,
    const char *folder, bool one, struct buf *why)
{
	size_t n, i;
	char **names = list(folder, &n);
	int result = names == NULL || n == 0 ? -1 : 0;

	if (names == NULL)
		buf_addf(why, "%s: %s", folder, strerror(errno));
	else if (n == 0)
		buf_addf(why, "%s: no xgboost-model, nor another model file",
		    folder);
	for (i = 0; result == 0 && i < (one ? 1 : n); i++)
		result = load_file(e, host, folder, names[i], why);
	for (i = 0; i < n; i++)
		free(names[i]);
	free(names);
	return result;
}

void
ensemble_free(struct ensemble *e)
{
	size_t i;

	for (i = 0; i < e->count; i++)
		booster_free(&e->boosters[i]);
	free(e->boosters);
	free(e->values);
	free(e->votes);
}

static int
predict(struct booster *b, const struct rows *rows, struct outputs *out,
    struct buf *why)
{
	return rows->is_sparse
		   ? booster_predict_sparse(b, &rows->sparse, out, why)
		   : booster_predict(b, &rows->matrix, out, why);
}

/* The most frequent answer, the smallest if several are. */
static float
winner(const float *votes, size_t n)
{
	size_t i, k, count, most = 0;
	float won = 0;

	for (i = 0; i < n; i++) {
		for (count = k = 0; k < n; k++)
			count += votes[k] == votes[i];
		if (count > most || (count == most && votes[i] < won)) {
			most = count;
			won = votes[i];
		}
	}
	return won;
}

/* values has n answers of each model, one model after the other: the first n
 * become the answers of all together. */
static void
combine(struct ensemble *e, size_t n)
{
	size_t i, k;
	float sum;

	for (i = 0; i < n; i++) {
		sum = e->values[i];
		e->votes[0] = sum;
		for (k = 1; k < e->count; k++) {
			e->votes[k] = e->values[k * n + i];
			sum += e->votes[k];
		}
		e->values[i] = e->vote ? winner(e->votes, e->count)
				       : sum / (float)e->count;
	}
}

int
ensemble_predict(struct ensemble *e, const struct rows *rows,
    struct outputs *out, struct buf *why)
{
	size_t i, n = 0;

	if (e->count == 1)
		return predict(&e->boosters[0], rows, out, why);
	e->votes = mem_resize(e->votes, e->count, sizeof *e->votes);
	for (i = 0; i < e->count; i++) {
		if (predict(&e->boosters[i], rows, out, why) == -1)
			return -1;
		if (i == 0) {
			n = out->rows * out->width;
			e->values = mem_resize(
			    e->values, n * e->count, sizeof *e->values);
		}
		if (out->rows * out->width != n) {
			buf_addf(why,
			    "model %zu has %zu outputs a record, unlike the first",
			    i + 1, out->width);
			return -1;
		}
		memcpy(e->values + i * n, out->values, n * sizeof(float));
	}
	combine(e, n);
	out->values = e->values;
	return 0;
}
