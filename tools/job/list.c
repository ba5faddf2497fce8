#include "job/list.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/say.h"
#include "base/utf8.h"
#include "job/describe.h"
#include "job/status.h"
#include "job/value.h"

const char *const job_sorts[] = { "Name", "CreationTime", "Status", NULL };

struct job {
	char *key; /* to sort by */
	char *name;
	json_t *status;
	int64_t created, modified;
};

struct jobs {
	struct job *p;
	size_t n, size;
	bool damaged; /* a job could not be read */
};

void
job_query_init(struct query *q)
{
	memset(q, 0, sizeof *q);
	q->created_after = q->modified_after = INT64_MIN;
	q->created_before = q->modified_before = INT64_MAX;
	q->sort = JOB_BY_CREATION;
}

/* Text that sorts like the value it stands for. */
static char *
key_of(const struct query *q, const struct job *j)
{
	struct buf b = { 0 };

	if (q->sort == JOB_BY_CREATION)
		buf_addf(&b, "%015" PRId64, j->created);
	else if (q->sort == JOB_BY_STATUS)
		buf_adds(&b, job_text(j->status, "TransformJobStatus", ""));
	return buf_take(&b);
}

static void
free_job(struct job *j)
{
	free(j->key);
	free(j->name);
	json_decref(j->status);
}

static bool
matches(const struct query *q, const struct job *j)
{
	const char *status = job_text(j->status, "TransformJobStatus", "");

	return j->created > q->created_after &&
	       j->created < q->created_before &&
	       j->modified > q->modified_after &&
	       j->modified < q->modified_before &&
	       (q->name_contains == NULL ||
		   strstr(j->name, q->name_contains) != NULL) &&
	       (q->status == NULL || strcmp(status, q->status) == 0);
}

static void
read_job(
    struct jobs *jobs, const struct query *q, const char *dir, const char *name)
{
	struct buf path = { 0 }, why = { 0 };
	struct job j = { 0 };

	j.status = job_status_try(job_path(&path, dir, name), q->queue, &why);
	/* The answer is JSON, which is UTF-8. */
	if (j.status != NULL && !utf8_valid(span_str(name))) {
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
	j.created = job_time(j.status, "CreationTime");
	j.modified = job_time(j.status, "LastModifiedTime");
	j.name = mem_str(name);
	j.key = key_of(q, &j);
	if (!matches(q, &j)) {
		free_job(&j);
		return;
	}
	if (jobs->n == jobs->size) {
		jobs->size += jobs->size / 2 + 16;
		jobs->p = mem_resize(jobs->p, jobs->size, sizeof *jobs->p);
	}
	jobs->p[jobs->n++] = j;
}

static int
upwards(const void *a, const void *b)
{
	const struct job *x = a, *y = b;
	int order = strcmp(x->key, y->key);

	return order != 0 ? order : strcmp(x->name, y->name);
}

static int
downwards(const void *a, const void *b)
{
	return upwards(b, a);
}

static json_t *
summary(const struct query *q, const struct job *j, const char *dir)
{
	static const char *const members[] = { "CreationTime",
		"TransformEndTime", "LastModifiedTime", "TransformJobStatus",
		"FailureReason" };
	json_t *o = json_object(), *v;
	struct buf path = { 0 };
	size_t i;

	json_object_set_new(o, "TransformJobName", json_string(j->name));
	job_set_arn(o, j->name);
	for (i = 0; i < sizeof members / sizeof members[0]; i++)
		if ((v = json_object_get(j->status, members[i])) != NULL)
			json_object_set(o, members[i], v);
	if (q->counters)
		job_set_counters(o, job_path(&path, dir, j->name), j->status);
	buf_free(&path);
	return o;
}

json_t *
job_list(const char *dir, const struct query *q, bool *all)
{
	struct jobs jobs = { 0 };
	json_t *answer = json_object(), *list = json_array();
	DIR *d = opendir(dir);
	const struct dirent *e;
	size_t i;

	if (d == NULL)
		say_errno_exit(1, "%s", dir);
	while ((e = readdir(d)) != NULL)
		if (e->d_name[0] != '.')
			read_job(&jobs, q, dir, e->d_name);
	closedir(d);
	if (jobs.n > 0)
		qsort(jobs.p, jobs.n, sizeof *jobs.p,
		    q->ascending ? upwards : downwards);
	for (i = 0; i < jobs.n; i++) {
		if (q->most == 0 || i < q->most)
			json_array_append_new(
			    list, summary(q, &jobs.p[i], dir));
		free_job(&jobs.p[i]);
	}
	json_object_set_new(answer, "TransformJobSummaries", list);
	*all = !jobs.damaged;
	free(jobs.p);
	return answer;
}
