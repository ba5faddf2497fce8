/*
 * Signals that a program ends itself on, tidily.
 */
#ifndef BASE_SIGNALS_H
#define BASE_SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

/* Those that end a program which has something to tidy. */
#define SIGNALS_ENDING                                                         \
	{                                                                      \
		SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM, SIGXCPU             \
	}

/* Has the signal call handler; false if it is ignored, as under nohup(1):
 * so it stays. */
static inline bool
signals_catch(int signal, void (*handler)(int))
{
	struct sigaction act = { .sa_handler = handler }, now;

	sigemptyset(&act.sa_mask);
	return sigaction(signal, NULL, &now) == 0 &&
	       now.sa_handler != SIG_IGN && sigaction(signal, &act, NULL) == 0;
}

#endif
