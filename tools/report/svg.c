#include "report/svg.h"

#include <inttypes.h>
#include <math.h>

#include "report/page.h"
#include "report/scale.h"

/* Pixels: a chart is LEFT + REPORT_COLUMNS + RIGHT wide. */
enum {
	LEFT = 64,
	RIGHT = 28, /* half of the last tick's text */
	BOTTOM = 28,
	HEIGHT = 160,
	LANE = 18,
	BAR = 14,
	TICKS = 10,
	LINES = 5
};

static void
svg_begin(struct buf *b, int height, const char *label)
{
	buf_addf(b,
	    "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n",
	    LEFT + REPORT_COLUMNS + RIGHT, height, label);
}

/* The scale of time under a chart whose lower edge is at y. */
static void
time_axis(const struct report *r, int y, struct buf *b)
{
	double span = r->end - r->start, step, t;
	int x;

	buf_addf(b, "<path class=\"axis\" d=\"M%d %dh%d\"/>\n", LEFT, y,
	    REPORT_COLUMNS);
	step = scale_time_step(span, TICKS);
	for (t = 0; t <= span * 1.0001; t += step) {
		x = LEFT + (int)(t / span * REPORT_COLUMNS);
		buf_addf(b,
		    "<path class=\"axis\" d=\"M%d %dv4\"/><text "
		    "class=\"mid\" x=\"%d\" y=\"%d\">",
		    x, y, x, y + 17);
		if (t == 0)
			buf_adds(b, "0");
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
		    "<path class=\"line\" d=\"M%d %dh%d\"/><text "
		    "class=\"end\" x=\"%d\" y=\"%d\">",
		    LEFT, y, REPORT_COLUMNS, LEFT - 8, y + 4);
		scale_number(b, v);
		buf_adds(b, "</text>\n");
	}
}

static void
bar(struct buf *b, double x, unsigned lane, double width, bool bad)
{
	buf_addf(b,
	    "<rect class=\"%s\" x=\"%.1f\" y=\"%u\" width=\"%.1f\" "
	    "height=\"%d\"",
	    bad ? "bad" : "run", LEFT + x, lane * LANE + 2, width, BAR);
}

static void
single_bar(const struct report *r, const struct report_batch *s, struct buf *b)
{
	double scale = REPORT_COLUMNS / (r->end - r->start);
	double width = (s->end - s->start) * scale;

	/* A gap between neighbours, unless they would vanish in it. */
	width = width > 3 ? width - 1 : width > 1 ? width : 1;
	bar(b, (s->start - r->start) * scale, s->lane, width, s->failed);
	buf_adds(b, "><title>");
	html_text(b, s->ref);
	buf_adds(b, "\n");
	scale_ms(b, (s->end - s->start) * 1e3);
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
		bar(b, from, lane, to - from, tone == 5);
		if (tone < 4)
			buf_addf(b, " opacity=\"%.2f\"", 0.2 + 0.2 * tone);
		buf_adds(b, "/>\n");
	}
}

void
svg_timeline(const struct report *r, struct buf *b)
{
	const struct report_batch *s, *end = r->single + r->singles;
	int height = (int)(r->lanes * LANE + 4);
	unsigned lane;

	svg_begin(b, height + BOTTOM, "Batches of each worker over time");
	for (lane = 0; lane < r->lanes; lane++) {
		if (r->lanes <= 20 || (lane + 1) % 10 == 0 || lane == 0)
			buf_addf(b,
			    "<text class=\"end\" x=\"%d\" y=\"%u\">%u</text>\n",
			    LEFT - 8, lane * LANE + 13, lane + 1);
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
	double wide = (double)REPORT_COLUMNS / REPORT_POINTS;
	int i, y;

	tick = scale_step(top, LINES);
	top = ceil(top / tick) * tick;
	svg_begin(b, HEIGHT + BOTTOM, "Records a second over time");
	value_axis(top, tick, b);
	buf_addf(b, "<path class=\"area\" d=\"M%d %d", LEFT, HEIGHT);
	for (i = 0; i < REPORT_POINTS; i++) {
		y = HEIGHT - (int)(r->done[i] / step / top * (HEIGHT - 8));
		buf_addf(b, "V%dH%.1f", y, LEFT + (i + 1) * wide);
	}
	buf_addf(b, "V%dz\"/>\n", HEIGHT);
	time_axis(r, HEIGHT, b);
	buf_adds(b, "</svg>\n");
}

/* The n-th border between bars: 0 1 2 3 4 6 8 12 16 24 32 ... milliseconds. */
static double
border(unsigned n)
{
	return n < 4 ? n : ldexp(n % 2 == 0 ? 2 : 3, (int)n / 2 - 1);
}

void
svg_latency(const struct report *r, struct buf *b)
{
	unsigned low = 0, high, i;
	uint64_t most = 0, n;
	double wide, tick, top, x, y;

	while (border(low + 1) <= r->ms_least)
		low++;
	for (high = low + 1; border(high) <= r->ms_most; high++)
		;
	for (i = low; i < high; i++)
		if ((n = report_between(r, border(i), border(i + 1))) > most)
			most = n;
	if (most == 0)
		return;
	if (high - low < 8)
		high = low + 8;
	tick = scale_step((double)most, LINES);
	if (tick < 1)
		tick = 1;
	top = ceil((double)most / tick) * tick;
	wide = (double)REPORT_COLUMNS / (high - low);
	svg_begin(b, HEIGHT + BOTTOM, "Calls by how long they took");
	value_axis(top, tick, b);
	for (i = low; i < high; i++) {
		n = report_between(r, border(i), border(i + 1));
		x = LEFT + (i - low) * wide;
		y = (double)n / top * (HEIGHT - 8);
		if (n > 0 && y < 1)
			y = 1;
		buf_addf(b,
		    "<rect class=\"run\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
		    "height=\"%.1f\"><title>%" PRIu64
		    " calls took from %.0f to %.0f ms</title></rect>\n",
		    x + 1, HEIGHT - y, wide - 2, y, n, border(i),
		    border(i + 1));
		buf_addf(b, "<text class=\"mid\" x=\"%.1f\" y=\"%d\">", x,
		    HEIGHT + 17);
		if (border(i) < 1000)
			buf_addf(b, "%.0f", border(i));
		else
			buf_addf(b, "%.3g s", border(i) / 1e3);
		buf_adds(b, "</text>\n");
	}
	buf_addf(b, "<path class=\"axis\" d=\"M%d %dh%d\"/>\n</svg>\n", LEFT,
	    HEIGHT, REPORT_COLUMNS);
}
