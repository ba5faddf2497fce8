/*
 * PATH, NUL, JSON: no path and no document does harm; the nodes lie in the
 * document and are values of it; a path that selects one node at the most is
 * the filter's answer.
 */
#include <stdint.h>
#include <stdlib.h>

#include "format/json.h"
#include "format/jsonpath.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
inside(struct span node, struct span value)
{
	const char *why;
	struct span again;
	size_t at;

	if (node.p < value.p || node.p + node.n > value.p + value.n)
		abort();
	if (json_check(node, &again, &why, &at) == -1 || again.p != node.p ||
	    again.n != node.n)
		abort();
}

static void
select_from(struct jsonpath *path, struct span value)
{
	struct buf out = { 0 }, why = { 0 };
	const struct span *node;
	const char *reason;
	struct span again;
	size_t i, n, at;

	node = jsonpath_nodes(path, value, &n);
	for (i = 0; node != NULL && i < n && i < 1000; i++)
		inside(node[i], value);
	if (jsonpath_is_all(path) &&
	    (n != 1 || node[0].p != value.p || node[0].n != value.n))
		abort();
	if (jsonpath_filter(path, value, &out, &why) == 0) {
		if (json_check(buf_span(&out), &again, &reason, &at) == -1 &&
		    strncmp(reason, "brackets more", 13) != 0)
			abort();
	} else if (why.n == 0)
		abort();
	buf_free(&out);
	buf_free(&why);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *nul = memchr(data, 0, size);
	size_t n = nul != NULL ? (size_t)(nul - data) : size, at, i;
	struct span text = { (const char *)data, n }, value, rest;
	struct buf why = { 0 };
	struct jsonpath *path;
	const char *reason;

	/* Three dots or filters on a short text, to end in time. */
	for (i = at = 0; i < n; i++)
		at += data[i] == '?' ||
		      (data[i] == '.' && data[i - (i > 0)] == '.');
	if (at > 4)
		return 0;
	path = jsonpath_new(text, (enum jsonpath_dialect)(size % 3), &why, &at);
	if (path == NULL) {
		if (why.n == 0 || at > n)
			abort();
	} else {
		for (i = 0; i < 12; i++)
			if (jsonpath_columns(path, i, &at, &why) == NULL)
				why.n = 0;
		rest.p = (const char *)data + n + (nul != NULL);
		rest.n = size - n - (nul != NULL);
		if (rest.n < 1024 &&
		    json_check(rest, &value, &reason, &at) == 0) {
			select_from(path, value);
			select_from(path, value);
		}
	}
	jsonpath_free(path);
	buf_free(&why);
	return 0;
}
