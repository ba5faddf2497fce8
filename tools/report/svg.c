#include "report/svg.h"

#include <inttypes.h>
#include <math.h>

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
	LINES = 5
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

void
svg_timeline(const struct report *r, struct buf *b)
{
	const struct report_batch *s, *end = r->single + r->singles;
	int height = (int)(r->lanes * LANE);
	unsigned lane;

	svg_begin(b, height + BOTTOM, "Batches of each worker over time");
	gaps(r, height, b);
	for (lane = 0; lane < r->lanes; lane++) {
		if (r->lanes <= 20 || (lane + 1) % 10 == 0 || lane == 0)
			buf_addf(b,
			    "<text class=\"end\" x=\"-8\" y=\"%u\">%u</text>\n",
			    lane * LANE + 14, lane + 1);
		if (r->singles == 0)
			lane_bars(r, lane, b);
	}
	for (s = r->single; s < end; s++)
		if (!s->failed)
			single_bar(r, s, b);
	/* Failed ones are drawn over the others. */
	for (s = r->single; s < end; s++)
		if (s->failed)
			single_bar(r, s, b);
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
