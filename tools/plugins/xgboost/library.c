#include "plugins/xgboost/library.h"

#include <dlfcn.h>

/* The target of XGBoost's log: its callback has no argument for it. */
static const struct bt_host *log_host;

/* Takes "[10:41:07] WARNING: src/learner.cc:888: " off a message. */
static const char *
without_place(const char *text)
{
	const char *p = text;

	if (*p == '[' && (p = strchr(p, ']')) != NULL)
		text = p + 1 + strspn(p + 1, " ");
	p = strstr(text, ".cc:");
	if (p != NULL && (p = strstr(p, ": ")) != NULL)
		text = p + 2;
	return text;
}

/* Its messages may be of several lines: the log has one for each. */
static void
log_line(const char *text)
{
	struct buf line = { 0 };

	for (text = without_place(text); *text != '\0'; text++)
		if (strchr(" \t\n", *text) == NULL)
			buf_addc(&line, *text);
		else if (line.n > 0 && line.p[line.n - 1] != ' ')
			buf_addc(&line, ' ');
	if (line.n > 0 && line.p[line.n - 1] == ' ')
		line.n--;
	log_host->log(log_host, BT_LOG_WARNING, buf_str(&line));
	buf_free(&line);
}

void
library_add_error(const struct library *l, struct buf *why)
{
	const char *text = without_place(l->error());

	buf_addf(why, "XGBoost: %.*s", (int)strcspn(text, "\n"), text);
}

bool
library_since_3_1(const struct library *l)
{
	int major, minor, patch;

	l->version(&major, &minor, &patch);
	return major > 3 || (major == 3 && minor >= 1);
}

/* Debian's name, and that of Python's packages and of others. */
static void *
open_any(struct buf *why)
{
	static const char *const names[] = { "libxgboost.so.0",
		"libxgboost.so" };
	void *so = NULL;
	size_t i;

	for (i = 0; so == NULL && i < sizeof names / sizeof *names; i++) {
		so = dlopen(names[i], RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
		if (so == NULL)
			buf_addf(why, "%s%s", i > 0 ? "; " : "", dlerror());
	}
	if (so == NULL)
		buf_adds(why,
		    " (Debian: apt-get install libxgboost0; elsewhere set LD_LIBRARY_PATH to the folder with libxgboost.so)");
	return so;
}

static bool
find(void *so, const char *name, void *function, struct buf *why)
{
	void *symbol = dlsym(so, name);

	if (symbol == NULL) {
		buf_addf(why, "libxgboost is too old: it has no %s", name);
		return false;
	}
	memcpy(function, &symbol, sizeof symbol);
	return true;
}

static bool
find_all(struct library *l, void *so, struct buf *why)
{
	const struct {
		const char *name;
		void *function;
	} functions[] = { { "XGBoostVersion", &l->version },
		{ "XGBGetLastError", &l->error },
		{ "XGBRegisterLogCallback", &l->log },
		{ "XGBoosterCreate", &l->create },
		{ "XGBoosterFree", &l->free }, { "XGBoosterSetParam", &l->set },
		{ "XGBoosterLoadModelFromBuffer", &l->load },
		{ "XGBoosterUnserializeFromBuffer", &l->unserialize },
		{ "XGBoosterGetAttr", &l->attribute },
		{ "XGBoosterSaveJsonConfig", &l->config },
		{ "XGBoosterPredictFromDMatrix", &l->predict },
		{ "XGBoosterPredictFromDense", &l->predict_dense },
		{ "XGBoosterPredictFromCSR", &l->predict_csr },
		{ "XGDMatrixCreateFromDense", &l->matrix_dense },
		{ "XGDMatrixCreateFromCSR", &l->matrix_csr },
		{ "XGDMatrixFree", &l->matrix_free } };
	size_t i;

	for (i = 0; i < sizeof functions / sizeof *functions; i++)
		if (!find(so, functions[i].name, functions[i].function, why))
			return false;
	return true;
}

const struct library *
library_open(const struct bt_host *host, struct buf *why)
{
	static struct library library;
	static bool open;
	void *so;

	log_host = host;
	if (!open) {
		so = open_any(why);
		if (so == NULL || !find_all(&library, so, why))
			return NULL;
		library.log(log_line);
		open = true;
	}
	return &library;
}
