/*
 * turns [-n ROUNDS] [-c CLEAN] COMMAND ... - runs shell commands in turn, A B A
 * B ..., after one round that does not count, and prints for each, in their
 * order, the medians of wall and CPU seconds, the largest resident set of any
 * one process of it, in KiB, and how much of the machine others had meanwhile,
 * in percent (0 where /proc/stat does not say).  CLEAN is run before each, and
 * not counted.  A command that fails ends the run.
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

static struct figures spent; /* by all that was run */

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

/*
 * Seconds that processors did not idle since the start of the machine, those of
 * other machines on the same processors included.
 */
static double
busy(void)
{
	double user, nice, sys, idle, wait, irq, soft, steal;
	FILE *f = fopen("/proc/stat", "r");
	int n;

	if (f == NULL)
		return 0;
	n = fscanf(f, "cpu %lf %lf %lf %lf %lf %lf %lf %lf", &user, &nice, &sys,
	    &idle, &wait, &irq, &soft, &steal);
	fclose(f);
	return n == 8 ? (user + nice + sys + irq + soft + steal) /
			    (double)sysconf(_SC_CLK_TCK)
		      : 0;
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
	spent.wall += f.wall;
	spent.cpu += f.cpu;
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
report(struct figures *f, size_t n, double others)
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
	printf("%.6f %.6f %ld %.0f\n", wall, f[n / 2].cpu, kib, others);
}

int
main(int argc, char *argv[])
{
	const char *clean = NULL;
	size_t rounds = 5, n, i, k;
	double others = busy();
	struct figures *f;
	int ch;

	while ((ch = getopt(argc, argv, "c:n:")) != -1) {
		if (ch == 'c')
			clean = optarg;
		else if (ch != 'n' || (rounds = strtoul(optarg, NULL, 10)) == 0)
			errx(2,
			    "usage: turns [-n rounds] [-c clean] command ...");
	}
	argv += optind;
	n = (size_t)(argc - optind);
	f = calloc(n * (rounds + 1) + 1, sizeof *f);
	if (f == NULL)
		err(1, NULL);
	for (k = 0; k <= rounds; k++)
		for (i = 0; i < n; i++) {
			if (clean != NULL)
				run(clean);
			f[i * (rounds + 1) + k] = run(argv[i]);
		}
	others = 100 * (busy() - others - spent.cpu) / spent.wall /
		 (double)sysconf(_SC_NPROCESSORS_ONLN);
	for (i = 0; i < n; i++)
		report(
		    f + i * (rounds + 1) + 1, rounds, others > 0 ? others : 0);
	free(f);
	return 0;
}
