/*
 * turns [-n ROUNDS] COMMAND ... - runs shell commands in turn, A B A B ...,
 * after one round that does not count, and prints for each, in their order,
 * the medians of wall and CPU seconds and the largest resident set of any one
 * process of it, in KiB.  A command that fails ends the run.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct figures {
	double wall, cpu;
	long kib;
};

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

/* A shell in between, so that the usage is of the command's own tree. */
static struct figures
run(const char *command)
{
	struct timespec from, to;
	struct rusage usage;
	struct figures f;
	int status;
	pid_t pid;

	clock_gettime(CLOCK_MONOTONIC, &from);
	pid = fork();
	if (pid == -1)
		err(1, "fork");
	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		err(127, "/bin/sh");
	}
	if (wait4(pid, &status, 0, &usage) == -1)
		err(1, "wait4");
	clock_gettime(CLOCK_MONOTONIC, &to);
	if (status != 0)
		errx(1, "status 0x%x: %s", (unsigned)status, command);
	f.wall = (double)(to.tv_sec - from.tv_sec) +
		 (double)(to.tv_nsec - from.tv_nsec) / 1e9;
	f.cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime);
	f.kib = usage.ru_maxrss;
	return f;
}

static int
by_wall(const void *a, const void *b)
{
	double x = ((const struct figures *)a)->wall;
	double y = ((const struct figures *)b)->wall;

	return (x > y) - (x < y);
}

static int
by_cpu(const void *a, const void *b)
{
	double x = ((const struct figures *)a)->cpu;
	double y = ((const struct figures *)b)->cpu;

	return (x > y) - (x < y);
}

static void
report(struct figures *f, size_t n)
{
	long kib = 0;
	double wall;
	size_t i;

	for (i = 0; i < n; i++)
		if (f[i].kib > kib)
			kib = f[i].kib;
	qsort(f, n, sizeof *f, by_wall);
	wall = f[n / 2].wall;
	qsort(f, n, sizeof *f, by_cpu);
	printf("%.6f %.6f %ld\n", wall, f[n / 2].cpu, kib);
}

int
main(int argc, char *argv[])
{
	size_t rounds = 5, n, i, k;
	struct figures *f;
	int ch;

	while ((ch = getopt(argc, argv, "n:")) != -1) {
		if (ch != 'n' || (rounds = strtoul(optarg, NULL, 10)) == 0)
			errx(2, "usage: turns [-n rounds] command ...");
	}
	argv += optind;
	n = (size_t)(argc - optind);
	f = calloc(n * rounds + 1, sizeof *f);
	if (f == NULL)
		err(1, NULL);
	for (i = 0; i < n; i++)
		run(argv[i]);
	for (k = 0; k < rounds; k++)
		for (i = 0; i < n; i++)
			f[i * rounds + k] = run(argv[i]);
	for (i = 0; i < n; i++)
		report(f + i * rounds, rounds);
	free(f);
	return 0;
}
