#include "base/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/num.h"
#include "base/say.h"

static _Noreturn void
print(const struct buf *text)
{
	if (fd_write(STDOUT_FILENO, text->p, text->n) == -1)
		say_errno_exit(1, "standard output");
	exit(0);
}

void
option_misuse(const char *usage)
{
	fputs(usage, stderr);
	exit(2);
}

void
option_other(int option, const char *usage)
{
	static const char before[] = "usage: ";
	const char *name = usage + sizeof before - 1;
	struct buf text = { 0 };

	if (option == OPTION_HELP) {
		buf_adds(&text, usage);
		if (option_help != NULL)
			buf_addf(&text, "\n%s", option_help);
		print(&text);
	}
	if (option == OPTION_VERSION) {
		buf_add(&text, name, strcspn(name, " \n"));
		buf_adds(&text, " " BT_VERSION "\n");
		print(&text);
	}
	option_misuse(usage);
}

uint64_t
option_number(const char *name, const char *text, uint64_t min, uint64_t max)
{
	const char *why;
	uint64_t n = num_parse(span_str(text), min, max, &why);

	if (why != NULL)
		say_exit(2, "%s %s: %s", name, text, why);
	return n;
}

int
option_choice(const char *name, const char *text, const char *const *words)
{
	struct buf all = { 0 };
	int i;

	for (i = 0; words[i] != NULL; i++) {
		if (strcasecmp(text, words[i]) == 0) {
			buf_free(&all);
			return i;
		}
		if (i > 0)
			buf_adds(&all, words[i + 1] == NULL ? " or " : ", ");
		buf_adds(&all, words[i]);
	}
	say_exit(2, "%s %s: not %s", name, text, buf_str(&all));
}

void
option_gone(const char *name, const char *instead)
{
	say_exit(2, "%s: no longer an option: %s", name, instead);
}
