#include "s3/put.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "s3/put_requests.h"
#include "s3/threads.h"

/* docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html.  After
 * GROW_FROM parts the size grows by one step for every GROW_EACH parts. */
enum { GROW_FROM = 1000, GROW_EACH = 56 };

struct part {
	struct part *next;
	unsigned number; /* from 1 */
	size_t n, size;
	char *p;
};

struct s3_put {
	struct s3_client *client;
	struct s3_storing to;
	struct part *now; /* that is being filled, or NULL */
	unsigned parts;	  /* begun */

	pthread_mutex_t lock; /* for what follows */
	pthread_cond_t work, done;
	struct part *queue, **queue_tail;
	struct part *spare;	  /* to be filled again */
	struct s3_stored *stored; /* by number - 1 */
	uint64_t flying;	  /* bytes with the threads or in the queue */
	pthread_t *threads;
	unsigned started;
	int failed; /* how, or 0 */
	bool stop;
	struct buf why;
};

static void
free_part(struct part *part)
{
	if (part != NULL)
		free(part->p);
	free(part);
}

static void
free_list(struct part *part)
{
	struct part *next;

	for (; part != NULL; part = next) {
		next = part->next;
		free_part(part);
	}
}

static void
end_threads(struct s3_put *put)
{
	pthread_mutex_lock(&put->lock);
	put->stop = true;
	pthread_cond_broadcast(&put->work);
	pthread_mutex_unlock(&put->lock);
	threads_join(put->threads, put->started);
	put->started = 0;
}

static void
free_put(struct s3_put *put)
{
	unsigned i;

	end_threads(put);
	free_list(put->queue);
	free_list(put->spare);
	for (i = 0; put->stored != NULL && i < put->parts; i++)
		free(put->stored[i].etag);
	free_part(put->now);
	free(put->stored);
	free(put->threads);
	free(put->to.upload);
	buf_free(&put->why);
	pthread_mutex_destroy(&put->lock);
	pthread_cond_destroy(&put->work);
	pthread_cond_destroy(&put->done);
	free(put);
}

struct s3_put *
s3_put_new(struct s3_client *client, struct s3_conn *conn, const char *bucket,
    const char *key, const struct s3_put_options *options, struct buf *why)
{
	struct s3_put *put = mem_alloc(sizeof *put);

	memset(put, 0, sizeof *put);
	put->client = client;
	put->to = (struct s3_storing){ conn, bucket, key, *options, NULL };
	put->queue_tail = &put->queue;
	put->threads = mem_alloc(options->connections * sizeof *put->threads);
	pthread_mutex_init(&put->lock, NULL);
	pthread_cond_init(&put->work, NULL);
	pthread_cond_init(&put->done, NULL);
	if (options->if_none_match && !options->at_hand &&
	    s3_storing_look(&put->to, why) != 0) {
		free_put(put);
		return NULL;
	}
	return put;
}

/* Locked. */
static void
put_away(struct s3_put *put, struct part *part)
{
	put->flying -= part->n;
	part->next = put->spare;
	put->spare = part;
	pthread_cond_broadcast(&put->done);
}

static void
work_on(struct s3_conn *conn, struct s3_put *put, struct part *part)
{
	struct buf why = { 0 };
	struct s3_stored stored = { 0 };
	int status = s3_storing_part(conn, &put->to, part->number,
	    (struct span){ part->p, part->n }, &stored, &why);

	pthread_mutex_lock(&put->lock);
	put->stored[part->number - 1] = stored;
	if (status != 0 && put->failed == 0) {
		put->failed = status;
		buf_add(&put->why, why.p, why.n);
	}
	put_away(put, part);
	pthread_mutex_unlock(&put->lock);
	buf_free(&why);
}

static void *
work(void *arg)
{
	struct s3_put *put = arg;
	struct s3_conn *conn = s3_conn_new(put->client);
	struct part *part;

	pthread_mutex_lock(&put->lock);
	while (!put->stop) {
		if ((part = put->queue) == NULL) {
			pthread_cond_wait(&put->work, &put->lock);
			continue;
		}
		if ((put->queue = part->next) == NULL)
			put->queue_tail = &put->queue;
		if (put->failed) {
			put_away(put, part);
			continue;
		}
		pthread_mutex_unlock(&put->lock);
		work_on(conn, put, part);
		pthread_mutex_lock(&put->lock);
	}
	pthread_mutex_unlock(&put->lock);
	s3_conn_free(conn);
	return NULL;
}

static int
say_failed(struct s3_put *put, struct buf *why)
{
	buf_add(why, put->why.p, put->why.n);
	return put->failed;
}

static int
send_now(struct s3_put *put, struct buf *why)
{
	struct part *part = put->now;
	int error = 0;

	if (put->started < put->to.o.connections && put->started < part->number)
		put->started += threads_start(
		    put->threads + put->started, 1, work, put, &error);
	if (put->started == 0) {
		buf_addf(why, "no thread: %s", strerror(error));
		return -1;
	}
	put->now = NULL;
	pthread_mutex_lock(&put->lock);
	part->next = NULL;
	*put->queue_tail = part;
	put->queue_tail = &part->next;
	put->flying += part->n;
	pthread_cond_signal(&put->work);
	pthread_mutex_unlock(&put->lock);
	return 0;
}

uint64_t
s3_put_part_size(uint64_t part_size, unsigned number)
{
	uint64_t n = S3_PUT_PART;

	if (part_size != 0)
		return part_size;
	if (number > GROW_FROM)
		n *= 1 + (number - GROW_FROM) / GROW_EACH;
	return n;
}

/*
 * Locked.  Waits until the next part fits: the parts in progress and the next
 * have together at most as many bytes as one first part for each connection, or
 * no part is in progress.
 */
static int
wait_for_room(struct s3_put *put, size_t size, struct buf *why)
{
	uint64_t most =
	    put->to.o.part_size != 0 ? put->to.o.part_size : S3_PUT_PART;

	most *= put->to.o.connections;
	while (!put->failed && put->flying > 0 && put->flying + size > most)
		pthread_cond_wait(&put->done, &put->lock);
	return put->failed != 0 ? say_failed(put, why) : 0;
}

static int
begin_part(struct s3_put *put, struct buf *why)
{
	size_t size =
	    (size_t)s3_put_part_size(put->to.o.part_size, put->parts + 1);
	struct part *part = NULL;
	int status;

	if (put->parts == S3_PUT_PARTS_MAX) {
		put->failed = S3_PUT_REFUSED;
		buf_addf(why, "more than %d parts of %" PRIu64 " bytes",
		    S3_PUT_PARTS_MAX, put->to.o.part_size);
		return -1;
	}
	pthread_mutex_lock(&put->lock);
	if ((status = wait_for_room(put, size, why)) == 0) {
		if ((part = put->spare) != NULL)
			put->spare = part->next;
		put->stored = mem_resize(
		    put->stored, put->parts + 1, sizeof *put->stored);
		put->stored[put->parts] = (struct s3_stored){ 0 };
	}
	pthread_mutex_unlock(&put->lock);
	if (status != 0)
		return -1;
	if (part == NULL || part->size != size) {
		free_part(part);
		part = mem_alloc(sizeof *part);
		part->size = size;
		part->p = mem_try(size);
	}
	/* The upload must then be aborted, so the process goes on. */
	if (part->p == NULL) {
		free_part(part);
		buf_addf(why, "no memory for a part of %zu bytes", size);
		return -1;
	}
	part->n = 0;
	part->number = ++put->parts;
	put->now = part;
	return 0;
}

void *
s3_put_room(struct s3_put *put, size_t *n, struct buf *why)
{
	if (put->now != NULL && put->now->n == put->now->size) {
		if (put->to.upload == NULL &&
		    (put->failed = s3_storing_begin(&put->to, why)) != 0)
			return NULL;
		if (send_now(put, why) != 0)
			return NULL;
	}
	if (put->now == NULL && begin_part(put, why) != 0)
		return NULL;
	*n = put->now->size - put->now->n;
	return put->now->p + put->now->n;
}

void
s3_put_filled(struct s3_put *put, size_t n)
{
	put->now->n += n;
}

int
s3_put_write(struct s3_put *put, const void *p, size_t n, struct buf *why)
{
	while (n > 0) {
		size_t room;
		char *to = s3_put_room(put, &room, why);

		if (to == NULL)
			return put->failed != 0 ? put->failed : S3_PUT_FAILED;
		room = room < n ? room : n;
		memcpy(to, p, room);
		s3_put_filled(put, room);
		p = (const char *)p + room;
		n -= room;
	}
	return 0;
}

static void
wait_for_parts(struct s3_put *put)
{
	pthread_mutex_lock(&put->lock);
	while (put->flying > 0)
		pthread_cond_wait(&put->done, &put->lock);
	pthread_mutex_unlock(&put->lock);
}

void
s3_put_settle(struct s3_put *put)
{
	wait_for_parts(put);
	end_threads(put);
	put->stop = false;
	free_list(put->spare);
	put->spare = NULL;
}

void
s3_put_use(struct s3_put *put, struct s3_conn *conn)
{
	put->to.conn = conn;
}

int
s3_put_commit(struct s3_put *put, struct buf *why)
{
	struct span all = { NULL, 0 };
	bool open = false;
	int status;

	/* Room for bytes that did not come. */
	if (put->to.upload != NULL && put->now != NULL && put->now->n == 0) {
		free_part(put->now);
		put->now = NULL;
		put->parts--;
	}
	if (put->now != NULL)
		all = (struct span){ put->now->p, put->now->n };
	if (put->to.upload == NULL)
		status = s3_storing_whole(&put->to, all, why);
	else if (put->now == NULL || (status = send_now(put, why)) == 0) {
		wait_for_parts(put);
		status = put->failed != 0
			     ? say_failed(put, why)
			     : s3_storing_end(&put->to, put->stored, put->parts,
				   &open, why);
	}
	if (status != 0 && !open) {
		struct buf also = { 0 };

		if (s3_put_abort(put, &also) != 0)
			buf_addf(why, "; %s", buf_str(&also));
		buf_free(&also);
		return status;
	}
	free_put(put);
	return status;
}

int
s3_put_abort(struct s3_put *put, struct buf *why)
{
	int status = 0;

	/* Parts in progress would arrive after the abort. */
	pthread_mutex_lock(&put->lock);
	put->failed = S3_PUT_FAILED;
	pthread_mutex_unlock(&put->lock);
	end_threads(put);
	if (put->to.upload != NULL)
		status = s3_storing_abort(&put->to, why);
	free_put(put);
	return status;
}

int
s3_put_bytes(struct s3_conn *conn, const char *bucket, const char *key,
    const struct s3_put_options *options, const void *p, size_t n,
    struct buf *why)
{
	const struct s3_storing to = { conn, bucket, key, *options, NULL };

	return s3_storing_whole(&to, (struct span){ p, n }, why);
}
