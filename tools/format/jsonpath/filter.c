#include "base/mem.h"
#include "format/jsonpath/parts.h"

static const char *
kind_name(struct span value)
{
	switch (json_kind(value)) {
	case JSON_IS_OBJECT:
		return "an object";
	case JSON_IS_ARRAY:
		return "an array";
	case JSON_IS_STRING:
		return "a string";
	case JSON_IS_NUMBER:
		return "a number";
	default:
		return "true, false or null";
	}
}

/* The path to `last` (not with it), as RFC 9535 normalizes it. */
static void
add_place(const struct jsonpath *path, const struct part *last, struct buf *why)
{
	const struct segment *seg = path->query.segments;

	buf_addc(why, '$');
	for (; seg != NULL && seg->parts != last; seg = seg->next)
		if (seg->parts->kind == PART_NAME)
			buf_addf(why, "['%.*s']", (int)seg->parts->name.n,
			    seg->parts->name.p);
		else
			buf_addf(why, "[%lld]", (long long)seg->parts->index);
}

/* What part does not find in node; first is its segment's first part. */
static int
missing(const struct jsonpath *path, const struct part *first,
    const struct part *part, struct span node, struct buf *why)
{
	const char *kind = kind_name(node);

	if (part->kind == PART_NAME) {
		buf_addf(why, "no member \"%.*s\" in ", (int)part->name.n,
		    part->name.p);
		add_place(path, first, why);
		if (*node.p != '{')
			buf_addf(why, ", %s", kind);
	} else {
		buf_addf(why, "no element %lld in ", (long long)part->index);
		add_place(path, first, why);
		if (*node.p == '[')
			buf_addf(why, ", an array of %zu", json_count(node));
		else
			buf_addf(why, ", %s", kind);
	}
	return -1;
}

static bool
by_name_or_index(const struct part *part)
{
	return part->kind == PART_NAME || part->kind == PART_INDEX;
}

/* Whether the last segment's parts are several names. */
static bool
is_names(const struct segment *seg)
{
	const struct part *part = seg->parts;

	if (seg->descends || part->next == NULL)
		return false;
	while (part != NULL && part->kind == PART_NAME)
		part = part->next;
	return part == NULL;
}

/* An object of the members with several names, found in one walk. */
static int
add_object(struct jsonpath *path, const struct part *first, struct span node,
    struct buf *out, struct buf *why)
{
	struct json_walk w = { .value = node };
	const struct part *part;
	size_t i;

	if (*node.p != '{')
		return missing(path, first, first, node, why);
	for (i = 0, part = first; part != NULL; part = part->next, i++) {
		path->members = mem_grow(path->members, &path->members_size,
		    i + 1, sizeof *path->members);
		path->members[i].p = NULL;
	}
	while (json_next(&w))
		for (i = 0, part = first; part != NULL; part = part->next, i++)
			if (json_string_is(w.key, part->name))
				path->members[i] = w.item;
	for (i = 0, part = first; part != NULL; part = part->next, i++) {
		if (path->members[i].p == NULL)
			return missing(path, first, part, node, why);
		buf_addc(out, i == 0 ? '{' : ',');
		json_quote(out, part->name);
		buf_addc(out, ':');
		buf_add(out, path->members[i].p, path->members[i].n);
	}
	buf_addc(out, '}');
	return 0;
}

/* In Batch Transform an index in a list must be there too. */
static int
check_indexes(const struct jsonpath *path, const struct segment *seg,
    struct span node, struct buf *why)
{
	const struct part *part;
	struct span found;

	if (path->dialect == JSONPATH_RFC9535 || seg->descends)
		return 0;
	for (part = seg->parts; part != NULL; part = part->next)
		if (by_name_or_index(part) &&
		    !jsonpath_child(part, node, &found))
			return missing(path, seg->parts, part, node, why);
	return 0;
}

/* In Batch Transform a slice is one of an array: of an object it would be empty
 * for every record, and most often the record was thought to be CSV. */
static int
check_slice(const struct jsonpath *path, const struct segment *seg,
    struct span node, struct buf *why)
{
	const struct part *part = seg->parts;

	if (path->dialect == JSONPATH_RFC9535 || seg->descends ||
	    *node.p == '[')
		return 0;
	while (part != NULL && part->kind != PART_SLICE)
		part = part->next;
	if (part == NULL)
		return 0;
	buf_adds(why, "a slice of ");
	add_place(path, seg->parts, why);
	buf_addf(why, ", %s", kind_name(node));
	return -1;
}

/* Whether a segment selects at most one node. */
static bool
is_single(const struct segment *seg)
{
	return !seg->descends && seg->parts->next == NULL &&
	       by_name_or_index(seg->parts);
}

/* A node that is not there: nothing can be written for a path that selects one
 * node only; of others RFC 9535 has an empty list. */
static int
add_missing(const struct jsonpath *path, const struct segment *seg,
    struct span node, struct buf *out, struct buf *why)
{
	const struct segment *last = seg;

	while (last != NULL && is_single(last))
		last = last->next;
	if (path->dialect != JSONPATH_RFC9535 || last == NULL)
		return missing(path, seg->parts, seg->parts, node, why);
	buf_adds(out, "[]");
	return 0;
}

int
jsonpath_filter(
    struct jsonpath *path, struct span value, struct buf *out, struct buf *why)
{
	const struct segment *seg = path->query.segments;
	struct span node = value;
	const struct span *nodes;
	size_t count, i;

	for (; seg != NULL && is_single(seg); seg = seg->next)
		if (!jsonpath_child(seg->parts, node, &node))
			return add_missing(path, seg, node, out, why);
	if (seg == NULL) {
		buf_add(out, node.p, node.n);
		return 0;
	}
	if (seg->next == NULL) {
		if (path->dialect != JSONPATH_RFC9535 && is_names(seg))
			return add_object(path, seg->parts, node, out, why);
		if (check_indexes(path, seg, node, why) == -1)
			return -1;
	}
	if (check_slice(path, seg, node, why) == -1)
		return -1;
	nodes = jsonpath_below(path, seg, value, node, &count);
	if (nodes == NULL) {
		buf_adds(why, "the path selects too many nodes");
		return -1;
	}
	buf_addc(out, '[');
	for (i = 0; i < count; i++) {
		if (i > 0)
			buf_addc(out, ',');
		buf_add(out, nodes[i].p, nodes[i].n);
	}
	buf_addc(out, ']');
	return 0;
}
