/*
 * A job that an engine runs on other machines: the file engine in its folder,
 *
 *	ENGINE RUN SHARES
 *
 * the shares in its folder, and what the engine has left in its queue.
 */
#ifndef JOB_ENGINE_H
#define JOB_ENGINE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buf.h"

/* The tasks in an engine's queue, a line each: RUN SHARE STATE [MACHINE]; the
 * state R or CG is that of a task that runs. */
struct queue {
	struct buf lines;
};

/* Of a file, - being standard input; one that cannot be read ends the process.
 */
struct queue *queue_load(const char *name);

void queue_free(struct queue *q);

/* Whether an engine runs the job in this folder, and has some of it left, as
 * far as is known: queue may be NULL. */
bool engine_has(const char *dir, const struct queue *queue);

/* The numbers of shares: all, completed, and with a queue running, pending and
 * failed ones, and the machines that run some.  NULL if no engine runs the job,
 * or nothing is left of the shares.  The caller's reference. */
json_t *engine_shares(const char *dir, const struct queue *queue, bool ended);

/* The files in the folder shares that have result lines, in the order of the
 * shares; a NULL ends them.  To be freed by engine_free_files. */
char **engine_files(const char *dir);

void engine_free_files(char **files);

#endif
