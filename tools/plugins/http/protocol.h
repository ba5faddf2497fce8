/*
 * The protocols of model servers: where they listen, the paths of their
 * requests and what these hold.
 */
#ifndef PLUGINS_HTTP_PROTOCOL_H
#define PLUGINS_HTTP_PROTOCOL_H

#include "base/buf.h"

enum form {
	FORM_BATCH,	/* the mini-batch as it is */
	FORM_RECORD,	/* a request for each record */
	FORM_INSTANCES, /* {"instances":[...]} */
	FORM_FRAME,	/* MLflow's: dataframe_split and so on */
	FORM_TENSORS	/* {"inputs":[{"name":...,"shape":...}]} */
};

/* Whether it is JSON around the records, and so is the reply. */
static inline bool
form_is_json(enum form form)
{
	return form > FORM_RECORD;
}

struct protocol {
	const char *name;
	int port;	     /* that such a server listens on */
	const char *health;  /* these two paths: NAME stands for the */
	const char *predict; /* model's name */
	enum form form;
	bool states; /* its health route tells the model's state in JSON */
};

/* SageMaker's, the default. */
extern const struct protocol *const protocol_default;

/* NULL if there is none of that name. */
const struct protocol *protocol_find(const char *name);

/* Adds their names: "sagemaker, tensorflow, ...". */
void protocol_add_names(struct buf *out);

/* Whether the path needs a model's name; adds the path with it, escaped. */
bool protocol_is_named(const char *path);
void protocol_add_path(struct buf *out, const char *path, const char *model);

#endif
