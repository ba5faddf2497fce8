#include "plugins/linear/reply.h"

#include <math.h>

#include "format/number.h"

static double
logistic(double z)
{
	return z < 0 ? exp(z) / (1 + exp(z)) : 1 / (1 + exp(-z));
}

/* The class with the largest value, the first of equals; or by the threshold.
 */
static size_t
best(const struct linear_model *m, const double *values)
{
	size_t i, at = 0;

	if (m->outputs == 1)
		return m->threshold < 0
			   ? values[0] > 0
			   : (float)logistic(values[0]) >= m->threshold;
	for (i = 1; i < m->outputs; i++)
		if (values[i] > values[at])
			at = i;
	return at;
}

static double
probability(const struct linear_model *m, const double *values, size_t class)
{
	double sum = 0;
	size_t i;

	if (m->outputs == 1)
		return logistic(class == 1 ? values[0] : -values[0]);
	for (i = 0; i < m->outputs; i++)
		sum += exp(values[i] - values[class]);
	return 1 / sum;
}

static void
number_add(struct buf *out, double v, bool json)
{
	char *p;

	if (json && !isfinite((float)v)) {
		buf_adds(out, "null");
		return;
	}
	p = buf_room(out, NUMBER_MAX);
	out->n += (size_t)(number_write(p, (float)v) - p);
}

/* The numbers as fields, or in JSON an array if there are several. */
static void
numbers_add(const struct linear_model *m, const double *values, bool probable,
    bool json, struct buf *out)
{
	size_t i, n = probable ? m->classes : m->outputs;
	bool array = json && (probable || n > 1);

	if (array)
		buf_addc(out, '[');
	for (i = 0; i < n; i++) {
		if (i > 0)
			buf_addc(out, ',');
		number_add(out,
		    probable ? probability(m, values, i) : values[i], json);
	}
	if (array)
		buf_addc(out, ']');
}

void
reply_add(const struct linear_model *m, const double *values, bool json,
    struct buf *out)
{
	static const char *const keys[] = { [LINEAR_VALUE] = "\"value\":",
		[LINEAR_PROBABILITY] = "\"probability\":",
		[LINEAR_PROBABILITIES] = "\"probabilities\":",
		[LINEAR_LABEL] = "\"label\":",
		[LINEAR_SCORE] = "\"score\":",
		[LINEAR_PREDICTED_LABEL] = "\"predicted_label\":" };
	bool object = json && (m->item_count > 1 || m->learner);
	bool two = m->logistic && m->outputs == 1;
	const struct linear_label *label;
	const struct buf *text;
	double chance;
	size_t i;

	if (object)
		buf_addc(out, '{');
	for (i = 0; i < m->item_count; i++) {
		if (i > 0)
			buf_addc(out, ',');
		if (object)
			buf_adds(out, keys[m->items[i]]);
		switch (m->items[i]) {
		case LINEAR_VALUE:
			numbers_add(m, values, false, json, out);
			break;
		case LINEAR_PROBABILITIES:
			numbers_add(m, values, true, json, out);
			break;
		case LINEAR_PROBABILITY:
			chance = probability(m, values, best(m, values));
			number_add(out, chance, json);
			break;
		case LINEAR_LABEL:
			label = &m->labels[best(m, values)];
			text = json ? &label->json : &label->csv;
			buf_add(out, text->p, text->n);
			break;
		case LINEAR_SCORE:
			if (two)
				number_add(
				    out, probability(m, values, 1), json);
			else
				numbers_add(m, values, m->logistic, json, out);
			break;
		case LINEAR_PREDICTED_LABEL:
			buf_addf(out, "%zu", best(m, values));
			break;
		}
	}
	if (object)
		buf_addc(out, '}');
}
