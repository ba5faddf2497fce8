#include "stage/join_errors.h"

#include <inttypes.h>

#include "format/json.h"
#include "format/type.h"
#include "stage/join_lines.h"

struct failure {
	struct span path, error, status, batch;
};

static void
add_line(FILE *f, const struct failure *what, uint64_t record, uint64_t records,
    uint64_t offset, uint64_t length)
{
	static struct buf line;

	line.n = 0;
	buf_adds(&line, "{\"object\":");
	json_quote(&line, what->path);
	buf_addf(&line, ",\"record\":%" PRIu64 ",", record);
	if (records != 1)
		buf_addf(&line, "\"records\":%" PRIu64 ",", records);
	buf_addf(&line, "\"offset\":%" PRIu64 ",\"length\":%" PRIu64, offset,
	    length);
	if (what->status.p != NULL) {
		buf_adds(&line, ",\"status\":");
		json_quote(&line, what->status);
	}
	buf_adds(&line, ",\"error\":");
	json_quote(&line, what->error);
	buf_adds(&line, ",\"batch\":");
	json_quote(&line, what->batch);
	buf_adds(&line, "}\n");
	fwrite(line.p, 1, line.n, f);
}

/* How many of the range's lines were named. */
static uint64_t
add_each(FILE *f, const struct failure *what, const struct ref *r,
    enum type_kind kind, struct window *input)
{
	struct lines l;
	struct span line;

	lines_open(&l, input, r->offset, r->length, r->keeps_newlines,
	    type_skips_blank(kind));
	while (l.taken < r->count && lines_next(&l, &line))
		add_line(f, what, r->first + l.taken - 1, 1,
		    lines_offset(&l, line), line.n);
	scan_free(&l.scan);
	return l.taken;
}

void
errors_add(FILE *f, const struct result *res, enum type_kind kind,
    struct span path, struct span error, struct window *input)
{
	const struct ref *r = &res->ref;
	struct failure what = { path, error, result_key(res, "status"),
		res->text };
	uint64_t named = 0;

	if (input != NULL && r->split == REF_LINE && r->count > 1)
		named = add_each(f, &what, r, kind, input);
	if (named < r->count)
		add_line(f, &what, r->first + named, r->count - named,
		    r->offset, r->length);
}
