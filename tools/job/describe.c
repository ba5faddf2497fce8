#include "job/describe.h"

#include <string.h>

#include "base/say.h"
#include "job/request.h"
#include "job/shapes.h"
#include "job/status.h"
#include "job/value.h"

/* In the order of the API; those that status.json has, or else the request. */
static const char *const members[] = { "TransformJobName", "TransformJobArn",
	"TransformJobStatus", "FailureReason", "ModelName",
	"MaxConcurrentTransforms", "ModelClientConfig", "MaxPayloadInMB",
	"BatchStrategy", "Environment", "TransformInput", "TransformOutput",
	"DataCaptureConfig", "TransformResources", "CreationTime",
	"TransformStartTime", "TransformEndTime", "DataProcessing",
	"ExperimentConfig" };

void
job_set_arn(json_t *o, const char *name)
{
	struct buf b = { 0 };

	buf_addf(
	    &b, "arn:aws:sagemaker:local:000000000000:transform-job/%s", name);
	json_object_set_new(o, "TransformJobArn", json_string(buf_str(&b)));
	buf_free(&b);
}

/* Those that were stored when it ended, or as they are now. */
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
	json_t *answer = json_object(), *v;
	const char *name = job_text(request, "TransformJobName", "");
	size_t i;

	if (status == NULL)
		say_exit(1, "%s: no status.json in it", dir);
	for (i = 0; i < sizeof members / sizeof members[0]; i++) {
		v = json_object_get(status, members[i]);
		if (v == NULL)
			v = json_object_get(request, members[i]);
		if (v != NULL)
			json_object_set(answer, members[i], v);
		else if (strcmp(members[i], "TransformJobArn") == 0)
			job_set_arn(answer, name);
	}
	json_object_set_new(answer, "Counters", counters(dir, status));
	json_decref(request);
	json_decref(status);
	buf_free(&b);
	return answer;
}
