#include "job/assign.h"

#include <stdio.h>
#include <string.h>

#include "format/defaults.h"
#include "job/image.h"
#include "job/rules.h"
#include "job/shapes.h"
#include "job/value.h"

/* Between ' and ' every character stands for itself. */
static void
assign(struct buf *b, const char *name, const char *value)
{
	const char *quote;

	buf_addf(b, "%s='", name);
	while ((quote = strchr(value, '\'')) != NULL) {
		buf_add(b, value, (size_t)(quote - value));
		buf_adds(b, "'\\''");
		value = quote + 1;
	}
	buf_adds(b, value);
	buf_adds(b, "'\n");
}

static void
assign_number(struct buf *b, const char *name, json_int_t n)
{
	buf_addf(b, "%s='%" JSON_INTEGER_FORMAT "'\n", name, n);
}

/* The last name of a path. */
static const char *
last_name(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot != NULL ? dot + 1 : path;
}

static void
text(struct buf *b, const json_t *request, const char *path, const char *dflt)
{
	assign(b, last_name(path), job_text(request, path, dflt));
}

static void
number(struct buf *b, const json_t *request, const char *path, json_int_t dflt)
{
	assign_number(b, last_name(path), job_number(request, path, dflt));
}

/* Empty if the number is missing or at most nothing: the model may have a
 * preference then. */
static void
tunable(struct buf *b, const json_t *request, const char *name, int nothing)
{
	const json_t *v = json_object_get(request, name);

	if (v == NULL || json_integer_value(v) <= nothing)
		assign(b, name, "");
	else
		assign_number(b, name, json_integer_value(v));
}

/* file:///a and file://localhost/a are the path /a. */
static void
uri(struct buf *b, const char *name, const char *value)
{
	if (strncmp(value, "file://", 7) == 0)
		value = strchr(value + 7, '/');
	assign(b, name, value);
}

static void
whole_uri(
    struct buf *b, const json_t *request, const char *path, const char *name)
{
	uri(b, name, job_text(request, path, ""));
}

/* The variables of a container, which the job's replace, and the framework of
 * its image.  The caller's reference. */
static json_t *
environment_of(const json_t *request, const json_t *container)
{
	const char *framework = job_framework(container);
	json_t *all = json_object();

	if (framework != NULL)
		json_object_set_new(
		    all, "BT_FRAMEWORK", json_string(framework));
	json_object_update(all, json_object_get(container, "Environment"));
	json_object_update(all, json_object_get(request, "Environment"));
	return all;
}

/* Removes the variables that other has with another value, or has not. */
static void
keep_shared(json_t *environment, const json_t *other)
{
	const char *key;
	json_t *value;
	void *next;

	json_object_foreach_safe (environment, next, key, value)
		if (!json_equal(value, json_object_get(other, key)))
			json_object_del(environment, key);
}

/* The variables that are the same for all containers. */
static json_t *
shared_environment(const json_t *request, const json_t *model)
{
	json_t *shared = environment_of(request, job_container(model, 0));
	json_t *other;
	size_t i;

	for (i = 1; i < job_containers(model); i++) {
		other = environment_of(request, job_container(model, i));
		keep_shared(shared, other);
		json_decref(other);
	}
	return shared;
}

/* PREFIXEnvironmentCount, PREFIXEnvironment1, ... */
static void
assign_environment(struct buf *b, const char *prefix, json_t *environment)
{
	const struct member *m =
	    job_shape_member(&job_transform_shape, "Environment");
	json_t *sorted = job_in_order(m->shape, environment), *value;
	struct buf name = { 0 }, pair = { 0 };
	const char *key;
	size_t i = 0;

	buf_addf(&name, "%sEnvironmentCount", prefix);
	assign_number(b, buf_str(&name), (json_int_t)json_object_size(sorted));
	json_object_foreach (sorted, key, value) {
		name.n = pair.n = 0;
		buf_addf(&name, "%sEnvironment%zu", prefix, ++i);
		buf_addf(&pair, "%s=%s", key, json_string_value(value));
		assign(b, buf_str(&name), buf_str(&pair));
	}
	buf_free(&name);
	buf_free(&pair);
	json_decref(sorted);
}

/* The variables of a container of several that are not the same for all. */
static void
assign_own(struct buf *b, const char *prefix, const json_t *request,
    const json_t *model, size_t i)
{
	json_t *own = environment_of(request, job_container(model, i));
	json_t *shared = shared_environment(request, model), *value;
	const char *key;

	json_object_foreach (shared, key, value)
		json_object_del(own, key);
	assign_environment(b, prefix, own);
	json_decref(own);
	json_decref(shared);
}

static void
assign_container(
    struct buf *b, const json_t *request, const json_t *model, size_t i)
{
	const json_t *container = job_container(model, i);
	const char *image = job_text(container, "Image", "");
	struct buf plugin = { 0 };
	char name[64];

	snprintf(name, sizeof name, "Container%zu_Image", i + 1);
	assign(b, name, image);
	job_plugin(container, &plugin);
	snprintf(name, sizeof name, "Container%zu_Plugin", i + 1);
	assign(b, name, buf_str(&plugin));
	buf_free(&plugin);
	snprintf(name, sizeof name, "Container%zu_ModelDataUrl", i + 1);
	uri(b, name, job_text(container, "ModelDataUrl", ""));
	snprintf(name, sizeof name, "Container%zu_", i + 1);
	if (job_containers(model) > 1)
		assign_own(b, name, request, model, i);
}

static void
assign_output(struct buf *b, const json_t *r)
{
	whole_uri(b, r, "TransformOutput.S3OutputPath", "S3OutputPath");
	text(b, r, "TransformOutput.Accept", "");
	text(b, r, "TransformOutput.AssembleWith", "None");
	text(b, r, "TransformOutput.KmsKeyId", "");
	text(b, r, "DataProcessing.InputFilter", "$");
	text(b, r, "DataProcessing.OutputFilter", "$");
	text(b, r, "DataProcessing.JoinSource", "None");
	whole_uri(b, r, "DataCaptureConfig.DestinationS3Uri", "CaptureUri");
	assign(b, "CaptureKmsKeyId",
	    job_text(r, "DataCaptureConfig.KmsKeyId", ""));
	assign(b, "GenerateInferenceId",
	    json_is_true(job_member(r, "DataCaptureConfig.GenerateInferenceId"))
		? "true"
		: "false");
}

void
job_assign(struct buf *b, const json_t *r, const json_t *model)
{
	size_t i, n = job_containers(model);
	struct buf arn = { 0 };
	json_t *shared;

	text(b, r, "TransformJobName", "");
	job_add_arn(&arn, job_text(r, "TransformJobName", ""));
	assign(b, "TransformJobArn", buf_str(&arn));
	buf_free(&arn);
	text(b, r, "ModelName", "");
	tunable(b, r, "MaxConcurrentTransforms", 0);
	tunable(b, r, "MaxPayloadInMB", -1);
	text(b, r, "BatchStrategy", "");
	assign_number(b, "DefaultMaxConcurrentTransforms", DEFAULT_CONCURRENT);
	assign_number(b, "DefaultMaxPayloadInMB", DEFAULT_PAYLOAD);
	assign(b, "DefaultBatchStrategy", DEFAULT_STRATEGY);
	number(b, r, "ModelClientConfig.InvocationsTimeoutInSeconds",
	    DEFAULT_TIMEOUT);
	number(
	    b, r, "ModelClientConfig.InvocationsMaxRetries", DEFAULT_RETRIES);
	text(b, r, "TransformInput.DataSource.S3DataSource.S3DataType", "");
	whole_uri(
	    b, r, "TransformInput.DataSource.S3DataSource.S3Uri", "S3Uri");
	text(b, r, "TransformInput.ContentType", "");
	text(b, r, "TransformInput.CompressionType", "None");
	text(b, r, "TransformInput.SplitType", "None");
	assign_output(b, r);
	number(b, r, "TransformResources.InstanceCount", 1);
	shared = shared_environment(r, model);
	assign_environment(b, "", shared);
	json_decref(shared);
	assign_number(b, "ContainerCount", (json_int_t)n);
	for (i = 0; i < n; i++)
		assign_container(b, r, model, i);
}
