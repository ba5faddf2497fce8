#include "plugins/linear/model.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "format/csv.h"
#include "format/json.h"

/* The larger members of the file; borrowed. */
struct parts {
	json_t *classes, *weights, *intercept, *missing, *text, *output,
	    *threshold;
};

static const char *
kind_of(json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "an array";
	case JSON_STRING:
		return "a string";
	case JSON_NULL:
		return "null";
	case JSON_TRUE:
	case JSON_FALSE:
		return "a boolean";
	default:
		return "a number";
	}
}

/* -1 if the object has members other than these (a list that NULL ends): a name
 * that is misspelt would be ignored. */
static int
members_check(json_t *object, const char *const *names, const char *where,
    struct buf *why)
{
	const char *const *name;
	const char *key;
	json_t *v;

	json_object_foreach (object, key, v) {
		for (name = names; *name != NULL && strcmp(*name, key) != 0;
		     name++)
			continue;
		if (*name == NULL) {
			buf_addf(why, "%s\"%s\": no such member", where, key);
			return -1;
		}
	}
	return 0;
}

static void *
zeros(size_t n, size_t size)
{
	void *p;

	p = mem_resize(NULL, n, size);
	if (n > 0)
		memset(p, 0, n * size);
	return p;
}

static void
label_set(struct linear_label *l, struct span text)
{
	csv_quote(&l->csv, text);
	json_quote(&l->json, text);
}

/* classes: one label a class; absent: their numbers. */
static int
labels_read(struct linear_model *m, json_t *classes, struct buf *why)
{
	char *end, number[NUM_MAX];
	struct span text;
	json_t *v;
	size_t i;

	m->classes = m->outputs == 1 ? 2 : m->outputs;
	m->labels = zeros(m->classes, sizeof *m->labels);
	if (classes == NULL) {
		for (i = 0; i < m->classes; i++) {
			end = num_put(number, i);
			text = (struct span){ number, (size_t)(end - number) };
			label_set(&m->labels[i], text);
		}
		return 0;
	}
	if (json_array_size(classes) != m->classes) {
		buf_addf(why,
		    "classes: not %zu labels, as many as the weights make",
		    m->classes);
		return -1;
	}
	json_array_foreach (classes, i, v) {
		if (!json_is_string(v)) {
			buf_addf(why, "classes: label %zu is %s, not a string",
			    i + 1, kind_of(v));
			return -1;
		}
		text = (struct span){ json_string_value(v),
			json_string_length(v) };
		label_set(&m->labels[i], text);
	}
	return 0;
}

static int
columns_read(struct linear_model *m, json_t *columns, struct buf *why)
{
	json_t *v;
	size_t i;

	m->column_count = columns == NULL ? 1 : json_array_size(columns);
	m->columns = mem_resize(NULL, m->column_count, sizeof *m->columns);
	if (columns == NULL)
		m->columns[0] = -1;
	if (m->column_count == 0) {
		buf_adds(why, "text: columns: not an array of column numbers");
		return -1;
	}
	json_array_foreach (columns, i, v) {
		if (!json_is_integer(v) ||
		    llabs(json_integer_value(v)) > INT32_MAX) {
			buf_addf(why,
			    "text: columns: column %zu is not a column number",
			    i + 1);
			return -1;
		}
		m->columns[i] = (long)json_integer_value(v);
	}
	return 0;
}

static int
text_read(struct linear_model *m, json_t *text, struct buf *why)
{
	static const char *const names[] = { "columns", "field", "bits",
		"ngrams", "lowercase", NULL };
	json_error_t error;
	json_t *columns = NULL;
	const char *field = "text";
	int bits = 18, ngrams = 1, lowercase = 1;

	if (members_check(text, names, "text: ", why) == -1)
		return -1;
	if (json_unpack_ex(text, &error, 0, "{s?o,s?s,s?i,s?i,s?b}", "columns",
		&columns, "field", &field, "bits", &bits, "ngrams", &ngrams,
		"lowercase", &lowercase) == -1) {
		buf_addf(why, "text: %s", error.text);
		return -1;
	}
	if (bits < 1 || bits > WORDS_BITS_MAX) {
		buf_addf(
		    why, "text: bits: %d, not 1 to %d", bits, WORDS_BITS_MAX);
		return -1;
	}
	if (ngrams < 1 || ngrams > WORDS_NGRAMS_MAX) {
		buf_addf(why, "text: ngrams: %d, not 1 to %d", ngrams,
		    WORDS_NGRAMS_MAX);
		return -1;
	}
	m->text = true;
	m->features = (size_t)1 << bits;
	m->field = mem_str(field);
	words_init(&m->words, (unsigned)bits, (unsigned)ngrams, lowercase);
	return columns_read(m, columns, why);
}

/* A row of weights by place: {"17": 0.5, ...}. */
static int
row_sparse(struct linear_model *m, json_t *row, size_t output, struct buf *why)
{
	const char *key, *bad;
	uint64_t at;
	json_t *v;

	json_object_foreach (row, key, v) {
		at = num_parse(span_str(key), 0, m->features - 1, &bad);
		if (bad != NULL) {
			buf_addf(why, "weights: \"%s\": %s", key, bad);
			return -1;
		}
		if (!json_is_number(v)) {
			buf_addf(why, "weights: \"%s\" is %s, not a number",
			    key, kind_of(v));
			return -1;
		}
		m->weights[at * m->outputs + output] = json_number_value(v);
	}
	return 0;
}

static int
row_dense(struct linear_model *m, json_t *row, size_t output, struct buf *why)
{
	json_t *v;
	size_t i;

	if (json_array_size(row) != m->features) {
		buf_addf(why, "weights: row %zu has %zu numbers, not %zu%s",
		    output + 1, json_array_size(row), m->features,
		    m->text ? " (2 to the power of bits)" : "");
		return -1;
	}
	json_array_foreach (row, i, v) {
		if (!json_is_number(v)) {
			buf_addf(why, "weights: row %zu: number %zu is %s",
			    output + 1, i + 1, kind_of(v));
			return -1;
		}
		m->weights[i * m->outputs + output] = json_number_value(v);
	}
	return 0;
}

/* weights: a row, or an array of rows, one an output. */
static int
weights_read(struct linear_model *m, json_t *weights, struct buf *why)
{
	bool rows = json_is_array(weights) && json_array_size(weights) > 0 &&
		    !json_is_number(json_array_get(weights, 0));
	json_t *row = rows ? json_array_get(weights, 0) : weights;
	size_t i;
	int bad = 0;

	m->outputs = rows ? json_array_size(weights) : 1;
	if (!m->text)
		m->features = json_array_size(row);
	if (m->features == 0) {
		buf_addf(why, "weights: %s, not an array of numbers",
		    json_is_array(row) ? "an empty array" : kind_of(row));
		return -1;
	}
	m->weights = zeros(m->features * m->outputs, sizeof *m->weights);
	for (i = 0; i < m->outputs && bad == 0; i++) {
		if (rows)
			row = json_array_get(weights, i);
		if (json_is_array(row))
			bad = row_dense(m, row, i, why);
		else if (json_is_object(row) && m->text)
			bad = row_sparse(m, row, i, why);
		else {
			buf_addf(
			    why, "weights: row %zu is %s", i + 1, kind_of(row));
			bad = -1;
		}
	}
	return bad;
}

static int
intercepts_read(struct linear_model *m, json_t *intercept, struct buf *why)
{
	json_t *v;
	size_t i;

	m->intercepts = zeros(m->outputs, sizeof *m->intercepts);
	if (intercept == NULL)
		return 0;
	if (json_is_number(intercept) && m->outputs == 1) {
		m->intercepts[0] = json_number_value(intercept);
		return 0;
	}
	if (json_array_size(intercept) != m->outputs) {
		buf_addf(why,
		    "intercept: not %zu number%s, one a row of weights",
		    m->outputs, m->outputs == 1 ? "" : "s");
		return -1;
	}
	json_array_foreach (intercept, i, v) {
		if (!json_is_number(v)) {
			buf_addf(why, "intercept: number %zu is %s", i + 1,
			    kind_of(v));
			return -1;
		}
		m->intercepts[i] = json_number_value(v);
	}
	return 0;
}

/* missing: a number for all columns, or one for each, null for none. */
static int
missing_read(struct linear_model *m, json_t *missing, struct buf *why)
{
	json_t *v;
	size_t i;

	if (missing == NULL)
		return 0;
	if (m->text) {
		buf_adds(
		    why, "missing: a model on text has no columns of numbers");
		return -1;
	}
	if (!json_is_number(missing) &&
	    json_array_size(missing) != m->features) {
		buf_addf(why, "missing: not a number, nor an array of %zu",
		    m->features);
		return -1;
	}
	m->missing = mem_resize(NULL, m->features, sizeof *m->missing);
	for (i = 0; i < m->features; i++) {
		v = json_is_number(missing) ? missing
					    : json_array_get(missing, i);
		if (!json_is_number(v) && !json_is_null(v)) {
			buf_addf(why, "missing: number %zu is %s", i + 1,
			    kind_of(v));
			return -1;
		}
		m->missing[i] =
		    json_is_null(v) ? (double)NAN : json_number_value(v);
	}
	return 0;
}

static int
threshold_read(struct linear_model *m, json_t *threshold, struct buf *why)
{
	double v;

	m->threshold = -1;
	if (threshold == NULL)
		return 0;
	if (!m->logistic || m->outputs != 1) {
		buf_adds(why,
		    "threshold: only a logistic model with one row of weights has one");
		return -1;
	}
	v = json_number_value(threshold);
	if (!json_is_number(threshold) || v < 0 || v > 1) {
		buf_adds(why, "threshold: not a number from 0 to 1");
		return -1;
	}
	m->threshold = (float)v;
	return 0;
}

static int
items_read(struct linear_model *m, json_t *output, struct buf *why)
{
	static const char *const names[] = { [LINEAR_VALUE] = "value",
		[LINEAR_PROBABILITY] = "probability",
		[LINEAR_PROBABILITIES] = "probabilities",
		[LINEAR_LABEL] = "label",
		[LINEAR_SCORE] = "score",
		[LINEAR_PREDICTED_LABEL] = "predicted_label" };
	const size_t count = sizeof names / sizeof names[0];
	const char *name;
	json_t *v;
	size_t i, item;

	if (output == NULL) {
		m->items = mem_resize(NULL, 2, sizeof *m->items);
		m->item_count = m->logistic ? 2 : 1;
		m->items[0] = m->logistic ? LINEAR_PROBABILITY : LINEAR_VALUE;
		m->items[1] = LINEAR_LABEL;
		return 0;
	}
	if (json_array_size(output) == 0) {
		buf_adds(why, "output: not an array of names");
		return -1;
	}
	m->items = mem_resize(NULL, json_array_size(output), sizeof *m->items);
	json_array_foreach (output, i, v) {
		name = json_is_string(v) ? json_string_value(v) : "";
		for (item = 0; item < count && strcmp(names[item], name) != 0;
		     item++)
			continue;
		if (item == count || (!m->logistic && item != LINEAR_VALUE &&
					 item != LINEAR_SCORE)) {
			buf_addf(why, "output: name %zu is not %s", i + 1,
			    m->logistic
				? "\"label\", \"probability\", \"probabilities\", \"value\", \"score\" or \"predicted_label\""
				: "\"value\" or \"score\", the items of a linear model");
			return -1;
		}
		m->learner |=
		    item == LINEAR_SCORE || item == LINEAR_PREDICTED_LABEL;
		m->items[m->item_count++] = (enum linear_item)item;
	}
	return 0;
}

/* Reads the format, the version, the model's kind and its larger parts. */
static int
head_read(
    struct linear_model *m, json_t *root, struct parts *parts, struct buf *why)
{
	static const char *const names[] = { "format", "version", "about",
		"kind", "classes", "intercept", "missing", "output", "text",
		"threshold", "weights", NULL };
	json_t *format = json_object_get(root, "format");
	json_t *version = json_object_get(root, "version");
	const char *kind;
	json_error_t error;

	if (!json_is_string(format) ||
	    strcmp(json_string_value(format), "bt-linear") != 0) {
		buf_adds(why, "format: not \"bt-linear\"");
		return -1;
	}
	if (!json_is_integer(version) || json_integer_value(version) != 1) {
		buf_adds(why, "version: not 1, the only known version");
		return -1;
	}
	if (members_check(root, names, "", why) == -1)
		return -1;
	if (json_unpack_ex(root, &error, 0, "{s:s,s:o,s?o,s?o,s?o,s?o,s?o,s?o}",
		"kind", &kind, "weights", &parts->weights, "classes",
		&parts->classes, "intercept", &parts->intercept, "missing",
		&parts->missing, "text", &parts->text, "output", &parts->output,
		"threshold", &parts->threshold) == -1) {
		buf_adds(why, error.text);
		return -1;
	}
	m->logistic = strcmp(kind, "logistic") == 0;
	if (!m->logistic && strcmp(kind, "linear") != 0) {
		buf_addf(
		    why, "kind: \"%s\", not \"logistic\" or \"linear\"", kind);
		return -1;
	}
	return 0;
}

static int
parts_read(struct linear_model *m, json_t *root, struct buf *why)
{
	struct parts parts = { 0 };

	if (head_read(m, root, &parts, why) == -1 ||
	    (parts.text != NULL && text_read(m, parts.text, why) == -1) ||
	    weights_read(m, parts.weights, why) == -1 ||
	    intercepts_read(m, parts.intercept, why) == -1 ||
	    missing_read(m, parts.missing, why) == -1 ||
	    threshold_read(m, parts.threshold, why) == -1)
		return -1;
	if (m->logistic && labels_read(m, parts.classes, why) == -1)
		return -1;
	if (!m->logistic && parts.classes != NULL) {
		buf_adds(why, "classes: a linear model has none");
		return -1;
	}
	return items_read(m, parts.output, why);
}

struct linear_model *
linear_model_read(const char *path, const void *p, size_t n, struct buf *why)
{
	struct linear_model *m;
	json_error_t error;
	json_t *root;
	FILE *f = NULL;
	int bad;

	if (path != NULL && (f = fopen(path, "r")) == NULL) {
		buf_adds(why, strerror(errno));
		return NULL;
	}
	root = f != NULL ? json_loadf(f, JSON_REJECT_DUPLICATES, &error)
			 : json_loadb(p, n, JSON_REJECT_DUPLICATES, &error);
	if (f != NULL)
		fclose(f);
	if (root == NULL) {
		buf_addf(why, "line %d, column %d: %s", error.line,
		    error.column, error.text);
		return NULL;
	}
	m = zeros(1, sizeof *m);
	bad = parts_read(m, root, why);
	json_decref(root);
	if (bad == 0)
		return m;
	linear_model_free(m);
	return NULL;
}

void
linear_model_free(struct linear_model *m)
{
	size_t i;

	for (i = 0; i < m->classes && m->labels != NULL; i++) {
		buf_free(&m->labels[i].csv);
		buf_free(&m->labels[i].json);
	}
	free(m->labels);
	free(m->weights);
	free(m->intercepts);
	free(m->missing);
	free(m->items);
	free(m->field);
	free(m->columns);
	free(m);
}
