#include "plugins/http/settings.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/num.h"
#include "plugins/web/variable.h"

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

/* The number of the word that a setting is, 0 if it is not set, or -1. */
static int
choose(const char *name, const char *const *words, int n, struct buf *why)
{
	const char *value = variable_get(name);
	int i;

	if (value == NULL)
		return 0;
	for (i = 0; i < n; i++)
		if (strcmp(value, words[i]) == 0)
			return i;
	buf_addf(why, "%s=%s: not ", name, value);
	for (i = 0; i < n; i++)
		if (*words[i] != '\0')
			buf_addf(
			    why, "%s%s", words[i], i + 1 < n ? " or " : "");
	return -1;
}

/* Sets the path of a request: the user's, or the protocol's. */
static int
set_route(struct settings *s, struct buf *route, const char *name,
    const char *vertex, const char *unset, struct buf *why)
{
	const char *path = variable_get(name),
		   *model = variable_get("BT_HTTP_MODEL");

	if (path == NULL && s->vertex)
		path = variable_get(name = vertex);
	if (path != NULL && *path != '/') {
		buf_addf(
		    why, "%s=%s: not a path, which begins with /", name, path);
		return -1;
	}
	if (path != NULL)
		buf_adds(route, path);
	else if (model == NULL && protocol_is_named(unset)) {
		buf_addf(why,
		    "BT_HTTP_PROTOCOL=%s: set BT_HTTP_MODEL to the model's name",
		    s->protocol->name);
		return -1;
	} else
		protocol_add_path(route, unset, model);
	buf_str(route);
	return 0;
}

/* Finds where a server that runs already listens if nothing says so. */
static int
set_port(struct settings *s, struct buf *why)
{
	const char *value = variable_get("AIP_HTTP_PORT"), *reason;

	s->port = s->protocol->port;
	if (!s->vertex || value == NULL)
		return 0;
	s->port = (int)num_parse(span_str(value), 1, 65535, &reason);
	if (reason != NULL)
		buf_addf(why, "AIP_HTTP_PORT=%s: %s", value, reason);
	return reason == NULL ? 0 : -1;
}

/* Whether a setting is for requests of this form. */
static int
check_form(
    const struct settings *s, bool fits, const char *name, struct buf *why)
{
	if (!fits)
		buf_addf(why, "%s is not for BT_HTTP_PROTOCOL=%s", name,
		    s->protocol->name);
	return fits ? 0 : -1;
}

static int
set_words(struct settings *s, struct buf *why)
{
	static const char *const types[] = { "array", "object" };
	static const char *const missing[] = { "", "null", "NaN" };
	enum form form = s->protocol->form;
	bool json = form_is_json(form);
	int word;

	if ((word = choose("BT_HTTP_INSTANCE_TYPE", types, 2, why)) == -1)
		return -1;
	s->by_name = word == 1;
	if ((word = choose("BT_HTTP_MISSING", missing, 3, why)) == -1)
		return -1;
	s->missing = (enum missing)word;
	if (variable_get("BT_HTTP_HEADER_ROW") != NULL) {
		buf_adds(why,
		    "BT_HTTP_HEADER_ROW is gone: bt-split --header=send, or bt-transform's");
		return -1;
	}
	return check_form(s, !s->by_name || (json && form != FORM_TENSORS),
	    "BT_HTTP_INSTANCE_TYPE=object", why);
}

static int
set_protocol(struct settings *s, struct buf *why)
{
	const char *name = variable_get("BT_HTTP_PROTOCOL");

	s->protocol = name != NULL ? protocol_find(name) : protocol_default;
	if (s->protocol == NULL) {
		buf_addf(why, "BT_HTTP_PROTOCOL=%s: not one of ", name);
		protocol_add_names(why);
		return -1;
	}
	s->vertex = strcmp(s->protocol->name, "vertex") == 0;
	if (set_words(s, why) == -1 || set_port(s, why) == -1 ||
	    set_route(s, &s->predict, "BT_HTTP_PREDICT_ROUTE",
		"AIP_PREDICT_ROUTE", s->protocol->predict, why) == -1)
		return -1;
	return set_route(s, &s->health, "BT_HTTP_HEALTH_ROUTE",
	    "AIP_HEALTH_ROUTE", s->protocol->health, why);
}

/* In bytes; 0 if the job has none. */
static uint64_t
payload_limit(void)
{
	const char *value = variable_get("SAGEMAKER_MAX_PAYLOAD_IN_MB"),
		   *reason;

	if (value == NULL)
		return 0;
	return num_parse(span_str(value), 0, UINT32_MAX, &reason) << 20;
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
	s->url = variable_get("BT_HTTP_URL");
	s->socket = variable_get("BT_HTTP_UNIX");
	s->command = variable_get("BT_HTTP_COMMAND");
	s->dir = load->model_dir;
	s->headers = variable_get("BT_HTTP_HEADERS");
	if (s->headers == NULL)
		s->headers = "";
	s->accept_any =
	    load->accept != NULL && strcmp(load->accept, "*/*") == 0;
	if (variable_seconds("BT_START_TIMEOUT", 1800, &start, why) == -1 ||
	    variable_seconds(
		"BT_INVOCATIONS_TIMEOUT_IN_SECONDS", 0, &limit, why) == -1)
		return -1;
	if (set_protocol(s, why) == -1)
		return -1;
	s->payload = payload_limit();
	s->start_timeout = variable_before(start);
	if (limit > 0)
		s->timeout = variable_before(limit);
	return take_server(s, load, why);
}

void
settings_free(struct settings *s)
{
	buf_free(&s->health);
	buf_free(&s->predict);
}
