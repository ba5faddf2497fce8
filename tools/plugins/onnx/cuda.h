/*
 * Computing on a GPU: ONNX Runtime's CUDA provider.
 */
#ifndef PLUGINS_ONNX_CUDA_H
#define PLUGINS_ONNX_CUDA_H

#include "plugins/onnx/library.h"

/*
 * Gives the session of these options the first GPU that CUDA_VISIBLE_DEVICES
 * leaves, if there is one.  If ONNX Runtime cannot use it, a line in the host's
 * log says why, and the processor computes.
 */
void cuda_use(const struct library *l, const struct bt_host *host,
    struct ort_options *options);

#endif
