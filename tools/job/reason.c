#include "job/reason.h"

#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/say.h"
#include "base/utf8.h"
#include "format/result.h"
#include "io/lines.h"

enum { LOG_TAIL = 64 << 10, NAME_MOST = 512 /* characters of an object's */ };

/* A failed batch, from its result line. */
struct failure {
	bool found;
	uint64_t first, count, offset;
	struct buf status, text;
};

void
job_add_cut(struct buf *b, struct span text, size_t most)
{
	static const char dots[] = "...";

	if (utf8_count(text) <= most) {
		buf_add(b, text.p, text.n);
		return;
	}
	if (most >= sizeof dots - 1)
		most -= sizeof dots - 1;
	buf_add(b, text.p, utf8_head(text, most));
	buf_adds(b, dots);
}

/* If text begins with the prefix, adds the replacement and skips it in text. */
static void
add_prefix(struct buf *b, struct span *text, const struct prefix *prefix)
{
	size_t n = prefix->from != NULL ? strlen(prefix->from) : 0;

	if (n == 0 || text->n < n || memcmp(text->p, prefix->from, n) != 0)
		return;
	buf_adds(b, prefix->to);
	text->p += n;
	text->n -= n;
}

/* Adds the name of the object; a long one keeps its end, where names differ. */
static void
add_object(
    struct buf *b, const struct job_count *c, const struct prefix *prefix)
{
	struct buf path = { 0 };
	struct span name;
	size_t n;

	ref_decode(&path, buf_span(&c->failures.object));
	name = (struct span){ buf_str(&path), path.n };
	add_prefix(b, &name, prefix);
	if (utf8_count(name) > NAME_MOST) {
		n = utf8_head(name, utf8_count(name) - NAME_MOST);
		buf_adds(b, "...");
		name.p += n;
		name.n -= n;
	}
	buf_add(b, name.p, name.n);
	buf_free(&path);
}

/* Sets f to a line of the batch that has the first failed record.  A later line
 * replaces an earlier one. */
static void
set_failure(struct failure *f, const struct job_count *c, struct span line)
{
	const char *why;
	struct result r;
	struct span path = buf_span(&c->failures.object), text;

	if (memchr(line.p, '!', line.n) == NULL ||
	    result_parse(&r, line, &why) == -1 || r.answered ||
	    r.ref.path.n != path.n ||
	    memcmp(r.ref.path.p, path.p, path.n) != 0 ||
	    c->failures.record < r.ref.first ||
	    (c->failures.record > r.ref.first &&
		c->failures.record - r.ref.first >= r.ref.count))
		return;
	f->found = true;
	f->first = r.ref.first;
	f->count = r.ref.count;
	f->offset = r.ref.offset;
	f->status.n = f->text.n = 0;
	text = result_key(&r, "status");
	buf_add(&f->status, text.p, text.n);
	ref_decode(&f->text, result_key(&r, "error"));
}

static void
find_failure(struct failure *f, const char *dir, const struct job_count *c)
{
	struct buf path = { 0 };
	struct line_reader lines;
	enum line_event got;
	struct span line;
	int fd = open(job_path(&path, dir, "results"), O_RDONLY | O_CLOEXEC);

	buf_free(&path);
	if (fd == -1)
		return;
	line_reader_open(&lines, fd);
	while ((got = line_reader_next(&lines, &line)) < LINE_END)
		if (got == LINE_READ)
			set_failure(f, c, line);
	line_reader_close(&lines);
}

/* The service's class for the cause of a failure: the client or the algorithm.
 */
static const char *
blame(struct buf *status)
{
	static const char *const client[] = { "count", "input", "line" };
	const char *text = buf_str(status);
	size_t i;

	if (text[0] == '4' && status->n == 3)
		return "ClientError";
	for (i = 0; i < sizeof client / sizeof client[0]; i++)
		if (strcmp(text, client[i]) == 0)
			return "ClientError";
	return "AlgorithmError";
}

/* Adds the place: "record 17 (byte 4096)" from the start of the text, which
 * skips it; otherwise the batch's. */
static void
add_place(struct buf *b, const struct failure *f, struct span *text)
{
	const char *end = text->n > 0 ? memchr(text->p, ':', text->n) : NULL;

	if (end != NULL && strncmp(text->p, "record", 6) == 0 &&
	    end[-1] == ')') {
		buf_add(b, text->p, (size_t)(end - text->p));
		end += end + 1 < text->p + text->n && end[1] == ' ' ? 2 : 1;
		text->n -= (size_t)(end - text->p);
		text->p = end;
	} else if (f->count < 2) {
		buf_addf(b, "record %" PRIu64 " (byte %" PRIu64 ")", f->first,
		    f->offset);
	} else {
		buf_addf(b,
		    "records %" PRIu64 " to %" PRIu64 " (byte %" PRIu64 ")",
		    f->first, f->first + f->count - 1, f->offset);
	}
}

static const char *
plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* " (and 3 records of 2 other objects)" */
static void
add_others(struct buf *b, const struct job_count *c, const struct failure *f)
{
	uint64_t in_object = c->failures.in_object;
	uint64_t here = f->count < in_object ? in_object - f->count : 0;
	uint64_t there = c->failures.records - in_object;
	uint64_t objects = c->failures.objects - 1;

	if (here + objects == 0)
		return;
	buf_adds(b, " (and ");
	if (here > 0)
		buf_addf(b, "%" PRIu64 " more record%s%s", here, plural(here),
		    objects > 0 ? ", " : "");
	if (objects > 0)
		buf_addf(b,
		    "%" PRIu64 " record%s of %" PRIu64 " other object%s", there,
		    plural(there), objects, plural(objects));
	buf_addc(b, ')');
}

static void
add_failure(struct buf *b, struct failure *f, const struct job_count *c,
    const struct prefix *prefix)
{
	struct span text = buf_span(&f->text);
	struct buf others = { 0 };
	size_t from = b->n, used;

	buf_addf(b, "%s: ", blame(&f->status));
	add_object(b, c, prefix);
	buf_adds(b, ": ");
	add_place(b, f, &text);
	buf_addf(b, ": %s: ", buf_str(&f->status));
	add_others(&others, c, f);
	used = utf8_count((struct span){ b->p + from, b->n - from }) +
	       utf8_count(buf_span(&others));
	job_add_cut(
	    b, text, used < JOB_REASON_MOST ? JOB_REASON_MOST - used : 0);
	buf_add(b, others.p, others.n);
	buf_free(&others);
}

enum { JOIN, PREDICT, SPLIT, SHARE, S3CAT, TRANSFORM };

/* The service's class for the messages of each tool. */
static const struct {
	const char *tool, *class;
} messages[] = {
	/* Its messages mostly follow from those of the tools before it. */
	[JOIN] = { "bt-join: ", "ClientError: " },
	[PREDICT] = { "bt-predict: ", "AlgorithmError: " },
	[SPLIT] = { "bt-split: ", "ClientError: " },
	[SHARE] = { "bt-share: ", "InternalServerError: " },
	[S3CAT] = { "bt-s3cat: ", "ClientError: " },
	[TRANSFORM] = { "bt-transform: ", "InternalServerError: " },
};

/* ": record 7 (", ": records 7 to 9 (" */
static bool
names_record(struct span line)
{
	static const char words[] = ": record";
	const char *p = line.p, *end = line.p + line.n;

	while ((p = memchr(p, ':', (size_t)(end - p))) != NULL) {
		if ((size_t)(end - p) > sizeof words - 1 &&
		    memcmp(p, words, sizeof words - 1) == 0)
			return true;
		p++;
	}
	return false;
}

static bool
has_one_of(struct span line, const char *const *texts)
{
	const char *p, *end = line.p + line.n;
	size_t n;

	for (; *texts != NULL; texts++) {
		n = strlen(*texts);
		for (p = line.p; (size_t)(end - p) >= n; p++)
			if (memcmp(p, *texts, n) == 0)
				return true;
	}
	return false;
}

/* Whether a message of bt-join says what is wrong with the request or the
 * records; others follow from what tools before it have said. */
static bool
join_explains(struct span line)
{
	static const char *const texts[] = { " can be joined",
		" cannot be joined", " can only be joined", ": give --accept",
		": give --content-type", " was not counted (--no-count)",
		" records failed, more than ", NULL };

	return names_record(line) || has_one_of(line, texts);
}

/* Whether a message of bt-predict only tells something. */
static bool
predict_notes(struct span line)
{
	static const char *const texts[] = { ": warning: ", ": debug: ",
		"the same error at the second try: ", " are not counted: ",
		" is not counted, ", NULL };

	return has_one_of(line, texts);
}

/*
 * Adds a line of the log if it is a tool's message that explains the failure;
 * returns whether no later line can explain it better.
 */
static bool
add_message(struct buf *b, struct span line, const struct prefix *prefix)
{
	size_t i, n;

	for (i = 0; i < sizeof messages / sizeof messages[0]; i++) {
		n = strlen(messages[i].tool);
		if (line.n > n && memcmp(line.p, messages[i].tool, n) == 0)
			break;
	}
	if (i == sizeof messages / sizeof messages[0])
		return false;
	/* A result line says the same, and the job tolerated that failure. */
	if (i == PREDICT && (names_record(line) || predict_notes(line)))
		return false;
	if (i == JOIN && (b->n > 0 || !join_explains(line)))
		return false;
	line.p += n;
	line.n -= n;
	b->n = 0;
	buf_adds(b, messages[i].class);
	add_prefix(b, &line, prefix);
	job_add_cut(b, line, JOB_REASON_MOST - utf8_count(buf_span(b)));
	return i != JOIN;
}

/* Adds the first message of a tool in the log, if there is one. */
static void
add_first_message(struct buf *b, const char *dir, const struct prefix *prefix)
{
	struct buf path = { 0 };
	FILE *f = fopen(job_path(&path, dir, "log"), "re");
	struct stat st;
	char text[4 * JOB_REASON_MOST];
	bool start = true, done;
	size_t n;

	/* A device may have no end. */
	done = f != NULL && fstat(fileno(f), &st) == 0 && !S_ISREG(st.st_mode);
	while (f != NULL && !done && fgets(text, sizeof text, f) != NULL) {
		n = strcspn(text, "\n");
		if (start)
			done = add_message(b, (struct span){ text, n }, prefix);
		start = text[n] == '\n';
	}
	if (f != NULL)
		fclose(f);
	buf_free(&path);
}

/* Adds the last line of the log; of the first bytes if it is a device. */
static void
add_last_line(struct buf *b, const char *dir)
{
	static const char head[] = "InternalServerError: ";
	struct buf path = { 0 }, tail = { 0 };
	int fd = open(job_path(&path, dir, "log"), O_RDONLY | O_CLOEXEC);
	size_t from, end;
	off_t size;
	ssize_t got;

	buf_adds(b, head);
	if (fd != -1) {
		size = lseek(fd, 0, SEEK_END);
		lseek(fd, size > LOG_TAIL ? size - LOG_TAIL : 0, SEEK_SET);
		while (tail.n < LOG_TAIL &&
		       (got = read(fd, buf_room(&tail, LOG_TAIL),
			    LOG_TAIL - tail.n)) > 0)
			tail.n += (size_t)got;
		close(fd);
	}
	for (end = tail.n; end > 0; end--)
		if (tail.p[end - 1] != '\n' && tail.p[end - 1] != '\r' &&
		    tail.p[end - 1] != ' ')
			break;
	for (from = end; from > 0 && tail.p[from - 1] != '\n'; from--)
		;
	if (from < end)
		job_add_cut(b, (struct span){ tail.p + from, end - from },
		    JOB_REASON_MOST - (sizeof head - 1));
	else
		buf_adds(b, "the run ended, and its log does not say why");
	buf_free(&path);
	buf_free(&tail);
}

void
job_reason(struct buf *b, const char *dir, const struct job_count *c,
    const struct prefix *prefix)
{
	struct failure f = { 0 };

	if (c->failures.objects > 0)
		find_failure(&f, dir, c);
	if (f.found)
		add_failure(b, &f, c, prefix);
	else
		add_first_message(b, dir, prefix);
	if (b->n == 0)
		add_last_line(b, dir);
	buf_free(&f.status);
	buf_free(&f.text);
}
