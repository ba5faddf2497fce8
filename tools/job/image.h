/*
 * The plugin that runs the models of a container's image.
 */
#ifndef JOB_IMAGE_H
#define JOB_IMAGE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buf.h"

/* The plugins that come with the tools, with a comma and a blank between them.
 */
extern const char job_plugin_names[];

/*
 * Adds a value for bt-predict -m: the image itself if it is a bare word or a
 * path that ends in .so; for an image of the service, recognised by its
 * repository's name, the plugin that runs the same models, which may depend on
 * the container's script.  False if there is none.
 */
bool job_plugin(const json_t *container, struct buf *plugin);

/* What can be done here with a model of a built-in algorithm that no plugin
 * runs; NULL for any other image. */
const char *job_image_advice(const char *image);

/* The framework of the image whose defaults the container's script has, as a
 * value of BT_FRAMEWORK; NULL if it runs no script, or has none. */
const char *job_framework(const json_t *container);

#endif
