#include "format/result_line.h"

#include "base/num.h"
#include "format/ref.h"

static void
add_number(struct buf *line, const char *before, uint64_t v)
{
	buf_adds(line, before);
	line->n = (size_t)(num_put(buf_room(line, NUM_MAX), v) - line->p);
}

void
result_add_keys(struct buf *line, const struct result_keys *keys)
{
	uint64_t ms = keys->start % 1000;
	char fraction[4] = { '.', (char)('0' + ms / 100),
		(char)('0' + ms / 10 % 10), (char)('0' + ms % 10) };

	add_number(line, "start=", keys->start / 1000);
	buf_add(line, fraction, sizeof fraction);
	add_number(line, " ms=", keys->ms);
	add_number(line, " tries=", keys->tries);
	buf_adds(line, " worker=");
	buf_adds(line, keys->worker);
	add_number(line, " bytes=", keys->bytes);
}

int
result_add_error(struct buf *line, const char *status, struct span text)
{
	size_t from;

	buf_addf(line, " status=%s error=", status);
	from = line->n;
	if (from >= REF_MAX)
		return -1;
	ref_encode(line, text);
	if (line->n < REF_MAX)
		return 0;
	/* Not in the middle of a %XX. */
	line->n = REF_MAX - 1;
	while (line->n > from &&
	       (line->p[line->n - 1] == '%' || line->p[line->n - 2] == '%'))
		line->n--;
	return 0;
}
