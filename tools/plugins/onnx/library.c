#include "plugins/onnx/library.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MINOR_MAX = 99 };

/* failure is the error of the first library that exists and does not open. */
static void *
open_name(const char *name, struct buf *failure)
{
	void *so = dlopen(name, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	const char *error;

	if (so != NULL)
		return so;
	error = dlerror();
	if (failure->n == 0 && error != NULL &&
	    (strncmp(error, name, strlen(name)) != 0 ||
		strstr(error, "No such file") == NULL))
		buf_addf(failure, "; %s", error);
	return NULL;
}

static void *
open_any(struct buf *why)
{
	const char *path = getenv("BT_ONNXRUNTIME");
	struct buf failure = { 0 };
	char name[64];
	void *so;
	int minor;

	if (path != NULL && *path != '\0') {
		so = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
		if (so == NULL)
			buf_addf(why, "BT_ONNXRUNTIME: %s", dlerror());
		return so;
	}
	/* Upstream's name is libonnxruntime.so.1, Debian's has the minor
	 * version, and the development package's link has neither. */
	so = open_name("libonnxruntime.so.1", &failure);
	for (minor = MINOR_MAX; so == NULL && minor > 0; minor--) {
		snprintf(name, sizeof name, "libonnxruntime.so.1.%d", minor);
		so = open_name(name, &failure);
	}
	if (so == NULL)
		so = open_name("libonnxruntime.so", &failure);
	if (so == NULL)
		buf_addf(why,
		    "no ONNX Runtime: tried libonnxruntime.so.1, libonnxruntime.so.1.1 to .%d, libonnxruntime.so%s (Debian 13: install libonnxruntime1.21; elsewhere set BT_ONNXRUNTIME to a libonnxruntime.so.1)",
		    MINOR_MAX, buf_str(&failure));
	buf_free(&failure);
	return so;
}

static void
add_line(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++)
		if (strchr(" \t\r\n", *text) == NULL)
			buf_addc(out, *text);
		else if (out->n > 0 && out->p[out->n - 1] != ' ')
			buf_addc(out, ' ');
	while (out->n > 0 && out->p[out->n - 1] == ' ')
		out->n--;
}

static void
log_line(void *param, enum ort_level level, const char *category,
    const char *id, const char *place, const char *text)
{
	const struct bt_host *host = param;
	struct buf line = { 0 };

	(void)category;
	(void)id;
	(void)place;
	add_line(&line, text);
	host->log(host, level >= ORT_ERROR ? BT_LOG_ERROR : BT_LOG_WARNING,
	    buf_str(&line));
	buf_free(&line);
}

bool
library_ok(const struct library *l, struct ort_status *status, struct buf *why)
{
	if (status == NULL)
		return true;
	buf_adds(why, "ONNX Runtime: ");
	add_line(why, l->api->error_text(status));
	l->api->release_status(status);
	return false;
}

int
library_open(struct library *l, const struct bt_host *host, struct buf *why)
{
	const struct ort_base *(*base)(void);
	struct buf ignored = { 0 };
	void *symbol;

	/* Read when the library is opened, by those builds that have any. */
	setenv("ORT_DISABLE_TELEMETRY", "1", 0);
	l->so = open_any(why);
	if (l->so == NULL)
		return -1;
	symbol = dlsym(l->so, "OrtGetApiBase");
	if (symbol == NULL) {
		buf_addf(why, "no ONNX Runtime: %s", dlerror());
		return -1;
	}
	memcpy(&base, &symbol, sizeof base);
	l->version = base()->version();
	l->api = base()->get_api(ORT_VERSION);
	if (l->api == NULL) {
		buf_addf(why, "ONNX Runtime %s has no C API of version %d",
		    l->version, ORT_VERSION);
		return -1;
	}
	if (!library_ok(l,
		l->api->create_env(
		    log_line, (void *)host, ORT_WARNING, "onnx", &l->env),
		why))
		return -1;
	library_ok(l, l->api->disable_telemetry(l->env), &ignored);
	buf_free(&ignored);
	return 0;
}
