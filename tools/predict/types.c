#include "predict/types.h"

#include "format/type.h"

enum type_kind
types_kind(const char *type)
{
	return type_kind(span_str(type));
}

static bool
is_listed(const char *const *list, const char *type)
{
	for (; *list != NULL; list++)
		if (type_same(span_str(*list), span_str(type)))
			return true;
	return false;
}

/* A type as a plugin that lists its types knows it. */
static const char *
known_name(const char *const *list, const char *type)
{
	return list != NULL && list[0] != NULL ? type_full(type) : type;
}

const char *
types_request(const struct model *m, const char *type)
{
	return known_name(m->plugin->content_types, type);
}

static void
add_list(struct buf *why, const char *const *list)
{
	const char *before = "";

	for (; *list != NULL; list++, before = ", ") {
		buf_adds(why, before);
		buf_adds(why, *list);
	}
}

static int
check_accept(const struct model *m, const char *accept, struct buf *why)
{
	const struct bt_plugin *p = m->plugin;

	if (p->accepts != NULL && p->accepts[0] != NULL) {
		if (is_listed(p->accepts, accept))
			return BT_OK;
		buf_addf(why, "does not write %s, but ", accept);
		add_list(why, p->accepts);
	} else if (m->output_fn == NULL && !type_encodes(types_kind(accept)))
		buf_addf(why, "numbers cannot be written as %s", accept);
	else
		return BT_OK;
	return BT_BAD_ACCEPT;
}

static int
check_content_type(const struct model *m, const char *type, struct buf *why)
{
	const struct bt_plugin *p = m->plugin;

	if (p->content_types != NULL && p->content_types[0] != NULL &&
	    !is_listed(p->content_types, type)) {
		buf_addf(why, "does not read %s, but ", type);
		add_list(why, p->content_types);
	} else if (m->input_fn == NULL && !type_decodes(types_kind(type)))
		buf_addf(why, "numbers cannot be read from %s", type);
	else
		return BT_OK;
	return BT_BAD_CONTENT_TYPE;
}

int
types_choose(const struct model *m, const char *type, const char *asked,
    const char **accept, struct buf *why)
{
	const struct bt_plugin *p = m->plugin;
	int status = check_content_type(m, type, why);

	if (status != BT_OK)
		return status;
	*accept = type;
	if (asked != NULL && strcmp(asked, "*/*") != 0)
		*accept = asked;
	else if (p->accepts != NULL && p->accepts[0] != NULL) {
		if (!is_listed(p->accepts, type))
			*accept = p->accepts[0];
	} else if (m->output_fn == NULL && !type_encodes(types_kind(type)))
		*accept = "text/csv";
	*accept = known_name(p->accepts, *accept);
	return check_accept(m, *accept, why);
}
