/*
 * Debian 13's ONNX Runtime writes a thousand lines to standard error when it
 * loads the first model ("Schema error: Trying to register schema ... but it is
 * already registered", two lines each), because it shares libonnx; they mean
 * nothing.
 */
#ifndef PLUGINS_ONNX_HUSH_H
#define PLUGINS_ONNX_HUSH_H

#include <stdio.h>

struct hush {
	int saved; /* standard error; -1: it was not to be had */
	FILE *file;
};

/* Standard error goes elsewhere until hush_end; then what came there, those
 * lines left out, goes where it was bound for. */
void hush_begin(struct hush *h);
void hush_end(struct hush *h);

#endif
