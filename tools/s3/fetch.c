#include "s3/fetch.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/say.h"
#include "s3/threads.h"

/* Objects asked for ahead; buffers from this size on are kept for reuse. */
enum { AHEAD = 1024, KEPT_FROM = 1024 * 1024 };

struct piece {
	char *p;
	size_t n;    /* bytes that came */
	size_t size; /* bytes it will have */
	bool ready;
};

/*
 * An object's parts are numbered from 0: those before `taken` are with a worker
 * or ready, those before `given` were given to the caller.
 */
struct object {
	struct object *next;
	char *bucket, *key;
	uint64_t at;	     /* its parts begin here */
	uint64_t likely;     /* size, until v is known */
	struct s3_version v; /* known from the first answer on */
	uint64_t parts;	     /* in all, once v is known; 1 before */
	uint64_t taken, given;
	uint64_t held; /* bytes reserved for part 0 while v is unknown */
	struct piece *ring;
	struct piece first; /* the ring of an object of one part */
	size_t ring_n;
	bool alone; /* the server ignores ranges: one worker takes it all */
	bool failed;
	unsigned workers; /* that are on it */
	struct buf why;
};

struct s3_fetch {
	struct s3_client *client;
	size_t part;
	unsigned connections;
	pthread_mutex_t lock;
	pthread_cond_t work;  /* for workers: something to take, or room */
	pthread_cond_t ready; /* for the caller */
	struct object *head, *scan;
	struct object **tail;
	size_t objects; /* in the list */
	uint64_t used;	/* bytes reserved */
	char **spare;
	size_t spares;
	pthread_t *threads;
	unsigned started, idle;
	struct s3_check *check; /* of head */
	bool begun;		/* head: its check */
	bool lent;		/* a part of head is with the caller */
	bool stop;
};

static void *work(void *arg);

struct s3_fetch *
s3_fetch_new(struct s3_client *client, unsigned connections, size_t part)
{
	struct s3_fetch *f = mem_alloc(sizeof *f);

	memset(f, 0, sizeof *f);
	f->client = client;
	f->connections = connections;
	f->part = part;
	f->tail = &f->head;
	f->spare = mem_alloc(2 * connections * sizeof *f->spare);
	f->threads = mem_alloc(connections * sizeof *f->threads);
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->work, NULL);
	pthread_cond_init(&f->ready, NULL);
	return f;
}

static char *
new_memory(struct s3_fetch *f, size_t size)
{
	char *p = NULL;

	if (size < KEPT_FROM)
		return mem_alloc(size);
	pthread_mutex_lock(&f->lock);
	if (f->spares > 0)
		p = f->spare[--f->spares];
	pthread_mutex_unlock(&f->lock);
	return p != NULL ? p : mem_alloc(f->part);
}

/* Locked. */
static void
give_back(struct s3_fetch *f, struct piece *piece)
{
	if (piece->p != NULL && piece->size >= KEPT_FROM &&
	    f->spares < 2 * f->connections)
		f->spare[f->spares++] = piece->p;
	else
		free(piece->p);
	f->used -= piece->size;
	memset(piece, 0, sizeof *piece);
}

static void
free_object(struct object *o)
{
	size_t i;

	for (i = 0; i < o->ring_n; i++)
		free(o->ring[i].p);
	if (o->ring != &o->first)
		free(o->ring);
	s3_version_free(&o->v);
	buf_free(&o->why);
	free(o->bucket);
	free(o->key);
	free(o);
}

static struct piece *
piece_of(struct object *o, uint64_t part)
{
	return &o->ring[part % o->ring_n];
}

/* The bytes of all parts, once the object's size is known. */
static uint64_t
length(const struct object *o)
{
	return o->v.size - o->at;
}

static size_t
size_of(const struct s3_fetch *f, const struct object *o, uint64_t part)
{
	uint64_t n = o->v.known ? length(o) - part * f->part : o->likely;

	return n < f->part ? (size_t)n : f->part;
}

/*
 * Locked: reserves the next part of o, if it can be held now.  Objects after
 * the first leave half of the room to it, or they would block the object that
 * they wait for.  It may always have one part, since the sizes in a list can be
 * wrong.
 */
static bool
take(struct s3_fetch *f, struct object *o)
{
	size_t size = size_of(f, o, o->taken);
	uint64_t most = (uint64_t)f->part * f->connections;
	struct piece *piece = piece_of(o, o->taken);

	if (o->taken - o->given >= o->ring_n)
		return false;
	if (o == f->head)
		most += most - f->part;
	if (f->used > 0 && f->used + size > most &&
	    (o != f->head || o->taken > o->given))
		return false;
	memset(piece, 0, sizeof *piece);
	piece->size = size;
	f->used += size;
	o->taken++;
	return true;
}

/* Locked.  No part is left to take. */
static bool
exhausted(const struct object *o)
{
	return o->failed || (o->alone && o->taken > 0) ||
	       (o->v.known && o->taken == o->parts);
}

/* Locked: an object with a part reserved for the caller, or NULL. */
static struct object *
find_work(struct s3_fetch *f)
{
	struct object *o;

	while (f->scan != NULL && exhausted(f->scan))
		f->scan = f->scan->next;
	for (o = f->scan; o != NULL; o = o->next) {
		if (exhausted(o) || o->taken == o->parts)
			continue;
		if (take(f, o))
			return o;
		/* Later objects have less right to room. */
		break;
	}
	return NULL;
}

/* Locked. */
static void
start_threads(struct s3_fetch *f, uint64_t wanted)
{
	unsigned left = f->connections - f->started;
	unsigned n = wanted < left ? (unsigned)wanted : left;
	int error;

	if (f->stop)
		return;
	f->started +=
	    threads_start(f->threads + f->started, n, work, f, &error);
	if (f->started == 0)
		say_exit(1, "no thread: %s", strerror(error));
}

/* A worker's part, or its first if it reads all. */
struct job {
	struct s3_fetch *fetch;
	struct object *object;
	uint64_t part;
	struct piece *piece;
	struct buf why;
};

/* Locked.  Sets the number of parts, and allocates their ring. */
static void
lay_out(const struct s3_fetch *f, struct object *o, const struct s3_version *v)
{
	uint64_t n;

	s3_version_copy(&o->v, v);
	n = length(o);
	o->parts = n == 0 ? 1 : (n - 1) / f->part + 1;
	if (o->parts == 1)
		return;
	o->alone = !v->ranged;
	o->ring_n = o->parts < 2 * f->connections + 1 ? (size_t)o->parts
						      : 2 * f->connections + 1;
	o->ring = mem_alloc(o->ring_n * sizeof *o->ring);
	memset(o->ring, 0, o->ring_n * sizeof *o->ring);
}

/* Locked.  The first answer: how long the object is. */
static void
learn(struct s3_fetch *f, struct object *o, const struct s3_version *v)
{
	struct piece *piece = &o->first;
	size_t size;

	lay_out(f, o, v);
	size = size_of(f, o, 0);
	f->used = f->used - piece->size + size;
	piece->size = size;
	if (o->parts == 1)
		return;
	o->ring[0] = *piece;
	memset(piece, 0, sizeof *piece);
	if (!o->alone)
		start_threads(f, o->parts - 1);
	pthread_cond_broadcast(&f->work);
}

static void
deliver(struct job *j)
{
	pthread_mutex_lock(&j->fetch->lock);
	j->piece->ready = true;
	if (j->object == j->fetch->head)
		pthread_cond_signal(&j->fetch->ready);
	pthread_mutex_unlock(&j->fetch->lock);
}

/* Waits for room for the next part, if one worker reads all of them. */
static int
next_part(struct job *j)
{
	struct s3_fetch *f = j->fetch;
	struct object *o = j->object;
	bool taken = false;

	deliver(j);
	pthread_mutex_lock(&f->lock);
	while (!f->stop && !o->failed && !(taken = take(f, o)))
		pthread_cond_wait(&f->work, &f->lock);
	pthread_mutex_unlock(&f->lock);
	if (!taken)
		return -1;
	j->piece = piece_of(o, ++j->part);
	return 0;
}

/* The sink of s3_get.  The first answer for an object tells its version, and
 * so its parts. */
static int
arrive(void *arg, const struct s3_version *v, const void *p, size_t n,
    struct buf *why)
{
	struct job *j = arg;
	struct s3_fetch *f = j->fetch;

	(void)why;
	if (!j->object->v.known) {
		pthread_mutex_lock(&f->lock);
		learn(f, j->object, v);
		pthread_mutex_unlock(&f->lock);
		j->piece = piece_of(j->object, 0);
	}
	while (n > 0) {
		struct piece *piece = j->piece;
		size_t now =
		    piece->size - piece->n < n ? piece->size - piece->n : n;

		if (piece->p == NULL)
			piece->p = new_memory(f, piece->size);
		memcpy(piece->p + piece->n, p, now);
		piece->n += now;
		p = (const char *)p + now;
		n -= now;
		if (piece->n < piece->size)
			break;
		if (!j->object->alone || j->part + 1 == j->object->parts)
			return n > 0;
		if (next_part(j) != 0)
			return -1;
	}
	return 0;
}

static bool
is_whole(const struct object *o)
{
	return o->at == 0;
}

static int
fetch_part(struct s3_conn *conn, struct job *j)
{
	struct s3_fetch *f = j->fetch;
	struct object *o = j->object;
	uint64_t from = j->part * f->part;
	struct s3_get get = { o->bucket, o->key, o->at + from, f->part, arrive,
		j };
	struct s3_version v = { 0 };
	bool first;
	int status;

	pthread_mutex_lock(&f->lock);
	first = !o->v.known;
	s3_version_copy(&v, &o->v);
	pthread_mutex_unlock(&f->lock);
	/* The answer to a request without a range includes the object's
	 * checksum.  A part must not be larger than f->part, so the object has
	 * to be known to be small. */
	if (first && o->at == 0 && o->likely <= f->part)
		get.n = UINT64_MAX;
	status = s3_get(conn, &get, &v, &j->why);
	/* No bytes of an empty object arrive. */
	if (status == 0 && !o->v.known) {
		pthread_mutex_lock(&f->lock);
		learn(f, o, &v);
		pthread_mutex_unlock(&f->lock);
		j->piece = piece_of(o, 0);
	}
	if (status == 0 && first && is_whole(o) &&
	    (status = s3_get_sum(conn, o->bucket, o->key, &v, &j->why)) == 0) {
		pthread_mutex_lock(&f->lock);
		o->v.sum = v.sum;
		pthread_mutex_unlock(&f->lock);
	}
	s3_version_free(&v);
	return status;
}

static void
work_on(
    struct s3_conn *conn, struct s3_fetch *f, struct object *o, uint64_t part)
{
	struct job j = { f, o, part, piece_of(o, part), { 0 } };
	int status = fetch_part(conn, &j);

	if (status == 0)
		deliver(&j);
	pthread_mutex_lock(&f->lock);
	o->workers--;
	if (status != 0 && !o->failed) {
		o->failed = true;
		buf_add(&o->why, j.why.p, j.why.n);
	}
	pthread_cond_broadcast(&f->work);
	pthread_cond_signal(&f->ready);
	pthread_mutex_unlock(&f->lock);
	buf_free(&j.why);
}

static void *
work(void *arg)
{
	struct s3_fetch *f = arg;
	struct s3_conn *conn = s3_conn_new(f->client);
	struct object *o;
	uint64_t part;

	pthread_mutex_lock(&f->lock);
	while (!f->stop) {
		if ((o = find_work(f)) == NULL) {
			f->idle++;
			pthread_cond_wait(&f->work, &f->lock);
			f->idle--;
			continue;
		}
		part = o->taken - 1;
		o->workers++;
		pthread_mutex_unlock(&f->lock);
		work_on(conn, f, o, part);
		pthread_mutex_lock(&f->lock);
	}
	pthread_mutex_unlock(&f->lock);
	s3_conn_free(conn);
	return NULL;
}

static struct object *
new_object(const char *bucket, const char *key, uint64_t at)
{
	struct object *o = mem_alloc(sizeof *o);

	memset(o, 0, sizeof *o);
	o->bucket = mem_str(bucket);
	o->key = mem_str(key);
	o->at = at;
	o->parts = o->ring_n = 1;
	o->ring = &o->first;
	return o;
}

static void
add_object(struct s3_fetch *f, struct object *o)
{
	uint64_t wanted = o->alone ? 1 : o->parts;

	pthread_mutex_lock(&f->lock);
	*f->tail = o;
	f->tail = &o->next;
	if (f->scan == NULL)
		f->scan = o;
	f->objects++;
	if (wanted > f->idle)
		start_threads(f, wanted - f->idle);
	if (wanted == 1)
		pthread_cond_signal(&f->work);
	else
		pthread_cond_broadcast(&f->work);
	pthread_mutex_unlock(&f->lock);
}

void
s3_fetch_add(
    struct s3_fetch *f, const char *bucket, const char *key, uint64_t likely)
{
	struct object *o = new_object(bucket, key, 0);

	o->likely = likely;
	add_object(f, o);
}

void
s3_fetch_add_rest(struct s3_fetch *f, const char *bucket, const char *key,
    uint64_t at, const struct s3_version *v)
{
	struct object *o = new_object(bucket, key, at);

	lay_out(f, o, v);
	add_object(f, o);
}

bool
s3_fetch_hungry(const struct s3_fetch *f)
{
	return f->objects < AHEAD;
}

/* Locked: the caller is done with what it was lent. */
static void
take_back(struct s3_fetch *f)
{
	struct object *o = f->head;

	if (!f->lent)
		return;
	f->lent = false;
	give_back(f, piece_of(o, o->given));
	o->given++;
	pthread_cond_broadcast(&f->work);
}

/* Locked.  Later objects may hold more now. */
static void
drop_head(struct s3_fetch *f)
{
	struct object *o = f->head;

	while (o->workers > 0)
		pthread_cond_wait(&f->ready, &f->lock);
	for (; o->given < o->taken; o->given++)
		give_back(f, piece_of(o, o->given));
	if (f->scan == o)
		f->scan = o->next;
	if ((f->head = o->next) == NULL)
		f->tail = &f->head;
	f->objects--;
	f->begun = false;
	pthread_cond_broadcast(&f->work);
	free_object(o);
}

/* Locked: waits for the next part of head; NULL if there is none. */
static struct piece *
next_piece(struct s3_fetch *f)
{
	struct object *o = f->head;

	for (;;) {
		struct piece *piece = piece_of(o, o->given);

		if (o->v.known && o->given == o->parts)
			return NULL;
		if (o->given < o->taken && piece->ready)
			return piece;
		/* Parts before the one that failed may still come. */
		if (o->failed && o->workers == 0)
			return NULL;
		pthread_cond_wait(&f->ready, &f->lock);
	}
}

int
s3_fetch_next(struct s3_fetch *f, struct span *bytes, struct buf *why)
{
	struct piece *piece;
	int status;

	pthread_mutex_lock(&f->lock);
	take_back(f);
	piece = next_piece(f);
	if (piece == NULL || piece->n == 0) {
		if (f->head->failed) {
			s3_check_free(f->check);
			buf_add(why, f->head->why.p, f->head->why.n);
			status = -1;
		} else {
			status = s3_check_end(f->check, why);
		}
		f->check = NULL;
		drop_head(f);
		pthread_mutex_unlock(&f->lock);
		return status;
	}
	if (!f->begun && is_whole(f->head))
		f->check = s3_check_new(&f->head->v.sum);
	f->begun = f->lent = true;
	pthread_mutex_unlock(&f->lock);
	*bytes = (struct span){ piece->p, piece->n };
	if (f->check != NULL)
		s3_check_add(f->check, piece->p, piece->n);
	return 1;
}

void
s3_fetch_drop(struct s3_fetch *f)
{
	pthread_mutex_lock(&f->lock);
	take_back(f);
	f->head->failed = true;
	pthread_cond_broadcast(&f->work);
	drop_head(f);
	pthread_mutex_unlock(&f->lock);
	s3_check_free(f->check);
	f->check = NULL;
}

void
s3_fetch_free(struct s3_fetch *f)
{
	struct object *o, *next;

	if (f == NULL)
		return;
	pthread_mutex_lock(&f->lock);
	f->stop = true;
	s3_client_stop(f->client);
	pthread_cond_broadcast(&f->work);
	pthread_mutex_unlock(&f->lock);
	threads_join(f->threads, f->started);
	for (o = f->head; o != NULL; o = next) {
		next = o->next;
		free_object(o);
	}
	while (f->spares > 0)
		free(f->spare[--f->spares]);
	s3_check_free(f->check);
	pthread_cond_destroy(&f->work);
	pthread_cond_destroy(&f->ready);
	pthread_mutex_destroy(&f->lock);
	free(f->spare);
	free(f->threads);
	free(f);
}
