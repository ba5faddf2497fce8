/*
 * s3_creds OPTION ... - does what the lines on standard input say:
 *
 *	get		prints the credentials in force: access key, secret,
 *			token, when they expire, "-" for what is not there
 *	expired		says that the server called the last ones expired;
 *			prints whether others may come
 *	threads N M	N threads get them M times each; prints how many access
 *			keys there were, or a thread's error
 *	sleep N		waits N seconds
 *	abort		dies with a core dump, if it may
 *	environ		prints what of /proc/PID/environ and /proc/PID/mem
 *			another process can open
 */
#include <fcntl.h>
#include <getopt.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/say.h"
#include "s3/creds.h"
#include "s3/options.h"

enum { THREADS_MAX = 64 };

static struct s3_creds_source *source;
static char last[256];

static void
get(void)
{
	struct s3_creds c;
	char when[32] = "-";
	char *why = s3_creds_source_get(source, &c, NULL, NULL);
	struct tm tm;

	if (why != NULL) {
		say("%s", why);
		free(why);
		return;
	}
	if (c.expires != 0)
		strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ",
		    gmtime_r(&c.expires, &tm));
	printf("%s %s %s %s\n", c.access != NULL ? c.access : "-",
	    c.secret != NULL ? c.secret : "-", c.token != NULL ? c.token : "-",
	    when);
	snprintf(last, sizeof last, "%s", c.access != NULL ? c.access : "");
	s3_creds_clear(&c);
}

struct job {
	pthread_t thread;
	int rounds;
	char first[256]; /* access key */
	int changes;
	char *why;
};

static void *
get_often(void *arg)
{
	struct job *job = arg;
	struct s3_creds c;

	for (; job->rounds > 0 && job->why == NULL; job->rounds--) {
		if ((job->why = s3_creds_source_get(source, &c, NULL, NULL)) !=
		    NULL)
			break;
		if (strcmp(job->first, c.access) != 0) {
			job->changes++;
			snprintf(job->first, sizeof job->first, "%s", c.access);
		}
		s3_creds_clear(&c);
	}
	return NULL;
}

static void
threads(int n, int rounds)
{
	static struct job jobs[THREADS_MAX];
	int i, most = 0;
	char *why = NULL;

	for (i = 0; i < n; i++) {
		memset(&jobs[i], 0, sizeof jobs[i]);
		jobs[i].rounds = rounds;
		pthread_create(&jobs[i].thread, NULL, get_often, &jobs[i]);
	}
	for (i = 0; i < n; i++) {
		pthread_join(jobs[i].thread, NULL);
		most = jobs[i].changes > most ? jobs[i].changes : most;
		if (why == NULL)
			why = jobs[i].why;
		else
			free(jobs[i].why);
	}
	if (why != NULL)
		say("%s", why);
	else
		printf("%d\n", most);
	free(why);
}

static void
show_proc(void)
{
	static const char *const names[] = { "environ", "mem" };
	char path[64];
	size_t i;
	int fd;

	for (i = 0; i < 2; i++) {
		snprintf(
		    path, sizeof path, "/proc/%d/%s", (int)getpid(), names[i]);
		fflush(stdout);
		if (fork() == 0) {
			fd = open(path, O_RDONLY);
			printf(
			    "%s: %s\n", names[i], fd == -1 ? "closed" : "open");
			fflush(stdout);
			_exit(0);
		}
		while (wait(NULL) == -1)
			;
	}
}

static void
obey(const char *line)
{
	int n, m;

	if (strcmp(line, "get\n") == 0)
		get();
	else if (strcmp(line, "expired\n") == 0)
		puts(s3_creds_source_expired(source, last) ? "yes" : "no");
	else if (sscanf(line, "threads %d %d", &n, &m) == 2)
		threads(n, m);
	else if (sscanf(line, "sleep %d", &n) == 1)
		sleep((unsigned)n);
	else if (strcmp(line, "abort\n") == 0)
		abort();
	else if (strcmp(line, "environ\n") == 0)
		show_proc();
	else
		say_exit(2, "%s: not understood", line);
	fflush(stdout);
}

int
main(int argc, char *argv[])
{
	static const struct option table[] = { S3_LONG_OPTIONS,
		{ NULL, 0, NULL, 0 } };
	struct s3_options options = { 0 };
	struct s3_settings *settings;
	char line[256], *why;
	int ch;

	s3_creds_guard();
	while ((ch = getopt_long(argc, argv, "", table, NULL)) != -1)
		if (!s3_option(&options, ch, optarg))
			return 2;
	if ((why = s3_settings_load(&options, &settings)) != NULL)
		say_exit(1, "%s", why);
	source = s3_creds_source_new(settings);
	while (fgets(line, sizeof line, stdin) != NULL)
		obey(line);
	s3_creds_source_free(source);
	s3_settings_free(settings);
	return 0;
}
