#include "s3/plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/load.h"
#include "base/mem.h"
#include "s3/get.h"
#include "s3/list.h"
#include "s3/manifest.h"

struct s3_plan {
	struct s3_conn *conn;
	enum s3_plan_kind kind;
	char *const *operands;
	size_t n, next;
	struct s3_list *list; /* of the operand before next, or NULL */
	struct s3_manifest *manifest;
	size_t entry;
	struct buf name;
	struct s3_uri uri; /* of the last object, or the list's prefix */
};

struct s3_plan *
s3_plan_new(struct s3_conn *conn, enum s3_plan_kind kind, char *const *operands,
    size_t n)
{
	struct s3_plan *plan = mem_alloc(sizeof *plan);

	memset(plan, 0, sizeof *plan);
	plan->conn = conn;
	plan->kind = kind;
	plan->operands = operands;
	plan->n = n;
	return plan;
}

void
s3_plan_free(struct s3_plan *plan)
{
	if (plan == NULL)
		return;
	s3_list_free(plan->list);
	s3_manifest_free(plan->manifest);
	buf_free(&plan->name);
	s3_uri_free(&plan->uri);
	free(plan);
}

static const char *
below_slash(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash == NULL ? name : slash + 1;
}

/* Interprets plan->name into object. */
static int
understand(struct s3_plan *plan, struct s3_planned *object, struct buf *why)
{
	const char *name = buf_str(&plan->name), *wrong;

	memset(object, 0, sizeof *object);
	object->size = UINT64_MAX;
	s3_uri_free(&plan->uri);
	if (s3_uri_is_other(name)) {
		buf_addf(why, "%s: neither s3://BUCKET/KEY nor a path", name);
		return -1;
	}
	if (!s3_uri_is(name)) {
		/* "file:///a" is the path "/a", as is a plain "/a". */
		if (strncmp(name, "file://", 7) == 0) {
			name += 7;
			if (strncmp(name, "localhost/", 10) == 0)
				name += 9;
		}
		object->name = name;
		return 1;
	}
	wrong = s3_uri_parse(name, &plan->uri);
	if (wrong == NULL && plan->uri.key[0] == '\0' &&
	    plan->kind != S3_PLAN_PREFIXES)
		wrong = "no key";
	if (wrong != NULL) {
		buf_addf(why, "%s: %s", name, wrong);
		return -1;
	}
	object->name = name;
	object->uri = plan->uri;
	return 1;
}

static int
next_listed(struct s3_plan *plan, struct s3_planned *object, struct buf *why)
{
	struct s3_listed listed;
	struct buf reason = { 0 };
	int status = s3_list_next(plan->list, &listed, &reason);

	if (status < 0)
		buf_addf(why, "%s: %s", plan->operands[plan->next - 1],
		    buf_str(&reason));
	buf_free(&reason);
	if (status <= 0)
		return status;
	memset(object, 0, sizeof *object);
	plan->name.n = 0;
	buf_addf(&plan->name, "s3://%s/%s", plan->uri.bucket, listed.key);
	object->name = buf_str(&plan->name);
	object->uri.bucket = plan->uri.bucket;
	object->uri.key = plan->name.p + 6 + strlen(plan->uri.bucket);
	object->relative =
	    object->uri.key + (below_slash(plan->uri.key) - plan->uri.key);
	object->size = listed.size;
	return 1;
}

static int
add_bytes(void *arg, const struct s3_version *v, const void *p, size_t n,
    struct buf *why)
{
	(void)v, (void)why;
	buf_add(arg, p, n);
	return 0;
}

static int
read_remote(struct s3_conn *conn, const struct s3_uri *uri, struct buf *text,
    struct buf *why)
{
	struct s3_get get = { uri->bucket, uri->key, 0, UINT64_MAX, add_bytes,
		text };
	struct s3_version v = { 0 };
	struct s3_check *check;
	int status = s3_get(conn, &get, &v, why);

	if (status == 0 && (check = s3_check_new(&v.sum)) != NULL) {
		s3_check_add(check, text->p, text->n);
		status = s3_check_end(check, why);
	}
	s3_version_free(&v);
	return status;
}

static int
open_manifest(struct s3_plan *plan, struct buf *why)
{
	struct buf text = { 0 }, reason = { 0 };
	struct s3_planned at;
	int status = understand(plan, &at, why);

	if (status < 0)
		return -1;
	if (at.uri.bucket != NULL)
		status = read_remote(plan->conn, &at.uri, &text, &reason);
	else if ((status = load_whole(at.name, &text)) == -1)
		buf_adds(&reason, strerror(errno));
	if (status == 0) {
		plan->manifest = s3_manifest_read(text.p, text.n, &reason);
		plan->entry = 0;
	}
	if (plan->manifest == NULL)
		buf_addf(why, "%s: %s", at.name, buf_str(&reason));
	buf_free(&text);
	buf_free(&reason);
	return plan->manifest == NULL ? -1 : 0;
}

static int
next_named(struct s3_plan *plan, struct s3_planned *object, struct buf *why)
{
	const char *prefix, *name;
	int status;

	if (plan->entry == s3_manifest_count(plan->manifest))
		return 0;
	prefix = s3_manifest_prefix(plan->manifest);
	name = s3_manifest_name(plan->manifest, plan->entry++);
	plan->name.n = 0;
	buf_addf(&plan->name, "%s%s", prefix, name);
	status = understand(plan, object, why);
	object->relative = name;
	return status;
}

static int
begin_operand(struct s3_plan *plan, struct s3_planned *object, struct buf *why)
{
	const char *operand = plan->operands[plan->next++];
	int status;

	plan->name.n = 0;
	buf_adds(&plan->name, operand);
	if (plan->kind == S3_PLAN_MANIFESTS)
		return open_manifest(plan, why);
	if ((status = understand(plan, object, why)) < 0)
		return -1;
	if (plan->kind == S3_PLAN_OBJECTS || object->uri.bucket == NULL) {
		object->relative = below_slash(object->name);
		return status;
	}
	plan->list = s3_list_new(plan->conn, plan->uri.bucket, plan->uri.key);
	return 0;
}

int
s3_plan_next(struct s3_plan *plan, struct s3_planned *object, struct buf *why)
{
	int status;

	for (;;) {
		if (plan->list != NULL) {
			status = next_listed(plan, object, why);
		} else if (plan->manifest != NULL) {
			status = next_named(plan, object, why);
		} else if (plan->next < plan->n) {
			status = begin_operand(plan, object, why);
			if (status == 0)
				continue;
		} else {
			return 0;
		}
		if (status != 0)
			return status;
		s3_list_free(plan->list);
		s3_manifest_free(plan->manifest);
		plan->list = NULL;
		plan->manifest = NULL;
	}
}
