#include "s3/threads.h"

#include <signal.h>

unsigned
threads_start(pthread_t *threads, unsigned n, void *(*body)(void *), void *arg,
    int *error)
{
	sigset_t all, old;
	unsigned i;

	*error = 0;
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &old);
	for (i = 0; i < n; i++)
		if ((*error = pthread_create(&threads[i], NULL, body, arg)) !=
		    0)
			break;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return i;
}

void
threads_join(const pthread_t *threads, unsigned n)
{
	while (n > 0)
		pthread_join(threads[--n], NULL);
}
