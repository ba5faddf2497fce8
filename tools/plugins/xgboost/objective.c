#include "plugins/xgboost/objective.h"

#include <math.h>
#include <string.h>

static const struct {
	const char *name;
	enum objective objective;
} objectives[] = { { "reg:squarederror", OBJECTIVE_SUM },
	{ "reg:linear", OBJECTIVE_SUM },
	{ "reg:squaredlogerror", OBJECTIVE_SUM },
	{ "reg:pseudohubererror", OBJECTIVE_SUM },
	{ "reg:absoluteerror", OBJECTIVE_SUM },
	{ "reg:logistic", OBJECTIVE_LOGISTIC },
	{ "binary:logistic", OBJECTIVE_LOGISTIC },
	{ "binary:logitraw", OBJECTIVE_SUM },
	{ "binary:hinge", OBJECTIVE_HINGE },
	{ "multi:softmax", OBJECTIVE_SOFTMAX },
	{ "multi:softprob", OBJECTIVE_SOFTPROB },
	{ "count:poisson", OBJECTIVE_EXP }, { "reg:gamma", OBJECTIVE_EXP },
	{ "reg:tweedie", OBJECTIVE_EXP }, { "survival:cox", OBJECTIVE_EXP },
	{ "rank:pairwise", OBJECTIVE_SUM }, { "rank:ndcg", OBJECTIVE_SUM },
	{ "rank:map", OBJECTIVE_SUM } };

enum objective
objective_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof objectives / sizeof *objectives; i++)
		if (strcmp(objectives[i].name, name) == 0)
			return objectives[i].objective;
	return OBJECTIVE_UNKNOWN;
}

bool
objective_has_classes(enum objective o)
{
	return o == OBJECTIVE_SOFTMAX || o == OBJECTIVE_SOFTPROB;
}

/* The 1e-16 changes nothing; 88.7 keeps expf from overflowing. */
static float
sigmoid(float x)
{
	x = 88.7f < -x ? 88.7f : -x;
	return 1.0f / (expf(x) + 1.0f + 1e-16f);
}

bool
objective_margin(
    enum objective o, bool transformed, float base_score, float *margin)
{
	float v = base_score;

	if (!isfinite(v))
		return false;
	if (transformed && !objective_has_classes(o))
		objective_apply(o, &v, 1, 1);
	if (o == OBJECTIVE_LOGISTIC) {
		if (!(v > 0.0f && v < 1.0f))
			return false;
		v = -logf(1.0f / v - 1.0f);
	} else if (o == OBJECTIVE_EXP)
		v = logf(v);
	*margin = v;
	return true;
}

static void
softmax(float *v, size_t n)
{
	float most = v[0];
	double sum = 0;
	size_t i;

	for (i = 1; i < n; i++)
		most = fmaxf(v[i], most);
	for (i = 0; i < n; i++) {
		v[i] = expf(v[i] - most);
		sum += (double)v[i];
	}
	for (i = 0; i < n; i++)
		v[i] /= (float)sum;
}

static float
largest(const float *v, size_t n)
{
	size_t i, at = 0;

	for (i = 1; i < n; i++)
		if (v[i] > v[at])
			at = i;
	return (float)at;
}

size_t
objective_apply(enum objective o, float *v, size_t n, size_t width)
{
	size_t i, count = n * width;

	switch (o) {
	case OBJECTIVE_LOGISTIC:
		for (i = 0; i < count; i++)
			v[i] = sigmoid(v[i]);
		break;
	case OBJECTIVE_EXP:
		for (i = 0; i < count; i++)
			v[i] = expf(v[i]);
		break;
	case OBJECTIVE_HINGE:
		for (i = 0; i < count; i++)
			v[i] = v[i] > 0.0f ? 1.0f : 0.0f;
		break;
	case OBJECTIVE_SOFTPROB:
		for (i = 0; i < n; i++)
			softmax(v + i * width, width);
		break;
	case OBJECTIVE_SOFTMAX:
		for (i = 0; i < n; i++)
			v[i] = largest(v + i * width, width);
		return 1;
	case OBJECTIVE_SUM:
	case OBJECTIVE_UNKNOWN:
		break;
	}
	return width;
}
