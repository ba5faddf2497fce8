#include "predict/setup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A model may expect the low descriptors to be free. */
enum { HIGH_FD = 10 };

static int
set_aside(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, HIGH_FD);

	/* The limit of descriptors may be below HIGH_FD. */
	if (high == -1 && errno == EINVAL)
		errno = EMFILE;
	return high;
}

int
setup_output(struct state *state)
{
	int fd = set_aside(STDOUT_FILENO);

	if (fd == -1 || dup2(STDERR_FILENO, STDOUT_FILENO) == -1)
		state_die(state, 1, "standard output: %s", strerror(errno));
	setvbuf(stdout, NULL, _IOLBF, 0);
	return fd;
}

int
setup_input(struct state *state)
{
	int fd = set_aside(STDIN_FILENO), null;

	if (fd == -1)
		state_die(state, 1, "standard input: %s", strerror(errno));
	null = open("/dev/null", O_RDONLY);
	if (null == -1 || dup2(null, STDIN_FILENO) == -1)
		state_die(state, 1, "/dev/null: %s", strerror(errno));
	if (null != STDIN_FILENO)
		close(null);
	return fd;
}

static void
set_seconds(const char *name, unsigned s)
{
	char text[12];

	snprintf(text, sizeof text, "%u", s);
	setenv(name, text, 1);
}

static void
set_variables(const struct bt_parameter *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		setenv(p[i].key, p[i].value, 1);
}

void
setup_environment(const struct predict *pr)
{
	set_seconds("BT_START_TIMEOUT", pr->start_timeout);
	set_seconds("BT_INVOCATIONS_TIMEOUT_IN_SECONDS", pr->timeout);
	setenv("OMP_NUM_THREADS", "1", 0);
	setenv("OPENBLAS_NUM_THREADS", "1", 0);
	setenv("ORT_DISABLE_TELEMETRY", "1", 0);
	setenv("SAGEMAKER_BATCH", "true", 1);
	set_variables(pr->environment, pr->environment_count);
	if (pr->model_count == 1)
		set_variables(
		    pr->models->environment, pr->models->environment_count);
}

static const char *
find(const struct bt_parameter *p, size_t n, const char *key)
{
	while (n-- > 0)
		if (strcmp(p[n].key, key) == 0)
			return p[n].value;
	return NULL;
}

const char *
setup_value(
    const struct predict *pr, const struct predict_model *pm, const char *key)
{
	const char *value = find(pm->environment, pm->environment_count, key);

	if (value == NULL)
		value = find(pr->environment, pr->environment_count, key);
	return value != NULL ? value : getenv(key);
}
