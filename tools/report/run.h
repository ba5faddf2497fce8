/*
 * A job's run from its result lines: counts, times, failures.
 *
 * The lines are read twice: the first reading finds the start and the end of
 * the run, the workers and the sums, the second puts each batch in its place on
 * the time line.  Memory is for the workers and a bounded number of columns and
 * failures, never for the batches.
 */
#ifndef REPORT_RUN_H
#define REPORT_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/table.h"
#include "format/seen.h"
#include "job/count.h"

enum {
	REPORT_EXACT = 1024, /* milliseconds that are counted one by one */
	REPORT_LATENCIES = 1024 + 24 * 64, /* then 64 to the octave */
	REPORT_COLUMNS = 960,		   /* of the time line */
	REPORT_LANES = 100,    /* rows of the time line; more are not drawn */
	REPORT_POINTS = 120,   /* of the throughput */
	REPORT_SINGLE = 2000,  /* batches that are drawn one by one */
	REPORT_FAILURES = 500, /* are listed */
	REPORT_STATUSES = 16,
	REPORT_GAPS = 1000, /* are drawn */
	REPORT_STOPS = 50,
	REPORT_BINS = 40 /* of the calls by time, at most */
};

/* Where workers ran.  Its rows of the time line are those of its shares, then
 * those of its workers; if the machines have more than REPORT_LANES, one row
 * for each machine. */
struct report_machine {
	struct table_entry entry; /* by name */
	unsigned row, shares, lanes;
};

/* A process that ran batches, one after the other. */
struct report_worker {
	struct table_entry entry; /* by name */
	double first, last;	  /* seconds since the epoch */
	unsigned lane;
	struct report_machine *machine;
};

/* An attempt to run a share of the job. */
struct report_attempt {
	struct table_entry entry; /* by name */
	uint64_t share;
	struct report_machine *machine;
	double start, end; /* end 0: not known */
	unsigned status;   /* if it has ended */
	uint64_t batches;  /* that it answered */
	double last;	   /* the end of the last of them, or start */
	double until;	   /* how long it ran, as far as is known */
	bool killed;	   /* ended without a word */
	bool again;	   /* not the first of its share */
	const struct report_attempt *next; /* of its share, or NULL */
	unsigned lane;
};

struct report_status {
	char *name;
	uint64_t batches, records; /* failed with it, not answered later */
};

/* A batch that failed, and was not answered later. */
struct report_failure {
	char *object; /* decoded */
	uint64_t first, count, offset;
	bool is_batch;	  /* no earlier line had a failure of it */
	uint64_t records; /* that no earlier line names as failed */
	struct report_status *status;
	char *error; /* decoded */
};

/* A batch that is drawn by itself. */
struct report_batch {
	double start, end;
	unsigned lane;
	bool failed, again; /* it took more than one try */
	char *ref;	    /* encoded */
};

/* A time at which a lane had no worker, or, of a stop, no lane had. */
struct report_gap {
	double start, end;
	unsigned lane;
};

/* Calls that took less than this and no less than the bin before. */
struct report_bin {
	double below; /* ms */
	uint64_t calls;
};

/* The calls of earlier lines. */
struct report_seen {
	struct seen batches;
	struct seen failures; /* whole lines */
};

struct report {
	/* The counts by the job's references; NULL if there are none. */
	struct job_count *job;
	struct report_seen first, second;	 /* by the two readings */
	uint64_t calls, bytes, retried;		 /* without repeated lines */
	uint64_t batches, records;		 /* in lines */
	uint64_t failed_batches, failed_records; /* not answered later */
	double created;	   /* when the job was made; 0: not known */
	double start, end; /* of the run, seconds since the epoch */
	double ms;	   /* spent in calls, by all workers */
	double prompt_tokens, completion_tokens, cost; /* of language models */

	uint64_t latency[REPORT_LATENCIES];
	double ms_least, ms_most;

	bool running;			 /* the job is */
	struct table attempts;		 /* of struct report_attempt */
	struct report_attempt **attempt; /* by share, then by start */

	struct table machines; /* of struct report_machine; one has no name */
	struct report_machine **machine; /* by name */
	struct table workers;
	unsigned workers_at_once; /* the most */
	unsigned rows;		  /* of the time line */
	unsigned lanes;		  /* rows that are drawn */
	bool folded;		  /* a row for each machine */
	struct report_gap gap[REPORT_GAPS], stop[REPORT_STOPS];
	size_t gaps, stops;

	struct report_status status[REPORT_STATUSES];
	size_t statuses;
	struct report_failure failure[REPORT_FAILURES];
	size_t failures;

	/* Of the second reading. */
	float (*busy)[REPORT_COLUMNS];	/* seconds, by lane */
	bool (*failed)[REPORT_COLUMNS]; /* a batch did, by lane */
	double done[REPORT_POINTS];	/* records */
	double done_most;		/* the largest of them */
	struct report_batch single[REPORT_SINGLE];
	size_t singles;
};

/* First reading of a result line, without its newline; other lines are ignored.
 */
void report_count_line(struct report *r, struct span line);

/* Assigns the lanes; between the two readings. */
void report_assign_lanes(struct report *r);

/* Second reading: the line's batch on the time line, or its failure. */
void report_place_line(struct report *r, struct span line);

/* The milliseconds within which this share of all calls, from 0 to 1, ended. */
double report_quantile(const struct report *r, double share);

/* The number of calls that took at least low and less than high milliseconds.
 */
uint64_t report_between(const struct report *r, double low, double high);

/* Calls by time, each bin twice as wide as the one before; the number of them.
 */
unsigned report_bins(const struct report *r, struct report_bin *bin);

/* Records a second from the first start to the last end. */
double report_speed(const struct report *r);

#endif
