/*
 * Whether the lines of an object are JSON, each a document.
 */
#ifndef SPLIT_JSON_H
#define SPLIT_JSON_H

#include "split/object.h"

struct json_lines;

/* For the object from its next batch on. */
struct json_lines *json_lines_new(struct object *o, uint64_t line);
void json_lines_free(struct json_lines *j);

/* The next n bytes are not of the first line. */
void json_lines_skip(struct json_lines *j, size_t n);

/* Checks the next n bytes, and the line that the object ends in.  0, or -1
 * after a message that names the first record that is not JSON. */
int json_lines_feed(struct json_lines *j, const char *p, size_t n);
int json_lines_finish(struct json_lines *j);

#endif
