#include "job/list.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/crc32c.h"
#include "base/isotime.h"
#include "base/mem.h"
#include "base/say.h"
#include "job/describe.h"
#include "job/status.h"
#include "job/value.h"

const char *const job_sorts[] = { "Name", "CreationTime", "Status", NULL };

/* A job's place in the order. */
struct place {
	char *key; /* what is sorted by */
	char *name;
};

struct job {
	struct place place;
	json_t *status;
	int64_t created, modified;
};

struct jobs {
	struct job *p;
	size_t n, size;
	bool damaged; /* one could not be read */
};

void
job_query_init(struct job_query *q)
{
	memset(q, 0, sizeof *q);
	q->created_after = q->modified_after = INT64_MIN;
	q->created_before = q->modified_before = INT64_MAX;
	q->sort = JOB_BY_CREATION;
	q->most = JOB_PAGE;
}

static int64_t
time_of(const json_t *status, const char *name)
{
	int64_t ms;

	if (job_read_time(job_text(status, name, ""), &ms) == -1)
		return 0;
	return ms;
}

/* As text that sorts as what it stands for does. */
static char *
key_of(const struct job_query *q, const struct job *j)
{
	struct buf b = { 0 };

	if (q->sort == JOB_BY_CREATION)
		buf_addf(&b, "%015" PRId64, j->created);
	else if (q->sort == JOB_BY_STATUS)
		buf_adds(&b, job_text(j->status, "TransformJobStatus", ""));
	return (char *)(uintptr_t)buf_str(&b);
}

static void
free_job(struct job *j)
{
	free(j->place.key);
	free(j->place.name);
	json_decref(j->status);
}

static bool
is_asked_for(const struct job_query *q, const struct job *j)
{
	const char *status = job_text(j->status, "TransformJobStatus", "");

	return j->created > q->created_after &&
	       j->created < q->created_before &&
	       j->modified > q->modified_after &&
	       j->modified < q->modified_before &&
	       (q->name_contains == NULL ||
		   strstr(j->place.name, q->name_contains) != NULL) &&
	       (q->status == NULL || strcmp(status, q->status) == 0);
}

static bool
is_utf8(const char *name)
{
	json_t *v = json_string(name);

	json_decref(v);
	return v != NULL;
}

static void
take_job(struct jobs *jobs, const struct job_query *q, const char *dir,
    const char *name)
{
	struct buf path = { 0 }, why = { 0 };
	struct job j = { .status =
			     job_status_try(job_path(&path, dir, name), &why) };

	/* A summary and a token are JSON. */
	if (j.status != NULL && !is_utf8(name)) {
		buf_addf(&why, "%s: a name that is not UTF-8", buf_str(&path));
		json_decref(j.status);
		j.status = NULL;
	}
	if (why.n > 0) {
		say("%s", buf_str(&why));
		jobs->damaged = true;
	}
	buf_free(&path);
	buf_free(&why);
	if (j.status == NULL)
		return;
	j.created = time_of(j.status, "CreationTime");
	j.modified = time_of(j.status, "LastModifiedTime");
	j.place.name = mem_dup(name, strlen(name));
	j.place.key = key_of(q, &j);
	if (!is_asked_for(q, &j)) {
		free_job(&j);
		return;
	}
	if (jobs->n == jobs->size) {
		jobs->size += jobs->size / 2 + 16;
		jobs->p = mem_resize(jobs->p, jobs->size, sizeof *jobs->p);
	}
	jobs->p[jobs->n++] = j;
}

static void
read_jobs(struct jobs *jobs, const struct job_query *q, const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	if (d == NULL)
		say_errno_exit(1, "%s", dir);
	while ((e = readdir(d)) != NULL)
		if (e->d_name[0] != '.')
			take_job(jobs, q, dir, e->d_name);
	closedir(d);
}

static int
compare(const struct place *a, const struct place *b)
{
	int order = strcmp(a->key, b->key);

	return order != 0 ? order : strcmp(a->name, b->name);
}

static int
upwards(const void *a, const void *b)
{
	return compare(
	    &((const struct job *)a)->place, &((const struct job *)b)->place);
}

static int
downwards(const void *a, const void *b)
{
	return upwards(b, a);
}

/* Ties the place to the query, so that it is not taken for another's. */
static uint32_t
sum_of(const struct job_query *q, const struct place *place)
{
	struct buf b = { 0 };
	uint32_t sum;

	buf_addf(&b,
	    "%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %d %d %s/%s/%s/%s",
	    q->created_after, q->created_before, q->modified_after,
	    q->modified_before, (int)q->sort, q->ascending,
	    q->name_contains != NULL ? q->name_contains : "",
	    q->status != NULL ? q->status : "", place->key, place->name);
	sum = crc32c(0, b.p, b.n);
	buf_free(&b);
	return sum;
}

/* XXXXXXXX-KEY/NAME */
static json_t *
token_of(const struct job_query *q, const struct place *place)
{
	struct buf b = { 0 };
	json_t *v;

	buf_addf(&b, "%08" PRIx32 "-%s/%s", sum_of(q, place), place->key,
	    place->name);
	v = json_string(buf_str(&b));
	buf_free(&b);
	return v;
}

/* The place that a token means; -1 where it is none of this query's. */
static int
read_token(const struct job_query *q, struct place *place)
{
	const char *slash = strchr(q->token, '/'), *key = q->token + 9;
	json_t *again;
	bool same;

	if (slash == NULL || slash < key)
		return -1;
	place->key = mem_dup(key, (size_t)(slash - key));
	place->name = mem_dup(slash + 1, strlen(slash + 1));
	again = token_of(q, place);
	same = again != NULL && strcmp(json_string_value(again), q->token) == 0;
	json_decref(again);
	return same ? 0 : -1;
}

/* The first job behind the token's place: that one may be gone by now. */
static size_t
first_job(const struct jobs *jobs, const struct job_query *q,
    const struct place *place)
{
	size_t i;
	int order;

	for (i = 0; i < jobs->n; i++) {
		order = compare(&jobs->p[i].place, place);
		if (q->ascending ? order > 0 : order < 0)
			break;
	}
	return i;
}

static json_t *
summary(const struct job *j)
{
	static const char *const members[] = { "CreationTime",
		"TransformEndTime", "LastModifiedTime", "TransformJobStatus",
		"FailureReason" };
	json_t *o = json_object(), *v;
	size_t i;

	json_object_set_new(o, "TransformJobName", json_string(j->place.name));
	job_set_arn(o, j->place.name);
	for (i = 0; i < sizeof members / sizeof members[0]; i++)
		if ((v = json_object_get(j->status, members[i])) != NULL)
			json_object_set(o, members[i], v);
	return o;
}

static json_t *
answer(const struct jobs *jobs, size_t from, const struct job_query *q)
{
	json_t *o = json_object(), *list = json_array();
	size_t i;

	json_object_set_new(o, "TransformJobSummaries", list);
	for (i = from; i < jobs->n && i - from < q->most; i++)
		json_array_append_new(list, summary(&jobs->p[i]));
	if (i < jobs->n)
		json_object_set_new(
		    o, "NextToken", token_of(q, &jobs->p[i - 1].place));
	return o;
}

json_t *
job_list(const char *dir, const struct job_query *q, bool *all)
{
	struct place place = { NULL, NULL };
	struct jobs jobs = { 0 };
	json_t *o = NULL;
	size_t i;

	if (q->token == NULL || read_token(q, &place) == 0) {
		read_jobs(&jobs, q, dir);
		if (jobs.n > 0)
			qsort(jobs.p, jobs.n, sizeof *jobs.p,
			    q->ascending ? upwards : downwards);
		o = answer(&jobs,
		    q->token != NULL ? first_job(&jobs, q, &place) : 0, q);
	}
	*all = !jobs.damaged;
	for (i = 0; i < jobs.n; i++)
		free_job(&jobs.p[i]);
	free(jobs.p);
	free(place.key);
	free(place.name);
	return o;
}
