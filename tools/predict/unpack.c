#include "predict/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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

#include "base/mem.h"
#include "base/say.h"
#include "format/gunzip.h"
#include "io/tree.h"

enum { MAGIC_AT = 257 }; /* of "ustar", in a tar's first header */

static const char no_tool[] =
    "no bt-unpack, which unpacks archives: install libarchive-dev and build it\n";

/* The folder, and the process that removes it: a worker that ends by exit(3)
 * must leave it alone. */
static struct buf folder;
static pid_t owner;

/* The environment that bt-predict was started with: -E is for the model. */
extern char **environ;
static char **environment;

/* Whether path is a regular file that begins as gzip or a tar archive does. */
static bool
is_archive(const char *path)
{
	char head[MAGIC_AT + 5];
	struct stat st;
	ssize_t n;
	int fd;

	if (stat(path, &st) == -1 || !S_ISREG(st.st_mode))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return false;
	n = read(fd, head, sizeof head);
	close(fd);
	return n > 0 && (gunzip_magic(head, (size_t)n) ||
			    (n == sizeof head &&
				memcmp(head + MAGIC_AT, "ustar", 5) == 0));
}

static void
make_folder(void)
{
	const char *tmp = getenv("TMPDIR");
	bool is_set = tmp != NULL && *tmp != '\0';

	if (!is_set)
		tmp = "/tmp";
	buf_addf(&folder, "%s/bt-predict.XXXXXX", tmp);
	buf_str(&folder);
	if (mkdtemp(folder.p) == NULL)
		say_errno_exit(255, "%s%s", is_set ? "TMPDIR " : "", tmp);
	owner = getpid();
	atexit(unpack_remove);
}

void
unpack_prepare(struct predict *pr)
{
	struct buf path = { 0 };
	size_t i, n = 0;

	for (i = 0; i < pr->model_count; i++) {
		struct predict_model *pm = &pr->models[i];

		if (pm->dir == NULL || !is_archive(pm->dir))
			continue;
		if (owner == 0)
			make_folder();
		path.n = 0;
		buf_addf(&path, "%s/%zu", buf_str(&folder), i);
		pm->unpacked = mem_dup(path.p, path.n);
	}
	buf_free(&path);
	if (owner == 0)
		return;
	/* setenv(3) changes the list and leaves the strings. */
	while (environ[n] != NULL)
		n++;
	environment = mem_resize(NULL, n + 1, sizeof *environ);
	memcpy(environment, environ, (n + 1) * sizeof *environ);
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
	free(environment);
}

/* The path of bt-unpack: in this program's folder if it is there, otherwise its
 * name, for PATH. */
static void
find_tool(char path[PATH_MAX])
{
	static const char name[] = "bt-unpack";
	ssize_t n = 0;

#ifdef __linux__
	n = readlink("/proc/self/exe", path, PATH_MAX - sizeof name);
	while (n > 0 && path[n - 1] != '/')
		n--;
#endif
	if (n > 0) {
		memcpy(path + n, name, sizeof name);
		if (access(path, X_OK) == 0)
			return;
	}
	memcpy(path, name, sizeof name);
}

static _Noreturn void
run_tool(
    const char *tool, const struct predict_model *pm, pid_t parent, int out)
{
	char name[] = "bt-unpack", no_sync[] = "--no-sync", end[] = "--";
	const char *archive = strcmp(pm->dir, "-") == 0 ? "./-" : pm->dir;
	char *argv[] = { name, no_sync, end, (char *)(uintptr_t)archive,
		pm->unpacked, NULL };

#ifdef __linux__
	/* It does not outlive a worker that is killed. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
#else
	(void)parent;
#endif
	dup2(out, STDERR_FILENO);
	environ = environment;
	execvp(tool, argv);
	if (write(STDERR_FILENO, no_tool, sizeof no_tool - 1) == -1)
		_exit(2);
	_exit(1);
}

/* Adds the first line of the process's message, without its name. */
static void
read_message(int in, struct buf *why)
{
	static const char prefix[] = "bt-unpack: ";
	struct buf text = { 0 };
	const char *p;
	ssize_t n;

	do {
		n = read(in, buf_room(&text, 256), 256);
		text.n += n > 0 ? (size_t)n : 0;
	} while (n > 0 || (n == -1 && errno == EINTR));
	p = buf_str(&text);
	if (strncmp(p, prefix, sizeof prefix - 1) == 0)
		p += sizeof prefix - 1;
	buf_add(why, p, strcspn(p, "\n"));
	buf_free(&text);
}

int
unpack_model(const struct predict_model *pm, struct buf *why)
{
	pid_t parent = getpid(), pid;
	char tool[PATH_MAX];
	int ends[2], status, got = -1;
	size_t before = why->n;

	if (access(pm->unpacked, F_OK) == 0)
		return 0;
	find_tool(tool);
	if (pipe(ends) == -1) {
		buf_addf(why, "%s: %s", pm->dir, strerror(errno));
		return -1;
	}
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	pid = fork();
	if (pid == 0)
		run_tool(tool, pm, parent, ends[1]);
	close(ends[1]);
	if (pid == -1) {
		buf_addf(why, "%s: fork: %s", pm->dir, strerror(errno));
	} else {
		read_message(ends[0], why);
		while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
			;
		if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
			got = 0;
		if (WIFSIGNALED(status))
			buf_addf(why, "%s: bt-unpack crashed: %s", pm->dir,
			    strsignal(WTERMSIG(status)));
	}
	close(ends[0]);
	if (got == 0)
		why->n = before;
	return got;
}
