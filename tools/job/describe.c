#include "job/describe.h"

#include <string.h>

#include "base/say.h"
#include "job/request.h"
#include "job/shapes.h"
#include "job/status.h"
#include "job/value.h"

/* The members of status.json, each after a member of the request. */
static const struct {
	const char *after, *name;
} additions[] = {
	{ "TransformJobName", "TransformJobArn" },
	{ "TransformJobName", "TransformJobStatus" },
	{ "TransformJobName", "FailureReason" },
	{ "TransformResources", "CreationTime" },
	{ "TransformResources", "TransformStartTime" },
	{ "TransformResources", "TransformEndTime" },
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

void
job_set_counters(json_t *o, const char *dir, const json_t *status)
{
	struct job_count c;

	copy_member(o, status, "Counters");
	/* They are stored when the job ends. */
	if (json_object_get(o, "Counters") == NULL) {
		if (job_has_ended(status) || engine_has(dir, NULL))
			job_count(dir, &c);
		else
			job_count_running(dir, &c);
		json_object_set_new(o, "Counters", job_counters(&c));
		job_count_free(&c);
	}
}

json_t *
job_describe(const char *dir, const struct queue *queue)
{
	struct buf b = { 0 };
	const char *path = job_path(&b, dir, "request.json");
	json_t *request = job_load(path, path);
	json_t *status = job_status(dir, queue);
	json_t *answer = json_object(), *shares;
	const struct member *m;
	size_t i;

	if (status == NULL)
		say_exit(1, "%s: no status.json in it", dir);
	if (json_object_get(status, "TransformJobArn") == NULL)
		job_set_arn(status, job_text(request, "TransformJobName", ""));
	for (m = job_transform_shape.members; m->name != NULL; m++) {
		/* ListTags answers these. */
		if (strcmp(m->name, "Tags") != 0)
			copy_member(answer, request, m->name);
		for (i = 0; i < sizeof additions / sizeof additions[0]; i++)
			if (strcmp(additions[i].after, m->name) == 0)
				copy_member(answer, status, additions[i].name);
	}
	job_set_counters(answer, dir, status);
	shares = engine_shares(dir, queue, job_has_ended(status));
	if (shares != NULL)
		json_object_set_new(answer, "Shares", shares);
	json_decref(request);
	json_decref(status);
	buf_free(&b);
	return answer;
}
