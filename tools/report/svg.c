#include "report/svg.h"

#include <inttypes.h>
#include <math.h>

#include "report/attempts.h"
#include "report/page.h"
#include "report/scale.h"

/* Pixels, from top to bottom. */
enum {
	BOTTOM = 26,
	HEIGHT = 160,
	LANE = 20,
	BAR = 14,
	LOAD = 4, /* the height of a lane's load */
	ROW = 24,
	TICKS = 10,
	LINES = 5,
	NAME = 14,    /* the characters of a machine's name */
	NUMBERED = 40 /* lanes, of which each has its number */
};

static void
svg_begin(struct buf *b, int height, const char *label)
{
	buf_addf(b, "<svg height=\"%d\" role=\"img\" aria-label=\"%s\">\n",
	    height, label);
}

/* A moment of the run, in percent. */
static double
across(const struct report *r, double at)
{
	return 100 * (at - r->start) / (r->end - r->start);
}

/* The scale of time under a chart whose lower edge is at y.  Where the page is
 * narrow, its style hides every other tick. */
static void
time_axis(const struct report *r, int y, struct buf *b)
{
	double span = r->end - r->start, step, t, x;
	unsigned i;

	buf_addf(b, "<line class=\"axis\" x2=\"100%%\" y1=\"%d\" y2=\"%d\"/>\n",
	    y, y);
	step = scale_time_step(span, TICKS);
	for (i = 0; (t = i * step) <= span * 1.0001; i++) {
		x = 100 * t / span;
		buf_addf(b,
		    "<line class=\"axis%s\" x1=\"%.2f%%\" x2=\"%.2f%%\" "
		    "y1=\"%d\" y2=\"%d\"/><text class=\"mid%s\" x=\"%.2f%%\" "
		    "y=\"%d\">",
		    i % 2 ? " odd" : "", x, x, y, y + 4, i % 2 ? " odd" : "", x,
		    y + 18);
		if (i == 0)
			buf_adds(b, "0");
		else if (span < 1)
			buf_addf(b, "%.3g ms", t * 1e3);
		else if (step < 60)
			buf_addf(b, "%.3g s", t);
		else if (step < 3600)
			buf_addf(b, "%.0f min", t / 60);
		else
			buf_addf(b, "%.3g h", t / 3600);
		buf_adds(b, "</text>\n");
	}
}

/* Lines across a chart of HEIGHT, for values from 0 to top. */
static void
value_axis(double top, double step, struct buf *b)
{
	double v;
	int y;

	for (v = 0; v <= top * 1.0001; v += step) {
		y = HEIGHT - (int)(v / top * (HEIGHT - 8));
		buf_addf(b,
		    "<line class=\"line\" x2=\"100%%\" y1=\"%d\" y2=\"%d\"/>"
		    "<text class=\"end\" x=\"-8\" y=\"%d\">",
		    y, y, y + 4);
		scale_number(b, v);
		buf_adds(b, "</text>\n");
	}
}

static void
bar(struct buf *b, double x, unsigned lane, double width, const char *class)
{
	buf_addf(b,
	    "<rect class=\"%s\" x=\"%.2f%%\" y=\"%u\" width=\"%.2f%%\" "
	    "height=\"%d\"",
	    class, x, lane * LANE + 3, width, BAR);
}

static void
single_bar(const struct report *r, const struct report_batch *s, struct buf *b)
{
	double width = across(r, s->end) - across(r, s->start);

	/* A gap between neighbours, unless they would vanish in it. */
	width = width > 0.3 ? width - 0.1 : width > 0.1 ? width : 0.1;
	bar(b, across(r, s->start), s->lane, width,
	    s->failed  ? "bad"
	    : s->again ? "again"
		       : "run");
	buf_adds(b, "><title>");
	html_text(b, s->ref);
	buf_adds(b, "\n");
	scale_ms(b, (s->end - s->start) * 1e3);
	if (s->again)
		buf_adds(b, ", tried again");
	buf_adds(
	    b, s->failed ? ", failed</title></rect>\n" : "</title></rect>\n");
}

/* How busy a lane was in a column, in quarters from 0 to 4; 5 if a batch
 * failed. */
static int
shade(const struct report *r, unsigned lane, int column)
{
	double step = (r->end - r->start) / REPORT_COLUMNS;
	double share = r->busy[lane][column] / step;

	if (r->failed[lane][column])
		return 5;
	return share <= 0 ? 0 : share >= 1 ? 4 : (int)(share * 4 * 0.999) + 1;
}

static void
lane_bars(const struct report *r, unsigned lane, struct buf *b)
{
	int from, to, tone;

	for (from = 0; from < REPORT_COLUMNS; from = to) {
		tone = shade(r, lane, from);
		for (to = from + 1; to < REPORT_COLUMNS; to++)
			if (shade(r, lane, to) != tone)
				break;
		if (tone == 0)
			continue;
		bar(b, 100.0 * from / REPORT_COLUMNS, lane,
		    100.0 * (to - from) / REPORT_COLUMNS,
		    tone == 5 ? "bad" : "run");
		if (tone < 4)
			buf_addf(b, " opacity=\"%.2f\"", 0.2 + 0.2 * tone);
		buf_adds(b, "/>\n");
	}
}

static void
gap_bar(const struct report *r, const struct report_gap *g, const char *class,
    const char *why, unsigned y, unsigned height, struct buf *b)
{
	buf_addf(b,
	    "<rect class=\"%s\" x=\"%.2f%%\" y=\"%u\" width=\"%.2f%%\" "
	    "height=\"%u\"><title>%s ",
	    class, across(r, g->start), y,
	    across(r, g->end) - across(r, g->start), height, why);
	scale_seconds(b, g->end - g->start);
	buf_adds(b, "</title></rect>\n");
}

/* The stops over all lanes, and the lanes' other gaps. */
static void
gaps(const struct report *r, int height, struct buf *b)
{
	const struct report_gap *g, *s;

	for (s = r->stop; s < r->stop + r->stops; s++)
		gap_bar(r, s, "stop", "stopped: no worker for", 0,
		    (unsigned)height, b);
	for (g = r->gap; g < r->gap + r->gaps; g++) {
		for (s = r->stop; s < r->stop + r->stops; s++)
			if (g->start <= s->start && g->end >= s->end)
				break;
		if (s == r->stop + r->stops)
			gap_bar(r, g, "load", "loading the model for at most",
			    g->lane * LANE + 3 + (BAR - LOAD) / 2, LOAD, b);
	}
}

bool
svg_has_machines(const struct report *r)
{
	return r->machines.n > 1 || r->attempts.n > 0;
}

/* How far right, between the start of the run and its end. */
static double
within(const struct report *r, double at)
{
	double x = across(r, at);

	return x < 0 ? 0 : x > 100 ? 100 : x;
}

/* A share that a machine ran, and its end if that came too soon. */
static void
share_bar(const struct report *r, const struct report_attempt *a, struct buf *b)
{
	unsigned row = a->machine->row + (r->folded ? 0 : a->lane);
	double x = within(r, a->start), width = within(r, a->until) - x;
	struct buf text = { 0 };

	if (row >= r->lanes || (r->folded && !attempt_is_cut(a)))
		return;
	buf_addf(&text, "><title>share %" PRIu64 " on ", a->share);
	html_text(&text, a->machine->entry.key.p);
	buf_adds(&text, ": ");
	attempt_outcome(a, &text);
	buf_adds(&text, "</title></rect>\n");
	if (!r->folded) {
		bar(b, x, row, width > 0.3 ? width - 0.1 : 0.2,
		    a->again ? "redo" : "share");
		buf_adds(b, buf_str(&text));
		if (width > 2)
			buf_addf(b,
			    "<text class=\"mid in%s\" x=\"%.2f%%\" "
			    "y=\"%u\">%" PRIu64 "</text>\n",
			    width < 8 ? " odd" : "", x + width / 2,
			    row * LANE + 14, a->share);
	}
	if (attempt_is_cut(a)) {
		bar(b, x + width, row, 0.1, "bad");
		buf_adds(b, buf_str(&text));
	}
	buf_free(&text);
}

/* What a row is, beside it: a long name without its domain. */
static void
row_name(struct buf *b, unsigned row, const char *name)
{
	size_t all = strlen(name), n = all;
	struct buf begun = { 0 };

	if (n > NAME)
		n = strcspn(name, ".");
	buf_add(&begun, name, n > NAME ? NAME - 1 : n);
	buf_addf(b, "<text class=\"end\" x=\"-8\" y=\"%u\">", row * LANE + 14);
	html_text(b, buf_str(&begun));
	buf_adds(b, n > NAME ? "\xe2\x80\xa6" : "");
	if (n < all || n > NAME) {
		buf_adds(b, "<title>");
		html_text(b, name);
		buf_adds(b, "</title>");
	}
	buf_adds(b, "</text>\n");
	buf_free(&begun);
}

static void
row_names(const struct report *r, const struct report_machine *m, struct buf *b)
{
	unsigned lane = 0, row = m->row;
	bool named = svg_has_machines(r);

	if (named) {
		if (row > 0)
			buf_addf(b,
			    "<line class=\"line\" x2=\"100%%\" y1=\"%u\" "
			    "y2=\"%u\"/>\n",
			    row * LANE, row * LANE);
		row_name(b, row, m->entry.key.n > 0 ? m->entry.key.p : "?");
		lane = m->shares == 0;
		row += m->shares + lane;
	}
	for (; !r->folded && lane < m->lanes && row < r->lanes; lane++, row++)
		if (r->lanes <= (named ? NUMBERED : 20) ||
		    (lane + 1) % 10 == 0 || lane == 0)
			buf_addf(b,
			    "<text class=\"end\" x=\"-8\" y=\"%u\">%u</text>\n",
			    row * LANE + 14, lane + 1);
}

void
svg_timeline(const struct report *r, struct buf *b)
{
	const struct report_batch *s, *end = r->single + r->singles;
	int height = (int)(r->lanes * LANE);
	unsigned lane;
	size_t i;

	svg_begin(b, height + BOTTOM, "Batches of each worker over time");
	gaps(r, height, b);
	for (i = 0; i < r->machines.n && r->machine[i]->row < r->lanes; i++)
		row_names(r, r->machine[i], b);
	for (lane = 0; r->singles == 0 && lane < r->lanes; lane++)
		lane_bars(r, lane, b);
	for (s = r->single; s < end; s++)
		if (!s->failed)
			single_bar(r, s, b);
	/* Failed ones are drawn over the others. */
	for (s = r->single; s < end; s++)
		if (s->failed)
			single_bar(r, s, b);
	for (i = 0; i < r->attempts.n; i++)
		share_bar(r, r->attempt[i], b);
	time_axis(r, height, b);
	buf_adds(b, "</svg>\n");
}

void
svg_throughput(const struct report *r, struct buf *b)
{
	double step = (r->end - r->start) / REPORT_POINTS;
	double top = r->done_most / step, tick;
	int i, y;

	tick = scale_step(top, LINES);
	top = ceil(top / tick) * tick;
	svg_begin(b, HEIGHT + BOTTOM, "Records a second over time");
	value_axis(top, tick, b);
	buf_addf(b,
	    "<svg width=\"100%%\" height=\"%d\" viewBox=\"0 0 %d %d\" "
	    "preserveAspectRatio=\"none\"><path class=\"area\" d=\"M0 %d",
	    HEIGHT, REPORT_POINTS, HEIGHT, HEIGHT);
	for (i = 0; i < REPORT_POINTS; i++) {
		y = HEIGHT - (int)(r->done[i] / step / top * (HEIGHT - 8));
		buf_addf(b, "V%dH%d", y, i + 1);
	}
	buf_addf(b, "V%dz\"/></svg>\n", HEIGHT);
	time_axis(r, HEIGHT, b);
	buf_adds(b, "</svg>\n");
}

void
svg_latency(const struct report *r, struct buf *b)
{
	struct report_bin bin[REPORT_BINS];
	unsigned n = report_bins(r, bin), i;
	uint64_t most = 1;
	double width;

	for (i = 0; i < n; i++)
		if (bin[i].calls > most)
			most = bin[i].calls;
	svg_begin(b, (int)n * ROW, "Calls by how long they took");
	for (i = 0; i < n; i++) {
		buf_addf(b, "<text class=\"end\" x=\"-8\" y=\"%u\">under ",
		    i * ROW + 16);
		scale_ms(b, bin[i].below);
		/* Room for the number. */
		width = 85.0 * (double)bin[i].calls / (double)most;
		buf_addf(b,
		    "</text>\n<rect class=\"run\" y=\"%u\" width=\"%.2f%%\" "
		    "height=\"%d\"/><text x=\"%.2f%%\" dx=\"6\" y=\"%u\">",
		    i * ROW + 3, bin[i].calls > 0 && width < 0.3 ? 0.3 : width,
		    ROW - 6, width, i * ROW + 16);
		scale_number(b, (double)bin[i].calls);
		buf_adds(b, "</text>\n");
	}
	buf_adds(b, "</svg>\n");
}

void
svg_bar(double share, struct buf *b)
{
	buf_addf(b,
	    "<svg height=\"12\" role=\"img\" aria-label=\"done\">"
	    "<rect class=\"rest\" width=\"100%%\" height=\"12\" rx=\"3\"/>"
	    "<rect class=\"run\" width=\"%.1f%%\" height=\"12\" rx=\"3\"/>"
	    "</svg>\n",
	    100 * share);
}
