/*
 * Models in JSON or in UBJSON, which have the same members: values of either,
 * in text that was checked.
 */
#ifndef PLUGINS_XGBOOST_DOCUMENT_H
#define PLUGINS_XGBOOST_DOCUMENT_H

#include <stdint.h>

#include "base/buf.h"

struct value {
	struct span text; /* p is NULL: there is none */
	int type;	  /* UBJSON's letter for it; 0: it is JSON */
};

/* The whole of a document. */
struct value value_of(struct span text, bool json);

/*
 * Sets *out of each name to the member of an object, or to no value if there is
 * none.  Returns whether it is an object in which none occurs twice.
 */
struct member {
	const char *name;
	struct value *out;
};
bool value_members(struct value object, const struct member *m, size_t n);

/* Each element of an array, and whether it is one. */
bool value_each(struct value array,
    bool (*each)(void *state, struct value element), void *state);

/* Sets out to what a string stands for. */
bool value_string(struct value v, struct buf *out);

/* A number that is a whole one from 0 to max, or as XGBoost writes settings,
 * a string of its digits. */
bool value_setting(struct value v, uint64_t max, uint64_t *out);

/* Arrays of numbers, each in room of its own; whether all are what they should
 * be.  In floats null is NaN, and counted in `nulls`. */
struct ints {
	int32_t *v;
	size_t n, room;
};
struct longs {
	int64_t *v;
	size_t n, room;
};
struct floats {
	float *v;
	size_t n, room, nulls;
};
struct flags {
	unsigned char *v;
	size_t n, room;
};
bool value_ints(struct value array, struct ints *out);
bool value_longs(struct value array, struct longs *out);
bool value_floats(struct value array, struct floats *out);
bool value_flags(struct value array, struct flags *out);

#endif
