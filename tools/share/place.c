#include "share/place.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/num.h"
#include "base/say.h"

/* Engines that always start all numbers from 0 up to their count. */
struct group {
	const char *index, *count;
};

/* Engines of whose numbers, from base on, users may pick some: the other
 * variables say whether these are all.  NULL: the engine has none such. */
struct array {
	const char *index, *min, *max, *step, *count;
	uint64_t base;
};

static const struct array slurm_array = { "SLURM_ARRAY_TASK_ID",
	"SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX", NULL,
	"SLURM_ARRAY_TASK_COUNT", 0 };
static const struct group slurm_step = { "SLURM_PROCID", "SLURM_NTASKS" };
static const struct group aws_batch = { "AWS_BATCH_JOB_ARRAY_INDEX",
	"AWS_BATCH_JOB_ARRAY_SIZE" };
static const struct array kubernetes = { "JOB_COMPLETION_INDEX", NULL, NULL,
	NULL, NULL, 0 };
static const struct array gridengine = { "SGE_TASK_ID", "SGE_TASK_FIRST",
	"SGE_TASK_LAST", "SGE_TASK_STEPSIZE", NULL, 1 };
static const struct group open_mpi = { "OMPI_COMM_WORLD_RANK",
	"OMPI_COMM_WORLD_SIZE" };

/* What one engine says. */
struct claim {
	const char *index, *count; /* the variables */
	struct place place;	   /* count 0: not said, or not all run */
	bool all;		   /* a group */
};

struct claims {
	struct claim of[6];
	size_t n;
};

/* The number in a variable; false if there is no such variable. */
static bool
number(const char *name, uint64_t min, uint64_t *v)
{
	const char *text = name == NULL ? NULL : getenv(name), *why;

	if (text == NULL)
		return false;
	*v = num_parse(span_str(text), min, UINT32_MAX, &why);
	if (why != NULL)
		say_exit(2, "%s=%.64s: %s", name, text, why);
	return true;
}

static void
add_group(struct claims *all, const struct group *g)
{
	struct claim c = { g->index, g->count, { 0, 0 }, true };
	bool index = number(g->index, 0, &c.place.index);
	bool count = number(g->count, 1, &c.place.count);

	if (index != count)
		say_exit(2, "%s is set, %s is not: set BT_INDEX and BT_COUNT",
		    index ? g->index : g->count, index ? g->count : g->index);
	if (index)
		all->of[all->n++] = c;
}

static void
add_array(struct claims *all, const struct array *a)
{
	struct claim c = { a->index, a->max, { 0, 0 }, false };
	uint64_t id, min, max, step = 1, count;

	if (!number(a->index, a->base, &id))
		return;
	c.place.index = id - a->base;
	if (number(a->min, 0, &min) && min == a->base &&
	    number(a->max, min, &max) &&
	    (a->step == NULL || (number(a->step, 1, &step) && step == 1)) &&
	    (a->count == NULL ||
		(number(a->count, 1, &count) && count == max - min + 1)))
		c.place.count = max - min + 1;
	all->of[all->n++] = c;
}

/* Whether srun started the process.  sbatch, called in a step, gives the step's
 * variables to the batch script; but SLURM_NTASKS is then the job's. */
static bool
is_slurm_step(void)
{
	const char *tasks = getenv(slurm_step.count);
	const char *of_step = getenv("SLURM_STEP_NUM_TASKS");

	return getenv("SLURM_STEP_ID") != NULL &&
	       (tasks == NULL || of_step == NULL ||
		   strcmp(tasks, of_step) == 0);
}

static void
add_all(struct claims *all)
{
	const char *sge = getenv(gridengine.index);

	add_array(all, &slurm_array);
	add_group(all, &aws_batch);
	add_array(all, &kubernetes);
	if (sge != NULL && strcmp(sge, "undefined") != 0)
		add_array(all, &gridengine);
	/* The daemons of mpirun are a step of Slurm, and what they start has
	 * the step's variables. */
	if (getenv(open_mpi.index) != NULL || getenv(open_mpi.count) != NULL)
		add_group(all, &open_mpi);
	else if (is_slurm_step())
		add_group(all, &slurm_step);
}

/* The one engine that counts. */
static struct claim
settle(struct claims *all)
{
	struct claim *c, *kept = all->of, *end = all->of + all->n;

	/* A step of one task, say, in a task of an array. */
	for (c = all->of; c < end; c++)
		if (!c->all || c->place.count > 1 || all->n == 1)
			*kept++ = *c;
	all->n = (size_t)(kept - all->of);
	if (all->n > 1)
		say_exit(2, "%s and %s are both set: set BT_INDEX and BT_COUNT",
		    all->of[0].index, all->of[1].index);
	if (all->n == 1)
		return all->of[0];
	if (getenv("BT_COUNT") != NULL)
		say_exit(2, "BT_COUNT is set, BT_INDEX is not: set it to the "
			    "share's number, from 0");
	if (getenv(slurm_step.index) != NULL)
		say_exit(2,
		    "%s is set, but this is a batch script and no step: use "
		    "srun, or set BT_INDEX and BT_COUNT",
		    slurm_step.index);
	say_exit(2, "nothing says which share this is: set BT_INDEX, from 0, "
		    "and BT_COUNT");
}

struct place
place_find(void)
{
	struct claims all = { .n = 0 };
	struct claim c = { "BT_INDEX", "BT_COUNT", { 0, 0 }, false };
	uint64_t count = 0;
	bool counted = number("BT_COUNT", 1, &count);

	if (!number("BT_INDEX", 0, &c.place.index)) {
		add_all(&all);
		c = settle(&all);
	}
	if (!counted && c.place.count == 0)
		say_exit(2,
		    "%s is set, but not how many shares there are: set "
		    "BT_COUNT",
		    c.index);
	if (counted && c.all && count != c.place.count)
		say_exit(2,
		    "BT_COUNT=%" PRIu64 ", but %s=%" PRIu64
		    ": unset BT_COUNT, or set BT_INDEX too",
		    count, c.count, c.place.count);
	if (counted) {
		c.place.count = count;
		c.count = "BT_COUNT";
	}
	if (c.place.index >= c.place.count)
		say_exit(2,
		    "%s makes this share %" PRIu64
		    ", but by %s there are 0 to %" PRIu64,
		    c.index, c.place.index, c.count, c.place.count - 1);
	return c.place;
}
