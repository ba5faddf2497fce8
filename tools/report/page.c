#include "report/page.h"

#include <inttypes.h>

#include "base/utf8.h"
#include "report/scale.h"
#include "report/svg.h"

enum { SHOWN = 10 }; /* failures that are visible at first */

static const char style[] =
    ":root{--ink:#1c1c1e;--soft:#6b6b70;--line:#e3e3e6;--back:#fff;"
    "--run:#2f6db3;--bad:#c8372d}\n"
    "@media(prefers-color-scheme:dark){:root{--ink:#ececf0;--soft:#a0a0a8;"
    "--line:#38383d;--back:#1a1a1d;--run:#6aa5e6;--bad:#f0695f}}\n"
    "body{margin:2rem auto;padding:0 1rem;max-width:66rem;color:var(--ink);"
    "background:var(--back);font:15px/1.5 system-ui,sans-serif}\n"
    "h1{font-size:1.5rem;margin:0;overflow-wrap:anywhere}h2{font-size:1.05rem;margin:2.2rem 0 .5rem}\n"
    "p{margin:.3rem 0;overflow-wrap:anywhere}.soft{color:var(--soft)}.badtext{color:var(--bad)}\n"
    "dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));"
    "gap:.8rem 1.5rem;margin:1.5rem 0}\n"
    "dt{color:var(--soft);font-size:.85rem}dd{margin:0;font-size:1.1rem}\n"
    "svg{width:100%;min-width:42rem;height:auto;display:block}svg text{fill:var(--soft);"
    "font-size:11px}.mid{text-anchor:middle}.end{text-anchor:end}\n"
    ".run,.area{fill:var(--run)}.bad{fill:var(--bad)}.area{opacity:.8}\n"
    ".axis{stroke:var(--soft);fill:none}.line{stroke:var(--line);fill:none}\n"
    ".wide{overflow-x:auto}table{border-collapse:collapse;width:100%;"
    "font-size:.9rem}\n"
    "@media(max-width:40rem){table{min-width:42rem}"
    "dl{grid-template-columns:1fr 1fr}}\n"
    "th,td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;"
    "border-bottom:1px solid var(--line);overflow-wrap:anywhere}\n"
    "summary{color:var(--soft);cursor:pointer;margin:.6rem 0}\n"
    "th{color:var(--soft);font-weight:normal;white-space:nowrap}td.n{white-space:nowrap}\n";

void
html_text(struct buf *b, const char *text)
{
	struct span left = { text, strlen(text) };
	size_t n;

	for (; left.n > 0; left.p += n, left.n -= n) {
		n = utf8_length(left);
		if (n == 0 || (n == 1 && ((unsigned char)*left.p < 0x20 ||
					     *left.p == 0x7f))) {
			buf_adds(b, "\xef\xbf\xbd");
			n = 1;
		} else if (*left.p == '<') {
			buf_adds(b, "&lt;");
		} else if (*left.p == '&') {
			buf_adds(b, "&amp;");
		} else if (*left.p == '"') {
			buf_adds(b, "&quot;");
		} else {
			buf_add(b, left.p, n);
		}
	}
}

static void
heading(struct buf *b, const char *text)
{
	buf_addf(b, "<h2>%s</h2>\n", text);
}

static void
add_definition(void *arg, const char *name, const char *value)
{
	struct buf *b = arg;

	buf_addf(b, "<div><dt>%s</dt><dd>", name);
	html_text(b, value);
	buf_adds(b, "</dd></div>\n");
}

static void
words(const struct report_job *job, struct buf *b)
{
	struct span all = buf_span(&job->words);
	const char *at = all.p, *end = at + all.n, *nl;
	struct buf line = { 0 };

	if (all.n == 0)
		return;
	heading(b, "What was asked for");
	for (; at < end; at = nl + 1) {
		nl = memchr(at, '\n', (size_t)(end - at));
		line.n = 0;
		buf_add(&line, at, (size_t)(nl - at));
		buf_adds(b, "<p>");
		html_text(b, buf_str(&line));
		buf_adds(b, "</p>\n");
	}
	buf_free(&line);
}

static void
chart(const struct report *r, const char *title,
    void (*draw)(const struct report *, struct buf *), struct buf *b)
{
	heading(b, title);
	buf_adds(b, "<div class=\"wide\">\n");
	draw(r, b);
	buf_adds(b, "</div>\n");
}

static void
charts(const struct report *r, struct buf *b)
{
	if (r->start == 0)
		return;
	chart(r, "Workers, and the batches they ran", svg_timeline, b);
	if (r->lanes < r->workers_at_once)
		buf_addf(b,
		    "<p class=\"soft\">%u more at a time are not drawn.</p>\n",
		    r->workers_at_once - r->lanes);
	if (r->singles == 0)
		buf_adds(b,
		    "<p class=\"soft\">The fuller the colour, the busier; red "
		    "where a batch failed.</p>\n");
	if (r->done_most > 0)
		chart(r, "Records a second", svg_throughput, b);
	chart(r, "Calls, by how long they took", svg_latency, b);
}

/* The failures from..to-1. */
static void
table(const struct report *r, size_t from, size_t to, struct buf *b)
{
	const struct report_failure *f;

	buf_adds(b, "<div class=\"wide\"><table>\n<tr><th>object</th>"
		    "<th>records</th><th>byte</th><th>status</th>"
		    "<th>error</th></tr>\n");
	for (f = r->failure + from; f < r->failure + to; f++) {
		buf_adds(b, "<tr><td>");
		html_text(b, f->object);
		buf_addf(b, "</td><td class=\"n\">%" PRIu64, f->first);
		if (f->count > 1)
			buf_addf(b, " to %" PRIu64, f->first + f->count - 1);
		buf_addf(b,
		    "</td><td class=\"n\">%" PRIu64 "</td><td class=\"n\">",
		    f->offset);
		html_text(b, f->status->name);
		buf_adds(b, "</td><td>");
		html_text(b, f->error);
		buf_adds(b, "</td></tr>\n");
	}
	buf_adds(b, "</table></div>\n");
}

static void
failures(const struct report *r, struct buf *b)
{
	const struct report_status *s;
	const char *sep = "";

	if (r->failed_batches == 0)
		return;
	heading(b, "What failed");
	buf_adds(b, "<p>");
	for (s = r->status; s < r->status + r->statuses; s++) {
		if (s->batches == 0)
			continue;
		buf_adds(b, sep);
		html_text(b, s->name);
		buf_adds(b, ": ");
		scale_count(b, s->batches, "mini-batch", "mini-batches");
		buf_adds(b, " of ");
		scale_count(b, s->records, "record", "records");
		sep = ", ";
	}
	buf_adds(b, ".</p>\n");
	table(r, 0, r->failures < SHOWN ? r->failures : SHOWN, b);
	if (r->failures > SHOWN) {
		buf_addf(b, "<details><summary>%zu more</summary>\n",
		    r->failures - SHOWN);
		table(r, SHOWN, r->failures, b);
		buf_adds(b, "</details>\n");
	}
	if (r->failed_batches > r->failures)
		buf_addf(b, "<p class=\"soft\">and %" PRIu64 " more</p>\n",
		    r->failed_batches - r->failures);
}

void
report_page(const struct report *r, const struct report_job *job, struct buf *b)
{
	buf_adds(b, REPORT_PAGE_HEAD
	    "<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" "
	    "content=\"width=device-width, initial-scale=1\">\n<title>");
	html_text(b, job->name);
	buf_addf(
	    b, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<h1>", style);
	html_text(b, job->name);
	buf_adds(b, "</h1>\n");
	if (job->status != NULL) {
		buf_adds(b, "<p class=\"soft\">");
		html_text(b, job->status);
		buf_adds(b, "</p>\n");
	}
	if (job->reason != NULL) {
		buf_adds(b, "<p class=\"badtext\">");
		html_text(b, job->reason);
		buf_adds(b, "</p>\n");
	}
	buf_adds(b, "<dl>\n");
	report_facts(r, job, add_definition, b);
	buf_adds(b, "</dl>\n");
	words(job, b);
	charts(r, b);
	failures(r, b);
	buf_adds(b, "</body>\n</html>\n");
}
