/*
 * The memory that a process and all that it has started hold.
 */
#ifndef PREDICT_MEMORY_H
#define PREDICT_MEMORY_H

#include <stdint.h>
#include <sys/types.h>

/* Resident, in bytes; a page that several of them share counts for each.  0 if
 * the system does not tell. */
uint64_t memory_of_tree(pid_t pid);

#endif
