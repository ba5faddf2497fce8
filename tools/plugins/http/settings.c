#include "plugins/http/settings.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/num.h"

/* A variable that is set and not empty, or NULL. */
static const char *
variable(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && *value != '\0' ? value : NULL;
}

static int
seconds(const char *name, uint64_t unset, uint64_t *s, struct buf *why)
{
	const char *value = variable(name), *reason;

	*s = unset;
	if (value == NULL)
		return 0;
	*s =
	    num_parse((struct span){ value, strlen(value) }, 1, 86400, &reason);
	if (reason != NULL)
		buf_addf(why, "%s=%s: %s", name, value, reason);
	return reason == NULL ? 0 : -1;
}

/* Somewhat before bt-predict's own clock, which kills: then the error can say
 * how far the request came, and the server stays. */
static uint64_t
before(uint64_t s)
{
	uint64_t ms = s * 1000, early = ms / 20;

	return ms - (early < 100 ? 100 : early > 2000 ? 2000 : early);
}

static int
check_server(const struct settings *s, struct buf *why)
{
	struct buf path = { 0 };
	int got = 0;

	if (s->own && (s->url != NULL || s->socket != NULL)) {
		buf_addf(why,
		    "%s and %s: the server either is started, or runs already",
		    s->command != NULL ? "BT_HTTP_COMMAND" : "a model folder",
		    s->url != NULL ? "BT_HTTP_URL" : "BT_HTTP_UNIX");
		return -1;
	}
	if (!s->own || s->command != NULL)
		return 0;
	buf_addf(&path, "%s/serve", s->dir);
	if (access(buf_str(&path), X_OK) == -1) {
		buf_addf(why,
		    "%s: %s; the model's folder has the program that serves it, or BT_HTTP_COMMAND says how",
		    path.p, strerror(errno));
		got = -1;
	}
	buf_free(&path);
	return got;
}

int
settings_read(struct settings *s, const struct bt_load *load, struct buf *why)
{
	uint64_t limit;

	memset(s, 0, sizeof *s);
	if (load->archive != NULL) {
		buf_adds(why,
		    "the model is a file: a folder with the program \"serve\" is wanted");
		return -1;
	}
	s->url = variable("BT_HTTP_URL");
	s->socket = variable("BT_HTTP_UNIX");
	s->command = variable("BT_HTTP_COMMAND");
	s->dir = load->model_dir;
	s->own = s->command != NULL || s->dir != NULL;
	s->headers = variable("BT_HTTP_HEADERS");
	if (s->headers == NULL)
		s->headers = "";
	s->accept_any =
	    load->accept != NULL && strcmp(load->accept, "*/*") == 0;
	if (seconds("BT_HTTP_START_TIMEOUT", 1800, &s->start_timeout, why) ==
		-1 ||
	    seconds("BT_INVOCATIONS_TIMEOUT_IN_SECONDS", 0, &limit, why) == -1)
		return -1;
	if (limit > 0)
		s->timeout = before(limit);
	return check_server(s, why);
}
