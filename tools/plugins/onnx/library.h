/*
 * Finding libonnxruntime, when there is a model to load.
 */
#ifndef PLUGINS_ONNX_LIBRARY_H
#define PLUGINS_ONNX_LIBRARY_H

#include "base/buf.h"
#include "bt_model.h"
#include "plugins/onnx/ort.h"

struct library {
	void *so; /* dlopen's */
	const struct ort_api *api;
	const char *version; /* "1.21.0" */
	struct ort_env *env;
};

/*
 * Opens BT_ONNXRUNTIME of the environment, or otherwise the library under its
 * usual names, for the rest of the process.  From then on its warnings go to
 * the host's log.  Returns 0, or -1 with the reason added to why.
 */
int library_open(
    struct library *l, const struct bt_host *host, struct buf *why);

/* Whether status is success; otherwise adds its text, as one line, to why, and
 * releases it. */
bool library_ok(
    const struct library *l, struct ort_status *status, struct buf *why);

#endif
