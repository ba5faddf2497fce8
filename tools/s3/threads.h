/*
 * Threads that do one job together, out of reach of signals, which stay with
 * the thread that starts them.
 */
#ifndef S3_THREADS_H
#define S3_THREADS_H

#include <pthread.h>

/* Starts up to n threads in body(arg).  Returns how many; if fewer than n,
 * *error says why. */
unsigned threads_start(pthread_t *threads, unsigned n, void *(*body)(void *),
    void *arg, int *error);

/* Waits for the end of each. */
void threads_join(const pthread_t *threads, unsigned n);

#endif
