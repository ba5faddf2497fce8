#include "predict/refs.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"

/*
 * The current buffer has NULs after the bytes that were read.  References have
 * none, so this finds the bytes that read(2) stored before its worker was
 * killed.
 */
void
refs_recover(struct refs *in, struct position *pos)
{
	if (in->arguments != NULL)
		return;
	while (pos->input_end < STATE_INPUT &&
	       in->state->input[pos->side][pos->input_end] != '\0')
		pos->input_end++;
}

static char *
next_newline(struct refs *in, const struct position *pos)
{
	return memchr(in->state->input[pos->side] + pos->input_at, '\n',
	    pos->input_end - pos->input_at);
}

/* Copies the rest to the front of the other buffer, which then becomes the
 * current one: a worker killed meanwhile leaves the old buffer whole. */
static void
change_sides(struct refs *in, struct position *pos)
{
	size_t n = pos->input_end - pos->input_at;
	char *other = in->state->input[pos->side ^ 1];

	memcpy(other, in->state->input[pos->side] + pos->input_at, n);
	memset(other + n, 0, STATE_INPUT + 1 - n);
	pos->side ^= 1;
	pos->input_at = 0;
	pos->input_end = n;
	state_commit(in->state, pos);
}

/* read(2), or EAGAIN.  Of a socket that many read, another process may take
 * what poll(2) has seen. */
static ssize_t
read_now(int fd, void *p, size_t n)
{
	struct pollfd input = { .fd = fd, .events = POLLIN };
	ssize_t got = recv(fd, p, n, MSG_DONTWAIT);

	if (got != -1 || errno != ENOTSOCK)
		return got;
	if (poll(&input, 1, 0) != 0)
		return fd_read(fd, p, n);
	errno = EAGAIN;
	return -1;
}

static int
read_more(struct refs *in, struct position *pos, bool wait)
{
	char *p = in->state->input[pos->side] + pos->input_end;
	size_t n = STATE_INPUT - pos->input_end;
	ssize_t got;

	do
		got = wait ? fd_read(in->fd, p, n) : read_now(in->fd, p, n);
	while (got == -1 && errno == EINTR);
	if (got == -1)
		return -1;
	pos->input_end += (size_t)got;
	pos->input_over = got == 0;
	state_commit(in->state, pos);
	return 0;
}

enum refs_got
refs_peek(struct refs *in, struct position *pos, bool wait, struct span *text)
{
	char *newline;

	if (in->arguments != NULL) {
		text->p = in->arguments[pos->argument];
		if (text->p == NULL)
			return REFS_END;
		text->n = strlen(text->p);
		return text->n >= REF_MAX ? REFS_LONG : REFS_REF;
	}
	while ((newline = next_newline(in, pos)) == NULL) {
		text->p = in->state->input[pos->side] + pos->input_at;
		text->n = pos->input_end - pos->input_at;
		if (text->n >= REF_MAX)
			return REFS_LONG;
		if (pos->input_over)
			return text->n > 0 ? REFS_TORN : REFS_END;
		if (STATE_INPUT - pos->input_end < REF_MAX)
			change_sides(in, pos);
		if (read_more(in, pos, wait) == -1)
			return !wait && errno == EAGAIN ? REFS_WAIT
							: REFS_ERROR;
	}
	text->p = in->state->input[pos->side] + pos->input_at;
	text->n = (size_t)(newline - text->p);
	return text->n >= REF_MAX ? REFS_LONG : REFS_REF;
}

void
refs_done(struct refs *in, struct position *pos)
{
	char *newline;

	if (in->arguments != NULL) {
		pos->argument++;
		return;
	}
	/* The line may be longer than the buffer. */
	while ((newline = next_newline(in, pos)) == NULL && !pos->input_over) {
		pos->input_at = pos->input_end;
		change_sides(in, pos);
		if (read_more(in, pos, true) == -1)
			break;
	}
	pos->input_at =
	    newline != NULL
		? (size_t)(newline + 1 - in->state->input[pos->side])
		: pos->input_end;
}
