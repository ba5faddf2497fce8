/*
 * A job's folder whose files hold anything: status.json, request.json,
 * references, results, log and an attempt to run a share, 0xff between them.
 * The first byte says which are missing, the second what is asked.  There is an
 * answer that can be read again, or a message.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "ends.h"
#include "io/tree.h"

#define main report_main
#include "bt-report.c"
#undef main
#include "job/describe.h"
#include "job/list.h"
#include "job/value.h"
#include "words.h"

enum { FILES = 6, DOCUMENTS = 2 };

static const char *const files[FILES] = { "status.json", "request.json",
	"references", "results", "log", "attempts/1.a" };
static const char *const words[] = { "{\"TransformJobStatus\":", "\"Failed\"",
	"\"InProgress\"", "\"Stopped\"", "\"FailureReason\":", "\"Counters\":",
	"\"CreationTime\":\"2026-11-24T14:19:58.000000+00:00\"",
	"\"TransformEndTime\":", "\"LastModifiedTime\":", "{", "}", "[", "]",
	",", "\"TransformJobName\":\"job\"",
	"\"Environment\":", "\"DataProcessing\":{\"InputFilter\":\"$[0]\"",
	"\"A\":\"b\"", "\"TransformInput\":", "\"TransformOutput\":",
	"\"MaxPayloadInMB\":", "\"SplitType\":\"Line\"",
	"\"DataCaptureConfig\":", "\"<p>&\"", "\xc3\xa9", "\\u0000", "\\n",
	"null", "-1", "1e9" };

static char top[64], jobs[80], dir[96];
static struct query query;
static json_t *answer;

int syncfs(int fd);
int __wrap_syncfs(int fd);
int __wrap_fsync(int fd);

/* Nothing of this is to outlast a power cut. */
int
__wrap_syncfs(int fd)
{
	return fd == -1 ? -1 : 0;
}

int
__wrap_fsync(int fd)
{
	return fd == -1 ? -1 : 0;
}

static void
put(const char *folder, const char *name, struct span text)
{
	char path[128];
	int fd;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	want(fd != -1 && write(fd, text.p, text.n) == (ssize_t)text.n);
	close(fd);
}

static void
drop(const char *name)
{
	char path[128];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	want(unlink(path) == 0 || errno == ENOENT);
}

static void
leave(void)
{
	tree_remove(top);
}

/* Two jobs besides the one that may be damaged. */
static void
begin(void)
{
	static const char *const others[] = { "a", "z" };
	static const char text[] =
	    "{\"TransformJobStatus\":\"Completed\","
	    "\"CreationTime\":\"2026-11-24T14:19:58.000000+00:00\"}";
	static const char attempt[] =
	    "machine=h start=1795530001\nstatus=0 end=1795530002\n";
	char path[128];
	size_t i;

	/* In memory, where there is such a place: a disk is slow. */
	snprintf(top, sizeof top, "%s/fuzz-folder.XXXXXX",
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	want(mkdtemp(top) != NULL);
	atexit(leave);
	snprintf(jobs, sizeof jobs, "%s/jobs", top);
	want(mkdir(jobs, 0700) == 0);
	for (i = 0; i < 2; i++) {
		snprintf(path, sizeof path, "%s/%s", jobs, others[i]);
		want(mkdir(path, 0700) == 0);
		put(path, "status.json",
		    (struct span){ text, sizeof text - 1 });
	}
	snprintf(dir, sizeof dir, "%s/job", jobs);
	want(mkdir(dir, 0700) == 0);
	snprintf(path, sizeof path, "%s/attempts", dir);
	want(mkdir(path, 0700) == 0);
	put(dir, "attempts/1.b", (struct span){ attempt, sizeof attempt - 1 });
}

static json_t *
read_again(const json_t *v)
{
	char *text = json_dumps(v, 0);
	json_t *copy = text != NULL ? json_loads(text, 0, NULL) : NULL;

	want(copy != NULL);
	free(text);
	return copy;
}

static json_int_t
counted(const json_t *v, const char *name)
{
	return json_integer_value(
	    json_object_get(json_object_get(v, "Counters"), name));
}

static void
describe(void *arg)
{
	(void)arg;
	answer = job_describe(dir, NULL);
}

static void
check_describe(void)
{
	json_t *copy;

	if (ends(describe, NULL) != 0)
		return;
	copy = read_again(answer);
	json_decref(copy);
	json_decref(answer);
}

static void
fail(void *arg)
{
	struct prefix prefix = { "a", "b" };

	job_set_status(dir, arg, NULL, &prefix);
}

/* What was counted agrees, and the reason is as long as it may be. */
static void
check_set(const char *status)
{
	const char *reason;
	size_t i, n = 0;

	if (ends(fail, (char *)(uintptr_t)status) != 0)
		return;
	answer = job_status(dir, NULL);
	want(answer != NULL);
	reason = json_string_value(json_object_get(answer, "FailureReason"));
	want((reason != NULL) == (strcmp(status, "Failed") == 0 ||
				     strcmp(status, "Stopping") == 0));
	for (i = 0; reason != NULL && reason[i] != '\0'; i++)
		n += (reason[i] & 0xc0) != 0x80;
	want(n <= JOB_REASON_MOST);
	want(counted(answer, "BatchesCompleted") +
		 counted(answer, "BatchesFailed") <=
	     counted(answer, "Batches"));
	json_decref(answer);
}

static void
list(void *arg)
{
	bool all;

	(void)arg;
	answer = job_list(jobs, &query, &all);
}

static json_t *
summaries(void)
{
	return json_object_get(answer, "TransformJobSummaries");
}

/* The first of them are the same. */
static void
check_most(size_t most)
{
	json_t *whole, *v;
	size_t i;

	query.most = 0;
	if (ends(list, NULL) != 0)
		return;
	whole = json_deep_copy(summaries());
	json_decref(answer);
	query.most = most;
	want(ends(list, NULL) == 0);
	want(json_array_size(summaries()) <= most);
	json_array_foreach (summaries(), i, v)
		want(json_equal(v, json_array_get(whole, i)));
	json_decref(answer);
	json_decref(whole);
}

static void
check_list(unsigned how)
{
	job_query_init(&query);
	query.sort = (enum job_sort)(how % 3);
	query.ascending = how & 4;
	query.status = how & 8 ? "Failed" : NULL;
	if (ends(list, NULL) == 0)
		json_decref(answer);
	if (how & 128)
		check_most(1 + how / 16 % 3);
}

static const char *const tags[] = { "!DOCTYPE", "html", "head", "meta", "title",
	"style", "body", "h1", "h2", "p", "dl", "div", "dt", "dd", "svg",
	"path", "text", "rect", "line", "span", "table", "tr", "th", "td",
	"details", "summary" };

/* What is below is said of no name and no message: < is none of theirs. */
static void
check_page(const char *text)
{
	size_t i, n;

	for (; (text = strchr(text, '<')) != NULL; text += n) {
		text += 1 + (text[1] == '/');
		for (i = 0; i < sizeof tags / sizeof *tags; i++) {
			n = strlen(tags[i]);
			if (strncmp(text, tags[i], n) == 0 &&
			    strchr(" >/", text[n]) != NULL)
				break;
		}
		want(i < sizeof tags / sizeof *tags);
	}
}

static struct report r;

static void
forget_report(void)
{
	size_t i;

	for (i = 0; i < r.statuses; i++)
		free(r.status[i].name);
	for (i = 0; i < r.failures; i++) {
		free(r.failure[i].object);
		free(r.failure[i].error);
	}
	for (i = 0; i < r.singles; i++)
		free(r.single[i].ref);
	table_free(&r.workers);
	table_free(&r.machines);
	table_free(&r.attempts);
	free(r.machine);
	free(r.attempt);
	free(r.busy);
	free(r.failed);
	seen_free(&r.first.batches);
	seen_free(&r.first.failures);
	seen_free(&r.second.batches);
	seen_free(&r.second.failures);
	if (r.job != NULL)
		job_count_free(r.job);
	memset(&r, 0, sizeof r);
}

static void
report(void *arg)
{
	json_t *request, *status;
	struct report_job job = { 0 };
	struct buf page = { 0 }, text = { 0 };
	char *name;

	(void)arg;
	request = read_request(dir);
	status = job_status(dir, NULL);
	set_job(&job, request, status);
	r.created = job.created;
	r.running = report_is_running(&job);
	read_job(dir, &r);
	job.name = name = name_of(dir, request);
	job.folder = dir;
	report_page(&r, &job, &page);
	check_page(buf_str(&page));
	want(strlen(page.p) == page.n);
	report_text(&r, &job, &text);
	want(strncmp(buf_str(&text), REPORT_TEXT_HEAD,
		 sizeof REPORT_TEXT_HEAD - 1) == 0);
	want(text.p[strcspn(text.p, "\a\b\t\v\f\r\033\177")] == '\0');
	buf_free(&page);
	buf_free(&text);
	buf_free(&job.words);
	json_decref(request);
	json_decref(status);
	free(name);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const statuses[] = { "Failed", "Stopped",
		"Completed", "Stopping" };
	const char *p = (const char *)data + 2, *stop = p + size - 2, *end;
	struct buf text = { 0 };
	size_t i;

	if (size < 2)
		return 0;
	if (*dir == '\0')
		begin();
	for (i = 0; i < FILES; i++) {
		end = p < stop ? memchr(p, 0xff, (size_t)(stop - p)) : NULL;
		if (end == NULL)
			end = stop;
		text.n = 0;
		if (i < DOCUMENTS)
			spell(&text, (const uint8_t *)p, (size_t)(end - p),
			    words, sizeof words / sizeof *words);
		else
			buf_add(&text, p, (size_t)(end - p));
		if (data[0] >> i & 1)
			drop(files[i]);
		else
			put(dir, files[i], buf_span(&text));
		p = end < stop ? end + 1 : stop;
	}
	check_describe();
	check_list(data[1]);
	ends(report, NULL);
	forget_report();
	check_set(statuses[data[1] >> 4 & 3]);
	buf_free(&text);
	return 0;
}
