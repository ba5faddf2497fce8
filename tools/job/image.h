/*
 * The plugin that runs the models of a container's image.
 */
#ifndef JOB_IMAGE_H
#define JOB_IMAGE_H

#include <stdbool.h>

#include "base/buf.h"

/* The plugins that come with the tools, with a comma and a blank between them.
 */
extern const char job_plugin_names[];

/*
 * Adds a value for bt-predict -m: the image itself if it is a bare word or a
 * path that ends in .so; for an image of the service, recognised by its
 * repository's name, the plugin that runs the same models.  False if there is
 * none.
 */
bool job_plugin(const char *image, struct buf *plugin);

#endif
