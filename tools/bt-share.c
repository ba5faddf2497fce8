/*
 * bt-share - share references among machines, or processes
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/options.h"
#include "base/say.h"
#include "base/start.h"
#include "format/ref.h"
#include "io/remote.h"
#include "io/source.h"
#include "share/place.h"
#include "share/workers.h"

/* Bytes read at a time. */
enum { BLOCK = 1 << 20 };

struct list {
	const char *name; /* for messages */
	struct source *source;
	uint64_t size;
	char *block;
};

static const char usage[] =
    "usage: bt-share [list]\n"
    "       bt-share --index\n"
    "       bt-share -P n [--process-slot-var name] command [argument ...]\n";

/* Up to n bytes at offset at, in l->block; at least one. */
static size_t
read_at(struct list *l, uint64_t at, uint64_t n)
{
	ptrdiff_t got =
	    source_read(l->source, l->block, n < BLOCK ? (size_t)n : BLOCK, at);

	if (got == -1)
		say_exit(1, "%s: %s", l->name, remote_error());
	if (got == 0)
		say_exit(1,
		    "%s: it ended at byte %" PRIu64 " of %" PRIu64
		    " while it was read",
		    l->name, at, l->size);
	return (size_t)got;
}

static _Noreturn void
refuse_torn_line(struct list *l)
{
	uint64_t at = 0, lines = 1;
	const char *p, *end;

	for (; at < l->size; at += (uint64_t)(end - l->block)) {
		end = l->block + read_at(l, at, l->size - at);
		for (p = l->block;
		     (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
			lines++;
	}
	say_exit(2, "%s: line %" PRIu64 ": the last line has no newline",
	    l->name, lines);
}

static void
list_open(struct list *l, const char *name)
{
	bool input = strcmp(name, "-") == 0;
	ptrdiff_t got;

	l->name = input ? "standard input" : name;
	l->source = input ? source_stdin() : source_open_version(name, NULL);
	if (l->source == NULL)
		say_exit(
		    errno == EISDIR ? 2 : 1, "%s: %s", l->name, remote_error());
	if (!source_seekable(l->source))
		say_exit(2,
		    "%s: not a file, so no part of it can be found: keep the "
		    "list in a file",
		    l->name);
	l->block = mem_alloc(BLOCK);
	l->size = source_size(l->source);
	/* Sizes that are not known. */
	if (l->size == UINT64_MAX || l->size == 0) {
		got = source_read(l->source, l->block, 1, 0);
		if (got != 0 || l->size > 0)
			say_exit(1, "%s: %s", l->name,
			    got == -1 ? remote_error()
				      : "its size cannot be read");
	}
	if (l->size > 0 && (read_at(l, l->size - 1, 1), *l->block != '\n'))
		refuse_torn_line(l);
}

/* Where the first line begins that begins at byte `from` or later. */
static uint64_t
line_start(struct list *l, uint64_t from)
{
	uint64_t at = from;
	const char *newline;
	size_t n;

	if (from == 0 || from >= l->size)
		return from;
	for (at--;; at += n) {
		/* Most lines are references. */
		n = read_at(
		    l, at, l->size - at < REF_MAX ? l->size - at : REF_MAX);
		newline = memchr(l->block, '\n', n);
		if (newline != NULL)
			return at + (uint64_t)(newline - l->block) + 1;
	}
}

/* The share's first line is the first that begins at this byte or later.  The
 * product would overflow if it were taken at once. */
static uint64_t
cut(uint64_t size, uint64_t index, uint64_t count)
{
	return size / count * index + size % count * index / count;
}

/* Each write is of whole lines, and at most as long as a pipe keeps together,
 * if a line is not longer. */
static void
write_lines(const char *p, const char *end)
{
	const char *to, *newline;

	for (; p < end; p = to) {
		to = end - p > REF_MAX ? p + REF_MAX : end;
		while (to > p && to[-1] != '\n')
			to--;
		if (to == p) {
			newline = memchr(p, '\n', (size_t)(end - p));
			to = newline == NULL ? end : newline + 1;
		}
		if (fd_write(STDOUT_FILENO, p, (size_t)(to - p)) == -1)
			say_errno_exit(1, "standard output");
	}
}

static void
print_share(struct list *l, struct place place)
{
	uint64_t at = line_start(l, cut(l->size, place.index, place.count));
	uint64_t end =
	    line_start(l, cut(l->size, place.index + 1, place.count));
	const char *to;
	size_t n;

	for (; at < end; at += n) {
		n = read_at(l, at, end - at);
		/* A line that is not whole comes with the next block. */
		for (to = l->block + n; to > l->block && to[-1] != '\n'; to--)
			;
		if (to > l->block)
			n = (size_t)(to - l->block);
		write_lines(l->block, l->block + n);
	}
	if (source_changed(l->source, &l->size))
		say_exit(1,
		    "%s: it was written to while it was read: all shares are "
		    "of a list that is complete",
		    l->name);
}

enum { OPT_INDEX = 256, OPT_SLOT };

static const struct option long_options[] = {
	{ "index", no_argument, NULL, OPT_INDEX },
	{ "max-procs", required_argument, NULL, 'P' },
	{ "process-slot-var", required_argument, NULL, OPT_SLOT }, OPTIONS_END
};

int
main(int argc, char *argv[])
{
	char text[NUM_MAX + 1], *end;
	const char *slot = NULL;
	struct list list = { 0 };
	bool index = false;
	struct place place;
	uint64_t workers = 0;
	int ch;

	start_tool();
	/* "+": the options after a command are its own. */
	while ((ch = getopt_long(argc, argv, "+P:h", long_options, NULL)) != -1)
		if (ch == OPT_INDEX)
			index = true;
		else if (ch == OPT_SLOT)
			slot = optarg;
		else if (ch == 'P')
			workers = option_number("-P", optarg, 1, UINT16_MAX);
		else
			option_other(ch, usage);
	argc -= optind;
	argv += optind;
	if (workers > 0 ? index || argc == 0
			: slot != NULL || argc > (index ? 0 : 1))
		option_misuse(usage);
	if (workers > 0)
		return workers_run(workers, slot, argv);
	place = place_find();
	if (index) {
		end = num_put(text, place.index);
		*end++ = '\n';
		write_lines(text, end);
	} else {
		list_open(&list, argc > 0 ? *argv : "-");
		print_share(&list, place);
		source_close(list.source);
		free(list.block);
	}
	if (close(STDOUT_FILENO) == -1)
		say_errno_exit(1, "standard output");
	return 0;
}
