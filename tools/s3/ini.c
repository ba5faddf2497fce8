#include "s3/ini.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "s3/words.h"

/* A section, or with a name a setting in the section before it.  All but type
 * are pointers into the text. */
struct entry {
	const char *type; /* NULL: not a section */
	const char *section;
	const char *nested; /* NULL: at the section's own level */
	const char *name, *value;
	size_t line;
};

struct ini {
	char *text;
	size_t n;
	struct entry *entries;
	size_t count;
};

/* The state of reading. */
struct reading {
	struct ini *ini;
	enum ini_file file;
	size_t line;
	bool in_section;
	char *end;	    /* of the last setting's value, NULL: none yet */
	size_t indent;	    /* of the last setting or section */
	const char *parent; /* the setting whose value is nested settings */
};

static const char blanks[] = " \t\r\f\v";

static struct entry *
add(struct reading *r)
{
	struct ini *ini = r->ini;
	struct entry *e;

	if ((ini->count & (ini->count - 1)) == 0)
		ini->entries = mem_resize(ini->entries,
		    ini->count == 0 ? 1 : 2 * ini->count, sizeof *e);
	e = &ini->entries[ini->count++];
	memset(e, 0, sizeof *e);
	e->line = r->line;
	return e;
}

static char *
trim(char *text)
{
	size_t n;

	text += strspn(text, blanks);
	n = strlen(text);
	while (n > 0 && strchr(blanks, text[n - 1]) != NULL)
		text[--n] = '\0';
	return text;
}

/* A section that is neither a profile nor services keeps an empty type,
 * which matches nothing. */
static const char *
read_section(struct reading *r, char *line)
{
	char *end = strrchr(line, ']'), **words;
	struct entry *e;
	const char *why;

	if (end == NULL || end == line + 1)
		return "a section's name that does not end with ]";
	*end = '\0';
	r->in_section = true;
	r->end = NULL;
	e = add(r);
	e->type = "profile";
	e->section = ++line;
	if (r->file == INI_CREDENTIALS || strcmp(line, "default") == 0)
		return NULL;
	e->type = "";
	if ((words = words_split(line, &why)) == NULL)
		return NULL;
	if (words[0] != NULL && words[1] != NULL && words[2] == NULL) {
		if (strcmp(words[0], "profile") == 0)
			e->type = "profile";
		else if (strcmp(words[0], "services") == 0)
			e->type = "services";
		/* Without its quotes it is not longer. */
		strcpy(line, words[1]);
	}
	free(words);
	return NULL;
}

static const char *
read_setting(struct reading *r, char *line)
{
	size_t n = strcspn(line, "=:");
	struct entry *e;
	char *value, *p;

	if (!r->in_section)
		return "a setting before the first section";
	if (line[n] == '\0')
		return "neither a section nor a setting: no =";
	line[n] = '\0';
	line = trim(line);
	if (*line == '\0')
		return "a setting without a name";
	for (p = line; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + 32);
	value = trim(line + n + 1);
	e = add(r);
	e->name = line;
	e->value = value;
	r->end = value + strlen(value);
	r->parent = *value == '\0' ? line : NULL;
	return NULL;
}

static const char *
read_nested(struct reading *r, char *line)
{
	char *equals = strchr(line, '=');
	struct entry *e;

	if (equals == NULL)
		return "no =";
	*equals = '\0';
	e = add(r);
	e->nested = r->parent;
	e->name = trim(line);
	e->value = trim(equals + 1);
	return NULL;
}

static const char *
read_line(struct reading *r, char *line)
{
	size_t indent = strspn(line, blanks), n;

	line = trim(line);
	if (*line == '\0' || *line == '#' || *line == ';')
		return NULL;
	if (r->end != NULL && indent > r->indent) {
		if (r->parent != NULL)
			return read_nested(r, line);
		/* Joined in place: a newline at least lay between the two. */
		n = strlen(line);
		*r->end++ = '\n';
		memmove(r->end, line, n + 1);
		r->end += n;
		return NULL;
	}
	r->indent = indent;
	return *line == '[' ? read_section(r, line) : read_setting(r, line);
}

char *
ini_read(const char *p, size_t n, enum ini_file file, struct ini **result)
{
	struct ini *ini = mem_alloc(sizeof *ini);
	struct reading r = { .ini = ini, .file = file };
	struct buf text = { 0 };
	const char *why = NULL;
	char *line, *next, *end;

	memset(ini, 0, sizeof *ini);
	ini->text = mem_dup(p, n);
	ini->n = n;
	end = ini->text + n;
	for (line = ini->text; line != NULL && why == NULL; line = next) {
		if ((next = memchr(line, '\n', (size_t)(end - line))) != NULL)
			*next++ = '\0';
		r.line++;
		if (strlen(line) < (size_t)((next ? next - 1 : end) - line))
			why = "a zero byte";
		else if (r.line == 1 && strncmp(line, "\xef\xbb\xbf", 3) == 0)
			why = read_line(&r, line + 3);
		else
			why = read_line(&r, line);
	}
	if (why == NULL) {
		*result = ini;
		return NULL;
	}
	ini_free(ini);
	buf_addf(&text, "line %zu: %s", r.line, why);
	buf_str(&text);
	return text.p;
}

static bool
is_section(const struct entry *e, const char *type, const char *section)
{
	return strcmp(e->type, type) == 0 && strcmp(e->section, section) == 0;
}

bool
ini_has(const struct ini *ini, const char *type, const char *section)
{
	size_t i;

	for (i = 0; ini != NULL && i < ini->count; i++)
		if (ini->entries[i].type != NULL &&
		    is_section(&ini->entries[i], type, section))
			return true;
	return false;
}

const char *
ini_value(const struct ini *ini, const char *type, const char *section,
    const char *nested, const char *name, size_t *line)
{
	const struct entry *e, *found = NULL;
	bool inside = false;
	size_t i;

	for (i = 0; ini != NULL && i < ini->count; i++) {
		e = &ini->entries[i];
		if (e->type != NULL)
			inside = is_section(e, type, section);
		else if (inside && strcmp(e->name, name) == 0 &&
			 (nested == NULL || e->nested == NULL
				 ? nested == e->nested
				 : strcmp(nested, e->nested) == 0))
			found = e;
	}
	if (found == NULL)
		return NULL;
	if (line != NULL)
		*line = found->line;
	return found->value;
}

void
ini_free(struct ini *ini)
{
	if (ini == NULL)
		return;
	explicit_bzero(ini->text, ini->n);
	free(ini->text);
	free(ini->entries);
	free(ini);
}
