/*
 * Finding the model in its folder.
 */
#ifndef PLUGINS_ONNX_FOLDER_H
#define PLUGINS_ONNX_FOLDER_H

#include "base/buf.h"

/*
 * Sets path to model.onnx of the folder, or to the only *.onnx file in it.
 * Returns 0, or -1 with the reason added to why.
 */
int folder_model(const char *folder, struct buf *path, struct buf *why);

#endif
