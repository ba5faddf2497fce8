/*
 * The plugin that a container's image stands for.
 */
#ifndef JOB_IMAGE_H
#define JOB_IMAGE_H

#include <stdbool.h>

#include "base/buf.h"

/* Those that come with the tools, a comma and a blank between. */
extern const char job_plugin_names[];

/*
 * Adds what bt-predict -m takes: a bare word or a path that ends in .so as it
 * stands, and for images of the service's, by their repository's name, the
 * plugin that runs the same models.  False where there is none.
 */
bool job_plugin(const char *image, struct buf *plugin);

#endif
