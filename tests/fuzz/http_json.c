/*
 * What the plugin http makes of JSON: a model's inputs as a server describes
 * them, records as requests of each protocol, replies as predictions.  The
 * first byte says which, the second what is set.  A request is JSON, and so is
 * each prediction.
 */
#include <stdarg.h>
#include <stdio.h>

#include "bt_model.h"
#include "format/json.h"
#include "format/records.h"
#include "plugins/http/inputs.c"
#include "plugins/http/outputs.c"
#include "plugins/http/protocol.c"
#include "plugins/http/reply.c"
#include "plugins/http/request.c"
#include "plugins/http/tensors.c"
#include "plugins/web/cells.c"
#include "plugins/web/columns.c"
#include "plugins/web/rows.c"
#include "want.h"

static struct buf written;
static bool lines; /* the reply is JSON Lines */

static bool
is_json(struct span text)
{
	struct span value;
	const char *why;
	size_t at;

	return json_check(text, &value, &why, &at) == 0;
}

static int
host_fail(const struct bt_host *host, int status, int64_t record,
    const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	(void)host;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	want(*text != '\0' && record >= -1 && record < 3);
	return status;
}

static void
host_write(const struct bt_host *host, const void *p, size_t n)
{
	(void)host;
	buf_add(&written, p, n);
}

static void
host_end_record(const struct bt_host *host)
{
	(void)host;
	want(written.n > 0);
	if (lines)
		want(is_json(buf_span(&written)) &&
		     memchr(written.p, '\n', written.n) == NULL);
	written.n = 0;
}

static void
host_type(const struct bt_host *host, const char *type)
{
	(void)host;
	want(type_kind(span_str(type)) == TYPE_JSONLINES);
}

static const struct bt_host host = { .struct_size = sizeof host,
	.fail = host_fail,
	.write = host_write,
	.end_record = host_end_record,
	.content_type = host_type };

/* What a byte sets. */
static void
set_by(struct settings *set, uint8_t byte)
{
	static const char *const names[] = { "tensorflow", "mlflow",
		"kserve-v2", "azure" };

	memset(set, 0, sizeof *set);
	set->protocol = protocol_find(names[byte % 4]);
	set->missing = byte & 4 ? MISSING_NULL : MISSING_REFUSED;
	set->by_name = (byte & 8) != 0 && byte % 4 < 2;
}

static void
describe(struct span text)
{
	struct inputs in = { 0 };
	struct buf why = { 0 };
	size_t i;

	if (inputs_read(&in, text, &why) == -1)
		want(why.n > 0);
	else
		for (i = 0; i < in.n; i++)
			want(is_json(span_str(in.list[i].name)));
	inputs_free(&in);
	buf_free(&why);
}

static void
reply(uint8_t byte, struct span text)
{
	struct settings set;
	struct request rq = { .set = &set };
	struct rows r = { .strict = (byte & 4) != 0 };

	set_by(&set, byte);
	lines = (byte & 16) != 0;
	written.n = 0;
	rows_begin(&r, &host, lines ? "application/jsonlines" : "text/csv", 3);
	reply_write(&r, &rq, text);
	rows_free(&r);
	request_free(&rq);
}

/* The first line is a header row, or the model's metadata. */
static void
request(uint8_t byte, struct span text)
{
	struct settings set;
	struct request r = { .set = &set };
	struct records rs = { 0 };
	struct span first = { text.p, 0 }, body;
	struct bt_request rq = { .struct_size = sizeof rq,
		.content_type = byte & 16   ? "application/jsonlines"
				: byte & 32 ? "text/plain"
					    : "text/csv" };
	struct buf why = { 0 };
	int64_t bad;

	set_by(&set, byte);
	while (first.n < text.n && first.p[first.n] != '\n')
		first.n++;
	if (first.n == text.n)
		return;
	if (byte & 64)
		rq.header = (struct bt_span){ first.p, first.n };
	else if (inputs_read(&r.inputs, first, &why) == -1)
		inputs_free(&r.inputs);
	why.n = 0;
	text.p += first.n + 1;
	text.n -= first.n + 1;
	records_begin(&rs, (byte & 16) == 0, true);
	if (records_lines(&rs, text, true, &why) == 0 && rs.n > 0) {
		rq.body = text.p;
		rq.body_size = text.n;
		rq.records = rs.list;
		rq.record_count = rs.n;
		if (request_make(&r, &rq, 0, &body, &bad, &why) != BT_OK)
			want(why.n > 0 && bad >= -1 && bad < (int64_t)rs.n);
		else if (set.protocol->form != FORM_BATCH)
			want(is_json(body));
	}
	records_free(&rs);
	request_free(&r);
	buf_free(&why);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf text = { 0 };
	struct span s;

	if (size < 3)
		return 0;
	buf_add(&text, data + 2, size - 2);
	s = (struct span){ buf_str(&text), text.n };
	if (data[0] % 3 == 0)
		describe(s);
	else if (data[0] % 3 == 1)
		reply(data[1], s);
	else
		request(data[1], s);
	buf_free(&text);
	return 0;
}
