/* A model that costs SPIN_MS (50) milliseconds of CPU a batch and replies with
 * a 0 for each record: what bt-predict costs besides can be told apart. */
#include <stdlib.h>
#include <time.h>

#include "bt_model.h"

static double
cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int
model_fn(const struct bt_host *host, const struct bt_load *load, void **model)
{
	static double ms;
	const char *text = getenv("SPIN_MS");

	(void)host;
	(void)load;
	ms = text != NULL ? atof(text) : 50;
	*model = &ms;
	return BT_OK;
}

static int
input_fn(const struct bt_host *host, void *model,
    const struct bt_request *request, void **input)
{
	(void)host;
	(void)model;
	*input = (void *)(uintptr_t)request;
	return BT_OK;
}

static int
predict_fn(
    const struct bt_host *host, void *model, void *input, void **prediction)
{
	double until = cpu_ms() + *(const double *)model;

	(void)host;
	while (cpu_ms() < until)
		continue;
	*prediction = input;
	return BT_OK;
}

static int
output_fn(const struct bt_host *host, void *model, void *prediction,
    const char *accept)
{
	static const char zeros[] =
	    "0\n0\n0\n0\n0\n0\n0\n0\n0\n0\n0\n0\n0\n0\n0\n";
	const struct bt_request *request = prediction;
	size_t left = 2 * request->record_count, n;

	(void)model;
	(void)accept;
	for (; left > 0; left -= n) {
		n = left < sizeof zeros - 1 ? left : sizeof zeros - 1;
		host->write(host, zeros, n);
	}
	return BT_OK;
}

static const struct bt_plugin plugin = {
	BT_PLUGIN_HEAD,
	.name = "spin",
	.version = "1",
	.model_fn = model_fn,
	.input_fn = input_fn,
	.predict_fn = predict_fn,
	.output_fn = output_fn,
};

BT_PLUGIN(plugin)
