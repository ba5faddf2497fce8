#include "report/words.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

/* A member by its path from the request, a dot between; NULL where it is not
 * there. */
static const json_t *
member(const json_t *at, const char *path)
{
	const char *dot;
	char name[64];

	while ((dot = strchr(path, '.')) != NULL) {
		memcpy(name, path, (size_t)(dot - path));
		name[dot - path] = '\0';
		at = json_object_get(at, name);
		path = dot + 1;
	}
	return json_object_get(at, path);
}

/* Its text; otherwise, or where it is empty, that of dflt. */
static const char *
text(const json_t *request, const char *path, const char *dflt)
{
	const char *s = json_string_value(member(request, path));

	return s != NULL && *s != '\0' ? s : dflt;
}

static json_int_t
whole(const json_t *request, const char *path, json_int_t dflt)
{
	const json_t *v = member(request, path);

	return json_is_integer(v) ? json_integer_value(v) : dflt;
}

static bool
is(const char *s, const char *value)
{
	return strcmp(s, value) == 0;
}

static void
input(const json_t *r, struct buf *b)
{
	static const char source[] = "TransformInput.DataSource.S3DataSource.";
	struct buf path = { 0 };
	const char *uri, *type;

	buf_adds(&path, source);
	buf_adds(&path, "S3Uri");
	uri = text(r, buf_str(&path), "?");
	path.n = sizeof source - 1;
	buf_adds(&path, "S3DataType");
	type = text(r, buf_str(&path), "S3Prefix");
	buf_free(&path);
	buf_addf(b,
	    is(type, "ManifestFile")
		? "Read the objects that the manifest %s lists.\n"
		: "Read every object whose name begins with %s.\n",
	    uri);
	if (is(text(r, "TransformInput.CompressionType", "None"), "Gzip"))
		buf_adds(b, "Each is unpacked with gzip first.\n");
}

static void
batches(const json_t *r, struct buf *b)
{
	const char *split = text(r, "TransformInput.SplitType", "None");
	json_int_t mb = whole(r, "MaxPayloadInMB", 6);

	if (is(split, "None")) {
		buf_adds(b, "Each object is one record, sent whole.\n");
		return;
	}
	buf_addf(b, "Each %s of an object is a record.\n",
	    is(split, "Line") ? "line" : split);
	if (is(text(r, "BatchStrategy", "MultiRecord"), "SingleRecord"))
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
	json_int_t at_once = whole(r, "MaxConcurrentTransforms", 1);
	const char *filter = text(r, "DataProcessing.InputFilter", "$");
	const char *type = text(r, "TransformInput.ContentType", NULL);
	const char *accept = text(r, "TransformOutput.Accept", NULL);

	if (!is(filter, "$"))
		buf_addf(b, "Of each record the model sees only %s.\n", filter);
	buf_addf(b, "The model %s answers", text(r, "ModelName", "?"));
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
	    "It has %" JSON_INTEGER_FORMAT
	    " s for each, and %" JSON_INTEGER_FORMAT
	    " more tries where it fails.\n",
	    whole(r, "ModelClientConfig.InvocationsTimeoutInSeconds", 600),
	    whole(r, "ModelClientConfig.InvocationsMaxRetries", 3));
}

/* The names only: a value may be a secret. */
static void
environment(const json_t *r, struct buf *b)
{
	json_t *all = json_object_get(r, "Environment"), *value;
	const char *name, *before = "Its environment has ";

	json_object_foreach (all, name, value) {
		buf_addf(b, "%s%s", before, name);
		before = ", ";
	}
	if (json_object_size(all) > 0)
		buf_adds(b, ".\n");
}

static void
output(const json_t *r, struct buf *b)
{
	const char *filter = text(r, "DataProcessing.OutputFilter", "$");
	const char *key = text(r, "TransformOutput.KmsKeyId", NULL);
	bool join = is(text(r, "DataProcessing.JoinSource", "None"), "Input");

	if (join)
		buf_adds(b, "Each prediction is put beside its record.\n");
	if (!is(filter, "$"))
		buf_addf(b, "Of each %s, %s is kept.\n",
		    join ? "joined record" : "reply", filter);
	if (is(text(r, "TransformOutput.AssembleWith", "None"), "Line"))
		buf_adds(b, "Each prediction ends with a newline.\n");
	buf_addf(b,
	    "The output of each object is stored under %s, with .out added to "
	    "its name",
	    text(r, "TransformOutput.S3OutputPath", "?"));
	if (key != NULL)
		buf_addf(b, ", encrypted with the key %s", key);
	buf_adds(b, ".\n");
	if (member(r, "DataCaptureConfig") != NULL)
		buf_addf(b, "Inputs and outputs are captured under %s%s.\n",
		    text(r, "DataCaptureConfig.DestinationS3Uri", "?"),
		    json_is_true(
			member(r, "DataCaptureConfig.GenerateInferenceId"))
			? ", and each prediction gets an inference id"
			: "");
}

void
report_words(const json_t *request, struct buf *b)
{
	input(request, b);
	batches(request, b);
	model(request, b);
	environment(request, b);
	output(request, b);
}
