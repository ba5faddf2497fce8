#include "job/image.h"

#include <stddef.h>
#include <string.h>

const char job_plugin_names[] = "xgboost, python, http, onnx, linear, identity";

/* The repositories whose containers read the same model files as a plugin:
 * code/inference.py with model_fn is for python. */
static const struct {
	const char *repository, *plugin;
} known[] = {
	{ "xgboost", "xgboost" },
	{ "sagemaker-xgboost", "xgboost" },
	{ "sagemaker-scikit-learn", "python" },
	{ "sagemaker-pytorch", "python" },
	{ "sagemaker-pytorch-cpu", "python" },
	{ "sagemaker-pytorch-gpu", "python" },
	{ "pytorch-inference", "python" },
	{ "pytorch-inference-arm64", "python" },
	{ "pytorch-inference-graviton", "python" },
	{ "sagemaker-mxnet", "python" },
	{ "sagemaker-mxnet-serving", "python" },
	{ "mxnet-inference", "python" },
	{ "sagemaker-chainer", "python" },
	{ "huggingface-pytorch-inference", "python" },
	{ "huggingface-tensorflow-inference", "python" },
};

static bool
is_word(const char *image)
{
	return image[strspn(image, "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				   "._-")] == '\0' &&
	       image[0] != '.' && image[0] != '-';
}

bool
job_plugin(const char *image, struct buf *plugin)
{
	const char *slash = strrchr(image, '/'), *dot = strrchr(image, '.');
	const char *name = slash != NULL ? slash + 1 : image;
	size_t n = strcspn(name, ":@"), i;

	for (i = 0; i < sizeof known / sizeof known[0]; i++)
		if (span_is((struct span){ name, n }, known[i].repository)) {
			buf_adds(plugin, known[i].plugin);
			return true;
		}
	if (slash == NULL ? !is_word(image)
			  : dot == NULL || strcmp(dot, ".so") != 0)
		return false;
	buf_adds(plugin, image);
	return true;
}
