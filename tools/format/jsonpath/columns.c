#include "base/mem.h"
#include "format/jsonpath/parts.h"

static void
add(struct jsonpath *path, size_t column)
{
	path->columns = mem_grow(path->columns, &path->columns_size,
	    path->n_columns + 1, sizeof *path->columns);
	path->columns[path->n_columns++] = column;
}

static bool
outside(struct buf *why, int64_t column, size_t width)
{
	buf_addf(why, "no column %lld in a row of %zu column%s",
	    (long long)column, width, width == 1 ? "" : "s");
	return false;
}

static bool
inside(int64_t column, size_t width)
{
	return column < 0 ? (uint64_t)-column <= width
			  : (uint64_t)column < width;
}

/* RFC 9535 cuts a slice to the row.  Where its end belongs to it, the bounds
 * are columns, and must be there. */
static bool
add_slice(struct jsonpath *path, const struct part *slice, size_t width,
    struct buf *why)
{
	int64_t first;
	size_t n, i;

	if (path->dialect != JSONPATH_RFC9535) {
		if (slice->has_start && !inside(slice->index, width))
			return outside(why, slice->index, width);
		if (slice->has_end && !inside(slice->end, width))
			return outside(why, slice->end, width);
	}
	n = jsonpath_slice(path->dialect, slice, width, &first);
	for (i = 0; i < n; i++)
		add(path, (size_t)(first + (int64_t)i * slice->step));
	return true;
}

static bool
add_part(struct jsonpath *path, const struct part *part, size_t width,
    struct buf *why)
{
	size_t i;

	switch (part->kind) {
	case PART_INDEX:
		if (!inside(part->index, width))
			return outside(why, part->index, width);
		add(path,
		    (size_t)(part->index < 0 ? part->index + (int64_t)width
					     : part->index));
		return true;
	case PART_SLICE:
		return add_slice(path, part, width, why);
	case PART_WILD:
		for (i = 0; i < width; i++)
			add(path, i);
		return true;
	case PART_NAME:
		buf_addf(why, "no column \"%.*s\": columns of CSV are numbers",
		    (int)part->name.n, part->name.p);
		return false;
	default:
		buf_adds(why, "a filter does not select columns of CSV");
		return false;
	}
}

static bool
add_all(struct jsonpath *path, size_t width, struct buf *why)
{
	static const struct part all = { .kind = PART_WILD };
	const struct segment *seg = path->query.segments;
	const struct part *part = seg == NULL ? &all : seg->parts;

	if (seg != NULL && (seg->descends || seg->next != NULL)) {
		buf_adds(why, "columns of CSV have nothing below them");
		return false;
	}
	for (; part != NULL; part = part->next)
		if (!add_part(path, part, width, why))
			return false;
	return true;
}

const size_t *
jsonpath_columns(
    struct jsonpath *path, size_t width, size_t *count, struct buf *why)
{
	if (!path->width_known || path->width != width) {
		path->n_columns = 0;
		path->width = width;
		path->width_known = add_all(path, width, why);
		if (!path->width_known)
			return NULL;
		if (path->n_columns == 0) {
			add(path, 0); /* not NULL */
			path->n_columns = 0;
		}
	}
	*count = path->n_columns;
	return path->columns;
}

bool
jsonpath_has_columns(const struct jsonpath *path)
{
	const struct segment *seg = path->query.segments;
	const struct part *part;

	if (seg == NULL)
		return true;
	if (seg->descends || seg->next != NULL)
		return false;
	for (part = seg->parts; part != NULL; part = part->next)
		if (part->kind != PART_INDEX && part->kind != PART_SLICE &&
		    part->kind != PART_WILD)
			return false;
	return true;
}
