#include "report/words.h"

#include <stdbool.h>
#include <string.h>

#include "format/defaults.h"
#include "job/value.h"

static bool
is(const char *s, const char *value)
{
	return strcmp(s, value) == 0;
}

static void
input(const json_t *r, struct buf *b)
{
	const json_t *source =
	    job_member(r, "TransformInput.DataSource.S3DataSource");
	const char *uri = job_text(source, "S3Uri", "?");
	const char *type = job_text(source, "S3DataType", "S3Prefix");
	const char *split = job_text(r, "TransformInput.SplitType", "None");
	json_int_t mb = job_number(r, "MaxPayloadInMB", DEFAULT_PAYLOAD);

	buf_addf(b,
	    is(type, "ManifestFile")
		? "Read the objects that the manifest %s lists.\n"
		: "Read every object whose name begins with %s.\n",
	    uri);
	if (is(job_text(r, "TransformInput.CompressionType", "None"), "Gzip"))
		buf_adds(b, "Each is unpacked with gzip first.\n");
	if (is(split, "None")) {
		buf_adds(b, "Each object is one record, sent whole.\n");
		return;
	}
	buf_addf(b, "Each %s of an object is a record.\n",
	    is(split, "Line") ? "line" : split);
	if (is(job_text(r, "BatchStrategy", DEFAULT_STRATEGY), "SingleRecord"))
		buf_adds(b, "Each record is sent by itself.\n");
	else if (mb == 0)
		buf_adds(b, "All records of an object are sent together.\n");
	else
		buf_addf(b,
		    "As many whole records as fit in %" JSON_INTEGER_FORMAT
		    " MiB are sent together.\n",
		    mb);
}

static void
model(const json_t *r, struct buf *b)
{
	json_int_t at_once =
	    job_number(r, "MaxConcurrentTransforms", DEFAULT_CONCURRENT);
	const char *filter = job_text(r, "DataProcessing.InputFilter", "$");
	const char *type = job_text(r, "TransformInput.ContentType", NULL);
	const char *accept = job_text(r, "TransformOutput.Accept", NULL);
	json_t *environment = json_object_get(r, "Environment"), *value;
	const char *name, *before = "The model's environment has ";

	if (!is(filter, "$"))
		buf_addf(b, "The model sees only %s of each record.\n", filter);
	buf_addf(b, "The model %s answers", job_text(r, "ModelName", "?"));
	if (at_once > 1)
		buf_addf(b,
		    " up to %" JSON_INTEGER_FORMAT " mini-batches at a time",
		    at_once);
	else
		buf_adds(b, " one mini-batch at a time");
	if (type != NULL)
		buf_addf(b, ", given as %s", type);
	if (accept != NULL)
		buf_addf(b, ", asked for %s", accept);
	buf_adds(b, ".\n");
	buf_addf(b,
	    "A call may take %" JSON_INTEGER_FORMAT
	    " s, and is retried at most %" JSON_INTEGER_FORMAT
	    " times if it fails.\n",
	    job_number(r, "ModelClientConfig.InvocationsTimeoutInSeconds",
		DEFAULT_TIMEOUT),
	    job_number(
		r, "ModelClientConfig.InvocationsMaxRetries", DEFAULT_RETRIES));
	/* The names only: a value may be a secret. */
	json_object_foreach (environment, name, value) {
		buf_addf(b, "%s%s", before, name);
		before = ", ";
	}
	if (json_object_size(environment) > 0)
		buf_adds(b, ".\n");
}

static void
output(const json_t *r, struct buf *b)
{
	const char *filter = job_text(r, "DataProcessing.OutputFilter", "$");
	const char *key = job_text(r, "TransformOutput.KmsKeyId", NULL);
	bool join =
	    is(job_text(r, "DataProcessing.JoinSource", "None"), "Input");

	if (join)
		buf_adds(b, "Each prediction is put beside its record.\n");
	if (!is(filter, "$"))
		buf_addf(b, "Only %s of each %s is kept.\n", filter,
		    join ? "joined record" : "reply");
	if (is(job_text(r, "TransformOutput.AssembleWith", "None"), "Line"))
		buf_adds(b, "Each prediction ends with a newline.\n");
	buf_addf(b,
	    "The output of each object is stored under %s, with .out added to "
	    "its name",
	    job_text(r, "TransformOutput.S3OutputPath", "?"));
	if (key != NULL)
		buf_addf(b, ", encrypted with the key %s", key);
	buf_adds(b, ".\n");
	if (job_member(r, "DataCaptureConfig") != NULL)
		buf_addf(b, "Inputs and outputs are captured under %s%s.\n",
		    job_text(r, "DataCaptureConfig.DestinationS3Uri", "?"),
		    json_is_true(
			job_member(r, "DataCaptureConfig.GenerateInferenceId"))
			? ", and each prediction gets an inference id"
			: "");
}

void
report_words(const json_t *request, struct buf *b)
{
	input(request, b);
	model(request, b);
	output(request, b);
}
