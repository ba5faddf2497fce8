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
	*s = num_parse(span_str(value), 1, 86400, &reason);
	if (reason != NULL)
		buf_addf(why, "%s=%s: %s", name, value, reason);
	return reason == NULL ? 0 : -1;
}

/* In ms, somewhat less than the time after which bt-predict kills the worker:
 * so the error can say how far the request got, and the server stays. */
static uint64_t
before(uint64_t s)
{
	uint64_t ms = s * 1000, early = ms / 20;

	return ms - (early < 100 ? 100 : early > 2000 ? 2000 : early);
}

/* Finds out whether the server is ours, and what starts it. */
static int
take_server(struct settings *s, const struct bt_load *load, struct buf *why)
{
	const char *given = BT_HAS(load, command) ? load->command : NULL;
	const char *own = given != NULL	       ? "a command"
			  : s->command != NULL ? "BT_HTTP_COMMAND"
			  : s->dir != NULL     ? "a model folder"
					       : NULL;
	const char *other = s->url != NULL	 ? "BT_HTTP_URL"
			    : s->socket != NULL	 ? "BT_HTTP_UNIX"
			    : given == NULL	 ? NULL
			    : s->command != NULL ? "BT_HTTP_COMMAND"
						 : NULL;
	struct buf path = { 0 };
	int got;

	if (own != NULL && other != NULL) {
		buf_addf(why, "%s and %s: give only one of them", own, other);
		return -1;
	}
	if (given != NULL)
		s->command = given;
	s->own = own != NULL;
	if (!s->own || s->command != NULL)
		return 0;
	buf_addf(&path, "%s/serve", s->dir);
	got = access(buf_str(&path), X_OK);
	if (got == -1)
		buf_addf(why,
		    "%s: %s; put the program serve into the model folder, or set BT_HTTP_COMMAND",
		    path.p, strerror(errno));
	buf_free(&path);
	return got;
}

int
settings_read(struct settings *s, const struct bt_load *load, struct buf *why)
{
	uint64_t start, limit;

	memset(s, 0, sizeof *s);
	if (load->archive != NULL) {
		buf_adds(why,
		    "the model is a file: a folder with the program \"serve\" is required, or a command, which contains a blank");
		return -1;
	}
	s->url = variable("BT_HTTP_URL");
	s->socket = variable("BT_HTTP_UNIX");
	s->command = variable("BT_HTTP_COMMAND");
	s->dir = load->model_dir;
	s->headers = variable("BT_HTTP_HEADERS");
	if (s->headers == NULL)
		s->headers = "";
	s->accept_any =
	    load->accept != NULL && strcmp(load->accept, "*/*") == 0;
	if (seconds("BT_START_TIMEOUT", 1800, &start, why) == -1 ||
	    seconds("BT_INVOCATIONS_TIMEOUT_IN_SECONDS", 0, &limit, why) == -1)
		return -1;
	s->start_timeout = before(start);
	if (limit > 0)
		s->timeout = before(limit);
	return take_server(s, load, why);
}
