/*
 * Debian 13's ONNX Runtime writes a thousand lines to standard error when it
 * starts ("Schema error: Trying to register schema ... but it is already
 * registered", two lines each), because it shares libonnx; they mean nothing.
 */
#ifndef PLUGINS_ONNX_HUSH_H
#define PLUGINS_ONNX_HUSH_H

#include <stdbool.h>
#include <stdio.h>

struct hush {
	int saved; /* standard error; -1: it was not to be had */
	FILE *file;
};

/* Standard error goes elsewhere until hush_end.  With tell, what came there,
 * those lines left out, then goes where it was bound for; at most 64 KiB. */
void hush_begin(struct hush *h);
void hush_end(struct hush *h, bool tell);

#endif
