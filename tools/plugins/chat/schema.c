#include "plugins/chat/schema.h"

#include <math.h>

/* Deeper values pass: jansson reads no more than 2048 levels, and a schema that
 * is not recursive has as few as its text. */
enum { NAME_MAX_SHOWN = 60 };

static bool
has_type(const json_t *value, const char *type)
{
	if (strcmp(type, "integer") == 0)
		return json_is_integer(value) ||
		       (json_is_real(value) &&
			   json_real_value(value) ==
			       floor(json_real_value(value)));
	return (strcmp(type, "object") == 0 && json_is_object(value)) ||
	       (strcmp(type, "array") == 0 && json_is_array(value)) ||
	       (strcmp(type, "string") == 0 && json_is_string(value)) ||
	       (strcmp(type, "number") == 0 && json_is_number(value)) ||
	       (strcmp(type, "boolean") == 0 && json_is_boolean(value)) ||
	       (strcmp(type, "null") == 0 && json_is_null(value));
}

/* Whether it is of the type, or of one of the types; any other schema passes.
 */
static bool
fits_type(const json_t *types, const json_t *value)
{
	size_t i;

	if (json_is_string(types))
		return has_type(value, json_string_value(types));
	for (i = 0; i < json_array_size(types); i++)
		if (json_is_string(json_array_get(types, i)) &&
		    has_type(
			value, json_string_value(json_array_get(types, i))))
			return true;
	return !json_is_array(types);
}

static bool
fits_enum(const json_t *list, const json_t *value)
{
	size_t i;

	for (i = 0; i < json_array_size(list); i++)
		if (json_equal(json_array_get(list, i), value))
			return true;
	return !json_is_array(list);
}

static void
add_name(struct buf *why, const char *name)
{
	buf_addf(why, "%.*s: ", NAME_MAX_SHOWN, name);
}

static int
check_object(const json_t *schema, json_t *value, struct buf *why)
{
	json_t *properties = json_object_get(schema, "properties"), *item;
	const json_t *required = json_object_get(schema, "required");
	bool closed =
	    json_is_false(json_object_get(schema, "additionalProperties"));
	const json_t *wanted;
	const char *name;
	size_t i, n;

	for (i = 0; i < json_array_size(required); i++) {
		name = json_string_value(json_array_get(required, i));
		if (name != NULL && json_object_get(value, name) == NULL) {
			add_name(why, name);
			buf_adds(why, "missing");
			return -1;
		}
	}
	json_object_foreach (value, name, item) {
		n = why->n;
		add_name(why, name);
		wanted = json_object_get(properties, name);
		if (wanted == NULL && closed) {
			buf_adds(why, "not in the schema");
			return -1;
		}
		if (wanted != NULL && schema_check(wanted, item, why) == -1)
			return -1;
		why->n = n;
	}
	return 0;
}

int
schema_check(const json_t *schema, json_t *value, struct buf *why)
{
	const json_t *one = json_object_get(schema, "const");
	const json_t *items = json_object_get(schema, "items");
	size_t i;

	if (!fits_type(json_object_get(schema, "type"), value)) {
		buf_adds(why, "not of the schema's type");
		return -1;
	}
	if (!fits_enum(json_object_get(schema, "enum"), value) ||
	    (one != NULL && !json_equal(one, value))) {
		buf_adds(why, "not one of the schema's values");
		return -1;
	}
	for (i = 0; json_is_array(value) && items != NULL &&
		    i < json_array_size(value);
	     i++)
		if (schema_check(items, json_array_get(value, i), why) == -1)
			return -1;
	return json_is_object(value) ? check_object(schema, value, why) : 0;
}
