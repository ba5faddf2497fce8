#include "unpack/untar.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "format/gunzip.h"
#include "format/ref.h"
#include "io/tree.h"

enum {
	BLOCK = 1 << 16,
	ENTRY_COST = 4096 /* what a file takes in addition to its bytes */
};

struct untar {
	struct archive *a;
	const char *folder;
	uint64_t most, used; /* bytes on the disk */
	const volatile sig_atomic_t *stop;
	struct buf *why;
	bool said; /* the reason is in why */

	/* The archive's bytes. */
	int fd;
	struct gunzip *gunzip; /* NULL: not packed */
	struct span in;	       /* read, and not yet used */
	uint64_t stream;       /* bytes that libarchive was given */
	char packed[BLOCK], block[BLOCK];
};

static int
fail(struct untar *u, const char *what, const char *why)
{
	if (what != NULL) {
		ref_encode(u->why, span_str(what));
		buf_adds(u->why, ": ");
	}
	buf_adds(u->why, why);
	u->said = true;
	return -1;
}

static int
fail_archive(struct untar *u)
{
	const char *text = archive_error_string(u->a);

	if (u->said)
		return -1;
	buf_addf(u->why, "damaged, or no tar archive: %s",
	    text != NULL ? text : "libarchive does not say why");
	u->said = true;
	return -1;
}

static int
fail_size(struct untar *u)
{
	buf_addf(
	    u->why, "more than %" PRIu64 " MB when unpacked", u->most >> 20);
	u->said = true;
	return -1;
}

/* Returns less than a block at the end only: a pipe may give it in pieces. */
static ssize_t
read_file(struct untar *u, char *p)
{
	size_t done = 0;
	ssize_t n;

	do {
		if (*u->stop)
			return fail(u, NULL, strerror(EINTR));
		n = fd_read(u->fd, p + done, BLOCK - done);
		if (n > 0)
			done += (size_t)n;
	} while ((n > 0 && done < BLOCK) || (n == -1 && errno == EINTR));
	if (n == -1)
		return fail(u, NULL, strerror(errno));
	return (ssize_t)done;
}

static ssize_t
read_packed(struct untar *u)
{
	const char *why;
	ssize_t n;

	for (;;) {
		n = gunzip_read(u->gunzip, &u->in, u->block, BLOCK, &why);
		if (n == -1)
			return fail(u, NULL, why);
		if (n > 0)
			return n;
		n = read_file(u, u->packed);
		if (n == -1)
			return -1;
		if (n == 0)
			return gunzip_finish(u->gunzip, &why) == 0
				   ? 0
				   : fail(u, NULL, why);
		u->in.p = u->packed;
		u->in.n = (size_t)n;
	}
}

static ssize_t
next_block(struct untar *u)
{
	ssize_t n;

	if (u->gunzip != NULL)
		n = read_packed(u);
	else if (u->in.n > 0) {
		n = (ssize_t)u->in.n;
		memcpy(u->block, u->in.p, u->in.n);
		u->in.n = 0;
	} else
		n = read_file(u, u->block);
	if (n > 0 && (u->stream += (uint64_t)n) > u->most)
		return fail_size(u);
	return n;
}

static la_ssize_t
give_block(struct archive *a, void *client, const void **block)
{
	struct untar *u = client;

	(void)a;
	*block = u->block;
	return next_block(u);
}

static const char *
refusal(struct archive_entry *e, const char *name)
{
	mode_t type = archive_entry_filetype(e);

	if (*name == '\0')
		return "an entry without a name";
	if (*name == '/')
		return "an absolute path";
	if (tree_leaves(name))
		return "a path with ..";
	if (archive_entry_hardlink(e) != NULL)
		return "a hard link; a model is files and folders";
	if (type == AE_IFLNK)
		return "a symbolic link; a model is files and folders";
	if (type != AE_IFREG && type != AE_IFDIR)
		return "a device, FIFO or socket; a model is files and folders";
	return NULL;
}

/* Makes the folders above path; writes to it meanwhile. */
static int
make_parents(struct untar *u, char *path)
{
	char *p = path + strlen(u->folder) + 1;
	int got = 0;

	while (got == 0 && (p = strchr(p, '/')) != NULL) {
		*p = '\0';
		got = mkdir(path, 0700) == -1 && errno != EEXIST ? -1 : 0;
		*p++ = '/';
	}
	return got;
}

static int
write_data(struct untar *u, const char *name, int fd)
{
	char bytes[BLOCK];
	la_ssize_t n;

	while ((n = archive_read_data(u->a, bytes, sizeof bytes)) > 0) {
		if (*u->stop)
			return fail(u, name, strerror(EINTR));
		if (fd_write(fd, bytes, (size_t)n) == -1)
			return fail(u, name, strerror(errno));
	}
	return n == 0 ? 0 : fail_archive(u);
}

/* If several have the same name, the last one counts, as for tar(1). */
static int
make_file(struct untar *u, struct archive_entry *e, const char *name,
    const char *path)
{
	mode_t mode = archive_entry_perm(e) & 0100 ? 0700 : 0600;
	int fd, got;

	if (unlink(path) == -1 && errno != ENOENT)
		return fail(u, name, strerror(errno));
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd == -1)
		return fail(u, name, strerror(errno));
	got = write_data(u, name, fd);
	if (close(fd) == -1 && got == 0)
		got = fail(u, name, strerror(errno));
	return got;
}

static int
make_folder(struct untar *u, const char *name, const char *path)
{
	struct stat st;

	if (mkdir(path, 0700) == 0 ||
	    (errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode)))
		return 0;
	return fail(u, name, strerror(errno));
}

static int
make_entry(struct untar *u, struct archive_entry *e, const char *name)
{
	struct buf path = { 0 };
	const char *p;
	size_t n;
	int got;

	buf_adds(&path, u->folder);
	/* "./a", "a//b" and "a/" are a, a/b and a. */
	for (p = name; *p != '\0'; p += n + (p[n] == '/')) {
		n = strcspn(p, "/");
		if (n == 0 || (n == 1 && *p == '.'))
			continue;
		buf_addc(&path, '/');
		buf_add(&path, p, n);
	}
	buf_addc(&path, '\0');
	if (path.n - 1 == strlen(u->folder))
		got = archive_entry_filetype(e) == AE_IFDIR
			  ? 0
			  : fail(u, name, "the folder itself, as a file");
	else if (make_parents(u, path.p) == -1)
		got = fail(u, name, strerror(errno));
	else if (archive_entry_filetype(e) == AE_IFDIR)
		got = make_folder(u, name, path.p);
	else
		got = make_file(u, e, name, path.p);
	buf_free(&path);
	return got;
}

static int
unpack_entry(struct untar *u, struct archive_entry *e)
{
	const char *name = archive_entry_pathname(e), *why;
	int64_t size = archive_entry_size(e);

	if (name == NULL)
		return fail(u, NULL, "an entry whose name cannot be read");
	why = refusal(e, name);
	if (why != NULL)
		return fail(u, name, why);
	/* Before the file is written: a file with holes claims a size that the
	 * archive need not hold. */
	if (size < 0 || u->most - u->used < ENTRY_COST ||
	    u->most - u->used - ENTRY_COST < (uint64_t)size)
		return fail_size(u);
	u->used += ENTRY_COST + (uint64_t)size;
	return make_entry(u, e, name);
}

/* Reads what libarchive leaves unread: the checksum is at the end. */
static int
finish(struct untar *u)
{
	ssize_t n;

	if (u->used == 0)
		return fail(u, NULL, "an empty archive");
	/* To libarchive the end of the bytes is the end of the archive. */
	if (archive_filter_bytes(u->a, 0) <= archive_read_header_position(u->a))
		return fail(u, NULL, "the archive is cut short");
	do
		n = next_block(u);
	while (n > 0);
	return n == 0 ? 0 : -1;
}

static int
unpack_entries(struct untar *u)
{
	struct archive_entry *e;
	int r;

	for (;;) {
		r = archive_read_next_header(u->a, &e);
		if (r == ARCHIVE_EOF)
			return finish(u);
		/* A warning concerns a part of the header that is not used. */
		if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
			return fail_archive(u);
		if (unpack_entry(u, e) == -1)
			return -1;
	}
}

static int
open_archive(struct untar *u, const char *path)
{
	ssize_t n;

	u->fd = strcmp(path, "-") == 0 ? STDIN_FILENO
				       : open(path, O_RDONLY | O_CLOEXEC);
	if (u->fd == -1)
		return fail(u, NULL, strerror(errno));
	n = read_file(u, u->packed);
	if (n == -1)
		return -1;
	u->in = (struct span){ u->packed, (size_t)n };
	if (gunzip_magic(u->in.p, u->in.n)) {
		u->gunzip = gunzip_new();
		if (u->gunzip == NULL)
			return fail(u, NULL, strerror(ENOMEM));
	}
	u->a = archive_read_new();
	if (u->a == NULL)
		return fail(u, NULL, strerror(ENOMEM));
	if (archive_read_support_format_tar(u->a) != ARCHIVE_OK ||
	    archive_read_open(u->a, u, NULL, give_block, NULL) != ARCHIVE_OK)
		return fail_archive(u);
	return 0;
}

int
untar(const char *path, const char *folder, uint64_t most,
    const volatile sig_atomic_t *stop, struct buf *why)
{
	struct untar u = { .folder = folder,
		.most = most,
		.stop = stop,
		.why = why,
		.fd = -1 };
	int got = -1;

	if (open_archive(&u, path) == 0)
		got = unpack_entries(&u);
	if (u.a != NULL)
		archive_read_free(u.a);
	if (u.gunzip != NULL)
		gunzip_free(u.gunzip);
	if (u.fd > STDIN_FILENO)
		close(u.fd);
	return got;
}
