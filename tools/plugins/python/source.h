/*
 * The program of the interpreter: bt_*.py, kept in the plugin itself so that no
 * file need be found.
 */
#ifndef PLUGINS_PYTHON_SOURCE_H
#define PLUGINS_PYTHON_SOURCE_H

#include "base/buf.h"

/* For python3 -c: reads argv[1] bytes from descriptor argv[2], and runs them
 * with that and the descriptors after it. */
extern const char source_start[];

/* Adds the bytes that source_start reads. */
void source_add(struct buf *b);

#endif
