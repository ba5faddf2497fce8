#include "predict/predict.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "format/type.h"
#include "predict/memory.h"
#include "predict/model.h"
#include "predict/setup.h"

/* A plugin's text may have newlines; the output must not. */
static void
add_text(struct buf *out, const char *text)
{
	for (; text != NULL && *text != '\0'; text++)
		buf_addc(out, (unsigned char)*text < ' ' ? ' ' : *text);
}

static void
add_line(struct buf *out, const char *key, const char *text)
{
	buf_addf(out, "%s=", key);
	add_text(out, text);
	buf_addc(out, '\n');
}

/* The types that a plugin lists.  Without a list: if does is NULL any,
 * otherwise those for which it is true, because the host converts for the
 * plugin. */
static void
add_types(struct buf *out, const char *key, const char *const *list,
    bool (*does)(enum type_kind))
{
	const size_t from = out->n + strlen(key) + 1;
	int kind;

	buf_addf(out, "%s=", key);
	for (; list != NULL && *list != NULL; list++) {
		buf_adds(out, out->n > from ? "," : "");
		add_text(out, *list);
	}
	if (out->n == from && does == NULL)
		buf_adds(out, "*/*");
	else if (out->n == from)
		for (kind = 0; kind < TYPE_KINDS; kind++)
			if (does((enum type_kind)kind))
				buf_addf(out, "%s%s", out->n > from ? "," : "",
				    type_name((enum type_kind)kind));
	buf_addc(out, '\n');
}

static void
add_plugin(struct buf *out, const struct model *m)
{
	const struct bt_plugin *p = m->plugin;

	add_line(out, "name", p->name);
	add_line(out, "version", p->version);
	buf_addf(
	    out, "abi=%" PRIu32 ".%" PRIu32 "\n", p->abi_major, p->abi_minor);
	add_types(out, "content_types", p->content_types,
	    m->input_fn == NULL ? type_decodes : NULL);
	add_types(out, "accepts", p->accepts,
	    m->output_fn == NULL ? type_encodes : NULL);
}

static void
add_number(struct buf *out, const char *key, uint32_t n)
{
	buf_addf(out, "%s=", key);
	if (n > 0)
		buf_addf(out, "%" PRIu32, n);
	buf_addc(out, '\n');
}

/* The values that the model prefers, or empty ones. */
static void
add_execution_parameters(struct buf *out, struct model *m, struct state *state)
{
	struct bt_execution_parameters e = { .struct_size = sizeof e };
	const struct bt_plugin *p = m->plugin;
	int status = BT_OK;

	environment_enter(&m->environment);
	if (BT_HAS(p, execution_parameters) && p->execution_parameters != NULL)
		status = p->execution_parameters(&m->host.table, m->state, &e);
	environment_leave(&m->environment);
	if (status != BT_OK && m->host.failed)
		state_die(state, 255, "%s: execution_parameters: %s", m->name,
		    buf_str(&m->host.why));
	if (status != BT_OK)
		state_die(state, 255,
		    "%s: execution_parameters failed with status %d", m->name,
		    status);
	add_number(out, "MaxConcurrentTransforms", e.max_concurrent_transforms);
	add_line(out, "BatchStrategy", e.batch_strategy);
	add_number(out, "MaxPayloadInMB", e.max_payload_in_mb);
}

void
probe_run(const struct predict *pr, struct state *state)
{
	int fd = setup_output(state);
	struct buf out = { 0 }, why = { 0 };
	uint64_t began, end;
	struct model m;

	state_enter(state, PHASE_OWN, 0);
	setup_input(state);
	setup_environment(pr);
	add_line(&out, "model", pr->models->name);
	add_line(&out, "model_dir", pr->models->dir);
	began = clock_monotonic();
	state_enter(state, PHASE_LOAD, began);
	atomic_store(&state->stage, 0);
	if (model_load(&m, pr, pr->models, &why) == -1)
		state_die(state, 255, "%s: %s", m.name, buf_str(&why));
	end = clock_monotonic();
	add_plugin(&out, &m);
	add_execution_parameters(&out, &m, state);
	buf_addf(
	    &out, "load_ms=%" PRIu64 "\n", (end - began + 500000) / 1000000);
	buf_addf(&out, "memory_bytes=%" PRIu64 "\n", memory_of_tree(getpid()));
	state_enter(state, PHASE_WRITE, 0);
	if (fd_write(fd, out.p, out.n) == -1)
		state_die(state, 1, "standard output: %s", strerror(errno));
	atomic_store(&state->verdict, 1);
	state_enter(state, PHASE_CLOSE, clock_monotonic());
	model_close(&m);
	fflush(stdout); /* the model's */
	_exit(0);
}
