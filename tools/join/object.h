/*
 * The objects of a join, by the name of their output.
 */
#ifndef JOIN_OBJECT_H
#define JOIN_OBJECT_H

#include "base/buf.h"
#include "base/table.h"
#include "format/ref.h"
#include "format/settled.h"
#include "format/type.h"
#include "io/out.h"

enum object_state { OBJECT_JOINING, OBJECT_WHOLE, OBJECT_FAILED };

struct object {
	struct table_entry entry; /* by name */
	char *path;
	const char *stem;   /* of path: as object_stem; or NULL */
	const char *name;   /* of the output; of one refused the path, and / */
	struct out *out;    /* NULL: none yet, or no longer */
	uint64_t next, end; /* record and byte after those that were joined */
	uint64_t total;	    /* records, if has_last */
	uint64_t failed;    /* records without a prediction */
	struct settled early; /* of struct early: those from next on */
	char *tail;	      /* a last batch without records, or NULL */
	size_t tail_n;
	enum object_state state;
	/* The same in all its references. */
	uint64_t header_offset, header_length;
	enum ref_split split;
	enum type_kind kind;
	bool keeps_newlines;
	bool has_last, header_done;
};

/* A result line that came before its turn. */
struct early {
	struct settled_range range;
	char *line; /* NULL: its object has failed */
	size_t n;
};

/* The object whose output has this name; if there is none, a new one, zero but
 * for the name. */
struct object *objects_get(struct table *objects, struct span name);

/* Frees all; none has an output under way. */
void objects_free(struct table *objects);

/* The name that an object gives its output: the rest of its path after prefix,
 * or without a prefix the last component.  NULL and a constant reason if the
 * path does not begin with the prefix. */
const char *object_stem(const char *path, const char *prefix, const char **why);

/*
 * Adds the name of path's output, DIR/STEM.out; a remote DIR that ends in a
 * slash gets no second one.  One file has one name: a//b and a/./b are a/b if
 * DIR is a folder.  Returns -1 and a constant reason if that would be no name,
 * or outside dir.
 */
int object_name(struct buf *out, const char *path, const char *dir,
    const char *prefix, const char **why);

#endif
