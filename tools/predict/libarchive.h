/*
 * libarchive(3), opened where an archive is to be unpacked and only there: it
 * brings a dozen libraries along, which cost a start several milliseconds and
 * might be other versions than the ones a model wants.
 */
#ifndef PREDICT_LIBARCHIVE_H
#define PREDICT_LIBARCHIVE_H

#include <archive.h>
#include <archive_entry.h>

#include "base/buf.h"

#define LIBARCHIVE_FUNCTIONS(X)                                                \
	X(archive_read_new)                                                    \
	X(archive_read_support_format_tar)                                     \
	X(archive_read_open)                                                   \
	X(archive_read_next_header)                                            \
	X(archive_read_header_position)                                        \
	X(archive_read_data)                                                   \
	X(archive_read_free)                                                   \
	X(archive_filter_bytes)                                                \
	X(archive_error_string)                                                \
	X(archive_entry_pathname)                                              \
	X(archive_entry_hardlink)                                              \
	X(archive_entry_filetype)                                              \
	X(archive_entry_perm)                                                  \
	X(archive_entry_size)

struct libarchive {
#define MEMBER(name) __typeof__(name) *name;
	LIBARCHIVE_FUNCTIONS(MEMBER)
#undef MEMBER
};

/* Opens it, for the process's lifetime: 0, or -1 with what is wrong added to
 * why. */
int libarchive_open(struct libarchive *lib, struct buf *why);

#endif
