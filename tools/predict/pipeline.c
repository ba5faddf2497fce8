#include "predict/pipeline.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "format/codec.h"
#include "format/filter.h"

struct link {
	struct model model;
	struct buf checked;	 /* the content type that was found good */
	const char *accept;	 /* what is asked of it for that type */
	struct bt_matrix matrix; /* as the host decodes the request */
	struct records records;	 /* found in its reply, for the next */
};

struct chain {
	const struct predict *pr;
	atomic_int *stage;
	struct buf filtered, header;
	struct bt_span *records; /* of filtered */
	size_t records_size;
	size_t n;
	struct link links[];
};

static int
load_link(struct chain *c, size_t i, struct buf *why)
{
	struct buf reason = { 0 };
	int got;

	atomic_store(c->stage, (int)i);
	got = model_load(&c->links[i].model, c->pr, &c->pr->models[i], &reason);
	if (got == -1)
		buf_addf(
		    why, "%s: %s", c->pr->models[i].name, buf_str(&reason));
	buf_free(&reason);
	return got;
}

struct chain *
chain_new(const struct predict *pr, atomic_int *stage, struct buf *why)
{
	struct chain *c;
	size_t i, size = sizeof *c + pr->model_count * sizeof c->links[0];

	c = mem_alloc(size);
	memset(c, 0, size);
	c->pr = pr;
	c->stage = stage;
	c->n = pr->model_count;
	for (i = 0; i < c->n; i++)
		if (load_link(c, i, why) == -1)
			return NULL;
	return c;
}

void
chain_close(struct chain *c)
{
	size_t i;

	for (i = c->n; i-- > 0;) {
		atomic_store(c->stage, (int)i);
		model_close(&c->links[i].model);
	}
}

static struct span
span_of(const char *text)
{
	struct span s = { text, strlen(text) };

	return s;
}

static bool
is_listed(const char *const *list, const char *type)
{
	for (; *list != NULL; list++)
		if (type_same(span_of(*list), span_of(type)))
			return true;
	return false;
}

static void
add_list(struct buf *why, const char *const *list)
{
	const char *before = "";

	for (; *list != NULL; list++, before = ", ") {
		buf_adds(why, before);
		buf_adds(why, *list);
	}
}

/* The reply's type where the user asked for none: the request's, if the model
 * can write it. */
static const char *
choose_accept(const struct link *l, const char *type)
{
	const struct bt_plugin *p = l->model.plugin;

	if (p->accepts != NULL && p->accepts[0] != NULL)
		return is_listed(p->accepts, type) ? type : p->accepts[0];
	if (l->model.output_fn == NULL &&
	    !type_encodes(type_kind(span_of(type))))
		return "text/csv";
	return type;
}

static int
check_accept(const struct link *l, struct outcome *o)
{
	const struct bt_plugin *p = l->model.plugin;

	if (p->accepts != NULL && p->accepts[0] != NULL) {
		if (is_listed(p->accepts, l->accept))
			return 0;
		buf_addf(&o->why, "does not write %s, but ", l->accept);
		add_list(&o->why, p->accepts);
	} else if (l->model.output_fn == NULL &&
		   !type_encodes(type_kind(span_of(l->accept)))) {
		buf_addf(&o->why, "numbers cannot be written as %s", l->accept);
	} else
		return 0;
	o->status = BT_BAD_ACCEPT;
	return -1;
}

static int
check_content_type(const struct link *l, const char *type, struct outcome *o)
{
	const struct bt_plugin *p = l->model.plugin;

	if (p->content_types != NULL && p->content_types[0] != NULL &&
	    !is_listed(p->content_types, type)) {
		buf_addf(&o->why, "does not read %s, but ", type);
		add_list(&o->why, p->content_types);
	} else if (l->model.input_fn == NULL &&
		   !type_decodes(type_kind(span_of(type)))) {
		buf_addf(&o->why, "numbers cannot be read from %s", type);
	} else
		return 0;
	o->status = BT_BAD_CONTENT_TYPE;
	return -1;
}

static int
check_types(struct chain *c, size_t i, const char *type, struct outcome *o)
{
	struct link *l = &c->links[i];
	const char *asked = i + 1 == c->n ? c->pr->accept : NULL;

	if (l->checked.n > 0 && strcmp(l->checked.p, type) == 0)
		return 0;
	l->checked.n = 0;
	if (check_content_type(l, type, o) == -1)
		return -1;
	buf_adds(&l->checked, type);
	type = buf_str(&l->checked);
	l->accept = asked != NULL && strcmp(asked, "*/*") != 0
			? asked
			: choose_accept(l, type);
	if (check_accept(l, o) == 0)
		return 0;
	l->checked.n = 0;
	return -1;
}

/* Puts what a plugin's function said in its place; status is not BT_OK. */
static int
blame(struct link *l, struct outcome *o, const char *function, int status)
{
	switch (status) {
	case BT_BAD_INPUT:
	case BT_BAD_ACCEPT:
	case BT_TOO_LARGE:
	case BT_BAD_CONTENT_TYPE:
	case BT_RETRY:
		o->status = status;
		break;
	default:
		o->status = BT_MODEL_ERROR;
	}
	o->bad = l->model.host.bad;
	if (l->model.host.failed)
		buf_add(&o->why, l->model.host.why.p, l->model.host.why.n);
	else
		buf_addf(&o->why, "%s failed with status %d", function, status);
	return -1;
}

static int
decode(struct link *l, const struct bt_request *rq, void **input,
    struct outcome *o)
{
	enum type_kind kind = type_kind(span_of(rq->content_type));

	if (codec_decode(kind, rq->records, rq->record_count, &l->matrix,
		&o->why, &o->bad) == -1) {
		o->status = BT_BAD_INPUT;
		return -1;
	}
	*input = &l->matrix;
	return 0;
}

static int
encode(struct link *l, const struct bt_matrix *m, struct outcome *o)
{
	struct reply *r = &l->model.host.reply;
	size_t i;

	if (m == NULL) {
		o->status = BT_MODEL_ERROR;
		buf_adds(&o->why, "predict_fn made no prediction");
		return -1;
	}
	for (i = 0; i < m->rows; i++) {
		codec_encode_row(r->kind, m, i, reply_more(r));
		reply_end_record(r);
	}
	return 0;
}

static int
predict_and_write(struct link *l, void *input, struct outcome *o)
{
	struct model *m = &l->model;
	void *prediction = NULL;
	int got, status;

	status =
	    m->plugin->predict_fn(&m->host.table, m->state, input, &prediction);
	if (status != BT_OK)
		return blame(l, o, "predict_fn", status);
	if (m->output_fn == NULL)
		got = encode(l, prediction, o);
	else {
		status = m->output_fn(
		    &m->host.table, m->state, prediction, l->accept);
		got = status == BT_OK ? 0 : blame(l, o, "output_fn", status);
	}
	if (m->prediction_free != NULL && prediction != NULL)
		m->prediction_free(m->state, prediction);
	return got;
}

static int
call(struct link *l, const struct bt_request *rq, struct outcome *o)
{
	struct model *m = &l->model;
	struct span body = { rq->body, rq->body_size };
	void *input = NULL;
	int got, status;

	host_reset(&m->host);
	reply_begin(&m->host.reply, l->accept, body);
	if (m->input_fn == NULL)
		got = decode(l, rq, &input, o);
	else {
		status = m->input_fn(&m->host.table, m->state, rq, &input);
		got = status == BT_OK ? 0 : blame(l, o, "input_fn", status);
	}
	if (got == 0)
		got = predict_and_write(l, input, o);
	if (m->input_fn != NULL && m->input_free != NULL && input != NULL)
		m->input_free(m->state, input);
	return got;
}

static int
count(uint64_t got, uint64_t wanted, struct outcome *o)
{
	if (got == wanted)
		return 0;
	o->status = CHAIN_COUNT;
	buf_addf(&o->why, "%" PRIu64 " predictions for %" PRIu64 " records",
	    got, wanted);
	return -1;
}

/* A batch that is not taken apart (SplitType None) may have any number of
 * predictions. */
static int
check_reply(
    struct link *l, const struct payload *p, bool last, struct outcome *o)
{
	struct reply *r = &l->model.host.reply;
	struct records *rs = &l->records;

	rs->counts = last;
	if (reply_finish(r, &o->why) == -1) {
		o->status = BT_MODEL_ERROR;
		return -1;
	}
	if (p->ref.split == REF_NONE) {
		records_begin(rs, false, false);
		records_add(rs, reply_bytes(r).p, reply_bytes(r).n);
		o->whole = true;
		o->predictions = 1;
		return 0;
	}
	if (r->ended > 0 && count(r->ended, p->count, o) == -1)
		return -1;
	if (reply_cut(r, p->count, rs, &o->whole, &o->why) == -1) {
		o->status = BT_MODEL_ERROR;
		return -1;
	}
	o->predictions = rs->n;
	if (o->whole && r->ended == 0)
		return 0;
	return o->whole ? 0 : count(o->predictions, p->count, o);
}

static void
add_record(struct chain *c, size_t i, size_t n)
{
	if (i == c->records_size) {
		c->records_size += c->records_size / 2 + 64;
		c->records =
		    mem_resize(c->records, c->records_size, sizeof *c->records);
	}
	c->records[i].n = n;
}

/* Filtered lines end with LF; where they begin is known once all are there. */
static void
place_records(struct chain *c, size_t n, size_t end)
{
	const char *p = buf_str(&c->filtered);
	size_t i;

	for (i = 0; i < n; i++) {
		c->records[i].p = p;
		p += c->records[i].n + end;
	}
}

static int
filter_records(struct chain *c, const struct payload *p, enum type_kind kind,
    struct outcome *o)
{
	size_t i, from, end = p->ref.split == REF_LINE;

	for (i = 0; i < p->count; i++) {
		struct span record = { p->records[i].p, p->records[i].n };

		from = c->filtered.n;
		if (filter_record(c->pr->filter, kind, record, &c->filtered,
			&o->why) == -1) {
			o->bad = (int64_t)i;
			return -1;
		}
		add_record(c, i, c->filtered.n - from);
		if (end)
			buf_addc(&c->filtered, '\n');
	}
	place_records(c, p->count, end);
	return 0;
}

/* What the models see of the payload: each record, and the header row, as the
 * filter leaves it. */
static int
filter(struct chain *c, const struct payload *p, struct bt_request *rq,
    struct outcome *o)
{
	enum type_kind kind = type_kind(span_of(rq->content_type));

	c->filtered.n = c->header.n = 0;
	if (!type_filters(kind)) {
		o->status = BT_BAD_CONTENT_TYPE;
		buf_addf(&o->why, "an input filter needs CSV or JSON, not %s",
		    rq->content_type);
		return -1;
	}
	o->status = BT_BAD_INPUT;
	buf_adds(&o->why, "input filter: ");
	if (filter_records(c, p, kind, o) == -1 ||
	    (p->header.n > 0 && filter_record(c->pr->filter, kind, p->header,
				    &c->header, &o->why) == -1))
		return -1;
	o->status = BT_OK;
	o->why.n = 0;
	rq->body = c->filtered.p;
	rq->body_size = c->filtered.n;
	rq->records = c->records;
	rq->header.p = buf_str(&c->header);
	rq->header.n = c->header.n;
	return 0;
}

static int
run_link(struct chain *c, size_t i, const struct payload *p,
    struct bt_request *rq, struct outcome *o)
{
	struct link *l = &c->links[i];
	struct reply *r = &l->model.host.reply;

	atomic_store_explicit(c->stage, (int)i, memory_order_relaxed);
	if (check_types(c, i, rq->content_type, o) == -1)
		return -1;
	rq->accept = l->accept;
	if (call(l, rq, o) == -1 || check_reply(l, p, i + 1 == c->n, o) == -1)
		return -1;
	rq->content_type = r->type.p;
	rq->body = reply_bytes(r).p;
	rq->body_size = reply_bytes(r).n;
	rq->records = l->records.list;
	rq->header.n = 0;
	return 0;
}

/* In a pipeline, says whose words follow. */
static void
name_stage(const struct chain *c, size_t i, struct outcome *o)
{
	struct buf text = { 0 };

	buf_addf(&text, "%s", c->links[i].model.name);
	if (c->n > 1)
		buf_addf(&text, " (model %zu of %zu)", i + 1, c->n);
	buf_adds(&text, ": ");
	buf_add(&text, o->why.p, o->why.n);
	buf_free(&o->why);
	o->why = text;
}

static void
outcome_begin(struct outcome *o)
{
	struct buf why = o->why;

	memset(o, 0, sizeof *o);
	o->why = why;
	o->why.n = 0;
	o->bad = -1;
}

void
chain_run(struct chain *c, const struct payload *p, struct outcome *o)
{
	struct bt_request rq = { .struct_size = sizeof rq,
		.content_type =
		    c->pr->content_type != NULL ? c->pr->content_type : p->type,
		.body = p->body.p,
		.body_size = p->body.n,
		.records = p->records,
		.record_count = p->count,
		.header = { p->header.p, p->header.n },
		.object = p->object,
		.offset = p->ref.offset,
		.first_record = p->ref.first };
	size_t i;

	outcome_begin(o);
	if (p->count == 0) {
		o->type =
		    c->pr->accept != NULL ? c->pr->accept : rq.content_type;
		return;
	}
	if (c->pr->filter != NULL && filter(c, p, &rq, o) == -1)
		return;
	o->request = rq.body_size;
	for (i = 0; i < c->n; i++)
		if (run_link(c, i, p, &rq, o) == -1) {
			name_stage(c, i, o);
			return;
		}
	o->reply.p = rq.body;
	o->reply.n = rq.body_size;
	o->type = rq.content_type;
	o->keeps_newlines = c->links[c->n - 1].model.host.reply.keeps_newlines;
}
