#include "plugins/chat/memory.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

static void
empty(struct memory *m, struct slot *s)
{
	m->bytes -= s->n;
	free(s->text);
	memset(s, 0, sizeof *s);
}

static void
empty_all(struct memory *m)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		empty(m, &m->slots[i]);
}

/* Whether the batch is the last one or a piece of it. */
static bool
has(const struct memory *m, const struct bt_request *rq)
{
	uint64_t from = rq->first_record - m->first;

	return span_is(buf_span(&m->object), rq->object) &&
	       rq->first_record >= m->first && from <= m->n &&
	       rq->record_count <= m->n - from;
}

struct slot *
memory_begin(struct memory *m, const struct bt_request *rq)
{
	struct slot *slots;
	size_t i, hash, from;

	if (!has(m, rq)) {
		empty_all(m);
		m->object.n = 0;
		buf_adds(&m->object, rq->object);
		m->first = rq->first_record;
		m->n = rq->record_count;
		m->gone = 0;
		m->slots = mem_resize(m->slots, m->n, sizeof m->slots[0]);
		memset(m->slots, 0, m->n * sizeof m->slots[0]);
	}
	from = (size_t)(rq->first_record - m->first);
	slots = m->slots + from;
	/* Pieces come in order: what is before this one is settled. */
	for (; m->gone < from; m->gone++)
		empty(m, &m->slots[m->gone]);
	if (m->gone > from)
		m->gone = from;
	/* Another model's replies may differ from one time to the next. */
	for (i = 0; i < rq->record_count; i++) {
		hash = hash_span(
		    (struct span){ rq->records[i].p, rq->records[i].n });
		if (slots[i].hash != hash)
			empty(m, &slots[i]);
		slots[i].hash = hash;
	}
	return slots;
}

void
memory_end(
    struct memory *m, struct slot *s, enum slot_state state, struct span text)
{
	m->bytes -= s->n;
	free(s->text);
	s->state = state;
	s->text = mem_dup(text.p, text.n);
	s->n = text.n;
	m->bytes += s->n;
}

void
memory_free(struct memory *m)
{
	empty_all(m);
	free(m->slots);
	buf_free(&m->object);
}
