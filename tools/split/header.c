#include "split/header.h"

#include <stdint.h>

#include "format/csv.h"
#include "format/number.h"

static bool
is_number(struct span field)
{
	float value;

	if (field.n >= 2 && field.p[0] == '"' && field.p[field.n - 1] == '"')
		field = (struct span){ field.p + 1, field.n - 2 };
	return field.n > 0 && number_read(field.p, field.p + field.n, &value) ==
				  field.p + field.n;
}

bool
header_is_likely(struct span head)
{
	static uint32_t at[HEADER_LOOK];
	uint64_t fields[2] = { 0 }, numbers[2] = { 0 };
	struct span field = { head.p, 0 };
	size_t n, i, record = 0;
	const char *end;

	if (head.n >= 3 && memcmp(head.p, "\xef\xbb\xbf", 3) == 0)
		field.p += 3;
	n = csv_index(field.p, head.n - (size_t)(field.p - head.p), at);
	head.p = field.p;
	for (i = 0; i < n && record < 2; i++) {
		end = head.p + (at[i] & ~CSV_RECORD_END);
		field.n = (size_t)(end - field.p);
		if (field.n > 0 && end[-1] == '\r')
			field.n--;
		field = span_trim(field);
		numbers[record] += is_number(field);
		fields[record]++;
		/* A blank line is no record. */
		if ((at[i] & CSV_RECORD_END) != 0 && fields[record] == 1 &&
		    field.n == 0)
			fields[record] = 0;
		else if ((at[i] & CSV_RECORD_END) != 0)
			record++;
		field.p = end + 1;
	}
	return record == 2 && fields[0] == fields[1] && numbers[0] == 0 &&
	       numbers[1] > 0;
}
