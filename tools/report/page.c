#include "report/page.h"

#include <inttypes.h>

#include "base/utf8.h"
#include "report/attempts.h"
#include "report/failures.h"
#include "report/scale.h"
#include "report/svg.h"

enum {
	PLACES = 3,  /* of an error that are visible at first */
	SECONDS = 10 /* until the page of a running job is read again */
};

static const char style[] =
    ":root{color-scheme:light dark;--ink:#1c1c1e;--soft:#63636a;--line:#e3e3e6;"
    "--back:#fff;--run:#2f6db3;--bad:#c8372d;--good:#1f7a3d;--again:#c98a12;"
    "--load:#b9a3d6;--stop:#ececf0;--share:#d5dde8}\n"
    "@media(prefers-color-scheme:dark){:root{--ink:#ececf0;--soft:#a6a6ae;"
    "--line:#38383d;--back:#1a1a1d;--run:#6aa5e6;--bad:#f0695f;--good:#5cc47f;"
    "--again:#e5b04a;--load:#8a72b0;--stop:#2b2b30;--share:#3a4554}}\n"
    "body{margin:2rem auto;padding:0 1rem;max-width:66rem;color:var(--ink);"
    "background:var(--back);font:15px/1.5 system-ui,sans-serif}\n"
    "h1{font-size:1.4rem;margin:0;overflow-wrap:anywhere}"
    "h2{font-size:1.15rem;margin:2.4rem 0 .6rem}\n"
    "p{margin:.3rem 0;overflow-wrap:anywhere}.soft{color:var(--soft)}\n"
    "dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));"
    "gap:.8rem 1.5rem;margin:.8rem 0}\n"
    "dt{color:var(--soft);font-size:.85rem}"
    "dd{margin:0;overflow-wrap:anywhere}\n"
    ".top{grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));"
    "margin:1.2rem 0}"
    ".top dd{font-size:1.5rem;line-height:1.25;font-weight:600}\n"
    ".good{color:var(--good)}.wrong{color:var(--bad)}.going{color:var(--run)}"
    ".halt{color:var(--again)}\n"
    "svg{width:100%;display:block;overflow:visible}"
    "svg text{fill:var(--soft);font-size:12px}"
    ".mid{text-anchor:middle}.end{text-anchor:end}\n"
    ".chart{padding:0 1.8rem 0 4rem}.named{padding-left:6.5rem}\n"
    ".run,.area{fill:var(--run)}.again{fill:var(--again)}"
    ".share{fill:var(--share)}.redo{fill:var(--again);opacity:.55}"
    "svg text.in{fill:var(--ink)}"
    ".bad{fill:var(--bad);stroke:var(--bad);stroke-width:3}"
    ".load{fill:var(--load)}.stop,.rest{fill:var(--stop)}"
    ".stop{stroke:var(--soft);stroke-dasharray:3 3}\n"
    ".axis{stroke:var(--soft)}.line{stroke:var(--line)}\n"
    ".places{grid-template-columns:repeat(auto-fill,minmax(19rem,1fr))}\n"
    ".key{display:flex;flex-wrap:wrap;gap:.2rem 1.4rem;margin:.5rem 0;"
    "color:var(--soft);font-size:.85rem}"
    ".key span{display:flex;align-items:center;gap:.45rem}"
    ".key svg{width:1.5rem;height:14px}\n"
    ".error{border-left:4px solid var(--bad);padding-left:.9rem;"
    "margin:1rem 0}.what{font-weight:600;font-family:ui-monospace,monospace;"
    "font-size:.92rem}\n"
    "table{border-collapse:collapse;width:100%;font-size:.9rem}\n"
    "th,td{text-align:left;vertical-align:top;padding:.25rem .8rem .25rem 0;"
    "border-bottom:1px solid var(--line);overflow-wrap:anywhere}\n"
    "th{color:var(--soft);font-weight:normal}th,.one{white-space:nowrap}\n"
    "summary{color:var(--soft);cursor:pointer;margin:.5rem 0}\n"
    "@media(max-width:40rem){.odd{display:none}.chart{padding:0 1.4rem 0 3.4rem}"
    ".named{padding-left:6.5rem}dl,.top{grid-template-columns:1fr 1fr}"
    ".places{grid-template-columns:1fr}.top dd{font-size:1.4rem}"
    "table,tbody,tr,td{display:block}tr:first-child{display:none}"
    "td{border:0;padding:0}tr{border-bottom:1px solid var(--line);padding:.4rem 0}"
    "td::before{content:attr(data-name) \" \";color:var(--soft)}}\n";

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

	buf_addf(b, "<div><dt>%s</dt><dd", name);
	if (strcmp(name, REPORT_FAILED) == 0 && strcmp(value, "0") != 0)
		buf_adds(b, " class=\"wrong\"");
	buf_addc(b, '>');
	html_text(b, value);
	buf_adds(b, "</dd></div>\n");
}

/* What one looks for first. */
static void
headline(const struct report *r, const struct report_job *job, struct buf *b)
{
	static const struct {
		const char *status, *class;
	} look[] = { { "Completed", "good" }, { "Failed", "wrong" },
		{ "Stopped", "halt" } };
	const char *class = "going";
	size_t i;

	buf_adds(b, "<dl class=\"top\">\n");
	if (job->status != NULL) {
		for (i = 0; i < sizeof look / sizeof *look; i++)
			if (strcmp(job->status, look[i].status) == 0)
				class = look[i].class;
		buf_addf(b, "<div><dt>status</dt><dd class=\"%s\">", class);
		html_text(b, job->status);
		buf_adds(b, "</dd></div>\n");
	}
	report_headline(r, job, add_definition, b);
	buf_adds(b, "</dl>\n");
	if (report_is_running(job))
		svg_bar(report_share(r), b);
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
chart(const struct report *r, const char *title, const char *class,
    void (*draw)(const struct report *, struct buf *), struct buf *b)
{
	heading(b, title);
	buf_addf(b, "<div class=\"%s\">\n", class);
	draw(r, b);
	buf_adds(b, "</div>\n");
}

/* A colour of the workers and its meaning. */
static void
sign(const char *class, int height, const char *meaning, struct buf *b)
{
	buf_addf(b,
	    "<span><svg><rect class=\"%s\" x=\"2\" y=\"%d\" width=\"20\" "
	    "height=\"%d\"/></svg>%s</span>\n",
	    class, (14 - height) / 2, height, meaning);
}

/* The end of a share that came too soon. */
static void
mark(const char *meaning, struct buf *b)
{
	buf_addf(b,
	    "<span><svg><rect class=\"bad\" x=\"11\" width=\"1\" "
	    "height=\"14\"/></svg>%s</span>\n",
	    meaning);
}

/* The colours that there are. */
static void
key(const struct report *r, struct buf *b)
{
	const struct report_batch *s = r->single, *end = s + r->singles;
	bool again = false, cut = false;
	size_t i;

	while (s < end && (s->failed || !s->again))
		s++;
	for (i = 0; i < r->attempts.n; i++) {
		again = again || r->attempt[i]->again;
		cut = cut || attempt_is_cut(r->attempt[i]);
	}
	buf_adds(b, "<p class=\"key\">");
	if (r->singles > 0)
		sign("run", 14, "answered", b);
	else
		sign("run", 14, "answering: the fuller the colour, the busier",
		    b);
	if (s < end)
		sign("again", 14, "answered after a retry", b);
	if (r->failed_batches > 0)
		sign("bad", 10, "failed", b);
	if (r->gaps > 0)
		sign("load", 4, "loading the model, or waiting for work", b);
	if (r->attempts.n > 0 && !r->folded)
		sign("share", 14, "a share, by its number", b);
	if (again && !r->folded)
		sign("redo", 14, "a share that was begun again", b);
	if (cut)
		mark("a share that was cut short", b);
	if (r->stops > 0)
		sign("stop", 12, "stopped: no worker ran", b);
	buf_adds(b, "</p>\n");
}

/* The attempts that were cut short, and those that came after them. */
static void
shares(const struct report *r, struct buf *b)
{
	const struct report_attempt *a;
	struct buf text = { 0 };
	size_t n = 0, i;

	for (i = 0; i < r->attempts.n; i++) {
		a = r->attempt[i];
		if (!attempt_is_told(a) || n++ >= REPORT_FAILURES)
			continue;
		if (n == 1)
			buf_adds(b,
			    "<table>\n<tr><th>share</th><th>machine</th>"
			    "<th>began</th><th>then</th></tr>\n");
		buf_addf(b,
		    "<tr><td class=\"one\" data-name=\"share\">%" PRIu64
		    "</td><td data-name=\"machine\">",
		    a->share);
		html_text(b, a->machine->entry.key.p);
		buf_adds(b, "</td><td class=\"one\" data-name=\"began\">");
		scale_clock(b, a->start);
		buf_adds(b, "</td><td data-name=\"then\">");
		text.n = 0;
		attempt_outcome(a, &text);
		html_text(b, buf_str(&text));
		buf_adds(b, "</td></tr>\n");
	}
	if (n > 0)
		buf_adds(b, "</table>\n");
	if (n > REPORT_FAILURES)
		buf_addf(b, "<p class=\"soft\">and %zu more</p>\n",
		    n - REPORT_FAILURES);
	buf_free(&text);
}

/* A single call needs no chart. */
static void
charts(const struct report *r, struct buf *b)
{
	if (r->start == 0 || r->calls < 2)
		return;
	if (svg_has_machines(r))
		chart(r, "Machines, and what their workers ran", "chart named",
		    svg_timeline, b);
	else
		chart(r, "Workers, and the batches they ran", "chart",
		    svg_timeline, b);
	key(r, b);
	if (r->lanes < r->rows)
		buf_addf(b, "<p class=\"soft\">%u more%s are not drawn.</p>\n",
		    r->rows - r->lanes, r->folded ? " machines" : " at a time");
	shares(r, b);
	if (r->done_most > 0 && report_has_speed(r))
		chart(r, "Records a second", "chart", svg_throughput, b);
	chart(r, "Calls, by how long they took", "chart named", svg_latency, b);
}

/* The places of the k-th error: at first a few. */
static void
places(const struct report *r, const struct report_errors *errors, size_t k,
    struct buf *b)
{
	static const char head[] =
	    "<table>\n<tr><th>object</th><th>records</th><th>at</th></tr>\n";
	size_t all = errors->error[k].places, n = 0, i;

	buf_adds(b, head);
	for (i = 0; i < r->failures; i++) {
		if (errors->of[i] != k)
			continue;
		if (n++ == PLACES)
			buf_addf(b,
			    "</table>\n<details><summary>%zu more"
			    "</summary>\n%s",
			    all - PLACES, head);
		buf_adds(b, "<tr><td data-name=\"object\">");
		html_text(b, r->failure[i].object);
		buf_adds(b, "</td><td data-name=\"records\">");
		failure_records(&r->failure[i], b);
		buf_adds(b, "</td><td data-name=\"at\">");
		failure_place(&r->failure[i], b);
		buf_adds(b, "</td></tr>\n");
	}
	buf_adds(b, all > PLACES ? "</table></details>\n" : "</table>\n");
}

/* Each error once, with its number and its places. */
static void
failures(
    const struct report *r, const struct report_errors *errors, struct buf *b)
{
	const struct report_error *e;

	if (r->failed_batches == 0)
		return;
	heading(b, "What failed");
	for (e = errors->error; e < errors->error + errors->n; e++) {
		buf_adds(b, "<div class=\"error\"><p class=\"what\">");
		html_text(b, e->text);
		buf_adds(b, "</p>\n<p class=\"soft\">");
		html_text(b, e->status);
		buf_adds(b, ": ");
		errors_count(e, b);
		buf_adds(b, "</p>\n");
		places(r, errors, (size_t)(e - errors->error), b);
		buf_adds(b, "</div>\n");
	}
	if (r->failed_batches > r->failures)
		buf_addf(b,
		    "<p class=\"soft\">and %" PRIu64 " more mini-batches</p>\n",
		    r->failed_batches - r->failures);
}

/* The service's reason, unless it is one of the errors that are listed. */
static void
reason(const struct report_job *job, const struct report_errors *errors,
    struct buf *b)
{
	size_t k;

	if (job->reason == NULL)
		return;
	for (k = 0; k < errors->n; k++)
		if (*errors->error[k].text != '\0' &&
		    strstr(job->reason, errors->error[k].text) != NULL)
			return;
	buf_adds(b, "<p class=\"wrong\">");
	html_text(b, job->reason);
	buf_adds(b, "</p>\n");
}

/* The style, and all that is not shown. */
static void
head(const struct report_job *job, struct buf *b)
{
	buf_adds(b, REPORT_PAGE_HEAD
	    "<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" "
	    "content=\"width=device-width, initial-scale=1\">\n");
	if (report_is_running(job))
		buf_addf(b, "<meta http-equiv=\"refresh\" content=\"%d\">\n",
		    SECONDS);
	buf_adds(b, "<title>");
	html_text(b, job->name);
	buf_addf(b, "</title>\n<style>\n%s</style>\n</head>\n", style);
}

void
report_page(const struct report *r, const struct report_job *job, struct buf *b)
{
	static struct report_errors errors;

	errors_find(r, &errors);
	head(job, b);
	buf_adds(b, "<body>\n<h1>");
	html_text(b, job->name);
	buf_adds(b, "</h1>\n");
	headline(r, job, b);
	if (report_is_running(job)) {
		buf_adds(b, "<p class=\"soft\">As of ");
		scale_clock(b, job->now);
		buf_addf(b,
		    ". This page reloads itself every %d s; run bt-report again to "
		    "bring it up to date.</p>\n",
		    SECONDS);
	}
	reason(job, &errors, b);
	failures(r, &errors, b);
	charts(r, b);
	heading(b, "In numbers");
	buf_adds(b, "<dl>\n");
	report_facts(r, job, add_definition, b);
	buf_adds(b, "</dl>\n");
	words(job, b);
	heading(b, "Where");
	buf_adds(b, "<dl class=\"places\">\n");
	report_places(r, job, add_definition, b);
	buf_adds(b, "<div><dt>report made</dt><dd>");
	scale_date(b, job->now);
	buf_adds(b, "</dd></div>\n");
	buf_adds(b, "</dl>\n</body>\n</html>\n");
}
