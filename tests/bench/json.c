/*
 * json FILE: how fast the check of each body and jansson's load go
 * over the lines of FILE, in GB/s, in turn; the median of the rounds, and how
 * many times jansson's.
 */
#include <err.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "format/json.h"
#include "clock.h"

static struct span
slurp(const char *path)
{
	struct buf b = { 0 };
	FILE *f = fopen(path, "rb");
	size_t n;

	if (f == NULL)
		err(1, "%s", path);
	while ((n = fread(buf_room(&b, 1 << 20), 1, 1 << 20, f)) > 0)
		b.n += n;
	fclose(f);
	return buf_span(&b);
}

/* Lines checked where they lie. */
static void
fused(struct span text)
{
	const char *why;
	struct span value;
	size_t at, used;

	for (; text.n > 0; text.p += used, text.n -= used)
		if (json_check_line(text, &value, &used, &why, &at) == -1)
			errx(1, "%s", why);
}

/* Lines found first, then each checked alone. */
static void
apart(struct span text)
{
	const char *why, *lf;
	struct span value;
	size_t at, n;

	for (; text.n > 0; text.p += n, text.n -= n) {
		lf = memchr(text.p, '\n', text.n);
		n = lf != NULL ? (size_t)(lf - text.p) + 1 : text.n;
		if (json_check((struct span){ text.p, n }, &value, &why, &at) ==
		    -1)
			errx(1, "%s", why);
	}
}

static void
loaded(struct span text)
{
	const char *lf;
	json_error_t e;
	json_t *j;
	size_t n;

	if (text.n > 2000000)
		text.n = 2000000;
	for (; text.n > 0; text.p += n, text.n -= n) {
		lf = memchr(text.p, '\n', text.n);
		if (lf == NULL)
			return;
		n = (size_t)(lf - text.p) + 1;
		j = json_loadb(text.p, n, JSON_DECODE_ANY, &e);
		if (j == NULL)
			errx(1, "%s", e.text);
		json_decref(j);
	}
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
rate(void (*work)(struct span), struct span text)
{
	double r[9], t;
	size_t i;

	for (i = 0; i < 9; i++) {
		t = now();
		work(text);
		r[i] = (double)(work == loaded && text.n > 2000000 ? 2000000
								   : text.n) /
		       (now() - t) / 1e9;
	}
	qsort(r, 9, sizeof r[0], by_value);
	return r[4];
}

/* Each body in a process of its own: it is chosen once. */
static void
body(const char *name, struct span text, double base)
{
	double one, two;

	if (fork() == 0) {
		setenv("BT_CPU", name, 1);
		if (strcmp(json_kernel_name(), name) != 0)
			_exit(0);
		one = rate(fused, text);
		two = rate(apart, text);
		printf("%-8s lines in one pass %6.2f GB/s (%4.0f x)   found "
		       "first %6.2f GB/s (%4.0f x)\n",
		    name, one, one / base, two, two / base);
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
}

int
main(int argc, char *argv[])
{
	static const char *names[] = { "avx2", "sse2", "neon", "plain" };
	struct span text;
	double base;
	size_t i;

	if (argc != 2)
		errx(2, "usage: json FILE");
	text = slurp(argv[1]);
	base = rate(loaded, text);
	printf("%-8s %6.3f GB/s\n", "jansson", base);
	fflush(stdout);
	for (i = 0; i < sizeof names / sizeof names[0]; i++)
		body(names[i], text, base);
	return 0;
}
