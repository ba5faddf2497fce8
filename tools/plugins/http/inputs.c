#include "plugins/http/inputs.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/mem.h"
#include "format/json.h"

static bool
is_datatype(const char *text)
{
	return text != NULL && *text != '\0' &&
	       text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")] ==
		   '\0';
}

static int
read_shape(struct input *in, const json_t *shape)
{
	json_int_t dim;

	if (json_array_size(shape) > RANK_MAX)
		return -1;
	for (; in->rank < json_array_size(shape); in->rank++) {
		dim = json_integer_value(json_array_get(shape, in->rank));
		if (dim < -1 || dim == 0 || dim > INT32_MAX)
			return -1;
		in->dims[in->rank] = dim;
	}
	return 0;
}

/* Returns what is wrong, or NULL. */
static const char *
read_input(struct input *in, const json_t *value)
{
	const json_t *name = json_object_get(value, "name");
	const char *datatype =
	    json_string_value(json_object_get(value, "datatype"));
	struct buf quoted = { 0 };

	if (!json_is_string(name) || json_string_length(name) == 0)
		return "it has no name";
	if (!is_datatype(datatype))
		return "it has no datatype";
	if (read_shape(in, json_object_get(value, "shape")) == -1)
		return "its shape is wrong";
	json_quote(&quoted,
	    (struct span){ json_string_value(name), json_string_length(name) });
	in->name = buf_take(&quoted);
	in->datatype = mem_str(datatype);
	return NULL;
}

int
inputs_read(struct inputs *in, struct span document, struct buf *why)
{
	json_t *root = json_loadb(document.p, document.n, 0, NULL);
	const json_t *list = json_object_get(root, "inputs");
	size_t n = json_array_size(list);
	const char *wrong = NULL;

	if (!json_is_object(root))
		buf_adds(why, "the answer is not a JSON object");
	else {
		in->list = mem_resize(NULL, n + 1, sizeof *in->list);
		memset(in->list, 0, (n + 1) * sizeof *in->list);
		for (; in->n < n && wrong == NULL; in->n++)
			wrong = read_input(
			    &in->list[in->n], json_array_get(list, in->n));
		if (wrong != NULL)
			buf_addf(why, "input %zu: %s", in->n, wrong);
	}
	n = json_is_object(root) && wrong == NULL;
	json_decref(root);
	return n ? 0 : -1;
}

void
inputs_free(struct inputs *in)
{
	size_t i;

	for (i = 0; i < in->n; i++) {
		free(in->list[i].name);
		free(in->list[i].datatype);
	}
	free(in->list);
	in->list = NULL;
	in->n = 0;
}
