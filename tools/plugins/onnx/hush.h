/*
 * Debian 13's ONNX Runtime writes a thousand lines to standard error when it
 * loads the first model ("Schema error: Trying to register schema ... but it is
 * already registered", two lines each), because it shares libonnx; they are
 * harmless.
 */
#ifndef PLUGINS_ONNX_HUSH_H
#define PLUGINS_ONNX_HUSH_H

#include <stdio.h>

struct hush {
	int saved; /* standard error; -1: not available */
	FILE *file;
};

/* hush_begin diverts standard error; hush_end restores it and writes what was
 * diverted, without those lines. */
void hush_begin(struct hush *h);
void hush_end(struct hush *h);

#endif
