/*
 * The objects that result lines are of, and what was answered of each.
 */
#ifndef TODO_OBJECT_H
#define TODO_OBJECT_H

#include "todo/answers.h"

struct todo_object {
	char *path;		 /* decoded */
	char *etag;		 /* as it stands in the references, or NULL */
	struct settled answered; /* of struct answer */
	struct answers failed;
	bool has_last; /* some line has the object's last batch */
	uint64_t end;  /* and its records end there */
	bool has_tail; /* a last batch without records is answered */
};

/* Zero one to begin with. */
struct todo_objects {
	struct todo_object *list;
	size_t n, size;
	size_t *slots; /* 0: empty, else an index of list, and 1 */
	size_t slot_count;
	size_t latest; /* the index that was asked for before */
};

/* The object of this path, borrowed until the next call; where there is none,
 * a new one, zero but for the path, or NULL. */
struct todo_object *todo_object_get(struct todo_objects *os, struct span path);
struct todo_object *todo_object_find(struct todo_objects *os, struct span path);

void todo_objects_free(struct todo_objects *os);

#endif
