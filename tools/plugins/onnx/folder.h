/*
 * Which file of a model folder is the model.
 */
#ifndef PLUGINS_ONNX_FOLDER_H
#define PLUGINS_ONNX_FOLDER_H

#include "base/buf.h"

/*
 * Sets path to model.onnx of the folder, or to the one file there that is
 * called *.onnx.  Returns 0, or -1 with what is wrong added to why.
 */
int folder_model(const char *folder, struct buf *path, struct buf *why);

#endif
