#include "plugins/xgboost/artifact.h"

#include "format/json.h"
#include "plugins/xgboost/binary.h"
#include "plugins/xgboost/pickle.h"
#include "plugins/xgboost/ubjson.h"

/* Before the model in pickles of XGBoost 1.0 to 1.5, and how long the model
 * is, in 8 bytes.  Earlier ones have the model alone. */
static const char config_head[] = "CONFIG-offset:";
enum { CONFIG_HEAD = sizeof config_head - 1 + 8 };

static bool
begins(struct span s, const char *text)
{
	return s.n >= strlen(text) && memcmp(s.p, text, strlen(text)) == 0;
}

static void
skip(struct span *s, size_t n)
{
	s->p += n;
	s->n -= n;
}

static void
skip_blanks(struct span *s)
{
	while (s->n > 0 && strchr(" \t\r\n", *s->p) != NULL && *s->p != '\0')
		skip(s, 1);
}

static bool
is_json(struct span s)
{
	if (s.n == 0 || *s.p != '{')
		return false;
	skip(&s, 1);
	skip_blanks(&s);
	return s.n > 0 && *s.p == '"';
}

/* UBJSON: skips the head of a string, 'S' and its length. */
static struct span
string_text(struct span s)
{
	static const char types[] = "iUIlL";
	static const unsigned char sizes[] = { 1, 1, 2, 4, 8 };
	const char *type;

	if (s.n < 2 || s.p[0] != 'S' || s.p[1] == '\0' ||
	    (type = strchr(types, s.p[1])) == NULL ||
	    s.n < 2u + sizes[type - types])
		return (struct span){ s.p, 0 };
	skip(&s, 2u + sizes[type - types]);
	return s;
}

/* The same for JSON, from the end of the key. */
static struct span
member_text(struct span s)
{
	if (s.n > 0 && *s.p == '"')
		skip(&s, 1);
	skip_blanks(&s);
	if (s.n > 0 && *s.p == ':')
		skip(&s, 1);
	skip_blanks(&s);
	if (s.n > 0 && *s.p == '"')
		skip(&s, 1);
	else
		s.n = 0;
	return s;
}

/* Whether a base_score is a string that begins with a bracket. */
static bool
has_list(struct span s, bool json)
{
	static const char key[] = "base_score";
	const size_t n = sizeof key - 1;
	const char *p;
	struct span after, text;

	for (; s.n > n; skip(&s, 1)) {
		p = memchr(s.p, key[0], s.n - n);
		if (p == NULL)
			return false;
		skip(&s, (size_t)(p - s.p));
		if (memcmp(p, key, n) != 0)
			continue;
		after = (struct span){ p + n, s.n - n };
		text = json ? member_text(after) : string_text(after);
		if (begins(text, "["))
			return true;
	}
	return false;
}

/* Has XGBoost read an old model of binary:hinge right: as one of 1.0. */
static void
mend_hinge(struct artifact *a)
{
	size_t at = a->serialized ? 0 : binary_hinge(a->bytes);

	if (at == 0)
		return;
	if (a->bytes.p != a->room.p)
		buf_add(&a->room, a->bytes.p, a->bytes.n);
	a->room.p[at] = 1;
	a->bytes = buf_span(&a->room);
}

/* The model and what is after it in a pickle. */
static void
cut_config(struct artifact *a)
{
	struct span s = a->bytes;
	uint64_t n = 0;
	size_t i;

	a->model = s;
	if (!a->serialized)
		return;
	skip(&s, CONFIG_HEAD);
	for (i = 1; i <= 8; i++)
		n = n << 8 | (unsigned char)s.p[-(ptrdiff_t)i];
	a->model = a->config = s;
	if (n < s.n) {
		a->model.n = (size_t)n;
		skip(&a->config, (size_t)n);
	}
}

static int
look_binary(struct artifact *a, struct buf *why)
{
	struct span s = a->bytes;
	const char *reason = "it does not begin as one";
	size_t i;

	a->serialized =
	    a->pickled && begins(s, config_head) && s.n > CONFIG_HEAD;
	if (a->serialized)
		skip(&s, CONFIG_HEAD);
	if (binary_is(s) && binary_check(s, &a->trees, &reason) == 0) {
		mend_hinge(a);
		cut_config(a);
		return 0;
	}
	if (binary_is(s) || a->pickled || begins(s, "binf")) {
		buf_addf(
		    why, "a damaged model in the binary format: %s", reason);
		return -1;
	}
	buf_adds(why, "not an XGBoost model: it begins with");
	for (i = 0; i < s.n && i < 8; i++)
		buf_addf(why, " %02x", (unsigned)(unsigned char)s.p[i]);
	return -1;
}

static int
look_ubjson(struct artifact *a, struct buf *why)
{
	const char *reason;
	size_t at;

	if (ubjson_check(a->bytes, &a->trees, &reason, &at) == 0) {
		a->text = a->bytes;
		return 0;
	}
	buf_addf(why, "a damaged model in UBJSON: byte %zu: %s", at, reason);
	return -1;
}

/* XGBoost's JSON has NaN: it reads texts that are not JSON here. */
static int
look_json(struct artifact *a, struct buf *why)
{
	struct span value;
	const char *reason;
	size_t at;

	if (json_check(a->bytes, &value, &reason, &at) == -1 &&
	    (!json_nulls(&a->mended, a->bytes) ||
		json_check(buf_span(&a->mended), &value, &reason, &at) == -1))
		return 0;
	if (trees_json(&a->trees, value, &reason) == 0) {
		a->text = value;
		return 0;
	}
	buf_addf(why, "a damaged model in JSON: %s", reason);
	return -1;
}

int
artifact_look(struct span file, struct artifact *out, struct buf *why)
{
	const struct trees_ints *weights = &out->trees.lists[TREES_WEIGHTS];
	struct pickled pickled;
	struct span text;

	*out = (struct artifact){ .bytes = file };
	if (file.n == 0) {
		buf_adds(why, "empty");
		return -1;
	}
	if (begins(file, "\x1f\x8b")) {
		buf_adds(why,
		    "compressed; unpack a model.tar.gz, or give it instead of its folder");
		return -1;
	}
	out->pickled = pickle_is(file);
	if (out->pickled) {
		if (pickle_booster(file, &out->room, &pickled, why) == -1)
			return -1;
		out->bytes = pickled.model;
		out->limit = pickled.trees;
	}
	text = out->bytes;
	skip_blanks(&text);
	if (!begins(text, "{"))
		return look_binary(out, why);
	out->bytes = text;
	out->serialized = out->pickled;
	out->json = is_json(text);
	if ((out->json ? look_json(out, why) : look_ubjson(out, why)) == -1)
		return -1;
	/* XGBoost trusts that each tree of dart has its weight. */
	if (weights->there && weights->n != out->trees.count) {
		buf_addf(why, "a damaged model: %zu weights for %zu trees",
		    weights->n, out->trees.count);
		return -1;
	}
	return 0;
}

int
artifact_fits(const struct artifact *a, bool since_3_1, struct buf *why)
{
	if (since_3_1 && a->model.n > 0)
		buf_adds(why,
		    "a model in the binary format, which XGBoost 3.1 and later do not read: save it as JSON with an earlier one");
	else if (!since_3_1 && a->model.n == 0 && has_list(a->bytes, a->json))
		buf_adds(why,
		    "a model of XGBoost 3.1 or later: its base_score is a list, which this one would misread");
	else
		return 0;
	return -1;
}

int
artifact_check(const struct artifact *a, size_t features, size_t classes,
    size_t targets, struct buf *why)
{
	const struct trees *t = &a->trees;
	const struct trees_ints *linear = &t->lists[TREES_LINEAR];
	size_t groups = classes > targets ? classes : targets;

	groups = groups > 0 ? groups : 1;
	if (groups > a->bytes.n)
		buf_addf(why, "a damaged model: %zu classes in %zu bytes",
		    groups, a->bytes.n);
	else if (t->columns > features)
		buf_addf(why,
		    "a damaged model: a tree asks for column %zu of %zu",
		    t->columns, features);
	else if (t->groups > groups)
		buf_addf(why, "a damaged model: a tree of class %zu of %zu",
		    t->groups, groups);
	else if (linear->there && linear->n != (features + 1) * groups)
		buf_addf(why,
		    "a damaged model: %zu weights for %zu columns and %zu class%s",
		    linear->n, features, groups, groups == 1 ? "" : "es");
	else
		return 0;
	return -1;
}

void
artifact_free(struct artifact *a)
{
	trees_free(&a->trees);
	buf_free(&a->room);
	buf_free(&a->mended);
}
