#include "plugins/xgboost/reply.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "format/json.h"
#include "plugins/xgboost/repr.h"

static const char *const names[ITEM_COUNT] = { "predicted_label", "labels",
	"probability", "probabilities", "raw_score", "raw_scores",
	"predicted_score" };

#define HAS(item) (1u << ITEM_##item)
#define HAS_CLASSES                                                            \
	(HAS(LABEL) | HAS(LABELS) | HAS(RAW_SCORE) | HAS(RAW_SCORES))
#define HAS_CHANCES (HAS(PROBABILITY) | HAS(PROBABILITIES))

static const unsigned items_of[] = { [FAMILY_OTHER] = 0,
	[FAMILY_REGRESSION] = HAS(SCORE),
	[FAMILY_LOGISTIC] = HAS_CLASSES | HAS_CHANCES,
	[FAMILY_LOGITRAW] = HAS_CLASSES,
	[FAMILY_HINGE] = HAS_CLASSES,
	[FAMILY_SOFTMAX] = HAS_CLASSES,
	[FAMILY_SOFTPROB] = HAS_CLASSES | HAS_CHANCES };

static const struct {
	const char *objective;
	enum family family;
} families[] = { { "reg:squarederror", FAMILY_REGRESSION },
	{ "reg:logistic", FAMILY_REGRESSION },
	{ "reg:gamma", FAMILY_REGRESSION },
	{ "reg:absoluteerror", FAMILY_REGRESSION },
	{ "reg:tweedie", FAMILY_REGRESSION },
	{ "binary:logistic", FAMILY_LOGISTIC },
	{ "binary:logitraw", FAMILY_LOGITRAW },
	{ "binary:hinge", FAMILY_HINGE }, { "multi:softmax", FAMILY_SOFTMAX },
	{ "multi:softprob", FAMILY_SOFTPROB } };

/* Removes the next name from *text; returns it in small letters and without
 * blanks. */
static char *
take_name(const char **text)
{
	struct buf name = { 0 };
	const char *p;
	char *copy;

	for (p = *text; *p != '\0' && *p != ','; p++)
		if (*p != ' ')
			buf_addc(&name,
			    *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p);
	*text = *p == ',' ? p + 1 : NULL;
	copy = mem_dup(buf_str(&name), name.n);
	buf_free(&name);
	return copy;
}

static int
choice_add(struct form *f, char *name, const char *objective, struct buf *warn,
    struct buf *why)
{
	struct choice c = { name, 0 };

	while (c.item < ITEM_COUNT && strcmp(names[c.item], name) != 0)
		c.item++;
	f->choices =
	    mem_resize(f->choices, f->choice_count + 1, sizeof *f->choices);
	if (c.item == ITEM_COUNT && !f->strict) {
		f->choices[f->choice_count++] = c;
		buf_addf(why,
		    "SAGEMAKER_INFERENCE_OUTPUT: \"%.40s\" is not one of predicted_label, labels, probability, probabilities, raw_score, raw_scores, predicted_score",
		    name);
		return -1;
	}
	if (c.item == ITEM_COUNT || (items_of[f->family] & 1u << c.item) == 0) {
		c.item = ITEM_COUNT;
		warn->n = 0;
		buf_addf(warn,
		    "SAGEMAKER_INFERENCE_OUTPUT: %s has no \"%.40s\": it is NaN",
		    objective, name);
	}
	f->choices[f->choice_count++] = c;
	return 0;
}

int
form_set(struct form *f, const struct booster *b, const char *selected,
    bool strict, struct buf *warn, struct buf *why)
{
	size_t i;

	*f = (struct form){
		.strict = strict, .family = FAMILY_OTHER, .classes = b->classes
	};
	for (i = 0; i < sizeof families / sizeof families[0]; i++)
		if (strcmp(families[i].objective, b->objective) == 0)
			f->family = families[i].family;
	if (selected == NULL || *selected == '\0')
		return 0;
	if (f->family == FAMILY_OTHER) {
		buf_addf(why,
		    "SAGEMAKER_INFERENCE_OUTPUT: not for models of %s",
		    b->objective);
		return -1;
	}
	while (selected != NULL)
		if (choice_add(
			f, take_name(&selected), b->objective, warn, why) == -1)
			return -1;
	return 0;
}

void
form_free(struct form *f)
{
	size_t i;

	for (i = 0; i < f->choice_count; i++)
		free(f->choices[i].name);
	free(f->choices);
}

enum style { STYLE_CSV, STYLE_JSON, STYLE_JSON_STRICT };

static void
number_add(struct buf *out, double v, enum style style)
{
	if (style == STYLE_CSV || isfinite(v))
		out->n += (size_t)(repr_write(buf_room(out, REPR_MAX), v) -
				   (out->p + out->n));
	else if (style == STYLE_JSON)
		buf_adds(out, "null");
	else
		buf_adds(out, isnan(v) ? "NaN"
			      : v < 0  ? "-Infinity"
				       : "Infinity");
}

static void
whole_add(struct buf *out, size_t v)
{
	char *p = buf_room(out, NUM_MAX);

	out->n += (size_t)(num_put(p, v) - p);
}

static void
list_add(struct buf *out, const float *v, size_t n, enum style style)
{
	size_t i;

	buf_addc(out, '[');
	for (i = 0; i < n; i++) {
		if (i > 0)
			buf_adds(out, ", ");
		number_add(out, (double)v[i], style);
	}
	buf_addc(out, ']');
}

size_t
form_best(const float *v, size_t n)
{
	size_t i, at = 0;

	for (i = 1; i < n; i++)
		if (v[i] > v[at])
			at = i;
	return at;
}

double
form_label(const struct form *f, const float *v, size_t n, bool *whole)
{
	*whole = true;
	switch (f->family) {
	case FAMILY_LOGISTIC:
		return *v > 0.5f;
	case FAMILY_LOGITRAW:
		return *v > 0;
	case FAMILY_SOFTPROB:
		return (double)form_best(v, n);
	default:
		*whole = false;
		return (double)*v;
	}
}

static void
labels_add(const struct form *f, struct buf *out)
{
	bool many = f->family == FAMILY_SOFTMAX || f->family == FAMILY_SOFTPROB;
	size_t i, n = many ? f->classes : 2;

	buf_addc(out, '[');
	for (i = 0; i < n; i++) {
		if (i > 0)
			buf_adds(out, ", ");
		whole_add(out, i);
	}
	buf_addc(out, ']');
}

/* The outputs of all classes; a single output is the second's, and 1 minus it
 * the first's. */
static void
scores_add(const struct form *f, const float *v, size_t n, enum style style,
    struct buf *out)
{
	if (f->family == FAMILY_SOFTPROB) {
		list_add(out, v, n, style);
		return;
	}
	buf_addc(out, '[');
	number_add(out, 1.0 - (double)*v, style);
	buf_adds(out, ", ");
	number_add(out, (double)*v, style);
	buf_addc(out, ']');
}

static void
item_add(const struct form *f, enum item item, const float *v, size_t n,
    enum style style, struct buf *out)
{
	double label;
	bool whole;

	switch (item) {
	case ITEM_LABEL:
		label = form_label(f, v, n, &whole);
		if (whole)
			whole_add(out, (size_t)label);
		else
			number_add(out, label, style);
		break;
	case ITEM_LABELS:
		labels_add(f, out);
		break;
	case ITEM_PROBABILITIES:
	case ITEM_RAW_SCORES:
		scores_add(f, v, n, style, out);
		break;
	case ITEM_PROBABILITY:
	case ITEM_RAW_SCORE:
	case ITEM_SCORE:
		number_add(out, (double)v[form_best(v, n)], style);
		break;
	case ITEM_COUNT:
		number_add(out, (double)NAN, style);
		break;
	}
}

/* Fields in the order asked for; a list is one of them, in quotes. */
static void
choices_csv(const struct form *f, const float *v, size_t n, struct buf *out)
{
	enum item item;
	const char *quote;
	size_t i;

	for (i = 0; i < f->choice_count; i++) {
		item = f->choices[i].item;
		quote = item == ITEM_LABELS || item == ITEM_PROBABILITIES ||
				item == ITEM_RAW_SCORES
			    ? "\""
			    : "";
		buf_adds(out, i > 0 ? "," : "");
		buf_adds(out, quote);
		item_add(f, item, v, n, STYLE_CSV, out);
		buf_adds(out, quote);
	}
}

bool
form_repeats(const struct form *f, size_t i)
{
	size_t k;

	for (k = 0; k < i; k++)
		if (strcmp(f->choices[k].name, f->choices[i].name) == 0)
			return true;
	return false;
}

/* An object has its members in the order of enum item, each once, and last
 * what the model does not have. */
static void
choices_json(const struct form *f, const float *v, size_t n, enum style style,
    struct buf *out)
{
	const struct choice *c;
	size_t i;
	int item;

	buf_addc(out, '{');
	for (item = 0; item <= ITEM_COUNT; item++)
		for (i = 0; i < f->choice_count; i++) {
			c = &f->choices[i];
			if ((int)c->item != item || form_repeats(f, i))
				continue;
			if (out->p[out->n - 1] != '{')
				buf_adds(out, ", ");
			json_quote(out, span_str(c->name));
			buf_adds(out, ": ");
			item_add(f, c->item, v, n, style, out);
		}
	buf_addc(out, '}');
}

static void
row_json(const struct form *f, const struct outputs *o, const float *v,
    struct buf *out)
{
	enum style style = f->strict ? STYLE_JSON_STRICT : STYLE_JSON;

	if (f->choice_count > 0) {
		choices_json(f, v, o->width, style, out);
		return;
	}
	buf_adds(out, "{\"score\": ");
	if (o->vector)
		list_add(out, v, o->width, style);
	else
		number_add(out, (double)*v, style);
	buf_addc(out, '}');
}

static void
row_csv(const struct form *f, const struct outputs *o, const float *v,
    struct buf *out)
{
	size_t i;

	if (f->choice_count > 0)
		choices_csv(f, v, o->width, out);
	else if (f->strict && o->vector)
		list_add(out, v, o->width, STYLE_CSV);
	else
		for (i = 0; i < o->width; i++) {
			if (i > 0)
				buf_addc(out, ',');
			number_add(out, (double)v[i], STYLE_CSV);
		}
}

int
form_check(const struct form *f, const struct outputs *o, struct buf *why)
{
	if (f->choice_count == 0 || o->vector == (f->family == FAMILY_SOFTPROB))
		return 0;
	buf_addf(why,
	    "SAGEMAKER_INFERENCE_OUTPUT: not for a model of %zu outputs a record",
	    o->width);
	return -1;
}

int
reply_add(const struct form *f, const struct outputs *o, enum type_kind kind,
    struct buf *out, struct buf *why)
{
	bool text = kind == TYPE_CSV || (f->strict && f->choice_count == 0);
	bool document = !text && kind == TYPE_JSON;
	const float *v = o->values;
	size_t i;

	if (form_check(f, o, why) == -1)
		return -1;
	if (document)
		buf_adds(out, "{\"predictions\": [");
	for (i = 0; i < o->rows; i++, v += o->width) {
		if (document && i > 0)
			buf_adds(out, ", ");
		if (text)
			row_csv(f, o, v, out);
		else
			row_json(f, o, v, out);
		if (!document)
			buf_addc(out, '\n');
	}
	if (document)
		buf_adds(out, "]}");
	return 0;
}
