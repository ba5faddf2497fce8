/*
 * The time, for limits and pauses.
 */
#ifndef PLUGINS_WEB_CLOCK_H
#define PLUGINS_WEB_CLOCK_H

#include <stdint.h>

/* Milliseconds on a clock that never goes back. */
uint64_t clock_ms(void);

#endif
