#include "predict/model.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/plugin.h"
#include "predict/hint.h"
#include "predict/unpack.h"

/* Members up to this one are in every plugin. */
#define PLUGIN_SIZE_MIN                                                        \
	(offsetof(struct bt_plugin, predict_fn) +                              \
	    sizeof((struct bt_plugin *)0)->predict_fn)

typedef const struct bt_plugin *plugin_fn(uint32_t, uint32_t);

static int
check_plugin(const struct bt_plugin *p, struct buf *why)
{
	if (p == NULL)
		buf_addf(why, "the plugin does not work with interface %d.%d",
		    BT_ABI_MAJOR, BT_ABI_MINOR);
	else if (p->magic != BT_MAGIC)
		buf_addf(why, "not a model plugin: magic 0x%08lx, not 0x%08lx",
		    (unsigned long)p->magic, (unsigned long)BT_MAGIC);
	else if (p->abi_major != BT_ABI_MAJOR)
		buf_addf(why, "a plugin of interface %lu, not %d",
		    (unsigned long)p->abi_major, BT_ABI_MAJOR);
	else if (p->struct_size < PLUGIN_SIZE_MIN)
		buf_addf(why,
		    "its struct bt_plugin has %lu bytes, not at least %zu",
		    (unsigned long)p->struct_size, PLUGIN_SIZE_MIN);
	else if (p->model_fn == NULL)
		buf_adds(why, "the plugin has no model_fn");
	else if (p->predict_fn == NULL)
		buf_adds(why, "the plugin has no predict_fn");
	else
		return 0;
	return -1;
}

static const struct bt_plugin *
open_plugin(const char *path, struct buf *why)
{
	const struct bt_plugin *p;
	plugin_fn *fn;
	void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	const char *text;
	size_t n = strlen(path);
	struct stat st;
	void *symbol;

	if (library == NULL) {
		text = dlerror();
		if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
			text = "a folder, not a plugin: is it -d?";
		/* The caller names the plugin before this. */
		if (strncmp(text, path, n) == 0 &&
		    strncmp(text + n, ": ", 2) == 0)
			text += n + 2;
		buf_adds(why, text);
		return NULL;
	}
	symbol = dlsym(library, "bt_plugin_v1");
	if (symbol == NULL) {
		buf_addf(why, "%s: not a model plugin: no bt_plugin_v1", path);
		return NULL;
	}
	/* POSIX lets a pointer from dlsym be a function's, ISO C has no cast.
	 */
	memcpy(&fn, &symbol, sizeof fn);
	p = fn(BT_ABI_MAJOR, BT_ABI_MINOR);
	return check_plugin(p, why) == 0 ? p : NULL;
}

static int
map_file(struct bt_load *load, const char *path, struct buf *why)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *p = MAP_FAILED;

	if (fd == -1 || fstat(fd, &st) == -1) {
		buf_addf(why, "%s: %s", path, strerror(errno));
		if (fd != -1)
			close(fd);
		return -1;
	}
	if (S_ISDIR(st.st_mode)) {
		close(fd);
		load->model_dir = path;
		return 0;
	}
	if (st.st_size > 0)
		p = mmap(
		    NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (p == MAP_FAILED) {
		buf_addf(why, "%s: %s", path,
		    st.st_size > 0 ? strerror(errno) : "empty");
		return -1;
	}
	load->archive = p;
	load->archive_size = (size_t)st.st_size;
	return 0;
}

/* Text that names no file and has a blank in it. */
static bool
is_command(const char *text)
{
	struct stat st;

	if (strpbrk(text, " \t\n") == NULL || stat(text, &st) == 0)
		return false;
	return errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG;
}

/* What the model is loaded from: a folder, an archive's, a file's bytes, or
 * what a command starts. */
static int
find_model(struct bt_load *load, const struct bt_plugin *plugin,
    const struct predict_model *pm, struct buf *why)
{
	if (pm->dir == NULL)
		return 0;
	if (BT_HAS(plugin, takes_command) && plugin->takes_command != 0 &&
	    is_command(pm->dir)) {
		load->command = pm->dir;
		return 0;
	}
	if (pm->unpacked == NULL)
		return map_file(load, pm->dir, why);
	load->model_dir = pm->unpacked;
	return unpack_model(pm, why);
}

/*
 * Adds the message of model_fn.  A plugin names the wrong file in its folder.
 * If that folder is the unpacked archive, the archive's name stands in the
 * message instead of the folder's.
 */
static void
add_said(struct buf *why, const struct predict_model *pm,
    const struct bt_load *load, const char *said)
{
	size_t n = pm->unpacked != NULL ? strlen(pm->unpacked) : 0;

	if (pm->unpacked != NULL || load->archive != NULL)
		buf_addf(why, "%s: ", pm->dir);
	if (n > 0 && strncmp(said, pm->unpacked, n) == 0) {
		if (said[n] == '/')
			said += n + 1;
		else if (strncmp(said + n, ": ", 2) == 0)
			said += n + 2;
	}
	buf_adds(why, said);
}

/* The settings for all models that pm does not replace, and its own. */
static struct bt_parameter *
parameters_of(
    const struct predict *pr, const struct predict_model *pm, size_t *n)
{
	size_t own = pm->environment_count, i, k;
	struct bt_parameter *list =
	    mem_resize(NULL, pr->environment_count + own + 1, sizeof *list);

	*n = 0;
	for (i = 0; i < pr->environment_count; i++) {
		for (k = 0; k < own; k++)
			if (strcmp(pr->environment[i].key,
				pm->environment[k].key) == 0)
				break;
		if (k == own)
			list[(*n)++] = pr->environment[i];
	}
	for (k = 0; k < own; k++)
		list[(*n)++] = pm->environment[k];
	return list;
}

static int
call_model_fn(struct model *m, const struct predict *pr,
    const struct predict_model *pm, struct buf *why)
{
	struct bt_load load = { .struct_size = sizeof load,
		.threads = 1,
		.content_type = pr->content_type,
		.accept = pr->accept };
	struct bt_parameter *parameters;
	int status;

	if (find_model(&load, m->plugin, pm, why) == -1 ||
	    unpack_code(pm, why) == -1)
		return -1;
	parameters = parameters_of(pr, pm, &load.parameter_count);
	load.parameters = parameters;
	status = m->plugin->model_fn(&m->host.table, &load, &m->state);
	free(parameters);
	if (status == BT_OK) {
		host_keep(&m->host);
		return 0;
	}
	if (!m->host.failed)
		buf_addf(
		    &m->host.why, "model_fn failed with status %d", status);
	add_said(why, pm, &load, buf_str(&m->host.why));
	return -1;
}

static int
load(struct model *m, const struct predict *pr, const struct predict_model *pm,
    struct buf *why)
{
	struct buf path = { 0 };
	const struct bt_plugin *p;

	if (strchr(pm->name, '/') != NULL)
		buf_adds(&path, pm->name);
	else if (plugin_find(pm->name, &path, why) == -1) {
		hint_plugin(why, pm->name);
		buf_free(&path);
		return -1;
	}
	m->plugin = p = open_plugin(buf_str(&path), why);
	buf_free(&path);
	if (p == NULL)
		return -1;
	m->input_fn = BT_HAS(p, input_fn) ? p->input_fn : NULL;
	m->output_fn = BT_HAS(p, output_fn) ? p->output_fn : NULL;
	m->input_free = BT_HAS(p, input_free) ? p->input_free : NULL;
	m->prediction_free =
	    BT_HAS(p, prediction_free) ? p->prediction_free : NULL;
	return call_model_fn(m, pr, pm, why);
}

int
model_load(struct model *m, const struct predict *pr,
    const struct predict_model *pm, struct buf *why)
{
	int got;

	memset(m, 0, sizeof *m);
	m->name = pm->name;
	host_init(&m->host, pm->name);
	if (pr->model_count > 1 && pm->environment_count > 0)
		environment_make(
		    &m->environment, pm->environment, pm->environment_count);
	environment_enter(&m->environment);
	got = load(m, pr, pm, why);
	environment_leave(&m->environment);
	return got;
}

void
model_close(struct model *m)
{
	const struct bt_plugin *p = m->plugin;

	environment_enter(&m->environment);
	if (BT_HAS(p, model_close) && p->model_close != NULL)
		p->model_close(m->state);
	environment_leave(&m->environment);
}
