/*
 * Records, and a model's reply to them, of any bytes (0xff between them), as
 * bt-join puts them together; the first two bytes are its options.  It ends
 * with 0 or 1, never in another way.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "ends.h"
#include "io/out.h"
#include "join/join.h"

static const char *const types[] = { "text/csv", "application/jsonlines",
	"application/json", "text/plain" };
static const char *const filters[] = { NULL, "$", "$[0]", "$[-1:]", "$[0,-1]",
	"$.SageMakerOutput", "$['a','SageMakerOutput']", "$..*" };

static char dir[] = "/tmp/fuzz-join.XXXXXX", out[64], path[64];

/* libFuzzer stays where it is. */
static void
begin(void)
{
	if (out[0] != '\0')
		return;
	want(mkdtemp(dir) != NULL);
	snprintf(out, sizeof out, "%s/out", dir);
}

static void
keep(const char *name, struct span text)
{
	int fd;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	want(fd != -1 && write(fd, text.p, text.n) == (ssize_t)text.n);
	close(fd);
}

static uint64_t
lines_of(struct span text)
{
	uint64_t n = text.n > 0 && text.p[text.n - 1] != '\n';
	size_t i;

	for (i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	return n;
}

struct joined {
	struct join_options o;
	struct buf line;
};

static void
join(void *arg)
{
	struct joined *d = arg;
	struct join *j = join_new(&d->o);

	join_line(j, buf_span(&d->line), "lines", 1);
	join_finish(j);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data + 2, *apart;
	struct joined d = { .line = { 0 } };
	struct join_options *o = &d.o;
	struct span records, reply;
	struct buf why = { 0 };
	const char *filter;
	size_t at;

	if (size < 3 || (apart = memchr(text, 0xff, size - 2)) == NULL)
		return 0;
	begin();
	records = (struct span){ text, (size_t)(apart - text) };
	reply = (struct span){ apart + 1, size - 3 - records.n };
	keep("records", records);
	keep("reply", reply);
	o->content_type = o->accept = types[data[0] & 3];
	o->input = data[0] & 4;
	o->strict = data[0] & 8;
	o->assemble = data[0] & 16 ? ASSEMBLE_LINE : ASSEMBLE_DEFAULT;
	o->on_error = data[0] & 32 ? ON_ERROR_SKIP : ON_ERROR_FAIL;
	o->max_errors = o->max_is_percent = data[0] & 32 ? 100 : 0;
	o->inference_time = data[0] & 64 ? "2022-08-30T00:49:15Z" : NULL;
	o->inference_seed = "s";
	o->dir = out;
	filter = filters[data[1] & 7];
	if (filter != NULL)
		o->filter =
		    jsonpath_new((struct span){ filter, strlen(filter) },
			JSONPATH_SAGEMAKER, &why, &at);
	buf_addf(&d.line,
	    "%s/records#bytes=0+%zu,records=0+%llu%s,last\t%s/reply#bytes=0+%zu,records=0+%llu\tms=1",
	    dir, records.n, (unsigned long long)lines_of(records),
	    data[1] & 8 ? ",split=None" : "", dir, reply.n,
	    (unsigned long long)lines_of(reply));
	want(ends(join, &d) < 2);
	out_abort_all();
	jsonpath_free(o->filter);
	buf_free(&d.line);
	return 0;
}
