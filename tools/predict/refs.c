#include "predict/refs.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "base/fd.h"

/*
 * The buffer in use holds NULs after what was read.  A reference has none, so
 * what read(2) put there before its worker was killed can still be told.
 */
void
intake_recover(struct intake *in, struct state *st)
{
	if (in->refs != NULL)
		return;
	while (st->input_end < SHARED_INPUT &&
	       in->sh->input[st->side][st->input_end] != '\0')
		st->input_end++;
}

static char *
next_newline(struct intake *in, const struct state *st)
{
	return memchr(in->sh->input[st->side] + st->input_at, '\n',
	    st->input_end - st->input_at);
}

/* What is left moves to the front of the other buffer, which is put in use
 * as it is: never a buffer that is half moved. */
static void
change_sides(struct intake *in, struct state *st)
{
	size_t n = st->input_end - st->input_at;
	char *other = in->sh->input[st->side ^ 1];

	memcpy(other, in->sh->input[st->side] + st->input_at, n);
	memset(other + n, 0, SHARED_INPUT + 1 - n);
	st->side ^= 1;
	st->input_at = 0;
	st->input_end = n;
	shared_commit(in->sh, st);
}

static bool
readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0) != 0;
}

static int
read_more(struct intake *in, struct state *st)
{
	ssize_t got;

	do
		got = fd_read(in->fd, in->sh->input[st->side] + st->input_end,
		    SHARED_INPUT - st->input_end);
	while (got == -1 && errno == EINTR);
	if (got == -1)
		return -1;
	st->input_end += (size_t)got;
	st->input_over = got == 0;
	shared_commit(in->sh, st);
	return 0;
}

static enum intake_got
peek_input(struct intake *in, struct state *st, bool wait, struct span *text)
{
	char *newline;

	while ((newline = next_newline(in, st)) == NULL) {
		text->p = in->sh->input[st->side] + st->input_at;
		text->n = st->input_end - st->input_at;
		if (text->n >= REF_MAX)
			return INTAKE_LONG;
		if (st->input_over)
			return text->n > 0 ? INTAKE_TORN : INTAKE_END;
		if (SHARED_INPUT - st->input_end < REF_MAX)
			change_sides(in, st);
		if (!wait && !readable(in->fd))
			return INTAKE_WAIT;
		if (read_more(in, st) == -1)
			return INTAKE_ERROR;
	}
	text->p = in->sh->input[st->side] + st->input_at;
	text->n = (size_t)(newline - text->p);
	return text->n >= REF_MAX ? INTAKE_LONG : INTAKE_REF;
}

enum intake_got
intake_peek(struct intake *in, struct state *st, bool wait, struct span *text)
{
	if (in->refs == NULL)
		return peek_input(in, st, wait, text);
	text->p = in->refs[st->argument];
	if (text->p == NULL)
		return INTAKE_END;
	text->n = strlen(text->p);
	return text->n >= REF_MAX ? INTAKE_LONG : INTAKE_REF;
}

/* The rest of a line that is longer than the buffer. */
static void
skip_line(struct intake *in, struct state *st)
{
	while (next_newline(in, st) == NULL && !st->input_over) {
		st->input_at = st->input_end;
		change_sides(in, st);
		if (read_more(in, st) == -1)
			return;
	}
}

void
intake_done(struct intake *in, struct state *st)
{
	char *newline;

	if (in->refs != NULL) {
		st->argument++;
		return;
	}
	skip_line(in, st);
	newline = next_newline(in, st);
	st->input_at = newline != NULL
			   ? (size_t)(newline + 1 - in->sh->input[st->side])
			   : st->input_end;
}
