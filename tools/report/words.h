/*
 * A CreateTransformJob request in plain words.
 */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

#include <jansson.h>

#include "base/buf.h"

/*
 * Adds sentences, one a line, that describe the request.  Members of the wrong
 * kind are ignored: the request was checked before it ran.
 */
void report_words(const json_t *request, struct buf *b);

#endif
