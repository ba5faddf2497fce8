/* Not a model: ONNX Runtime, the library at REAL_ONNXRUNTIME, as if it had been
 * built with CUDA.  It says which device a session is given, and computes as
 * before. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ort_base;
const struct ort_base *OrtGetApiBase(void);
void *OrtSessionOptionsAppendExecutionProvider_CUDA(void *options, int device);

const struct ort_base *
OrtGetApiBase(void)
{
	const struct ort_base *(*base)(void) = NULL;
	void *so = dlopen(getenv("REAL_ONNXRUNTIME"), RTLD_NOW | RTLD_LOCAL);
	void *symbol = so != NULL ? dlsym(so, "OrtGetApiBase") : NULL;

	if (symbol == NULL)
		abort();
	memcpy(&base, &symbol, sizeof base);
	return base();
}

void *
OrtSessionOptionsAppendExecutionProvider_CUDA(void *options, int device)
{
	(void)options;
	fprintf(stderr, "device %d\n", device);
	return NULL;
}
