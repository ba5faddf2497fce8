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
#include "io/remote.h"
#include "io/tree.h"
#include "predict/setup.h"

enum { MAGIC_AT = 257 }; /* of "ustar", in a tar's first header */

/* A program of ours to run. */
struct tool {
	const char *name, *lacking; /* what it says if it is not there */
};

static const struct tool
    unpacker = { "bt-unpack",
	    "no bt-unpack, which unpacks archives: install libarchive-dev and build it\n" },
    fetcher = {
	    "bt-s3cat",
	    "no bt-s3cat, which reads S3: install libcurl4-openssl-dev, libssl-dev and libexpat1-dev and build it\n"
    };

/* The variable that says where a script is, if it is not in the model. */
static const char submitted[] = "SAGEMAKER_SUBMIT_DIRECTORY";

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

/* A place in the folder, which is made if it is not there. */
static char *
place(size_t model, const char *suffix)
{
	struct buf path = { 0 };

	if (owner == 0)
		make_folder();
	buf_addf(&path, "%s/%zu%s", buf_str(&folder), model, suffix);
	buf_str(&path);
	return path.p;
}

/* Whether the plugin is the one that runs scripts. */
static bool
runs_scripts(const char *plugin)
{
	const char *slash = strrchr(plugin, '/');
	const char *name = slash != NULL ? slash + 1 : plugin;

	return strcmp(name, "python") == 0 || strcmp(name, "python.so") == 0;
}

/* The path that a path or a file:// URI names. */
static const char *
local_path(const char *value)
{
	const char *path;

	if (strncmp(value, "file://", 7) != 0)
		return value;
	path = strchr(value + 7, '/');
	return path != NULL ? path : value;
}

/* The plugin finds the folder in BT_CODE_DIR. */
static void
prepare_code(struct predict_model *pm, size_t i, const char *value)
{
	size_t n = pm->environment_count;

	if (value == NULL || !runs_scripts(pm->name) ||
	    (!remote_is(value) && !is_archive(local_path(value))))
		return;
	pm->submitted = value;
	pm->code = place(i, ".code");
	pm->environment =
	    mem_resize(pm->environment, n + 1, sizeof *pm->environment);
	pm->environment[n].key = mem_str("BT_CODE_DIR");
	pm->environment[n].value = pm->code;
	pm->environment_count++;
}

void
unpack_prepare(struct predict *pr)
{
	size_t i, n = 0;

	for (i = 0; i < pr->model_count; i++) {
		struct predict_model *pm = &pr->models[i];

		if (pm->dir != NULL && is_archive(pm->dir))
			pm->unpacked = place(i, "");
		prepare_code(pm, i, setup_value(pr, pm, submitted));
	}
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

/* The path of a tool: in this program's folder if it is there, otherwise its
 * name, for PATH. */
static void
find_tool(const char *name, char path[PATH_MAX])
{
	size_t size = strlen(name) + 1;
	ssize_t n = 0;

#ifdef __linux__
	n = readlink("/proc/self/exe", path, PATH_MAX - size);
	while (n > 0 && path[n - 1] != '/')
		n--;
#endif
	if (n > 0) {
		memcpy(path + n, name, size);
		if (access(path, X_OK) == 0)
			return;
	}
	memcpy(path, name, size);
}

static _Noreturn void
become(const struct tool *tool, const char *path, const char *const argv[],
    pid_t parent, int out, int errors)
{
#ifdef __linux__
	/* It does not outlive a worker that is killed. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
#else
	(void)parent;
#endif
	dup2(errors, STDERR_FILENO);
	if (out != -1)
		dup2(out, STDOUT_FILENO);
	environ = environment;
	execvp(path, (char *const *)(uintptr_t)argv);
	if (write(STDERR_FILENO, tool->lacking, strlen(tool->lacking)) == -1)
		_exit(2);
	_exit(1);
}

/* Adds the first line of the tool's message, without its name. */
static void
read_message(const struct tool *tool, int in, struct buf *why)
{
	struct buf text = { 0 };
	const char *p;
	size_t name = strlen(tool->name);
	ssize_t n;

	do {
		n = read(in, buf_room(&text, 256), 256);
		text.n += n > 0 ? (size_t)n : 0;
	} while (n > 0 || (n == -1 && errno == EINTR));
	p = buf_str(&text);
	if (strncmp(p, tool->name, name) == 0 &&
	    strncmp(p + name, ": ", 2) == 0)
		p += name + 2;
	buf_add(why, p, strcspn(p, "\n"));
	buf_free(&text);
}

/* Runs a tool with argv; its standard output is out, or ours if that is -1.
 * Returns 0, or -1 with what is wrong added to why; file is what it is about.
 */
static int
run(const struct tool *tool, const char *const argv[], int out,
    const char *file, struct buf *why)
{
	pid_t parent = getpid(), pid;
	char path[PATH_MAX];
	int ends[2], status, got = -1;
	size_t before = why->n;

	find_tool(tool->name, path);
	if (pipe(ends) == -1) {
		buf_addf(why, "%s: %s", file, strerror(errno));
		return -1;
	}
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	pid = fork();
	if (pid == 0)
		become(tool, path, argv, parent, out, ends[1]);
	close(ends[1]);
	if (pid == -1) {
		buf_addf(why, "%s: fork: %s", file, strerror(errno));
	} else {
		read_message(tool, ends[0], why);
		while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
			;
		if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
			got = 0;
		if (WIFSIGNALED(status))
			buf_addf(why, "%s: %s crashed: %s", file, tool->name,
			    strsignal(WTERMSIG(status)));
	}
	close(ends[0]);
	if (got == 0)
		why->n = before;
	return got;
}

static int
unpack(const char *archive, const char *into, struct buf *why)
{
	const char *path = strcmp(archive, "-") == 0 ? "./-" : archive;
	const char *argv[] = { unpacker.name, "--no-sync", "--", path, into,
		NULL };

	return run(&unpacker, argv, -1, archive, why);
}

int
unpack_model(const struct predict_model *pm, struct buf *why)
{
	if (access(pm->unpacked, F_OK) == 0)
		return 0;
	return unpack(pm->dir, pm->unpacked, why);
}

/* Fetches the objects under a prefix that ends in a slash.  The folder has its
 * name only when it is whole. */
static int
fetch_folder(const char *prefix, const char *into, struct buf *why)
{
	struct buf part = { 0 };
	const char *argv[] = { fetcher.name, "--prefix", "--overwrite", "-o",
		NULL, prefix, NULL };
	int got;

	buf_addf(&part, "%s.part", into);
	argv[4] = buf_str(&part);
	got = run(&fetcher, argv, -1, prefix, why);
	if (got == 0 && (got = rename(part.p, into)) == -1)
		buf_addf(why, "%s: %s", prefix, strerror(errno));
	buf_free(&part);
	return got;
}

/* Fetches an archive and unpacks it. */
static int
fetch_archive(const char *object, const char *into, struct buf *why)
{
	const char *argv[] = { fetcher.name, object, NULL };
	struct buf archive = { 0 }, said = { 0 };
	const char *text;
	int fd, got = -1;

	buf_addf(&archive, "%s.tar", into);
	fd = open(
	    buf_str(&archive), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd == -1)
		buf_addf(why, "%s: %s", object, strerror(errno));
	else
		got = run(&fetcher, argv, fd, object, why);
	if (fd != -1)
		close(fd);
	if (got == 0 && (got = unpack(archive.p, into, &said)) == -1) {
		/* The user knows the object's name. */
		text = buf_str(&said);
		if (strncmp(text, archive.p, archive.n) == 0)
			text += archive.n;
		buf_addf(why, "%s%s%s", object, *text == ':' ? "" : ": ", text);
	}
	unlink(archive.p);
	buf_free(&archive);
	buf_free(&said);
	return got;
}

int
unpack_code(const struct predict_model *pm, struct buf *why)
{
	const char *from = pm->submitted;
	size_t before = why->n;
	int got;

	if (pm->code == NULL || access(pm->code, F_OK) == 0)
		return 0;
	buf_addf(why, "%s: ", submitted);
	if (!remote_is(from))
		got = unpack(local_path(from), pm->code, why);
	else if (from[strlen(from) - 1] == '/')
		got = fetch_folder(from, pm->code, why);
	else
		got = fetch_archive(from, pm->code, why);
	if (got == 0)
		why->n = before;
	return got;
}
