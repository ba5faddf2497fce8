#include "s3/ini.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

/* Pointers into the text; nested is "" at the section's own level, and the
 * value NULL for a section's first line. */
struct entry {
	const char *section, *nested, *name, *value;
};

struct ini {
	char *text;
	size_t n;
	struct entry *entries;
	size_t count;
};

static void
add(struct ini *ini, struct entry e)
{
	if ((ini->count & (ini->count - 1)) == 0)
		ini->entries = mem_resize(ini->entries,
		    ini->count == 0 ? 1 : 2 * ini->count, sizeof e);
	ini->entries[ini->count++] = e;
}

static char *
trim(char *text)
{
	size_t n;

	text += strspn(text, " \t\r");
	n = strlen(text);
	while (n > 0 && strchr(" \t\r", text[n - 1]) != NULL)
		text[--n] = '\0';
	return text;
}

/* "[ profile "a b" ]" becomes "profile a b". */
static char *
section_name(char *line)
{
	char *end = strrchr(line, ']'), *from, *to;

	if (end == NULL)
		return NULL;
	*end = '\0';
	line = trim(line + 1);
	for (from = to = line; *from != '\0'; from++)
		if (*from != '"' && *from != '\'' &&
		    !((*from == ' ' || *from == '\t') && to > line &&
			to[-1] == ' '))
			*to++ = *from == '\t' ? ' ' : *from;
	*to = '\0';
	return line;
}

/* A comment stands alone in its line, or behind a blank. */
static void
cut_comment(char *line)
{
	char *p;

	for (p = line; *p != '\0'; p++)
		if ((*p == '#' || *p == ';') &&
		    (p == line || p[-1] == ' ' || p[-1] == '\t')) {
			*p = '\0';
			return;
		}
}

/* NULL, or what is wrong.  at is what the line is below. */
static const char *
read_line(struct ini *ini, struct entry *at, char *line)
{
	bool indented = *line == ' ' || *line == '\t';
	struct entry e = *at;
	char *equals;

	cut_comment(line);
	line = trim(line);
	if (*line == '\0')
		return NULL;
	if (*line == '[' && !indented) {
		at->nested = "";
		if ((at->section = section_name(line)) == NULL)
			return "a section without ]";
		add(ini, (struct entry){ at->section, "", "", NULL });
		return NULL;
	}
	if (at->section == NULL)
		return "a setting before the first section";
	if ((equals = strchr(line, '=')) == NULL)
		return indented ? NULL : "no = in it";
	*equals = '\0';
	e.name = trim(line);
	e.value = trim(equals + 1);
	if (!indented)
		at->nested = e.nested = "";
	if (!indented && *e.value == '\0')
		at->nested = e.name;
	add(ini, e);
	return NULL;
}

char *
ini_read(const char *p, size_t n, struct ini **result)
{
	struct ini *ini = mem_alloc(sizeof *ini);
	struct entry at = { .nested = "" };
	struct buf text = { 0 };
	const char *why = NULL;
	char *line, *next;
	size_t number = 0;

	memset(ini, 0, sizeof *ini);
	ini->text = mem_dup(p, n);
	ini->n = n;
	for (line = ini->text; line != NULL && why == NULL; line = next) {
		if ((next = strchr(line, '\n')) != NULL)
			*next++ = '\0';
		number++;
		why = read_line(ini, &at, line);
	}
	if (why == NULL) {
		*result = ini;
		return NULL;
	}
	ini_free(ini);
	buf_addf(&text, "line %zu: %s", number, why);
	buf_str(&text);
	return text.p;
}

bool
ini_has(const struct ini *ini, const char *section)
{
	size_t i;

	for (i = 0; ini != NULL && i < ini->count; i++)
		if (strcmp(ini->entries[i].section, section) == 0)
			return true;
	return false;
}

const char *
ini_value(const struct ini *ini, const char *section, const char *nested,
    const char *name)
{
	const char *value = NULL;
	size_t i;

	if (nested == NULL)
		nested = "";
	for (i = 0; ini != NULL && i < ini->count; i++) {
		const struct entry *e = &ini->entries[i];

		if (e->value != NULL && strcmp(e->section, section) == 0 &&
		    strcmp(e->nested, nested) == 0 &&
		    strcmp(e->name, name) == 0)
			value = e->value;
	}
	return value;
}

void
ini_free(struct ini *ini)
{
	if (ini == NULL)
		return;
	OPENSSL_cleanse(ini->text, ini->n);
	free(ini->text);
	free(ini->entries);
	free(ini);
}
