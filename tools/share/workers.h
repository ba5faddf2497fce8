/*
 * Commands that run at the same time and take the lines of standard input, each
 * the next one when it reads.
 */
#ifndef SHARE_WORKERS_H
#define SHARE_WORKERS_H

#include <stdint.h>

/*
 * Runs the command count times, until it has ended as often; returns the
 * highest of the statuses as a shell has them, at least 1 if a line was not
 * taken.  The standard input of all is one socket (SOCK_SEQPACKET), from which
 * one read(2) returns one line.  slot, if it is not NULL, is a variable that
 * numbers them from 0.
 */
int workers_run(uint64_t count, const char *slot, char *const *command);

#endif
