#include "io/window.h"

#include <sys/resource.h>
#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "format/ref.h"
#include "io/out.h"
#include "io/remote.h"
#include "io/source.h"

struct window {
	char *path, *etag; /* etag encoded, "" for any */
	struct source *source;
	char *p;
	size_t n, size; /* bytes held, and room (WINDOW_SLACK left out) */
	uint64_t at;	/* of the first byte held, in the file */
	size_t ahead;	/* what the last read asked for, to ask for more */
};

static void
window_free(struct window *w)
{
	if (w == NULL)
		return;
	source_close(w->source);
	free(w->path);
	free(w->etag);
	free(w->p);
	free(w);
}

static struct window *
window_new(const char *path, struct span etag, const char **why)
{
	struct buf version = { 0 };
	struct source *source;
	struct window *w;

	ref_decode(&version, etag);
	source =
	    source_open_version(path, version.n > 0 ? buf_str(&version) : NULL);
	buf_free(&version);
	if (source == NULL) {
		*why = remote_error();
		return NULL;
	}
	if (!source_seekable(source)) {
		source_close(source);
		errno = EISDIR;
		*why = "not a regular file";
		return NULL;
	}
	source_follow(source);
	w = mem_alloc(sizeof *w);
	memset(w, 0, sizeof *w);
	w->path = mem_str(path);
	w->etag = mem_dup(etag.p, etag.n);
	w->source = source;
	return w;
}

/* Opens one more; if there are no descriptors left, an output or another window
 * gives its own. */
static struct window *
window_open(
    struct windows *ws, const char *path, struct span etag, const char **why)
{
	struct rlimit limit;
	struct window *w;

	if (ws->most == 0) {
		/* Few descriptors have to do for the outputs, too. */
		ws->most = WINDOWS;
		if (getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
		    limit.rlim_cur / 8 < WINDOWS)
			ws->most = limit.rlim_cur < 16
				       ? 1
				       : (size_t)(limit.rlim_cur / 8);
	}
	for (;;) {
		if (ws->n == ws->most)
			window_free(ws->slot[--ws->n]);
		if ((w = window_new(path, etag, why)) != NULL)
			break;
		if (errno != EMFILE && errno != ENFILE)
			return NULL;
		if (out_park())
			continue;
		if (ws->n == 0)
			return NULL;
		window_free(ws->slot[--ws->n]);
	}
	if (ws->read != NULL)
		source_note(w->source, ws->read);
	ws->slot[ws->n++] = w;
	return w;
}

struct window *
windows_get(
    struct windows *ws, const char *path, struct span etag, const char **why)
{
	struct window *w;
	size_t i;

	for (i = 0; i < ws->n; i++)
		if (strcmp(ws->slot[i]->path, path) == 0 &&
		    span_is(etag, ws->slot[i]->etag))
			break;
	if (i == ws->n) {
		if (window_open(ws, path, etag, why) == NULL)
			return NULL;
		i = ws->n - 1;
	}
	w = ws->slot[i];
	memmove(ws->slot + 1, ws->slot, i * sizeof ws->slot[0]);
	ws->slot[0] = w;
	return w;
}

void
windows_free(struct windows *ws)
{
	while (ws->n > 0)
		window_free(ws->slot[--ws->n]);
}

static size_t
read_ahead(struct window *w, uint64_t hint)
{
	uint64_t n = w->ahead * 2;

	if (n < hint)
		n = hint;
	if (n > WINDOW_BLOCK)
		n = WINDOW_BLOCK;
	if (source_is_remote(w->source))
		n = WINDOW_REQUEST;
	w->ahead = n < 4096 ? 4096 : (size_t)n;
	return w->ahead;
}

struct span
window_fill(struct window *w, uint64_t at, size_t n, uint64_t hint)
{
	bool held = at >= w->at && at <= w->at + w->n;
	struct span s = { NULL, 0 };
	size_t gone, want, size;
	ptrdiff_t got;
	char *p;

	if (!held || w->n - (size_t)(at - w->at) < n || w->p == NULL) {
		if (!held) {
			w->n = w->ahead = 0;
		} else if ((gone = (size_t)(at - w->at)) > 0) {
			w->n -= gone;
			memmove(w->p, w->p + gone, w->n);
		}
		w->at = at;
		want = w->n + read_ahead(w, hint);
		if (want < n)
			want = n;
		if (w->size < want) {
			size = w->size * 2 > want ? w->size * 2 : want;
			p = mem_alloc(size + WINDOW_SLACK);
			if (w->n > 0)
				memcpy(p, w->p, w->n);
			free(w->p);
			w->p = p;
			w->size = size;
			memset(w->p + size, 0, WINDOW_SLACK);
		}
		/* What is wanted beyond n need not be there. */
		got = source_read_some(w->source, w->p + w->n,
		    n > w->n ? n - w->n : 1, want - w->n, at + w->n);
		if (got == -1)
			return s;
		w->n += (size_t)got;
	}
	s.p = w->p + (size_t)(at - w->at);
	s.n = w->n - (size_t)(at - w->at);
	return s;
}
