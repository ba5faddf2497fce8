#include "predict/untar.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format/gunzip.h"
#include "format/ref.h"
#include "io/tree.h"
#include "predict/libarchive.h"

enum {
	BLOCK = 1 << 16,
	ENTRY_COST = 4096, /* what a file takes beside its bytes */
	MAGIC_AT = 257	   /* of "ustar", in a tar's first header */
};

struct untar {
	struct libarchive lib;
	struct archive *a;
	const char *folder;
	uint64_t most, used; /* bytes on the disk */
	struct buf *why;
	bool said; /* why has it */

	/* The archive's bytes. */
	int fd;
	struct gunzip *gunzip; /* NULL: not packed */
	struct span in;	       /* read, and still packed */
	uint64_t stream;       /* bytes that libarchive was given */
	char packed[BLOCK], block[BLOCK];
};

bool
untar_takes(const char *path)
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

static int
fail(struct untar *u, const char *what, const char *why)
{
	if (what != NULL) {
		struct span name = { what, strlen(what) };

		ref_encode(u->why, name);
		buf_adds(u->why, ": ");
	}
	buf_adds(u->why, why);
	u->said = true;
	return -1;
}

static int
fail_archive(struct untar *u)
{
	const char *text = u->lib.archive_error_string(u->a);

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

static ssize_t
read_file(struct untar *u, char *p)
{
	ssize_t n;

	do
		n = read(u->fd, p, BLOCK);
	while (n == -1 && errno == EINTR);
	if (n == -1)
		fail(u, NULL, strerror(errno));
	return n;
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
	ssize_t n = u->gunzip != NULL ? read_packed(u) : read_file(u, u->block);

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
refusal(struct untar *u, struct archive_entry *e, const char *name)
{
	mode_t type = u->lib.archive_entry_filetype(e);

	if (*name == '\0')
		return "an entry without a name";
	if (*name == '/')
		return "an absolute path";
	if (tree_leaves(name))
		return "a path with ..";
	if (u->lib.archive_entry_hardlink(e) != NULL)
		return "a hard link; a model is files and folders";
	if (type == AE_IFLNK)
		return "a symbolic link; a model is files and folders";
	if (type != AE_IFREG && type != AE_IFDIR)
		return "a device, FIFO or socket; a model is files and folders";
	return NULL;
}

/* The folders on the way to what comes last in path, which has room. */
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
write_all(int fd, const char *p, size_t n)
{
	ssize_t put;

	while (n > 0) {
		put = write(fd, p, n);
		if (put == -1 && errno == EINTR)
			continue;
		if (put == -1)
			return -1;
		p += put;
		n -= (size_t)put;
	}
	return 0;
}

static int
write_data(struct untar *u, const char *name, int fd)
{
	char bytes[BLOCK];
	la_ssize_t n;

	while ((n = u->lib.archive_read_data(u->a, bytes, sizeof bytes)) > 0)
		if (write_all(fd, bytes, (size_t)n) == -1)
			return fail(u, name, strerror(errno));
	return n == 0 ? 0 : fail_archive(u);
}

/* Of several with one name the last counts, as for tar(1). */
static int
make_file(struct untar *u, struct archive_entry *e, const char *name,
    const char *path)
{
	mode_t mode = u->lib.archive_entry_perm(e) & 0100 ? 0700 : 0600;
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

/* "./a", "a//b" and "a/" are a, a/b and a. */
static void
add_name(struct buf *path, const char *name)
{
	size_t n;

	for (; *name != '\0'; name += n + (name[n] == '/')) {
		n = strcspn(name, "/");
		if (n == 0 || (n == 1 && *name == '.'))
			continue;
		buf_addc(path, '/');
		buf_add(path, name, n);
	}
}

static int
make_entry(struct untar *u, struct archive_entry *e, const char *name)
{
	struct buf path = { 0 };
	int got;

	buf_adds(&path, u->folder);
	add_name(&path, name);
	buf_addc(&path, '\0');
	if (path.n - 1 == strlen(u->folder))
		got = u->lib.archive_entry_filetype(e) == AE_IFDIR
			  ? 0
			  : fail(u, name, "the folder itself, as a file");
	else if (make_parents(u, path.p) == -1)
		got = fail(u, name, strerror(errno));
	else if (u->lib.archive_entry_filetype(e) == AE_IFDIR)
		got = make_folder(u, name, path.p);
	else
		got = make_file(u, e, name, path.p);
	buf_free(&path);
	return got;
}

/* Before it is written, for an entry may claim a size that it need not hold:
 * a file with holes. */
static int
take_size(struct untar *u, struct archive_entry *e)
{
	int64_t size = u->lib.archive_entry_size(e);

	if (size < 0 || u->most - u->used < ENTRY_COST ||
	    u->most - u->used - ENTRY_COST < (uint64_t)size)
		return fail_size(u);
	u->used += ENTRY_COST + (uint64_t)size;
	return 0;
}

static int
take_entry(struct untar *u, struct archive_entry *e)
{
	const char *name = u->lib.archive_entry_pathname(e), *why;

	if (name == NULL)
		return fail(u, NULL, "an entry whose name cannot be read");
	why = refusal(u, e, name);
	if (why != NULL)
		return fail(u, name, why);
	return take_size(u, e) == 0 ? make_entry(u, e, name) : -1;
}

/* What libarchive leaves unread: the checksum is at the end. */
static int
finish(struct untar *u)
{
	ssize_t n;

	if (u->used == 0)
		return fail(u, NULL, "an archive with nothing in it");
	/* It takes the end of the bytes for the archive's own. */
	if (u->lib.archive_filter_bytes(u->a, 0) <=
	    u->lib.archive_read_header_position(u->a))
		return fail(u, NULL, "the archive is cut short");
	do
		n = next_block(u);
	while (n > 0);
	return n == 0 ? 0 : -1;
}

static int
take_entries(struct untar *u)
{
	struct archive_entry *e;
	int r;

	for (;;) {
		r = u->lib.archive_read_next_header(u->a, &e);
		if (r == ARCHIVE_EOF)
			return finish(u);
		/* A warning is of a header's part that does not concern us. */
		if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
			return fail_archive(u);
		if (take_entry(u, e) == -1)
			return -1;
	}
}

static int
open_file(struct untar *u, const char *path)
{
	char magic[3];
	ssize_t n;

	u->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (u->fd == -1)
		return fail(u, NULL, strerror(errno));
	n = pread(u->fd, magic, sizeof magic, 0);
	if (n == -1)
		return fail(u, NULL, strerror(errno));
	if (!gunzip_magic(magic, (size_t)n))
		return 0;
	u->gunzip = gunzip_new();
	return u->gunzip != NULL ? 0 : fail(u, NULL, strerror(ENOMEM));
}

static int
open_archive(struct untar *u)
{
	if (libarchive_open(&u->lib, u->why) == -1)
		return -1;
	u->a = u->lib.archive_read_new();
	if (u->a == NULL)
		return fail(u, NULL, strerror(ENOMEM));
	if (u->lib.archive_read_support_format_tar(u->a) != ARCHIVE_OK ||
	    u->lib.archive_read_open(u->a, u, NULL, give_block, NULL) !=
		ARCHIVE_OK)
		return fail_archive(u);
	return 0;
}

int
untar(const char *path, const char *folder, uint64_t most, struct buf *why)
{
	struct untar u = {
		.folder = folder, .most = most, .why = why, .fd = -1
	};
	int got = -1;

	if (open_file(&u, path) == 0 && open_archive(&u) == 0)
		got = take_entries(&u);
	if (u.a != NULL)
		u.lib.archive_read_free(u.a);
	if (u.gunzip != NULL)
		gunzip_free(u.gunzip);
	if (u.fd != -1)
		close(u.fd);
	return got;
}
