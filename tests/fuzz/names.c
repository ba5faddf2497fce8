/*
 * Lists of names as bt-split reads them: whatever pieces they come in (the
 * first byte says how large), each name is what stands before a NUL, or last;
 * and paths that differ by "./" and "//" only are one.
 */
#include "ends.h"

#define main split_main
#include "bt-split.c"
#undef main

ssize_t __wrap_fd_read(int fd, void *p, size_t n);

static struct span in;
static size_t piece;

ssize_t
__wrap_fd_read(int fd, void *p, size_t n)
{
	(void)fd;
	n = n < piece ? n : piece;
	n = n < in.n ? n : in.n;
	memcpy(p, in.p, n);
	in.p += n;
	in.n -= n;
	return (ssize_t)n;
}

/* The other spelling of a path is not new. */
static void
spell_again(struct table *set, const char *name)
{
	struct buf b = { 0 };

	names_is_new(set, name);
	want(!names_is_new(set, name));
	if (remote_is(name) || *name == '\0')
		return;
	buf_addf(&b, "%s%s%s", *name == '/' ? "/" : "./", name,
	    name[strlen(name) - 1] == '/' ? "." : "/");
	want(!names_is_new(set, buf_str(&b)));
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data + 1, *end = p + size - 1, *name;
	struct buf names = { 0 };
	struct table set = { 0 };
	size_t at = 0, n;

	if (size == 0)
		return 0;
	in = (struct span){ p, size - 1 };
	piece = data[0] + 1u;
	while ((name = next_name(-1, &names, &at, "list")) != NULL) {
		want(p < end);
		n = strnlen(p, (size_t)(end - p));
		want(strlen(name) == n && memcmp(name, p, n) == 0);
		spell_again(&set, name);
		p += n + 1;
	}
	want(p >= end);
	table_free(&set);
	buf_free(&names);
	return 0;
}
