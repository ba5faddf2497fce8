#include "format/json.h"
#include "plugins/xgboost/trees.h"

/* 12, -1; anything else is outside every tree. */
static int64_t
whole(struct span text)
{
	const char *p = text.p, *end = p + text.n;
	bool minus = *p == '-';
	int64_t v = 0;

	for (p += minus; p < end && *p >= '0' && *p <= '9' && v <= INT32_MAX;
	     p++)
		v = v * 10 + (*p - '0');
	return p == end ? (minus ? -v : v) : INT64_MIN;
}

static int look(struct trees *t, struct span value, const char **why);

static int
look_member(
    struct trees *t, struct span key, struct span value, const char **why)
{
	struct span name = { key.p + 1, key.n - 2 };
	struct json_walk w = { .value = value };
	struct trees_ints *list = NULL;

	if (json_kind(value) == JSON_IS_ARRAY)
		list = trees_begin(t, name);
	if (list == NULL)
		return look(t, value, why);
	while (json_next(&w))
		trees_add(list, whole(w.item));
	return trees_end(t, why);
}

/* A list of numbers has nothing to look for. */
static bool
is_flat(struct span array)
{
	struct json_walk w = { .value = array };

	return !json_next(&w) || (json_kind(w.item) != JSON_IS_OBJECT &&
				     json_kind(w.item) != JSON_IS_ARRAY);
}

static int
look(struct trees *t, struct span value, const char **why)
{
	struct json_walk w = { .value = value };
	bool keyed = json_kind(value) == JSON_IS_OBJECT;

	if (!keyed && (json_kind(value) != JSON_IS_ARRAY || is_flat(value)))
		return 0;
	while (json_next(&w))
		if ((keyed ? look_member(t, w.key, w.item, why)
			   : look(t, w.item, why)) == -1)
			return -1;
	return 0;
}

int
trees_json(struct trees *t, struct span model, const char **why)
{
	return look(t, model, why);
}
