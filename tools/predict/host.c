#include "predict/host.h"

#include <math.h>
#include <stdarg.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/say.h"

enum { CHUNK = 1 << 16 };

struct chunk {
	struct chunk *next;
	size_t n, size;
	alignas(max_align_t) char bytes[];
};

static struct host *
host_of(const struct bt_host *host)
{
	return (struct host *)host;
}

static struct chunk *
chunk_new(size_t size, struct chunk *next)
{
	struct chunk *c;

	if (size < CHUNK)
		size = CHUNK;
	c = mem_resize(NULL, sizeof *c + size, 1);
	c->next = next;
	c->n = 0;
	c->size = size;
	return c;
}

static void *
host_alloc(const struct bt_host *host, size_t n)
{
	struct host *h = host_of(host);
	size_t want = n > SIZE_MAX / 2 ? SIZE_MAX / 2 : n;
	char *p;

	want = (want + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	if (h->chunks == NULL || h->chunks->size - h->chunks->n < want)
		h->chunks = chunk_new(want, h->chunks);
	p = h->chunks->bytes + h->chunks->n;
	h->chunks->n += want;
	return p;
}

static struct bt_matrix *
host_matrix(const struct bt_host *host, size_t rows, size_t columns)
{
	struct bt_matrix *m = host_alloc(host, sizeof *m);
	size_t cells = columns > 0 && rows > SIZE_MAX / columns
			   ? SIZE_MAX
			   : rows * columns;

	m->rows = rows;
	m->columns = columns;
	m->values = host_alloc(host, cells > SIZE_MAX / sizeof(float)
					 ? SIZE_MAX
					 : cells * sizeof(float));
	return m;
}

static void
host_log(const struct bt_host *host, int level, const char *text)
{
	static const char *const levels[] = { "error: ", "warning: ", "",
		"debug: " };
	int n = text != NULL ? (int)strcspn(text, "\n") : 0;

	say("%s: %s%.*s", host_of(host)->name,
	    level >= 0 && level < 4 ? levels[level] : "", n,
	    text != NULL ? text : "");
}

static int
host_fail(const struct bt_host *host, int status, int64_t record,
    const char *fmt, ...)
{
	struct host *h = host_of(host);
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	h->why.n = 0;
	buf_adds(&h->why, text);
	h->bad = record;
	h->failed = true;
	return status;
}

static void
host_write(const struct bt_host *host, const void *p, size_t n)
{
	reply_write(&host_of(host)->reply, p, n);
}

static void
host_lend(const struct bt_host *host, const void *p, size_t n)
{
	reply_lend(&host_of(host)->reply, p, n);
}

static void
host_end_record(const struct bt_host *host)
{
	reply_end_record(&host_of(host)->reply);
}

static void
host_content_type(const struct bt_host *host, const char *type)
{
	reply_type(&host_of(host)->reply, type);
}

/* The keys that are in result lines after those of models. */
static bool
is_taken(const char *name)
{
	return strcmp(name, "sum") == 0 || strcmp(name, "status") == 0 ||
	       strcmp(name, "error") == 0;
}

static void
host_use(const struct bt_host *host, const char *name, double n)
{
	struct host *h = host_of(host);
	size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyz_"), i;

	if (size == 0 || size >= HOST_USE_NAME || name[size] != '\0' ||
	    is_taken(name) || !isfinite(n) || n < 0)
		return;
	for (i = 0; i < h->uses; i++)
		if (strcmp(h->use[i].name, name) == 0)
			break;
	if (i == HOST_USES)
		return;
	if (i == h->uses) {
		memcpy(h->use[i].name, name, size + 1);
		h->use[i].n = 0;
		h->uses++;
	}
	h->use[i].n += n;
}

void
host_add_uses(struct host *h, struct buf *line)
{
	size_t i;

	for (i = 0; i < h->uses; i++)
		buf_addf(line, " %s=%.15g", h->use[i].name, h->use[i].n);
	h->uses = 0;
}

void
host_init(struct host *h, const char *name)
{
	static const struct bt_host table = { BT_MAGIC, sizeof table,
		BT_ABI_MAJOR, BT_ABI_MINOR, host_alloc, host_matrix, host_log,
		host_fail, host_write, host_end_record, host_content_type,
		host_use, host_lend };

	memset(h, 0, sizeof *h);
	h->table = table;
	h->name = name;
	h->bad = -1;
}

void
host_reset(struct host *h)
{
	struct chunk *c, *next;
	size_t size = 0;

	if (h->chunks != NULL && h->chunks->next != NULL) {
		/* One chunk of their total size takes their place. */
		for (c = h->chunks; c != NULL; c = next) {
			next = c->next;
			size += c->size;
			free(c);
		}
		h->chunks = chunk_new(size, NULL);
	}
	if (h->chunks != NULL)
		h->chunks->n = 0;
	h->bad = -1;
	h->failed = false;
}

void
host_keep(struct host *h)
{
	h->chunks = NULL; /* the model's, until the process ends */
	host_reset(h);
}
