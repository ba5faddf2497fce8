#include "io/remote.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>

#include "io/plugin.h"

static struct buf why;
static const struct remote *volatile loaded;

bool
remote_is(const char *path)
{
	return strncmp(path, "s3://", 5) == 0;
}

struct buf *
remote_why(void)
{
	why.n = 0;
	errno = ENOLINK;
	return &why;
}

const char *
remote_error(void)
{
	return (errno == REMOTE_FAILED || errno == REMOTE_REFUSED) && why.n > 0
		   ? buf_str(&why)
		   : strerror(errno);
}

const struct remote *
remote_get(void)
{
	const struct remote *remote = NULL;
	struct buf path = { 0 }, *say = remote_why();
	void *library;

	if (loaded != NULL)
		return loaded;
	if (plugin_find("bt-s3", &path, say) == -1) {
		buf_free(&path);
		buf_adds(say, ": it is built if libcurl4-openssl-dev, "
			      "libssl-dev and libexpat1-dev are installed");
		errno = ENOLINK;
		return NULL;
	}
	/* Its libraries do not survive being unloaded. */
	library = dlopen(buf_str(&path), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	buf_free(&path);
	if (library != NULL)
		remote = dlsym(library, "bt_remote");
	if (remote == NULL)
		buf_adds(say, dlerror());
	else if (strcmp(remote->version, BT_VERSION) != 0) {
		buf_addf(say, "bt-s3.so is of version %s, not " BT_VERSION,
		    remote->version);
		remote = NULL;
	}
	loaded = remote;
	errno = ENOLINK;
	return remote;
}

void
remote_stop(void)
{
	const struct remote *remote = loaded;

	if (remote != NULL)
		remote->stop();
}
