/*
 * out - carries out what standard input says about outputs, by number:
 *
 *	new PATH		begins one; they count from 0
 *	write N TEXT		adds TEXT
 *	commit N		puts it in its place
 *	group N M		the same for N up to, not with, M
 *	abort N
 *	below PATH		the same as new, with the folders that are
 *missing cut N BYTES		takes back all but so many block
 *creates the name that the next new would take starve N		after N
 *allocations more there is no memory exit STATUS, kill	ends
 *
 * and prints what fails.
 */
#include <sys/types.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/out.h"

static struct out *outs[1000];
static size_t count;

/* In place of base/mem.c: memory runs out after `left` calls. */
static size_t left = SIZE_MAX;

void *
mem_resize(void *p, size_t n, size_t size)
{
	if (left-- == 0)
		exit(1);
	return realloc(p, n * size > 0 ? n * size : 1);
}

void *
mem_alloc(size_t n)
{
	return mem_resize(NULL, n, 1);
}

char *
mem_dup(const char *p, size_t n)
{
	char *q = mem_alloc(n + 1);

	memcpy(q, p, n);
	q[n] = '\0';
	return q;
}

char *
mem_str(const char *text)
{
	return mem_dup(text, strlen(text));
}

static void
begin(struct out *o, const char *path)
{
	outs[count++] = o;
	if (o == NULL)
		printf("new %s: %s\n", path, strerror(errno));
}

static void
block(void)
{
	char name[100];
	FILE *f;

	snprintf(name, sizeof name, ".bt-%ld-%zu.tmp", (long)getpid(), count);
	if ((f = fopen(name, "w")) == NULL || fclose(f) != 0)
		printf("%s: %s\n", name, strerror(errno));
}

static void
group(size_t from, size_t to)
{
	static struct buf why[1000];
	int errors[1000];
	size_t i;

	if (out_commit_group(outs + from, to - from, errors, why) == -1)
		printf("group: %s\n", strerror(errno));
	for (i = 0; i < to - from; i++)
		if (errors[i] != 0)
			printf(
			    "group: %zu: %s\n", from + i, strerror(errors[i]));
}

static void
carry_out(const char *verb, const char *rest)
{
	size_t n = (size_t)strtoul(rest, NULL, 10);
	const char *blank = strchr(rest, ' ');

	if (strcmp(verb, "new") == 0)
		begin(out_new(rest), rest);
	else if (strcmp(verb, "below") == 0)
		begin(out_new_below(rest), rest);
	else if (strcmp(verb, "starve") == 0)
		left = n;
	else if (strcmp(verb, "cut") == 0 && blank != NULL)
		out_cut(outs[n], (uint64_t)strtoul(blank, NULL, 10));
	else if (strcmp(verb, "write") == 0 && blank != NULL) {
		if (out_write(outs[n], blank + 1, strlen(blank + 1)) == -1)
			printf("write %zu: %s\n", n, strerror(errno));
	} else if (strcmp(verb, "commit") == 0) {
		if (out_commit(outs[n]) == -1)
			printf("commit %zu: %s\n", n, strerror(errno));
	} else if (strcmp(verb, "group") == 0 && blank != NULL)
		group(n, (size_t)strtoul(blank, NULL, 10));
	else if (strcmp(verb, "abort") == 0)
		out_abort(outs[n]);
	else if (strcmp(verb, "block") == 0)
		block();
	else if (strcmp(verb, "exit") == 0)
		exit((int)n);
	else if (strcmp(verb, "kill") == 0)
		raise(SIGKILL);
	else
		printf("%s: not understood\n", verb);
}

int
main(void)
{
	char line[1000], *rest;

	while (fgets(line, sizeof line, stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		rest = strchr(line, ' ');
		if (rest != NULL)
			*rest++ = '\0';
		carry_out(line, rest != NULL ? rest : "");
	}
	return 0;
}
