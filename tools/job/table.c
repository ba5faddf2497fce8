#include "job/table.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/isotime.h"
#include "job/status.h"
#include "job/value.h"

enum { COLUMNS = 5 };

/* Adds text, and blanks up to width columns. */
static void
add_cell(struct buf *b, const char *text, size_t width)
{
	size_t n = 0;

	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		buf_addc(b, c < ' ' || c == 0x7f ? '?' : *text);
		/* The bytes after the first of a character in UTF-8. */
		n += (c & 0xc0) != 0x80;
	}
	while (n++ < width)
		buf_addc(b, ' ');
}

/* Adds "814" or, if not all are completed, "800 of 814, 14 failed". */
static void
add_tally(struct buf *b, const json_t *job, const char *of)
{
	json_int_t all, completed, failed;
	struct buf path = { 0 };

	buf_addf(&path, "Counters.%s", of);
	all = job_number(job, buf_str(&path), 0);
	buf_adds(&path, "Completed");
	completed = job_number(job, buf_str(&path), 0);
	path.n -= strlen("Completed");
	buf_adds(&path, "Failed");
	failed = job_number(job, buf_str(&path), 0);
	buf_free(&path);
	if (completed != all)
		buf_addf(b, "%" JSON_INTEGER_FORMAT " of ", completed);
	buf_addf(b, "%" JSON_INTEGER_FORMAT, all);
	if (failed > 0)
		buf_addf(b, ", %" JSON_INTEGER_FORMAT " failed", failed);
}

static void
add_time(struct buf *b, const json_t *job, const char *member)
{
	time_t t = (time_t)(job_time(job, member) / 1000);
	char text[64];
	struct tm tm;

	if (localtime_r(&t, &tm) != NULL &&
	    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &tm) > 0)
		buf_adds(b, text);
}

/* Adds "0.9 s", "1:23" or "1:02:03"; "-" for a job that was killed at a time
 * that nobody knows. */
static void
add_duration(struct buf *b, const json_t *job)
{
	int64_t from = job_time(job, "CreationTime"), ms, s;

	if (json_object_get(job, "TransformEndTime") != NULL)
		ms = job_time(job, "TransformEndTime") - from;
	else if (!job_has_ended(job))
		ms = isotime_now() - from;
	else
		ms = -1;
	s = ms / 1000;
	if (ms < 0)
		buf_addc(b, '-');
	else if (s < 60)
		buf_addf(b, "%" PRId64 ".%" PRId64 " s", s, ms % 1000 / 100);
	else if (s < 3600)
		buf_addf(b, "%" PRId64 ":%02" PRId64, s / 60, s % 60);
	else
		buf_addf(b, "%" PRId64 ":%02" PRId64 ":%02" PRId64, s / 3600,
		    s / 60 % 60, s % 60);
}

/* The cells of a job's line, or of the first line if job is NULL. */
static void
fill(struct buf *cells, const json_t *job)
{
	static const char *const names[COLUMNS] = { "NAME", "STATUS", "RECORDS",
		"CREATED", "DURATION" };
	size_t i;

	for (i = 0; i < COLUMNS; i++) {
		cells[i].n = 0;
		if (job == NULL)
			buf_adds(&cells[i], names[i]);
	}
	if (job == NULL)
		return;
	buf_adds(&cells[0], job_text(job, "TransformJobName", ""));
	buf_adds(&cells[1], job_text(job, "TransformJobStatus", ""));
	add_tally(&cells[2], job, "Records");
	add_time(&cells[3], job, "CreationTime");
	add_duration(&cells[4], job);
}

void
job_table_list(struct buf *b, const json_t *answer)
{
	const json_t *jobs = json_object_get(answer, "TransformJobSummaries");
	struct buf cells[COLUMNS] = { { 0 } };
	size_t width[COLUMNS] = { 0 }, n = json_array_size(jobs), i, column;

	/* Row 0 has the names of the columns. */
	for (i = 0; i <= n; i++) {
		fill(cells, i > 0 ? json_array_get(jobs, i - 1) : NULL);
		for (column = 0; column < COLUMNS; column++)
			if (cells[column].n > width[column])
				width[column] = cells[column].n;
	}
	width[COLUMNS - 1] = 0;
	for (i = 0; i <= n; i++) {
		fill(cells, i > 0 ? json_array_get(jobs, i - 1) : NULL);
		for (column = 0; column < COLUMNS; column++) {
			if (column > 0)
				buf_adds(b, "  ");
			add_cell(b, buf_str(&cells[column]), width[column]);
		}
		buf_addc(b, '\n');
	}
	for (column = 0; column < COLUMNS; column++)
		buf_free(&cells[column]);
}

/* Adds "3 of 8, 2 running on node1 node2, 3 pending, 0 failed"; nothing for
 * NULL. */
static void
add_shares(struct buf *b, const json_t *shares)
{
	static const char *const others[][2] = { { "Running", "running" },
		{ "Pending", "pending" }, { "Failed", "failed" } };
	const json_t *machines = json_object_get(shares, "Machines");
	json_int_t n;
	size_t i, k;

	if (shares == NULL)
		return;
	buf_addf(b, "%" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT,
	    job_number(shares, "Completed", 0), job_number(shares, "All", 0));
	for (i = 0; i < sizeof others / sizeof others[0]; i++) {
		if ((n = job_number(shares, others[i][0], -1)) < 0)
			continue;
		buf_addf(b, ", %" JSON_INTEGER_FORMAT " %s", n, others[i][1]);
		for (k = 0; i == 0 && k < json_array_size(machines); k++)
			buf_addf(b, "%s %s", k == 0 ? " on" : "",
			    json_string_value(json_array_get(machines, k)));
	}
}

/* Adds a line, and empties text; no line for no text. */
static void
add_row(struct buf *b, const char *name, struct buf *text)
{
	if (text->n > 0) {
		add_cell(b, name, 10);
		add_cell(b, buf_str(text), 0);
		buf_addc(b, '\n');
	}
	text->n = 0;
}

void
job_table_description(struct buf *b, const json_t *answer)
{
	static const char *const texts[][2] = {
		{ "Name", "TransformJobName" },
		{ "Status", "TransformJobStatus" },
		{ "Reason", "FailureReason" },
		{ "Model", "ModelName" },
		{ "Input", "TransformInput.DataSource.S3DataSource.S3Uri" },
		{ "Output", "TransformOutput.S3OutputPath" },
	};
	static const char *const tallies[] = { "Objects", "Batches",
		"Records" };
	struct buf text = { 0 };
	size_t i;

	for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		buf_adds(&text, job_text(answer, texts[i][1], ""));
		add_row(b, texts[i][0], &text);
	}
	add_time(&text, answer, "CreationTime");
	add_row(b, "Created", &text);
	add_duration(&text, answer);
	add_row(b, "Duration", &text);
	for (i = 0; i < sizeof tallies / sizeof tallies[0]; i++) {
		add_tally(&text, answer, tallies[i]);
		add_row(b, tallies[i], &text);
	}
	add_shares(&text, json_object_get(answer, "Shares"));
	add_row(b, "Shares", &text);
	buf_free(&text);
}
