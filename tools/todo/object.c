#include "todo/object.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

/* Where path is in the table, or would be. */
static size_t *
find_slot(const struct todo_objects *os, struct span path)
{
	size_t i = hash_span(path);

	while (os->slots[i &= os->slot_count - 1] != 0 &&
	       !span_is(path, os->list[os->slots[i] - 1].path))
		i++;
	return &os->slots[i];
}

static void
grow_slots(struct todo_objects *os)
{
	size_t i;

	free(os->slots);
	os->slot_count = os->slot_count > 0 ? os->slot_count * 2 : 64;
	os->slots = mem_alloc(os->slot_count * sizeof *os->slots);
	memset(os->slots, 0, os->slot_count * sizeof *os->slots);
	for (i = 0; i < os->n; i++) {
		struct span path = { os->list[i].path,
			strlen(os->list[i].path) };

		*find_slot(os, path) = i + 1;
	}
}

static size_t
add(struct todo_objects *os, struct span path)
{
	if (os->n == os->size) {
		os->size += os->size / 2 + 16;
		os->list = mem_resize(os->list, os->size, sizeof *os->list);
	}
	memset(&os->list[os->n], 0, sizeof *os->list);
	os->list[os->n].path = mem_dup(path.p, path.n);
	os->list[os->n].answered.element = sizeof(struct answer);
	return os->n++;
}

struct todo_object *
todo_object_find(struct todo_objects *os, struct span path)
{
	size_t slot;

	if (os->n == 0)
		return NULL;
	if (span_is(path, os->list[os->latest].path))
		return &os->list[os->latest];
	slot = *find_slot(os, path);
	if (slot == 0)
		return NULL;
	os->latest = slot - 1;
	return &os->list[os->latest];
}

struct todo_object *
todo_object_get(struct todo_objects *os, struct span path)
{
	struct todo_object *o = todo_object_find(os, path);

	if (o != NULL)
		return o;
	if (os->n >= os->slot_count / 2)
		grow_slots(os);
	os->latest = add(os, path);
	*find_slot(os, path) = os->n;
	return &os->list[os->latest];
}

void
todo_objects_free(struct todo_objects *os)
{
	size_t i;

	for (i = 0; i < os->n; i++) {
		settled_free(&os->list[i].answered);
		answers_free(&os->list[i].failed);
		free(os->list[i].path);
		free(os->list[i].etag);
	}
	free(os->list);
	free(os->slots);
}
