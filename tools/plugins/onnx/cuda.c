#include "plugins/onnx/cuda.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* In C, the library exports this beside its table of functions. */
static const char symbol[] = "OrtSessionOptionsAppendExecutionProvider_CUDA";

/* Asking ONNX Runtime would log errors on a machine without a GPU. */
static bool
is_there(void)
{
	const char *visible = getenv("CUDA_VISIBLE_DEVICES");

	if (visible != NULL)
		return *visible != '\0' && strncmp(visible, "-1", 2) != 0;
	return access("/dev/nvidiactl", F_OK) == 0;
}

void
cuda_use(const struct library *l, const struct bt_host *host,
    struct ort_options *options)
{
	struct ort_status *(*append)(struct ort_options *, int device);
	void *found;
	struct buf why = { 0 };

	if (!is_there())
		return;
	found = dlsym(l->so, symbol);
	memcpy(&append, &found, sizeof append);
	if (found == NULL)
		buf_addf(&why, "ONNX Runtime %s has no CUDA", l->version);
	if (found == NULL || !library_ok(l, append(options, 0), &why)) {
		buf_adds(&why, "; the processor computes");
		host->log(host, BT_LOG_WARNING, buf_str(&why));
	}
	buf_free(&why);
}
