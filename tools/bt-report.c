/*
 * bt-report - show a job's run as a page of HTML, or as text.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/mem.h"
#include "base/options.h"
#include "base/say.h"
#include "base/start.h"
#include "io/lines.h"
#include "io/out.h"
#include "io/remote.h"
#include "job/engine.h"
#include "job/request.h"
#include "job/status.h"
#include "job/value.h"
#include "report/attempts.h"
#include "report/page.h"
#include "report/words.h"

static const char usage[] = "usage: bt-report [-o file] [--text] job\n";

/* Whether the folder has this file, under any name. */
static bool
has_file(const char *dir, const struct stat *file)
{
	DIR *d = opendir(dir);
	const struct dirent *e;
	struct stat st;
	bool has = false;

	if (d == NULL)
		say_errno_exit(1, "%s", dir);
	while (!has && (e = readdir(d)) != NULL)
		has = fstatat(dirfd(d), e->d_name, &st, 0) == 0 &&
		      st.st_dev == file->st_dev && st.st_ino == file->st_ino;
	closedir(d);
	return has;
}

/* Whether a file begins like a report. */
static bool
is_report(const char *path)
{
	static const char *const heads[] = { REPORT_PAGE_HEAD,
		REPORT_TEXT_HEAD };
	char head[sizeof REPORT_PAGE_HEAD];
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ssize_t n;
	size_t i;

	if (fd == -1 || (n = fd_read(fd, head, sizeof head)) == -1)
		say_errno_exit(1, "%s", path);
	close(fd);
	for (i = 0; i < sizeof heads / sizeof *heads; i++)
		if ((size_t)n >= strlen(heads[i]) &&
		    memcmp(head, heads[i], strlen(heads[i])) == 0)
			return true;
	return false;
}

/* A report replaces only a report, or an empty file that is not the job's. */
static void
check_output(const char *path, const char *dir)
{
	struct stat st;

	if (lstat(path, &st) == -1) {
		if (errno != ENOENT)
			say_errno_exit(1, "%s", path);
		return;
	}
	if (S_ISLNK(st.st_mode))
		say_exit(1, "%s: a link; name the file itself", path);
	if (!S_ISREG(st.st_mode))
		say_exit(1, "%s: not a regular file", path);
	if (st.st_size == 0 ? has_file(dir, &st) : !is_report(path))
		say_exit(1,
		    "%s: this file exists and is not a report; give -o "
		    "another name",
		    path);
}

/* Calls each for every line of a file; -1 and errno if it cannot be opened. */
static int
read_lines(const char *path, struct report *r,
    void (*each)(struct report *, struct span))
{
	struct line_reader lines;
	enum line_event got;
	struct span line;
	int fd;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return -1;
	line_reader_open(&lines, fd);
	while ((got = line_reader_next(&lines, &line)) < LINE_END)
		if (got == LINE_READ)
			each(r, line);
	if (got == LINE_ERROR)
		say_errno_exit(1, "%s", path);
	line_reader_close(&lines);
	return 0;
}

/* Calls each for every result line of the job.  Those of shares are gone when
 * they have been joined, perhaps by now. */
static void
read_results(const char *dir, struct report *r,
    void (*each)(struct report *, struct span))
{
	struct buf b = { 0 };
	const char *path = job_path(&b, dir, "results");
	char **files, **f;

	if (read_lines(path, r, each) == -1)
		say_errno_exit(1, "%s", path);
	files = engine_files(dir);
	for (f = files; *f != NULL; f++) {
		path = job_path(&b, dir, *f);
		if (read_lines(path, r, each) == -1 && errno != ENOENT)
			say_errno_exit(1, "%s", path);
	}
	engine_free_files(files);
	buf_free(&b);
}

/* The request in the folder; NULL if there is none. */
static json_t *
read_request(const char *dir)
{
	struct buf b = { 0 };
	const char *path = job_path(&b, dir, "request.json");
	json_t *v = access(path, F_OK) == 0 ? job_load(path, path) : NULL;

	buf_free(&b);
	return v;
}

static void
read_job(const char *dir, struct report *r)
{
	static struct job_count count;
	struct buf b = { 0 };
	const char *path = job_path(&b, dir, "references");

	if (access(path, F_OK) == 0) {
		job_count(dir, &count);
		r->job = &count;
	}
	attempts_read(r, dir);
	read_results(dir, r, report_count_line);
	report_assign_lanes(r);
	read_results(dir, r, report_place_line);
	buf_free(&b);
}

/* The folder of a job, given by path or by name. */
static char *
find_job(const char *job)
{
	const char *home = getenv("BT_HOME"), *user = getenv("HOME");
	struct buf b = { 0 };
	struct stat st;

	if (strchr(job, '/') != NULL || (stat(job, &st) == 0))
		return mem_str(job);
	if (home != NULL)
		buf_addf(&b, "%s/jobs/%s", home, job);
	else
		buf_addf(&b, "%s/.bt/jobs/%s", user != NULL ? user : "", job);
	return buf_take(&b);
}

/* The name of the job in its request, otherwise that of its folder. */
static char *
name_of(const char *dir, const json_t *request)
{
	const char *name =
	    json_string_value(json_object_get(request, "TransformJobName"));
	char *path = realpath(dir, NULL), *own;

	if (name == NULL && path == NULL)
		say_errno_exit(1, "%s", dir);
	if (name == NULL)
		name = strrchr(path, '/') + 1;
	own = mem_str(name);
	free(path);
	return own;
}

static void
write_out(const char *path, const struct buf *b)
{
	struct out *o = path == NULL ? out_stdout() : out_new(path);

	if (path == NULL)
		path = "standard output";
	if (o == NULL || out_write(o, b->p, b->n) == -1)
		say_errno_exit(1, "%s", path);
	if (out_commit(o) == -1)
		say_errno_exit(1, "%s", path);
}

/* Where the outputs are, from the folder's file outdir: S3OutputPath, absolute.
 * Adds nothing if there is no such file. */
static void
add_outputs(struct buf *b, const char *dir)
{
	struct buf path = { 0 };
	int fd = open(job_path(&path, dir, "outdir"), O_RDONLY | O_CLOEXEC);
	ssize_t got = 0;

	while (fd != -1 && (got = fd_read(fd, buf_room(b, 4096), 4096)) > 0)
		b->n += (size_t)got;
	if (got == -1)
		say_errno_exit(1, "%s", buf_str(&path));
	if (b->n > 0 && b->p[b->n - 1] == '\n')
		b->n--;
	if (fd != -1)
		close(fd);
	buf_free(&path);
}

/* job borrows from both, of which each may be NULL. */
static void
set_job(struct report_job *job, const json_t *request, const json_t *status)
{
	job->now = (double)time(NULL);
	job->outputs = job_text(request, "TransformOutput.S3OutputPath", NULL);
	job->status = job_text(status, "TransformJobStatus", NULL);
	job->reason = job_text(status, "FailureReason", NULL);
	job->created = (double)job_time(status, "CreationTime") / 1e3;
	job->ended = (double)job_time(status, "TransformEndTime") / 1e3;
	if (request != NULL)
		report_words(request, &job->words);
}

static const struct option long_options[] = { { "output", required_argument,
						  NULL, 'o' },
	{ "text", no_argument, NULL, 't' }, OPTIONS_END };

int
main(int argc, char *argv[])
{
	static struct report r;
	struct report_job job = { 0 };
	json_t *request, *status;
	const char *output = NULL;
	struct buf page = { 0 }, script_path = { 0 }, outputs = { 0 };
	bool text = false;
	char *dir, *name, *folder;
	const char *script;
	int ch;

	start_tool();
	while ((ch = getopt_long(argc, argv, "o:h", long_options, NULL)) != -1)
		switch (ch) {
		case 'o':
			output = optarg;
			if (*output == '\0')
				say_exit(2, "-o: empty");
			break;
		case 't':
			text = true;
			break;
		default:
			option_other(ch, usage);
		}
	if (optind + 1 != argc)
		option_misuse(usage);
	dir = find_job(argv[optind]);
	if (output != NULL && !remote_is(output))
		check_output(output, dir);
	request = read_request(dir);
	status = job_status(dir, NULL);
	set_job(&job, request, status);
	add_outputs(&outputs, dir);
	if (outputs.n > 0)
		job.outputs = buf_str(&outputs);
	r.created = job.created;
	r.running = report_is_running(&job);
	read_job(dir, &r);
	job.name = name = name_of(dir, request);
	if ((job.folder = folder = realpath(dir, NULL)) == NULL)
		say_errno_exit(1, "%s", dir);
	script = job_path(&script_path, folder, "script");
	if (access(script, F_OK) == 0)
		job.script = script;
	/* A terminal is for people. */
	text = text || (output == NULL && isatty(STDOUT_FILENO));
	(text ? report_text : report_page)(&r, &job, &page);
	write_out(output, &page);
	buf_free(&page);
	buf_free(&job.words);
	json_decref(request);
	json_decref(status);
	buf_free(&script_path);
	buf_free(&outputs);
	free(folder);
	free(name);
	free(dir);
	return 0;
}
