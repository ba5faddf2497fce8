/*
 * xgb_loop MODEL CSV - the least that predicting a CSV of numbers can cost:
 * read 6 MiB, turn its whole lines into floats, call XGBoost, forget what it
 * says.  Prints the rows.  libxgboost is looked up when it runs, so that this
 * builds without.
 */
#define _GNU_SOURCE /* memrchr */
#include <dlfcn.h>
#include <err.h>
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "format/number.h"

enum { PAYLOAD = 6 << 20 };

static struct {
	int (*create)(const void *, uint64_t, void **);
	int (*load)(void *, const char *);
	int (*set)(void *, const char *, const char *);
	int (*predict)(void *, const char *, const char *, void *,
	    const uint64_t **, uint64_t *, const float **);
	const char *(*error)(void);
} xgboost;

static void
look_up(void *library, const char *name, void *out)
{
	void *symbol = dlsym(library, name);

	if (symbol == NULL)
		errx(1, "%s", dlerror());
	memcpy(out, &symbol, sizeof symbol);
}

static void
open_xgboost(void)
{
	void *library = dlopen("libxgboost.so.0", RTLD_NOW);

	if (library == NULL)
		errx(1, "%s", dlerror());
	look_up(library, "XGBoosterCreate", &xgboost.create);
	look_up(library, "XGBoosterLoadModel", &xgboost.load);
	look_up(library, "XGBoosterSetParam", &xgboost.set);
	look_up(library, "XGBoosterPredictFromDense", &xgboost.predict);
	look_up(library, "XGBGetLastError", &xgboost.error);
}

static void
check(int result)
{
	if (result != 0)
		errx(1, "%s", xgboost.error());
}

static void
predict(void *model, const float *x, size_t rows, size_t columns)
{
	const uint64_t *shape;
	const float *out;
	uint64_t dimensions;
	char array[160];

	snprintf(array, sizeof array,
	    "{\"data\":[%ju,true],\"shape\":[%zu,%zu],\"typestr\":\"<f4\",\"version\":3}",
	    (uintmax_t)(uintptr_t)x, rows, columns);
	check(xgboost.predict(model, array,
	    "{\"type\":0,\"training\":false,\"iteration_begin\":0,\"iteration_end\":0,\"strict_shape\":false,\"cache_id\":0,\"missing\":NaN}",
	    NULL, &shape, &dimensions, &out));
}

/* The numbers of whole lines; returns how many rows. */
static size_t
parse(const char *p, const char *end, float *x, size_t *numbers)
{
	size_t rows = 0, n = 0;
	const char *q;

	for (; p < end; p = q + 1) {
		q = number_read(p, end, &x[n]);
		if (q == p)
			x[n] = NAN;
		n++;
		rows += *q == '\n';
	}
	*numbers = n;
	return rows;
}

int
main(int argc, char *argv[])
{
	char *text = malloc(PAYLOAD);
	float *x = malloc(PAYLOAD * sizeof *x);
	size_t have = 0, whole, rows, numbers, total = 0;
	const char *last;
	void *model;
	ssize_t n;
	int fd;

	if (argc != 3)
		errx(2, "usage: xgb_loop MODEL CSV");
	if (text == NULL || x == NULL || (fd = open(argv[2], O_RDONLY)) == -1)
		err(1, "%s", argv[2]);
	setenv("OMP_NUM_THREADS", "1", 0);
	open_xgboost();
	check(xgboost.create(NULL, 0, &model));
	check(xgboost.load(model, argv[1]));
	check(xgboost.set(model, "nthread", "1"));
	while ((n = read(fd, text + have, PAYLOAD - have)) > 0) {
		have += (size_t)n;
		last = memrchr(text, '\n', have);
		if (have < PAYLOAD || last == NULL)
			continue;
		whole = (size_t)(last - text) + 1;
		rows = parse(text, text + whole, x, &numbers);
		predict(model, x, rows, numbers / rows);
		total += rows;
		memmove(text, text + whole, have -= whole);
	}
	if (have > 0) {
		rows = parse(text, text + have, x, &numbers);
		predict(model, x, rows, numbers / rows);
		total += rows;
	}
	printf("%zu rows\n", total);
	return 0;
}
