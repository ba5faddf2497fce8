/*
 * Objects that are not files of this machine: s3://BUCKET/KEY.
 *
 * What reaches them is a module, bt-s3.so, which is looked for where plugins
 * are and loaded at the first such path: nothing else needs its libraries, nor
 * the time to load them.
 */
#ifndef IO_REMOTE_H
#define IO_REMOTE_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Each an errno: the object alone is the matter, or others would fare no
 * better. */
enum { REMOTE_REFUSED = EPROTO, REMOTE_FAILED = ENOLINK };

/*
 * What the module has, as its symbol bt_remote.  It is of the tools' own
 * version, or not used.  Functions that fail return NULL or -1 and add to why,
 * in a line, what failed, without the object's name.
 */
struct remote {
	const char *version; /* BT_VERSION */

	/*
	 * Opens an object for reading: as it is now, or if etag is not NULL
	 * only as it was when that was its ETag (as `etag` returned it).  One
	 * that is another by now is found out by each read.  in_order: it will
	 * be read from its start to its end, and is fetched ahead; else nothing
	 * is asked before the first read.
	 */
	void *(*open)(
	    const char *uri, const char *etag, bool in_order, struct buf *why);
	/* It is read mostly onwards, from anywhere: it is fetched ahead. */
	void (*follow)(void *object);
	/* n bytes at offset at, fewer only at its end. */
	ptrdiff_t (*read)(
	    void *object, void *p, size_t n, uint64_t at, struct buf *why);
	/* UINT64_MAX if it cannot be had: a read says why. */
	uint64_t (*size)(void *object);
	const char *(*etag)(const void *object); /* NULL: it has none */
	void (*close)(void *object);

	/* Begins an object that is there, whole, once it is committed; commit
	 * and drop end it.  What the server refuses of it alone fails at its
	 * commit. */
	void *(*create)(const char *uri, struct buf *why);
	int (*write)(void *output, const void *p, size_t n, struct buf *why);
	/* n of them side by side.  errors[i] is 0 if output i is there; else
	 * REMOTE_REFUSED or REMOTE_FAILED, and why[i] says more.  -1 if any
	 * is REMOTE_FAILED. */
	int (*commit)(
	    void *const *output, size_t n, int *errors, struct buf *why);
	void (*drop)(void *output);

	/* Stores an object of n bytes at once. */
	int (*store)(const char *uri, const void *p, size_t n, struct buf *why);

	/* Makes what is under way fail, soon.  Safe in a signal handler. */
	void (*stop)(void);
};

/* Whether path names such an object. */
bool remote_is(const char *path);

/* The module, loaded; NULL, errno ENOLINK, and remote_error says why. */
const struct remote *remote_get(void);

/* Where what failed adds its reason; empty.  errno is ENOLINK from then on. */
struct buf *remote_why(void);

/* Has it stop, if it was loaded.  Safe in a signal handler. */
void remote_stop(void);

/* What errno means: strerror(3), or with those above what the module said last.
 */
const char *remote_error(void);

#endif
