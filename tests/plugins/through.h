/*
 * What models have whose prediction is the request, for output_fn to look at.
 */
#ifndef TESTS_PLUGINS_THROUGH_H
#define TESTS_PLUGINS_THROUGH_H

#include "bt_model.h"

static inline int
through_input_fn(const struct bt_host *host, void *model,
    const struct bt_request *request, void **input)
{
	(void)host;
	(void)model;
	*input = (void *)request;
	return BT_OK;
}

static inline int
through_predict_fn(
    const struct bt_host *host, void *model, void *input, void **prediction)
{
	(void)host;
	(void)model;
	*prediction = input;
	return BT_OK;
}

#endif
