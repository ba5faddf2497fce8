/*
 * What bt-todo makes of any result lines and references, a line each: what it
 * passes on are references to records of the one given, in order; and once
 * these are answered, too, nothing of it is left.
 */
#include "todo/answers.c"
#include "todo/todo.c"
#include "want.h"

static void
answer(struct todo *t, const struct ref *r)
{
	struct buf line = { 0 }, why = { 0 };
	struct result res;
	enum todo_line what;
	const char *wrong;

	ref_add(&line, r);
	buf_adds(&line, "\tp#bytes=0+1,records=0+1\tms=2");
	want(result_parse(&res, buf_span(&line), &wrong) == 0);
	want(todo_result(t, &res, &what, &why) == 0);
	buf_free(&line);
	buf_free(&why);
}

/* The parts of a reference that are left. */
static void
parts(struct todo *t, const struct ref *r, struct buf *out)
{
	uint64_t from = r->first, end = r->first + r->count;
	struct ref part;
	const char *why;
	char *p = out->p, *nl;

	for (; p != NULL && p < out->p + out->n; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(out->p + out->n - p));
		want(nl != NULL);
		want(ref_parse(&part, (struct span){ p, (size_t)(nl - p) },
			 &why) == 0);
		want(part.first >= from && part.count <= end - part.first);
		from = part.first + part.count;
		answer(t, &part);
	}
}

static void
ask(struct todo *t, const struct ref *r, struct span text)
{
	struct buf out = { 0 }, why = { 0 };

	if (todo_ref(t, r, text, &out, &why) == 0) {
		want(why.n == 0);
		parts(t, r, &out);
		out.n = 0;
		want(todo_ref(t, r, text, &out, &why) == 0 && out.n == 0);
	} else
		want(why.n > 0);
	buf_free(&out);
	buf_free(&why);
}

static void
take_line(struct todo *t, struct span line)
{
	struct buf why = { 0 };
	struct result res;
	struct ref r;
	enum todo_line what;
	const char *wrong;

	if (ref_parse(&r, line, &wrong) == 0)
		ask(t, &r, line);
	else if (result_parse(&res, line, &wrong) == 0 &&
		 todo_result(t, &res, &what, &why) == -1)
		want(why.n > 0);
	buf_free(&why);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data, *end = p + size, *nl;
	struct todo *t;

	if (size == 0)
		return 0;
	t = todo_new(*p++ & 1);
	for (; p < end; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		if (nl == NULL)
			break;
		take_line(t, (struct span){ p, (size_t)(nl - p) });
	}
	todo_free(t);
	return 0;
}
