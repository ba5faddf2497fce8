/*
 * The program of the interpreter: bt_*.py, kept in the plugin itself so that no
 * file need be found.
 */
#ifndef PLUGINS_PYTHON_SOURCE_H
#define PLUGINS_PYTHON_SOURCE_H

#include "base/buf.h"

/* For python3 -c: reads argv[2] bytes from descriptor argv[1], and runs them.
 */
extern const char source_start[];

/* Adds the bytes that source_start reads. */
void source_add(struct buf *b);

#endif
