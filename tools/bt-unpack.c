/*
 * bt-unpack - unpack a model's archive into a folder
 */
#define _GNU_SOURCE /* syncfs */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/options.h"
#include "base/say.h"
#include "base/signals.h"
#include "base/start.h"
#include "io/tree.h"
#include "unpack/untar.h"

static const char usage[] =
    "usage: bt-unpack [--max-model-in-mb n] [--no-sync] archive folder\n";

enum option_key { OPT_SIZE = 256, OPT_NO_SYNC };

static const struct option options[] = {
	{ "max-model-in-mb", required_argument, NULL, OPT_SIZE },
	{ "no-sync", no_argument, NULL, OPT_NO_SYNC },
	OPTIONS_END,
};

struct unpack {
	const char *archive;
	struct buf folder; /* without slashes at its end */
	struct buf new;	   /* the folder until it is whole */
	uint64_t most;	   /* bytes that it may have */
	bool no_sync;
};

static volatile sig_atomic_t signalled; /* which signal, or 0 */

static void
on_signal(int sig)
{
	signalled = sig;
}

static void
read_options(struct unpack *u, int argc, char *argv[])
{
	int ch;

	while ((ch = getopt_long(argc, argv, "h", options, NULL)) != -1)
		switch (ch) {
		case OPT_SIZE:
			u->most = option_number(
				      "--max-model-in-mb", optarg, 1, 1u << 30)
				  << 20;
			break;
		case OPT_NO_SYNC:
			u->no_sync = true;
			break;
		default:
			option_other(ch, usage);
		}
	if (argc - optind != 2)
		option_misuse(usage);
	u->archive = argv[optind];
	if (*argv[optind + 1] == '\0')
		say_exit(2, "folder: empty");
	buf_adds(&u->folder, argv[optind + 1]);
	while (u->folder.n > 1 && u->folder.p[u->folder.n - 1] == '/')
		u->folder.n--;
	buf_str(&u->folder);
}

/* Whether the folder exists and is not empty. */
static bool
is_there(const struct unpack *u)
{
	DIR *d = opendir(u->folder.p);
	struct dirent *e;
	bool found = false;

	if (d == NULL && errno == ENOENT)
		return false;
	if (d == NULL)
		say_errno_exit(1, "%s", u->folder.p);
	while (!found && (e = readdir(d)) != NULL)
		found =
		    strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
	closedir(d);
	return found;
}

/* All files at once: a model may have thousands. */
static int
make_durable(int parent)
{
#ifdef __linux__
	return syncfs(parent);
#else
	(void)parent;
	sync();
	return 0;
#endif
}

/* parent was opened before the first write, because it reports the errors of
 * earlier writes. */
static int
put_in_place(const struct unpack *u, int parent)
{
	if (!u->no_sync && make_durable(parent) == -1)
		return -1;
	if (signalled) {
		errno = EINTR;
		return -1;
	}
	/* Another process may have been faster. */
	if (rename(u->new.p, u->folder.p) == -1 &&
	    ((errno != EEXIST && errno != ENOTEMPTY) ||
		tree_remove(u->new.p) == -1))
		return -1;
	if (!u->no_sync && fsync(parent) == -1 && errno != EINVAL &&
	    errno != ENOTSUP)
		return -1;
	return 0;
}

/* Removes the unfinished folder.  After a signal it reports no error. */
static _Noreturn void
give_up(const struct unpack *u, const char *what, const char *why)
{
	if (!signalled)
		say("%s: %s", what, why);
	if (u->new.n > 0 && tree_remove(u->new.p) == -1)
		say_errno("%s", u->new.p);
	if (signalled) {
		signal(signalled, SIG_DFL);
		raise(signalled);
	}
	exit(1);
}

static void
unpack(struct unpack *u)
{
	const char *slash = strrchr(u->folder.p, '/');
	struct buf why = { 0 }, above = { 0 };
	int parent;

	if (slash == NULL)
		buf_addc(&above, '.');
	else
		buf_add(&above, u->folder.p, (size_t)(slash + 1 - u->folder.p));
	parent = open(buf_str(&above), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (parent == -1)
		give_up(u, u->folder.p, strerror(errno));
	buf_addf(&u->new, "%s.unpacking.XXXXXX", u->folder.p);
	buf_str(&u->new);
	if (mkdtemp(u->new.p) == NULL) {
		u->new.n = 0;
		give_up(u, u->folder.p, strerror(errno));
	}
	if (untar(u->archive, u->new.p, u->most, &signalled, &why) == -1)
		give_up(u,
		    strcmp(u->archive, "-") == 0 ? "standard input"
						 : u->archive,
		    buf_str(&why));
	if (put_in_place(u, parent) == -1)
		give_up(u, u->folder.p, strerror(errno));
	close(parent);
	buf_free(&above);
}

int
main(int argc, char *argv[])
{
	static const int ending[] = SIGNALS_ENDING;
	struct unpack u = { .most = (uint64_t)16384 << 20 };
	size_t i;

	start_tool();
	setlocale(LC_CTYPE, "C.UTF-8"); /* for the names in the archive */
	read_options(&u, argc, argv);
	for (i = 0; i < sizeof ending / sizeof ending[0]; i++)
		signals_catch(ending[i], on_signal);
	if (!is_there(&u))
		unpack(&u);
	buf_free(&u.folder);
	buf_free(&u.new);
	return 0;
}
