/*
 * A hash table of structs, each found by its key: any bytes, most often a path.
 * A struct of the table begins with a struct table_entry.
 */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include "base/span.h"

struct table_entry {
	struct table_entry *next;  /* with the same slot */
	struct table_entry *after; /* in the order they came */
	struct span key;	   /* the table's copy, a NUL after it */
};

/* Zero one to begin with. */
struct table {
	struct table_entry **slot;
	size_t size;	   /* slots */
	size_t n, dropped; /* entries, and those that wait to be freed */
	struct table_entry *first, *last;
	struct table_entry *recent; /* found last: the next is often the same */
};

/* The entry with this key, or NULL. */
void *table_find(struct table *t, struct span key);

/* The same; if there is none, a new entry of size bytes, zero but for its
 * struct table_entry. */
void *table_get(struct table *t, struct span key, size_t size);

/* The entry that came after this one, the first after NULL; NULL at the end. */
void *table_next(const struct table *t, const void *entry);

/* Takes an entry out of the table, which frees it some time; what the entry
 * points at is the caller's to free. */
void table_drop(struct table *t, void *entry);

/* Frees all entries so; the table is empty and usable. */
void table_free(struct table *t);

#endif
