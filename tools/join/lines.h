/*
 * The lines of a range of a file, one after the other, and the range's
 * checksum.
 */
#ifndef JOIN_LINES_H
#define JOIN_LINES_H

#include "format/scan.h"
#include "io/window.h"

enum { LINES = 2048 };

enum lines_trouble {
	LINES_FINE,
	LINES_UNREADABLE, /* errno is in error */
	LINES_SHORT,	  /* the file ends at byte at */
	LINES_QUOTES	  /* problem says what is wrong at byte at */
};

struct lines {
	struct window *window;
	uint64_t at, end; /* of the file: the range not scanned yet */
	uint32_t crc;	  /* of the bytes scanned */
	bool skip_blank;
	bool json; /* taken by lines_next_json */
	enum lines_trouble trouble;
	int error;
	enum scan_problem problem;
	uint64_t taken; /* lines that lines_next has returned */
	struct scan scan;
	const char *from;    /* the next line */
	const char *base;    /* what ends[] count from */
	const char *scanned; /* where byte at of the file would stand */
	size_t tail;	     /* bytes scanned after the last end */
	size_t i, count;
	uint32_t ends[LINES];
};

/*
 * Begins with the n bytes at offset at.  With quotes, an LF inside a quoted
 * CSV field does not end a line; blank lines are left out with skip_blank.
 */
void lines_open(struct lines *l, struct window *w, uint64_t at, uint64_t n,
    bool quotes, bool skip_blank);

/* Finds more lines; false at the range's end, or at a trouble. */
bool lines_more(struct lines *l);

static inline bool
line_is_blank(struct span line)
{
	return line.p[0] == '\n' ||
	       (line.p[0] == '\r' &&
		   (line.n == 1 || (line.n == 2 && line.p[1] == '\n')));
}

/* The next line with its LF, which the last may lack.  Borrowed until the
 * call after a call of lines_more, or any other use of the window. */
static inline bool
lines_next(struct lines *l, struct span *line)
{
	const char *end;

	do {
		if (l->i == l->count && !lines_more(l))
			return false;
		end = l->base + l->ends[l->i++];
		line->p = l->from;
		line->n = (size_t)(end - l->from);
		l->from = end;
	} while (l->skip_blank && line_is_blank(*line));
	l->taken++;
	return true;
}

/* A line without its LF, and the CR before it. */
static inline struct span
line_text(struct span line)
{
	line.n -= line.n > 0 && line.p[line.n - 1] == '\n';
	line.n -= line.n > 0 && line.p[line.n - 1] == '\r';
	return line;
}

/*
 * The next line of JSON Lines that is not blank, and the value on it.  1, 0 at
 * the range's end or a trouble, -1 if it is not JSON: a constant reason in
 * *why, and the place in the file in *at.
 */
int lines_next_json(struct lines *l, struct span *line, struct span *value,
    const char **why, uint64_t *at);

/* Where the line that lines_next returned begins in the file. */
uint64_t lines_offset(const struct lines *l, struct span line);

/* Goes to the range's end, in the way it was read; l->taken and l->crc are then
 * of all of it. */
void lines_finish(struct lines *l);

#endif
