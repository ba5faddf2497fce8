#define _GNU_SOURCE /* syncfs */
#include "predict/unpack_to.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "predict/unpack.h"

/* All files at once: a model may have thousands. */
static int
make_durable(int folder)
{
#ifdef __linux__
	return syncfs(folder);
#else
	(void)folder;
	sync();
	return 0;
#endif
}

/* It is beside its place.  folder, where that is, is open since before the
 * first write, for the errors that come late. */
static void
put_in_place(const struct predict_model *pm, const char *place, int folder,
    struct shared *sh)
{
	if (make_durable(folder) == -1)
		shared_die(sh, 1, "%s: %s", place, strerror(errno));
	/* Another process may have been faster. */
	if ((rename(pm->unpacked, place) == -1 && errno != EEXIST &&
		errno != ENOTEMPTY) ||
	    (fsync(folder) == -1 && errno != EINVAL && errno != ENOTSUP))
		shared_die(sh, 1, "%s: %s", place, strerror(errno));
}

static void
unpack(const struct predict *pr, size_t i, struct shared *sh)
{
	const struct predict_model *pm = &pr->models[i];
	struct buf place = { 0 }, why = { 0 };
	int folder;

	if (unpack_place(pr, i, &place)) {
		buf_free(&place);
		return;
	}
	if (access(pm->dir, R_OK) == -1)
		shared_die(
		    sh, 255, "%s: %s: %s", pm->name, pm->dir, strerror(errno));
	if (pm->unpacked == NULL)
		shared_die(
		    sh, 255, "%s: %s: not an archive", pm->name, pm->dir);
	folder = open(pr->unpack, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder == -1)
		shared_die(sh, 1, "%s: %s", pr->unpack, strerror(errno));
	if (unpack_model(pr, pm, &why) == -1)
		shared_die(
		    sh, 255, "%s: %s: %s", pm->name, pm->dir, buf_str(&why));
	put_in_place(pm, buf_str(&place), folder, sh);
	close(folder);
	buf_free(&place);
	buf_free(&why);
}

void
unpack_to_run(const struct predict *pr, struct shared *sh)
{
	size_t i;

	for (i = 0; i < pr->model_count; i++) {
		if (pr->models[i].dir == NULL)
			continue;
		atomic_store(&sh->stage, (int)i);
		shared_enter(sh, PHASE_LOAD, clock_monotonic());
		unpack(pr, i, sh);
	}
	atomic_store(&sh->verdict, 1);
	_exit(0);
}
