#include "job/rules.h"

#include <inttypes.h>
#include <string.h>

#include "format/defaults.h"
#include "format/jsonpath.h"
#include "format/type.h"
#include "job/image.h"
#include "job/value.h"

enum { PRODUCT_MOST = 100 /* MB */ };

static const char content_type[] = "TransformInput.ContentType";
static const char split_type[] = "TransformInput.SplitType";
static const char accept_type[] = "TransformOutput.Accept";
static const char assembly[] = "TransformOutput.AssembleWith";
static const char capture_ids[] = "DataCaptureConfig.GenerateInferenceId";

static bool
is(const char *text, const char *value)
{
	return text != NULL && strcmp(text, value) == 0;
}

/* Reports a member whose value does not go with another's. */
static void
wrong_beside(
    struct check *c, const json_t *request, const char *path, const char *want)
{
	job_wrong_value(c, path, job_member(request, path), want);
}

static void
check_product(struct check *c, const json_t *request)
{
	const json_t *payload = json_object_get(request, "MaxPayloadInMB");
	int64_t n = job_number(request, "MaxConcurrentTransforms", 0);
	int64_t mb =
	    payload != NULL ? json_integer_value(payload) : DEFAULT_PAYLOAD;

	if (n > INT32_MAX || mb > PRODUCT_MOST || n * mb <= PRODUCT_MOST)
		return;
	job_wrong(c, "MaxConcurrentTransforms",
	    "found %" PRId64 ", which times MaxPayloadInMB (%" PRId64
	    "%s) is %" PRId64 ", want at most %d",
	    n, mb, payload == NULL ? " by default" : "", n * mb, PRODUCT_MOST);
}

/* Filters and joins read records, which only these types have. */
static bool
check_type(struct check *c, const json_t *request, const char *member,
    const char *reason)
{
	const char *type = job_text(request, member, "");
	struct buf want = { 0 };

	if (type_filters(type_kind(span_str(type))))
		return true;
	type_add_filtered(&want);
	buf_addf(&want, " for %s", reason);
	wrong_beside(c, request, member, buf_str(&want));
	buf_free(&want);
	return false;
}

static void
check_filter(struct check *c, const json_t *request, const char *member,
    const char *type)
{
	const char *text = job_text(request, member, NULL);
	struct jsonpath *path;
	struct buf why = { 0 };
	size_t at;

	if (text == NULL)
		return;
	path = jsonpath_new(span_str(text),
	    c->strict ? JSONPATH_SAGEMAKER_STRICT : JSONPATH_SAGEMAKER, &why,
	    &at);
	if (path == NULL)
		job_wrong(c, member, "found \"%s\": byte %zu: %s", text, at,
		    buf_str(&why));
	else if (!jsonpath_is_all(path) &&
		 check_type(c, request, type, member) &&
		 type_kind(span_str(job_text(request, type, ""))) == TYPE_CSV &&
		 !jsonpath_has_columns(path))
		wrong_beside(c, request, member,
		    "columns by number, from 0, for text/csv");
	jsonpath_free(path);
	buf_free(&why);
}

/* The service joins one type only; here lines of JSON and rows of CSV can be
 * joined, too. */
static bool
can_mix(const char *type, const char *accept)
{
	enum type_kind a = type_kind(span_str(type));
	enum type_kind b = type_kind(span_str(accept));

	return type_filters(a) && type_filters(b) &&
	       (a == TYPE_CSV) != (b == TYPE_CSV);
}

/* A join needs one type on both sides, cut and assembled alike. */
static void
check_join(struct check *c, const json_t *request)
{
	static const char reason[] = "JoinSource Input";
	const char *type = job_text(request, content_type, "");
	const char *accept = job_text(request, accept_type, "");
	const char *split = job_text(request, split_type, "None");
	const char *assemble = job_text(request, assembly, "None");
	bool known = check_type(c, request, content_type, reason);
	bool mixes = !c->strict && can_mix(type, accept);

	if (check_type(c, request, accept_type, reason) && known && !mixes &&
	    !type_same(span_str(type), span_str(accept)))
		wrong_beside(c, request, accept_type,
		    "TransformInput.ContentType's value for JoinSource Input");
	if (mixes) {
		if (!is(split, "Line"))
			wrong_beside(c, request, split_type,
			    "Line for JoinSource Input of CSV and JSON");
		if (!is(assemble, "Line"))
			wrong_beside(c, request, assembly,
			    "Line for JoinSource Input of CSV and JSON");
	} else if (known && type_kind(span_str(type)) == TYPE_CSV) {
		if (!is(split, "Line"))
			wrong_beside(c, request, split_type,
			    "Line for JoinSource Input on text/csv");
		if (!is(assemble, "Line"))
			wrong_beside(c, request, assembly,
			    "Line for JoinSource Input on text/csv");
	} else if (!is(split, assemble)) {
		wrong_beside(c, request, assembly,
		    "TransformInput.SplitType's value for JoinSource Input");
	}
}

void
job_check_request(struct check *c, const json_t *request)
{
	bool joins =
	    is(job_text(request, "DataProcessing.JoinSource", NULL), "Input");
	const char *type;

	job_check(c, &job_transform_shape, request);
	check_product(c, request);
	if (joins)
		check_join(c, request);
	if (json_is_true(job_member(request, capture_ids)) &&
	    job_text(request, accept_type, NULL) != NULL)
		check_type(c, request, accept_type, capture_ids);
	check_filter(c, request, "DataProcessing.InputFilter", content_type);
	/* What is joined to JSON becomes JSON. */
	type = job_text(request, content_type, "");
	joins = joins && type_is_json(type_kind(span_str(type)));
	check_filter(c, request, "DataProcessing.OutputFilter",
	    joins ? content_type : accept_type);
}

size_t
job_containers(const json_t *model)
{
	const json_t *list = json_object_get(model, "Containers");

	if (json_object_get(model, "PrimaryContainer") != NULL)
		return 1;
	return json_array_size(list);
}

json_t *
job_container(const json_t *model, size_t i)
{
	json_t *one = json_object_get(model, "PrimaryContainer");

	return one != NULL
		   ? one
		   : json_array_get(json_object_get(model, "Containers"), i);
}

/* "Containers[2].Image" */
static void
add_container_path(
    struct buf *b, const json_t *model, size_t i, const char *member)
{
	b->n = 0;
	if (json_object_get(model, "PrimaryContainer") != NULL)
		buf_addf(b, "PrimaryContainer.%s", member);
	else
		buf_addf(b, "Containers[%zu].%s", i, member);
}

static void
check_container(struct check *c, const json_t *model, size_t i)
{
	const json_t *container = job_container(model, i);
	struct buf path = { 0 };

	if (!json_is_object(container))
		return;
	if (json_object_get(container, "Image") == NULL &&
	    json_object_get(container, "ModelPackageName") == NULL) {
		add_container_path(&path, model, i, "Image");
		job_wrong(
		    c, buf_str(&path), "missing; give it or ModelPackageName");
	}
	if (json_object_get(container, "ModelDataSource") != NULL) {
		add_container_path(&path, model, i, "ModelDataSource");
		job_wrong(c, buf_str(&path),
		    "transform jobs do not support it; give ModelDataUrl");
	}
	buf_free(&path);
}

void
job_check_model(struct check *c, const json_t *model, struct check *transform,
    const json_t *request)
{
	const char *name = job_text(request, "ModelName", NULL);
	const char *other = job_text(model, "ModelName", NULL);
	bool one = json_object_get(model, "PrimaryContainer") != NULL;
	bool many = json_object_get(model, "Containers") != NULL;
	size_t i;

	job_check(c, &job_model_shape, model);
	if (json_is_object(model) && one == many)
		job_wrong(c, one ? "Containers" : "PrimaryContainer",
		    one ? "found beside PrimaryContainer; give one of them"
			: "missing; give it or Containers");
	for (i = 0; i < job_containers(model); i++)
		check_container(c, model, i);
	if (name != NULL && other != NULL && strcmp(name, other) != 0)
		job_wrong(transform, "ModelName",
		    "found \"%s\", want \"%s\", the name in %s", name, other,
		    c->file);
}

static void
check_image(struct check *c, const json_t *model, size_t i)
{
	const json_t *container = job_container(model, i);
	const char *image = job_text(container, "Image", NULL);
	const char *advice = image != NULL ? job_image_advice(image) : NULL;
	struct buf path = { 0 }, plugin = { 0 }, found = { 0 };

	if (image == NULL || !job_plugin(container, &plugin)) {
		add_container_path(&path, model, i, "Image");
		if (image != NULL)
			buf_addf(&found, "found \"%s\", want", image);
		else
			buf_adds(&found, "missing; give");
		job_wrong(c, buf_str(&path),
		    "%s the name or path of a plugin (%s), or an image that "
		    "one of them can run; any other image runs as http, with "
		    "a command as ModelDataUrl, such as \"docker run ...\"%s",
		    buf_str(&found), job_plugin_names,
		    advice != NULL ? advice : "");
	}
	buf_free(&found);
	buf_free(&path);
	buf_free(&plugin);
}

void
job_check_runs(struct check *c, const json_t *model)
{
	size_t i;

	for (i = 0; i < job_containers(model); i++)
		check_image(c, model, i);
}
