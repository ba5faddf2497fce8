#include "predict/pipeline.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "format/codec.h"
#include "format/filter.h"
#include "predict/types.h"

struct stage {
	struct model model;
	struct buf checked;	 /* the content type that accept is for */
	const char *accept;	 /* the type of its reply */
	struct bt_matrix matrix; /* as the host decodes the request */
	struct records records;	 /* found in its reply, for the next */
};

struct pipeline {
	const struct predict *pr;
	atomic_int *current; /* the index of the model at work */
	struct buf filtered, header;
	struct buf headed;	 /* the request, after the header row */
	struct bt_span *records; /* of filtered, or headed */
	size_t records_size;
	size_t n;
	struct stage stages[];
};

struct pipeline *
pipeline_new(const struct predict *pr, atomic_int *stage, struct buf *why)
{
	struct pipeline *pl;
	struct buf reason = { 0 };
	size_t i, size = sizeof *pl + pr->model_count * sizeof pl->stages[0];
	const char *strict = getenv("BT_STRICT");
	struct reply *r;

	pl = mem_alloc(size);
	memset(pl, 0, size);
	pl->pr = pr;
	pl->current = stage;
	pl->n = pr->model_count;
	for (i = 0; i < pl->n; i++) {
		atomic_store(stage, (int)i);
		if (model_load(&pl->stages[i].model, pr, &pr->models[i],
			&reason) == -1) {
			buf_addf(why, "%s: %s", pr->models[i].name,
			    buf_str(&reason));
			buf_free(&reason);
			return NULL;
		}
		r = &pl->stages[i].model.host.reply;
		r->strict = strict != NULL && strcmp(strict, "1") == 0;
		if (i + 1 == pl->n && pr->accept != NULL &&
		    type_skips_blank(types_kind(pr->accept)))
			r->asked = pr->accept;
	}
	buf_free(&reason);
	return pl;
}

void
pipeline_close(struct pipeline *pl)
{
	size_t i;

	for (i = pl->n; i-- > 0;) {
		atomic_store(pl->current, (int)i);
		model_close(&pl->stages[i].model);
	}
}

/* Sets the reply's type, unless the last request had the same type. */
static int
choose_types(struct pipeline *pl, size_t i, const char *type, struct outcome *o)
{
	struct stage *stage = &pl->stages[i];
	const char *asked = i + 1 == pl->n ? pl->pr->accept : NULL;

	if (stage->checked.n > 0 && strcmp(stage->checked.p, type) == 0)
		return 0;
	stage->checked.n = 0;
	buf_adds(&stage->checked, type);
	o->status = types_choose(&stage->model, buf_str(&stage->checked), asked,
	    &stage->accept, &o->why);
	if (o->status == BT_OK)
		return 0;
	stage->checked.n = 0;
	return -1;
}

/* Sets o to the failure that a plugin's function reported by status. */
static int
blame(struct stage *stage, struct outcome *o, const char *function, int status)
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
	o->bad = stage->model.host.bad;
	if (stage->model.host.failed)
		buf_add(
		    &o->why, stage->model.host.why.p, stage->model.host.why.n);
	else
		buf_addf(&o->why, "%s failed with status %d", function, status);
	return -1;
}

static int
predict_and_write(struct stage *stage, void *input, struct outcome *o)
{
	struct model *m = &stage->model;
	struct reply *r = &m->host.reply;
	const struct bt_matrix *matrix;
	void *prediction = NULL;
	int got = 0, status;
	size_t i;

	status =
	    m->plugin->predict_fn(&m->host.table, m->state, input, &prediction);
	if (status != BT_OK)
		return blame(stage, o, "predict_fn", status);
	matrix = prediction;
	if (m->output_fn != NULL) {
		status = m->output_fn(
		    &m->host.table, m->state, prediction, stage->accept);
		if (status != BT_OK)
			got = blame(stage, o, "output_fn", status);
	} else if (matrix == NULL) {
		o->status = BT_MODEL_ERROR;
		buf_adds(&o->why, "predict_fn made no prediction");
		got = -1;
	} else {
		for (i = 0; i < matrix->rows; i++) {
			codec_encode_row(r->kind, matrix, i, reply_more(r));
			reply_end_record(r);
		}
	}
	if (m->prediction_free != NULL && prediction != NULL)
		m->prediction_free(m->state, prediction);
	return got;
}

static int
call(struct stage *stage, const struct bt_request *rq, struct outcome *o)
{
	struct model *m = &stage->model;
	struct span body = { rq->body, rq->body_size };
	void *input = NULL;
	int got, status;

	host_reset(&m->host);
	reply_begin(&m->host.reply, stage->accept, body);
	if (m->input_fn == NULL) {
		got = codec_decode(types_kind(rq->content_type), rq->records,
		    rq->record_count, &stage->matrix, &o->why, &o->bad);
		if (got == -1) {
			codec_hint_header(&o->why, rq, o->bad);
			o->status = BT_BAD_INPUT;
		}
		input = &stage->matrix;
	} else {
		status = m->input_fn(&m->host.table, m->state, rq, &input);
		got = status == BT_OK ? 0 : blame(stage, o, "input_fn", status);
	}
	if (got == 0)
		got = predict_and_write(stage, input, o);
	if (m->input_fn != NULL && m->input_free != NULL && input != NULL)
		m->input_free(m->state, input);
	return got;
}

static int
count(uint64_t got, uint64_t wanted, struct outcome *o)
{
	if (got == wanted)
		return 0;
	o->status = PIPELINE_COUNT;
	buf_addf(&o->why, "%" PRIu64 " predictions for %" PRIu64 " records",
	    got, wanted);
	return -1;
}

/* A batch that is not taken apart (SplitType None) may have any number of
 * predictions; with --no-count, each batch. */
static int
check_reply(
    struct pipeline *pl, size_t i, const struct batch *b, struct outcome *o)
{
	struct records *rs = &pl->stages[i].records;
	struct reply *r = &pl->stages[i].model.host.reply;
	int got;

	rs->counts = i + 1 == pl->n;
	if (reply_finish(r, &o->why) == -1) {
		o->status = BT_MODEL_ERROR;
		return -1;
	}
	o->whole = b->ref.split == REF_NONE || (rs->counts && pl->pr->no_count);
	if (!o->whole && r->ended > 0 && count(r->ended, b->count, o) == -1)
		return -1;
	got = o->whole ? reply_whole(r, rs, &o->why)
		       : reply_cut(r, b->count, rs, &o->whole, &o->why);
	if (got == -1) {
		o->status = BT_MODEL_ERROR;
		o->bad = r->bad;
		return -1;
	}
	o->predictions = o->whole ? 1 : rs->n;
	return o->whole ? 0 : count(o->predictions, b->count, o);
}

static void
make_room(struct pipeline *pl, size_t records)
{
	if (records <= pl->records_size)
		return;
	pl->records_size = records + records / 2 + 64;
	pl->records =
	    mem_resize(pl->records, pl->records_size, sizeof *pl->records);
}

static int
filter_records(struct pipeline *pl, const struct batch *b, enum type_kind kind,
    struct outcome *o)
{
	size_t i, from, end = b->ref.split == REF_LINE; /* with an LF */
	const char *p;

	for (i = 0; i < b->count; i++) {
		struct span record = { b->records[i].p, b->records[i].n };

		from = pl->filtered.n;
		if (filter_record(pl->pr->filter, kind, record, &pl->filtered,
			&o->why) == -1) {
			o->bad = (int64_t)i;
			return -1;
		}
		make_room(pl, i + 1);
		pl->records[i].n = pl->filtered.n - from;
		if (end)
			buf_addc(&pl->filtered, '\n');
	}
	/* Only now: buf_addc may move the records. */
	p = buf_str(&pl->filtered);
	for (i = 0; i < b->count; i++) {
		pl->records[i].p = p;
		p += pl->records[i].n + end;
	}
	return 0;
}

/* Makes the request from the filtered records and header row. */
static int
filter(struct pipeline *pl, const struct batch *b, struct bt_request *rq,
    struct outcome *o)
{
	enum type_kind kind = types_kind(rq->content_type);

	pl->filtered.n = pl->header.n = 0;
	if (!type_filters(kind)) {
		o->status = BT_BAD_CONTENT_TYPE;
		buf_addf(&o->why, "an input filter needs CSV or JSON, not %s",
		    rq->content_type);
		return -1;
	}
	o->status = BT_BAD_INPUT;
	buf_adds(&o->why, "input filter: ");
	if (filter_records(pl, b, kind, o) == -1 ||
	    (b->header.n > 0 && filter_record(pl->pr->filter, kind, b->header,
				    &pl->header, &o->why) == -1))
		return -1;
	o->status = BT_OK;
	o->why.n = 0;
	rq->body = pl->filtered.p;
	rq->body_size = pl->filtered.n;
	rq->records = pl->records;
	rq->header.p = buf_str(&pl->header);
	rq->header.n = pl->header.n;
	return 0;
}

/* Puts the header row, as it is filtered, before the request's records. */
static void
add_header(struct pipeline *pl, const struct batch *b, struct bt_request *rq)
{
	struct buf *body = &pl->headed;
	size_t i, n;

	body->n = 0;
	buf_add(body, rq->header.p, rq->header.n);
	buf_adds(body, pl->pr->filter == NULL ? b->header_end : "\n");
	n = body->n;
	buf_add(body, rq->body, rq->body_size);
	make_room(pl, b->count);
	for (i = 0; i < b->count; i++) {
		pl->records[i].n = rq->records[i].n;
		pl->records[i].p = body->p + n + (rq->records[i].p - rq->body);
	}
	rq->body = body->p;
	rq->body_size = body->n;
	rq->records = pl->records;
	rq->header.p = body->p;
}

static int
run_stage(struct pipeline *pl, size_t i, const struct batch *b,
    struct bt_request *rq, struct outcome *o)
{
	struct stage *stage = &pl->stages[i];
	struct reply *r = &stage->model.host.reply;
	int got;

	atomic_store_explicit(pl->current, (int)i, memory_order_relaxed);
	if (choose_types(pl, i, rq->content_type, o) == -1)
		return -1;
	rq->content_type = types_request(&stage->model, rq->content_type);
	rq->accept = stage->accept;
	environment_enter(&stage->model.environment);
	got = call(stage, rq, o);
	environment_leave(&stage->model.environment);
	if (got == -1 || check_reply(pl, i, b, o) == -1)
		return -1;
	rq->content_type = r->type.p;
	rq->body = reply_bytes(r).p;
	rq->body_size = reply_bytes(r).n;
	/* A reply that is whole is one record for the next model. */
	rq->records = stage->records.list;
	rq->record_count = stage->records.n;
	rq->header.n = 0;
	return 0;
}

/* Puts the model's name, and its place in a pipeline, before the reason. */
static void
name_stage(const struct pipeline *pl, size_t i, struct outcome *o)
{
	static const char column[] = "column ";
	struct buf text = { 0 };

	buf_addf(&text, "%s", pl->stages[i].model.name);
	if (pl->n > 1)
		buf_addf(&text, " (model %zu of %zu)", i + 1, pl->n);
	buf_adds(&text, ": ");
	/* The model counts the columns that it has got. */
	if (i == 0 && pl->pr->filter != NULL && o->why.n > sizeof column &&
	    memcmp(o->why.p, column, sizeof column - 1) == 0)
		buf_adds(&text, "after the input filter, ");
	buf_add(&text, o->why.p, o->why.n);
	buf_free(&o->why);
	o->why = text;
}

void
pipeline_run(struct pipeline *pl, const struct batch *b, struct outcome *o)
{
	struct bt_request rq = { .struct_size = sizeof rq,
		.content_type = pl->pr->content_type != NULL
				    ? pl->pr->content_type
				    : b->type,
		.body = b->body.p,
		.body_size = b->body.n,
		.records = b->records,
		.record_count = b->count,
		.header = { b->header.p, b->header.n },
		.object = b->object,
		.offset = b->ref.offset,
		.first_record = b->ref.first };
	const struct reply *r;
	size_t i;

	o->why.n = 0;
	*o = (struct outcome){ .why = o->why, .bad = -1 };
	if (b->count == 0) {
		o->type =
		    pl->pr->accept != NULL ? pl->pr->accept : rq.content_type;
		return;
	}
	if (pl->pr->filter != NULL && filter(pl, b, &rq, o) == -1)
		return;
	if (b->ref.sends_header && b->header.n > 0)
		add_header(pl, b, &rq);
	o->request = rq.body_size;
	for (i = 0; i < pl->n; i++)
		if (run_stage(pl, i, b, &rq, o) == -1) {
			name_stage(pl, i, o);
			return;
		}
	o->reply.p = rq.body;
	o->reply.n = rq.body_size;
	o->type = rq.content_type;
	r = &pl->stages[pl->n - 1].model.host.reply;
	o->keeps_newlines = r->keeps_newlines;
	o->uncounted =
	    o->whole && b->count > 1 && r->ended == 0 && !pl->pr->no_count;
}

void
pipeline_add_uses(struct pipeline *pl, struct buf *line)
{
	struct host *first = &pl->stages[0].model.host, *h;
	size_t i, k;

	for (i = 1; i < pl->n; i++) {
		h = &pl->stages[i].model.host;
		for (k = 0; k < h->uses; k++)
			first->table.use(
			    &first->table, h->use[k].name, h->use[k].n);
		h->uses = 0;
	}
	host_add_uses(first, line);
}
