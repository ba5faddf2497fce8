/*
 * Which share of a list is this process's, as its environment says: bt-share(1)
 * has the table of the variables.
 */
#ifndef SHARE_PLACE_H
#define SHARE_PLACE_H

#include <stdint.h>

/* Share index, from 0, of count; count is at most UINT32_MAX. */
struct place {
	uint64_t index, count;
};

/* What is missing, wrong or contradictory in the environment ends the process
 * with status 2 and a message that names the variables. */
struct place place_find(void);

#endif
