/*
 * What the plugin chat is told: chat.json with a record to ask about, a record
 * that is a request of OpenAI's batch format with what was answered, and a
 * server's reply.  The first byte says which, the second what is set.  A
 * request is JSON, and so is each answer.
 */
#include "format/json.h"
#include "plugins/chat/batchline.h"
#include "plugins/chat/judge.h"
#include "plugins/chat/reply.h"
#include "plugins/chat/settings.c"
#include "want.h"

static bool
is_json(struct span text)
{
	struct span value;
	const char *why;
	size_t at;

	return json_check(text, &value, &why, &at) == 0;
}

static struct span
cut_line(struct span *text)
{
	const char *end = memchr(text->p, '\n', text->n);
	struct span line = { text->p,
		end != NULL ? (size_t)(end - text->p) : text->n };

	text->p += line.n;
	text->n -= line.n;
	if (text->n > 0) {
		text->p++;
		text->n--;
	}
	return line;
}

/* A header row, a record, and chat.json. */
static void
ask(uint8_t byte, struct span text)
{
	struct settings set = { .tries = 1 };
	struct span header = cut_line(&text), record = cut_line(&text);
	struct bt_span one = { record.p, record.n };
	struct bt_request rq = { .struct_size = sizeof rq,
		.content_type = byte & 1   ? "application/jsonlines"
				: byte & 2 ? "text/plain"
					   : "text/csv",
		.records = &one,
		.record_count = 1,
		.header = { header.p, byte & 4 ? header.n : 0 } };
	enum type_kind kind = type_kind(span_str(rq.content_type));
	struct buf out = { 0 }, why = { 0 };
	int got = 0;

	buf_add(&set.file, text.p, text.n);
	if (read_file(&set, &why) == -1)
		want(why.n > 0);
	else if (!set.batch &&
		 template_begin(&set.template, &rq, kind, &why) == 0) {
		template_open(&set.template, &out);
		while (got == 0 && out.n < 100000 && byte >= 8) {
			got = template_add(
			    &set.template, kind, record, &out, &why);
			byte = set.template.many ? byte - 8 : 0;
		}
		template_close(&set.template, &out);
		if (got == 0 && out.n > 0)
			want(is_json(buf_span(&out)));
		else if (got == -1)
			want(why.n > 0);
	}
	buf_free(&out);
	buf_free(&why);
	settings_free(&set);
}

static void
batch(struct span text)
{
	struct span record = cut_line(&text);
	struct batchline line = { 0 };
	struct buf out = { 0 }, why = { 0 };

	if (batchline_read(&line, record, &why) == -1)
		want(why.n > 0);
	else {
		want(line.path.p[0] == '/' && is_json(line.body));
		batchline_add(&out, line.custom_id, 7, 200, text);
		want(is_json(buf_span(&out)) &&
		     memchr(out.p, '\n', out.n) == NULL);
	}
	buf_free(&line.path);
	buf_free(&out);
	buf_free(&why);
}

/* The schema's line, the names of columns, and a reply. */
static void
reply(uint8_t byte, struct span text)
{
	struct span schema = cut_line(&text), columns = cut_line(&text);
	struct settings set = { .endpoint = byte % 3, .json = byte & 4 };
	struct reply r = { 0 };
	struct usage usage = { 0 };
	struct buf out = { 0 }, why = { 0 };
	struct answer a = { .status = 100 + byte * 2 };
	struct post p = {
		.accept = "a", .content_type = "b", .finds_text = true
	};
	size_t i, n = 1 + byte / 8 % 4;

	if (set.json)
		set.schema = json_loadb(schema.p, schema.n, 0, NULL);
	if (set.json && is_json(columns))
		read_columns(&set, columns, &out);
	if (out.n > 0)
		set.columns.n = 0;
	if (reply_read(&r, text, n, &usage, &why) == 0)
		for (i = 0; i < n; i++) {
			out.n = why.n = 0;
			if (reply_answer(&r, &set, i, &out, &why) !=
			    REPLY_GOOD) {
				want(why.n > 0);
				continue;
			}
			want(is_json(buf_span(&out)));
			if (set.columns.n == 0)
				continue;
			why.n = 0;
			reply_prediction(
			    &set, buf_span(&out), byte & 128, &why);
			want(is_json(buf_span(&why)));
		}
	else
		want(why.n > 0);
	why.n = 0;
	buf_add(&a.body, text.p, text.n);
	if (judge(&set, &a, &p, "h", &why) != JUDGE_ANSWERED)
		want(why.n > 0);
	buf_free(&a.body);
	buf_free(&out);
	buf_free(&why);
	reply_free(&r);
	json_decref(set.schema);
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
		ask(data[1], s);
	else if (data[0] % 3 == 1)
		batch(s);
	else
		reply(data[1], s);
	buf_free(&text);
	return 0;
}
