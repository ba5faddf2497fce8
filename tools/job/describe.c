#include "job/describe.h"

#include <string.h>

#include "base/say.h"
#include "job/request.h"
#include "job/shapes.h"
#include "job/status.h"
#include "job/value.h"

/* What status.json adds to a request's members, and where. */
static const struct {
	const char *after, *members[3];
} additions[] = {
	{ "TransformJobName",
	    { "TransformJobArn", "TransformJobStatus", "FailureReason" } },
	{ "TransformResources",
	    { "CreationTime", "TransformStartTime", "TransformEndTime" } },
};

void
job_set_arn(json_t *o, const char *name)
{
	struct buf b = { 0 };

	job_add_arn(&b, name);
	json_object_set_new(o, "TransformJobArn", json_string(buf_str(&b)));
	buf_free(&b);
}

static void
copy_member(json_t *to, const json_t *from, const char *name)
{
	json_t *v = json_object_get(from, name);

	if (v != NULL)
		json_object_set(to, name, v);
}

/* Copies the additions after a member of the request. */
static void
copy_additions(json_t *to, const json_t *status, const char *after)
{
	size_t i, j;

	for (i = 0; i < sizeof additions / sizeof additions[0]; i++)
		if (strcmp(additions[i].after, after) == 0)
			for (j = 0; j < 3; j++)
				copy_member(
				    to, status, additions[i].members[j]);
}

/* The counters stored when the job ended, or the current ones. */
static json_t *
counters(const char *dir, const json_t *status)
{
	json_t *stored = json_object_get(status, "Counters");
	struct job_count c;

	if (stored != NULL)
		return json_incref(stored);
	job_count(dir, &c);
	stored = job_counters(&c);
	job_count_free(&c);
	return stored;
}

json_t *
job_describe(const char *dir)
{
	struct buf b = { 0 };
	const char *path = job_path(&b, dir, "request.json");
	json_t *request = job_load(path, path), *status = job_status(dir);
	json_t *answer = json_object();
	const struct member *m;

	if (status == NULL)
		say_exit(1, "%s: no status.json in it", dir);
	if (json_object_get(status, "TransformJobArn") == NULL)
		job_set_arn(status, job_text(request, "TransformJobName", ""));
	for (m = job_transform_shape.members; m->name != NULL; m++) {
		/* ListTags answers these. */
		if (strcmp(m->name, "Tags") != 0)
			copy_member(answer, request, m->name);
		copy_additions(answer, status, m->name);
	}
	json_object_set_new(answer, "Counters", counters(dir, status));
	json_decref(request);
	json_decref(status);
	buf_free(&b);
	return answer;
}
