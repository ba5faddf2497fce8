#include "job/skeleton.h"

json_t *
job_skeleton(const struct shape *s)
{
	const struct member *m;
	json_t *v;

	switch (s->kind) {
	case JOB_STRUCT:
		v = json_object();
		for (m = s->members; m->name != NULL; m++)
			json_object_set_new(v, m->name, job_skeleton(m->shape));
		return v;
	case JOB_MAP:
		v = json_object();
		json_object_set_new(v, "KeyName", job_skeleton(s->item));
		return v;
	case JOB_LIST:
		v = json_array();
		json_array_append_new(v, job_skeleton(s->item));
		return v;
	case JOB_INTEGER:
		return json_integer(0);
	case JOB_BOOLEAN:
		return json_true();
	default:
		return json_string(s->values != NULL ? s->values[0] : "");
	}
}
