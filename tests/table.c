/*
 * A hash table from the command line:
 *
 *	table	a command in each line of standard input: get KEY, find KEY,
 *		drop KEY, all, free.  get prints "new" and the entry's number,
 *		or how often it was got; find the same, or "none"; all the
 *		entries in order
 *	table random SEED COUNT	the table and a plain list stay the same
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/table.h"

enum { KEYS = 300 };

struct entry {
	struct table_entry entry;
	unsigned number, gets;
};

static struct table table;
static unsigned made;

static struct entry *
get(struct span key)
{
	struct entry *e = table_get(&table, key, sizeof *e);

	if (e->gets++ == 0)
		e->number = ++made;
	return e;
}

static void
show_all(void)
{
	struct entry *e = NULL;

	printf("%zu:", table.n);
	while ((e = table_next(&table, e)) != NULL)
		printf(" %s=%u", e->entry.key.p, e->number);
	puts("");
}

static void
run(char *line)
{
	char *blank = strchr(line, ' ');
	struct span key = span_str(blank != NULL ? blank + 1 : "");
	struct span command = { line,
		blank != NULL ? (size_t)(blank - line) : strlen(line) };
	struct entry *e;

	if (span_is(command, "all")) {
		show_all();
	} else if (span_is(command, "free")) {
		table_free(&table);
	} else if (span_is(command, "get")) {
		e = get(key);
		printf("%u %s%u\n", e->number, e->gets == 1 ? "new " : "",
		    e->gets);
	} else if ((e = table_find(&table, key)) == NULL) {
		puts("none");
	} else if (span_is(command, "drop")) {
		table_drop(&table, e);
	} else {
		printf("%u %u\n", e->number, e->gets);
	}
}

static uint64_t seed;

static unsigned
chance(unsigned n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % n;
}

/* Key i: any bytes, NULs among them, of 0 to 40; all differ. */
static struct span
key_of(unsigned i, char *p)
{
	size_t n = i == 0 ? 0 : 1 + i % 40;

	memset(p, (int)i, n);
	if (n > 1)
		p[n / 2] = (char)(i >> 8);
	return (struct span){ p, n };
}

/* The table's entries are those of number[], in the order of their numbers. */
static void
check_all(const unsigned *number)
{
	struct entry *e = NULL;
	char key[64];
	unsigned i, before = 0;
	size_t n = 0;

	while ((e = table_next(&table, e)) != NULL) {
		if (e->number <= before)
			errx(1, "%u after %u", e->number, before);
		before = e->number;
		n++;
	}
	for (i = 0; i < KEYS; i++) {
		e = table_find(&table, key_of(i, key));
		if ((e != NULL ? e->number : 0) != number[i])
			errx(1, "key %u: another entry", i);
		n -= e != NULL;
	}
	if (n != 0)
		errx(1, "%zu entries too many", n);
}

/* Mostly of few keys, so that the one found last is often dropped or found. */
static void
random_steps(unsigned long count)
{
	static unsigned number[KEYS];
	struct entry *e;
	char bytes[64];
	struct span key;
	unsigned i;

	for (; count > 0; count--) {
		i = chance(chance(4) == 0 ? KEYS : 8);
		key = key_of(i, bytes);
		if (chance(3) > 0) {
			e = get(key);
			if (e->gets == 1 ? number[i] != 0
					 : e->number != number[i])
				errx(1, "key %u: not its entry", i);
			number[i] = e->number;
			if (e->entry.key.n != key.n ||
			    memcmp(e->entry.key.p, bytes, key.n) != 0 ||
			    e->entry.key.p[key.n] != '\0')
				errx(1, "key %u: not its key", i);
		} else if ((e = table_find(&table, key)) != NULL) {
			table_drop(&table, e);
			number[i] = 0;
		}
		if (chance(50) == 0)
			check_all(number);
		if (chance(5000) == 0) {
			table_free(&table);
			memset(number, 0, sizeof number);
		}
	}
	check_all(number);
	table_free(&table);
}

int
main(int argc, char *argv[])
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	if (argc == 4) {
		seed = strtoul(argv[2], NULL, 10);
		random_steps(strtoul(argv[3], NULL, 10));
		return 0;
	}
	while ((n = getline(&line, &size, stdin)) > 0) {
		line[n - 1] = '\0';
		run(line);
	}
	free(line);
	table_free(&table);
	return fclose(stdout) == 0 ? 0 : 1;
}
