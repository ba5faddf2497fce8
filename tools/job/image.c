#include "job/image.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "job/value.h"

const char job_plugin_names[] = "xgboost, python, http, onnx, linear, identity";

/* What runs the models of a repository's images. */
enum runs {
	SCRIPT,	   /* python */
	ALGORITHM, /* xgboost, unless a script is named */
	SERVER,	   /* python if there is a script, otherwise nothing of ours */
};

/*
 * Those for inference among "Docker Registry Paths and Example Code" of the
 * service's documentation; the SDK for Python has them in image_uri_config, and
 * AWS Deep Learning Containers those for ARM.
 */
static const struct repository {
	const char *name;
	enum runs runs;
	const char *framework; /* NULL: none */
} known[] = {
	{ "xgboost", ALGORITHM, "xgboost" },
	{ "sagemaker-xgboost", ALGORITHM, "xgboost" },
	{ "sagemaker-scikit-learn", SCRIPT, "sklearn" },
	{ "sagemaker-pytorch", SCRIPT, "pytorch" },
	{ "pytorch-inference", SCRIPT, "pytorch" },
	{ "pytorch-inference-arm64", SCRIPT, "pytorch" },
	{ "pytorch-inference-graviton", SCRIPT, "pytorch" },
	{ "autogluon-inference", SCRIPT, "pytorch" },
	{ "sagemaker-mxnet", SCRIPT, "mxnet" },
	{ "sagemaker-mxnet-serving", SCRIPT, "mxnet" },
	{ "mxnet-inference", SCRIPT, "mxnet" },
	{ "sagemaker-chainer", SCRIPT, NULL },
	{ "huggingface-pytorch-inference", SCRIPT, "huggingface" },
	{ "huggingface-tensorflow-inference", SCRIPT, "huggingface" },
	{ "sagemaker-tensorflow-serving", SERVER, "tensorflow" },
	{ "tensorflow-inference", SERVER, "tensorflow" },
	{ "tensorflow-inference-graviton", SERVER, "tensorflow" },
	{ "tensorflow-inference-arm64", SERVER, "tensorflow" },
};

/* The service's own algorithms but XGBoost and Linear Learner, from there. */
static const char *const algorithms[] = { "blazingtext",
	"factorization-machines", "forecasting-deepar", "image-classification",
	"ipinsights", "kmeans", "knn", "lda", "ntm", "object-detection",
	"object2vec", "pca", "randomcutforest", "semantic-segmentation",
	"seq2seq" };

static bool
is_word(const char *image)
{
	return image[strspn(image, "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				   "._-")] == '\0' &&
	       image[0] != '.' && image[0] != '-';
}

/* Whether the container names a script. */
static bool
has_program(const json_t *container)
{
	return *job_text(container, "Environment.SAGEMAKER_PROGRAM", "") !=
	       '\0';
}

static bool
ends_in(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && strcmp(text + n - m, end) == 0;
}

/* Whether the model has code/inference.py, or may have it: nobody looks into
 * archives and S3 yet. */
static bool
may_have_script(const json_t *container)
{
	const char *url = job_text(container, "ModelDataUrl", "");
	struct buf path = { 0 };
	bool is;

	if (strncmp(url, "file://", 7) == 0)
		url = strchr(url + 7, '/');
	if (url == NULL || *url == '\0')
		return false;
	if (strncmp(url, "s3://", 5) == 0 || ends_in(url, ".tar.gz") ||
	    ends_in(url, ".tgz") || ends_in(url, ".tar"))
		return true;
	buf_addf(&path, "%s/code/inference.py", url);
	is = access(buf_str(&path), F_OK) == 0;
	buf_free(&path);
	return is;
}

static const char *
last_part(const char *image)
{
	const char *slash = strrchr(image, '/');

	return slash != NULL ? slash + 1 : image;
}

static const struct repository *
find(const char *image)
{
	const char *name = last_part(image);
	struct span s = { name, strcspn(name, ":@") };
	size_t i;

	for (i = 0; i < sizeof known / sizeof known[0]; i++)
		if (span_is(s, known[i].name))
			return &known[i];
	return NULL;
}

const char *
job_image_advice(const char *image)
{
	const char *name = last_part(image);
	struct span s = { name, strcspn(name, ":@") };
	size_t i;

	if (span_is(s, "linear-learner"))
		return "; examples/linear-learner/convert.py makes its model "
		       "one of the plugin linear";
	for (i = 0; i < sizeof algorithms / sizeof algorithms[0]; i++)
		if (span_is(s, algorithms[i]))
			return "; no plugin reads the models of this "
			       "algorithm: the plugin python can run a script "
			       "that does";
	return NULL;
}

/* The plugin for a known image, or NULL. */
static const char *
runner(const struct repository *r, const json_t *container)
{
	if (r->runs == SCRIPT || has_program(container))
		return "python";
	if (r->runs == ALGORITHM)
		return "xgboost";
	return may_have_script(container) ? "python" : NULL;
}

bool
job_plugin(const json_t *container, struct buf *plugin)
{
	const char *image = job_text(container, "Image", "");
	const struct repository *r = find(image);
	const char *name;
	bool is_path = strchr(image, '/') != NULL;

	if (r != NULL) {
		name = runner(r, container);
		buf_adds(plugin, name != NULL ? name : "");
		return name != NULL;
	}
	if (job_image_advice(image) != NULL ||
	    (is_path ? !ends_in(image, ".so") : !is_word(image)))
		return false;
	buf_adds(plugin, image);
	return true;
}

const char *
job_framework(const json_t *container)
{
	const struct repository *r = find(job_text(container, "Image", ""));
	const char *name = r != NULL ? runner(r, container) : NULL;

	return name != NULL && strcmp(name, "python") == 0 ? r->framework
							   : NULL;
}
