/*
 * What the plugin http is told: the user's headers, a server's answer to
 * /invocations, to /execution-parameters and to a question for a model's state.
 * The first byte says which.
 */
#include "bt_model.h"
#include "plugins/http/inputs.c"
#include "plugins/http/ready.c"
#include "plugins/web/clock.c"
#include "plugins/web/headers.c"
#include "plugins/web/verdict.c"
#include "want.h"

static struct answer answer; /* what client_get says */

const struct answer *
client_get(struct client *c, const char *path, uint64_t ms)
{
	(void)c, (void)path, (void)ms;
	return &answer;
}

const char *
client_where(struct client *c)
{
	(void)c;
	return "h";
}

int
client_place(
    struct client *c, const char *url, const char *socket, struct buf *why)
{
	(void)c, (void)url, (void)socket, (void)why;
	return 0;
}

bool
server_ended(struct server *s, int ms, struct buf *how)
{
	(void)s, (void)ms, (void)how;
	return false;
}

static void
drop(const struct bt_host *host, int level, const char *text)
{
	(void)host, (void)level;
	want(strlen(text) > 0);
}

static void
one_line(const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		want((unsigned char)p[i] >= ' ');
}

static void
headers(const char *text)
{
	struct headers h = { 0 };
	struct buf why = { 0 };
	const struct curl_slist *l;

	if (headers_take(&h, text, &why) == -1)
		want(why.n > 0);
	else
		want(why.n == 0);
	headers_begin(&h);
	headers_add(&h, "X", text);
	for (l = h.sent; l != NULL; l = l->next)
		want(strpbrk(l->data, "\r\n") == NULL);
	headers_free(&h);
	buf_free(&why);
}

static void
answered(const uint8_t *data, size_t size)
{
	struct post post = { .content_type = "t",
		.accept = "a",
		.size = 1,
		.finds_text = data[0] % 2 };
	struct buf why = { 0 };

	answer.status = 100 + data[0] * 2;
	if (verdict(&answer, &post, "h", &why) == BT_OK)
		want(why.n == 0);
	else
		want(why.n > 0 && why.n < 400);
	one_line(why.p, why.n);
	buf_free(&why);
	(void)size;
}

static void
parameters(void)
{
	struct bt_host host = { .struct_size = sizeof host, .log = drop };
	struct bt_execution_parameters p;

	answer.status = 200;
	ready_ask(&host, NULL, &p);
	want(p.batch_strategy == NULL || strlen(p.batch_strategy) > 10);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	answer.body.n = 0;
	buf_add(&answer.body, (const char *)data + 2, size - 2);
	if (data[0] % 4 == 0)
		headers(buf_str(&answer.body));
	else if (data[0] % 4 == 1)
		answered(data + 1, size - 1);
	else if (data[0] % 4 == 2)
		parameters();
	else
		is_available(buf_span(&answer.body));
	return 0;
}
