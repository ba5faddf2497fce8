/*
 * The memory that a process holds.
 */
#ifndef STAGE_RESIDENT_H
#define STAGE_RESIDENT_H

#include <stdint.h>
#include <sys/types.h>

/* Resident, in bytes; 0 where nobody tells. */
uint64_t resident_bytes(pid_t pid);

#endif
