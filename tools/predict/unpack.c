#include "predict/unpack.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "base/say.h"
#include "io/tree.h"
#include "predict/untar.h"

/* The folder of this process, and which process that is: a worker that ends
 * by exit(3) must leave it alone. */
static struct buf folder;
static pid_t owner;

static void
make_folder(const struct predict *pr)
{
	const char *tmp = pr->unpack != NULL ? pr->unpack : getenv("TMPDIR");
	bool is_set = tmp != NULL && *tmp != '\0';

	if (!is_set)
		tmp = "/tmp";
	buf_addf(&folder, "%s/%sbt-predict.XXXXXX", tmp,
	    pr->unpack != NULL ? "." : "");
	buf_str(&folder);
	if (mkdtemp(folder.p) == NULL)
		say_errno_exit(255, "%s%s",
		    is_set && pr->unpack == NULL ? "TMPDIR " : "", tmp);
	owner = getpid();
	atexit(unpack_remove);
}

bool
unpack_place(const struct predict *pr, size_t i, struct buf *path)
{
	struct stat st;

	buf_addf(path, "%s/%zu", pr->unpack, i + 1);
	return stat(buf_str(path), &st) == 0;
}

void
unpack_prepare(struct predict *pr)
{
	struct buf path = { 0 };
	size_t i;

	for (i = 0; i < pr->model_count; i++) {
		struct predict_model *pm = &pr->models[i];

		path.n = 0;
		if (pm->dir == NULL || !untar_takes(pm->dir) ||
		    (pr->unpack != NULL && unpack_place(pr, i, &path)))
			continue;
		if (owner == 0)
			make_folder(pr);
		path.n = 0;
		buf_addf(&path, "%s/%zu", buf_str(&folder), i);
		pm->unpacked = strdup(buf_str(&path));
		if (pm->unpacked == NULL)
			say_errno_exit(1, "memory");
	}
	buf_free(&path);
}

void
unpack_remove(void)
{
	static const struct timespec pause = { 0, 10000000 };
	int tries = 0;

	if (owner != getpid())
		return;
	/* A process that the model has started may be ending only now. */
	while (tree_remove(buf_str(&folder)) == -1 && ++tries < 50)
		nanosleep(&pause, NULL);
	if (tries == 50)
		say_errno("%s", folder.p);
	owner = 0;
	buf_free(&folder);
}

static _Noreturn void
unpack_here(const struct predict *pr, const struct predict_model *pm,
    pid_t parent, int out)
{
	struct buf why = { 0 };
	int got;

#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
#else
	(void)parent;
#endif
	setlocale(LC_CTYPE, "C.UTF-8"); /* for the names in the archive */
	got = untar(pm->dir, pm->unpacked, pr->max_model, &why);
	if (got == -1 && write(out, why.p, why.n) == -1)
		_exit(2);
	_exit(got == -1);
}

/* Reads what the process says, and waits for its end. */
static int
hear(pid_t pid, int in, struct buf *why)
{
	ssize_t n;
	int status;

	do {
		n = read(in, buf_room(why, 256), 256);
		why->n += n > 0 ? (size_t)n : 0;
	} while (n > 0 || (n == -1 && errno == EINTR));
	while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
		;
	if (WIFEXITED(status) && WEXITSTATUS(status) <= 1)
		return -WEXITSTATUS(status);
	if (WIFSIGNALED(status))
		buf_addf(why, "the unpacking crashed: %s",
		    strsignal(WTERMSIG(status)));
	return -1;
}

static int
unpack(
    const struct predict *pr, const struct predict_model *pm, struct buf *why)
{
	pid_t parent = getpid(), pid = -1;
	int ends[2], got = -1;

	if (pipe(ends) == -1) {
		buf_adds(why, strerror(errno));
		return -1;
	}
	pid = fork();
	if (pid == 0)
		unpack_here(pr, pm, parent, ends[1]);
	close(ends[1]);
	if (pid == -1)
		buf_addf(why, "fork: %s", strerror(errno));
	else
		got = hear(pid, ends[0], why);
	close(ends[0]);
	return got;
}

int
unpack_model(
    const struct predict *pr, const struct predict_model *pm, struct buf *why)
{
	/* A worker that dies while it loads ends the run: what an earlier one
	 * has left is whole. */
	if (mkdir(pm->unpacked, 0700) == 0)
		return unpack(pr, pm, why);
	if (errno == EEXIST)
		return 0;
	buf_addf(why, "%s: %s", pm->unpacked, strerror(errno));
	return -1;
}
