/*
 * Predictions as text.
 */
#ifndef PLUGINS_ONNX_REPLY_H
#define PLUGINS_ONNX_REPLY_H

#include "plugins/onnx/run.h"

/*
 * Writes each row's prediction by host->write.  CSV: the outputs' values side
 * by side; JSON: an object with the outputs' names, or the value of the only
 * output.  Returns BT_OK, or the status given to host->fail.
 */
int reply_write(const struct session *s, const struct bt_host *host,
    const struct prediction *p, bool json);

#endif
