/*
 * What a query selects (RFC 9535, 2.3 and 2.5).
 *
 * Nodes lie on a stack, those that a segment works on below those that it
 * selects.  A filter's queries use the stack above.  The descendants of a node
 * are what its brackets open, in the order of the text, so one pass over the
 * text finds where each of them ends.
 */
#include "base/mem.h"
#include "format/jsonpath/parts.h"

/* 2^24 nodes; $..*..*..* of deep text selects the cube of its depth. */
enum { NODES_MAX = 1 << 24 };

/* Room for one more of n elements. */
static void *
room(void *p, size_t n, size_t *size, size_t one)
{
	if (n < *size)
		return p;
	*size = n + n / 2 + 16;
	return mem_resize(p, *size, one);
}

static void
push(struct jsonpath *path, struct span node)
{
	if (path->n >= NODES_MAX) {
		path->too_many = true;
		return;
	}
	path->nodes = room(path->nodes, path->n, &path->size, sizeof node);
	path->nodes[path->n++] = node;
}

enum { NONE = -1 };

/*
 * Puts node's kids on their stack.  Where the node is an opening that is
 * known, its kids that open brackets are not read through.
 */
static void
push_kids(struct jsonpath *path, struct span node, ptrdiff_t opening)
{
	struct json_walk w = { .value = node };
	const struct opening *o =
	    opening == NONE ? NULL : path->opens + opening;
	const char *p, *past;

	for (; (p = json_item(&w)) != NULL; json_past(&w, past)) {
		if (o != NULL && (*p == '{' || *p == '[')) {
			past = (++o)->end;
			o += o->within;
		} else
			past = json_skip_value(p, node.p + node.n);
		path->kids = room(path->kids, path->n_kids, &path->kids_size,
		    sizeof *path->kids);
		path->kids[path->n_kids++] =
		    (struct kid){ w.key, { p, (size_t)(past - p) } };
	}
}

bool
jsonpath_child(const struct part *part, struct span node, struct span *found)
{
	struct json_walk w = { .value = node };
	int64_t index = part->index;

	if (part->kind == PART_NAME)
		return *node.p == '{' && json_member(node, part->name, found);
	if (*node.p != '[')
		return false;
	if (index < 0) /* from the end */
		index += (int64_t)json_count(node);
	while (index >= 0 && json_next(&w))
		if (index-- == 0) {
			*found = w.item;
			return true;
		}
	return false;
}

bool
jsonpath_only(const struct query *q, struct span node, struct span *found)
{
	const struct segment *seg;

	for (seg = q->segments; seg != NULL; seg = seg->next)
		if (!jsonpath_child(seg->parts, node, &node))
			return false;
	*found = node;
	return true;
}

static int64_t
clamp(int64_t v, int64_t min, int64_t max)
{
	return v < min ? min : v > max ? max : v;
}

/* RFC 9535, 2.3.4.2.2.  In Batch Transform's reading the end belongs to the
 * slice; an end that is left out is beyond the array in both. */
size_t
jsonpath_slice(enum jsonpath_dialect dialect, const struct part *s, size_t n,
    int64_t *first)
{
	const int64_t len = (int64_t)n, by = s->step;
	int64_t start = s->has_start ? s->index : by < 0 ? len - 1 : 0;
	int64_t end = s->has_end ? s->end : by < 0 ? -1 : len;

	if (by == 0)
		return 0;
	if (s->has_start && start < 0)
		start += len;
	if (s->has_end && end < 0)
		end += len;
	if (s->has_end && dialect != JSONPATH_RFC9535)
		end += by < 0 ? -1 : 1;
	if (by > 0) {
		start = clamp(start, 0, len);
		end = clamp(end, 0, len);
		*first = start;
		return end <= start ? 0 : (size_t)((end - start - 1) / by + 1);
	}
	start = clamp(start, -1, len - 1);
	end = clamp(end, -1, len - 1);
	*first = start;
	return end >= start ? 0 : (size_t)((start - end - 1) / -by + 1);
}

static void
push_slice(struct jsonpath *path, const struct part *part, size_t from)
{
	size_t n = path->n_kids - from, count, i;
	int64_t first;

	count = jsonpath_slice(path->dialect, part, n, &first);
	for (i = 0; i < count; i++)
		push(path,
		    path->kids[from + (size_t)(first + (int64_t)i * part->step)]
			.item);
}

static void
push_named(struct jsonpath *path, struct span name, size_t from)
{
	size_t i;

	for (i = path->n_kids; i-- > from;)
		if (json_string_is(path->kids[i].key, name)) {
			push(path, path->kids[i].item);
			return;
		}
}

static void
push_index(struct jsonpath *path, int64_t index, size_t from)
{
	int64_t n = (int64_t)(path->n_kids - from);

	if (index < 0)
		index += n;
	if (index >= 0 && index < n)
		push(path, path->kids[from + (size_t)index].item);
}

static void
push_all(struct jsonpath *path, struct expr *filter, size_t from)
{
	size_t i, past = path->n_kids;
	struct span item;

	for (i = from; i < past && !path->too_many; i++) {
		item = path->kids[i].item;
		if (filter == NULL || jsonpath_test(path, filter, item))
			push(path, item);
	}
}

/* Pushes what one selector selects of the node whose kids begin at from. */
static void
push_part(
    struct jsonpath *path, const struct part *part, bool array, size_t from)
{
	switch (part->kind) {
	case PART_NAME:
		if (!array)
			push_named(path, part->name, from);
		break;
	case PART_INDEX:
		if (array)
			push_index(path, part->index, from);
		break;
	case PART_SLICE:
		if (array)
			push_slice(path, part, from);
		break;
	case PART_WILD:
		push_all(path, NULL, from);
		break;
	case PART_FILTER:
		push_all(path, part->filter, from);
	}
}

/* Pushes what a segment's selectors select of one node. */
static void
push_parts(struct jsonpath *path, const struct part *part, struct span node,
    ptrdiff_t opening)
{
	const size_t from = path->n_kids;
	struct span found;

	if (opening == NONE && part->next == NULL &&
	    (part->kind == PART_NAME || part->kind == PART_INDEX)) {
		if (jsonpath_child(part, node, &found))
			push(path, found);
		return;
	}
	push_kids(path, node, opening);
	for (; part != NULL && !path->too_many; part = part->next)
		push_part(path, part, *node.p == '[', from);
	path->n_kids = from;
}

/* Puts what node opens, itself first, on their stack. */
static void
push_openings(struct jsonpath *path, struct span node)
{
	const char *end = node.p + node.n, *p = node.p;
	size_t open[JSON_DEPTH], depth = 0, i;

	for (; (p = json_next_bracket(p, end)) < end; p++)
		if (*p == '{' || *p == '[') {
			open[depth++] = path->n_opens;
			path->opens = room(path->opens, path->n_opens,
			    &path->opens_size, sizeof *path->opens);
			path->opens[path->n_opens++].p = p;
		} else {
			i = open[--depth];
			path->opens[i].end = p + 1;
			path->opens[i].within = path->n_opens - i - 1;
		}
}

static void
push_descendants(
    struct jsonpath *path, const struct part *part, struct span node)
{
	const size_t from = path->n_opens;
	struct opening o;
	size_t i, past;

	push_openings(path, node);
	past = path->n_opens;
	for (i = from; i < past && !path->too_many; i++) {
		o = path->opens[i];
		push_parts(path, part,
		    (struct span){ o.p, (size_t)(o.end - o.p) }, (ptrdiff_t)i);
	}
	path->n_opens = from;
}

void
jsonpath_select(
    struct jsonpath *path, const struct segment *seg, struct span node)
{
	const size_t from = path->n;
	size_t i, past;

	push(path, node);
	for (; seg != NULL; seg = seg->next) {
		past = path->n;
		for (i = from; i < past && !path->too_many; i++) {
			node = path->nodes[i];
			if (*node.p != '{' && *node.p != '[')
				continue;
			if (seg->descends)
				push_descendants(path, seg->parts, node);
			else
				push_parts(path, seg->parts, node, NONE);
		}
		memmove(path->nodes + from, path->nodes + past,
		    (path->n - past) * sizeof *path->nodes);
		path->n -= past - from;
	}
}

const struct span *
jsonpath_below(struct jsonpath *path, const struct segment *seg,
    struct span root, struct span node, size_t *count)
{
	path->root = root;
	path->round++;
	path->n = path->n_kids = path->n_opens = 0;
	path->too_many = false;
	jsonpath_select(path, seg, node);
	*count = path->n;
	return path->too_many ? NULL : path->nodes;
}

const struct span *
jsonpath_nodes(struct jsonpath *path, struct span value, size_t *count)
{
	return jsonpath_below(path, path->query.segments, value, value, count);
}
