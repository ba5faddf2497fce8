/*
 * Finding libonnxruntime, when there is a model to load.
 */
#ifndef PLUGINS_ONNX_LIBRARY_H
#define PLUGINS_ONNX_LIBRARY_H

#include "base/buf.h"
#include "bt_model.h"
#include "plugins/onnx/ort.h"

struct library {
	const struct ort_api *api;
	const char *version; /* "1.21.0" */
	struct ort_env *env;
};

/*
 * Opens BT_ONNXRUNTIME of the environment, or else the library under its usual
 * names, for the rest of the process.  From then on its warnings go to the
 * host's log.  Returns 0, or -1 with what is wrong added to why.
 */
int library_open(
    struct library *l, const struct bt_host *host, struct buf *why);

/* Whether all went well; else the status's text, as one line, is added to why,
 * and the status released. */
bool library_ok(
    const struct library *l, struct ort_status *status, struct buf *why);

#endif
