/*
 * json check|lines FILE	what the check says of a file, or of each line
 * json walk FILE	each member or element, and what it stands for
 * json oracle FILE	whether jansson agrees, on the file cut and changed
 */
#include <err.h>
#include <jansson.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>

#include "format/json.h"

static struct span
slurp(const char *path)
{
	struct buf b = { 0 };
	FILE *f = fopen(path, "rb");
	size_t n;

	if (f == NULL)
		err(1, "%s", path);
	while ((n = fread(buf_room(&b, 65536), 1, 65536, f)) > 0)
		b.n += n;
	fclose(f);
	return buf_span(&b);
}

static void
put(struct span s)
{
	fwrite(s.p, 1, s.n, stdout);
	putchar('\n');
}

static void
check(struct span text)
{
	const char *why;
	struct span value;
	size_t at;

	if (json_check(text, &value, &why, &at) == -1)
		printf("byte %zu: %s\n", at, why);
	else
		put(value);
}

static void
lines(struct span text)
{
	const char *why;
	struct span value;
	size_t at, used;

	while (text.n > 0) {
		if (json_check_line(text, &value, &used, &why, &at) == -1)
			printf("byte %zu: %s\n", at, why);
		else
			put(value);
		text.p += used;
		text.n -= used;
	}
}

static void
walk(struct span text)
{
	static const char kinds[] = "{[\"0tfn";
	struct json_walk w = { 0 };
	struct buf b = { 0 };
	const char *why;
	size_t at;

	if (json_check(text, &w.value, &why, &at) == -1)
		errx(1, "byte %zu: %s", at, why);
	printf("%zu %s\n", json_count(w.value),
	    json_empty(w.value) ? "empty" : "not empty");
	while (json_next(&w)) {
		b.n = 0;
		if (w.key.p != NULL) {
			json_unquote(&b, w.key);
			if (!json_string_is(w.key, buf_span(&b)))
				errx(1, "a key is not itself");
			buf_addc(&b, '=');
		}
		buf_addc(&b, kinds[json_kind(w.item)]);
		buf_addc(&b, ' ');
		if (json_kind(w.item) == JSON_IS_STRING)
			json_unquote(&b, w.item);
		else
			buf_add(&b, w.item.p, w.item.n);
		put(buf_span(&b));
	}
	buf_free(&b);
}

static void
quote(struct span text)
{
	struct buf b = { 0 };

	json_quote(&b, text);
	put(buf_span(&b));
	buf_free(&b);
}

/* What jansson refuses and RFC 8259 does not. */
static bool
apart(const json_error_t *e)
{
	return json_error_code(e) == json_error_numeric_overflow ||
	       json_error_code(e) == json_error_null_byte_in_key ||
	       strncmp(e->text, "invalid Unicode", 15) == 0;
}

/* Both must agree on text, whose copy ends where its memory does. */
static void
agree(const char *p, size_t n)
{
	char *copy = malloc(n > 0 ? n : 1);
	struct span text = { copy, n }, value;
	const char *why;
	json_error_t e;
	size_t at = n;
	json_t *j;

	memcpy(copy, p, n);
	j = json_loadb(p, n, JSON_DECODE_ANY | JSON_ALLOW_NUL, &e);
	if ((json_check(text, &value, &why, &at) == 0) != (j != NULL) &&
	    (j != NULL || !apart(&e)))
		errx(1, "jansson says %s: %.*s", j != NULL ? "right" : e.text,
		    (int)n, p);
	if (at > n)
		errx(1, "a place outside: %.*s", (int)n, p);
	json_decref(j);
	free(copy);
}

static void
oracle(struct span text)
{
	static const char odd[] = "\"\\{}[]:,.-+eE019tfn \n\tu/a\001";
	char *p = malloc(text.n + 1);
	size_t i, k, m = 0;

	for (i = 0; i <= text.n; i++, m++)
		agree(text.p, i);
	for (i = 0; i < text.n; i++) {
		for (k = 0; k < sizeof odd - 1; k++, m++) {
			memcpy(p, text.p, text.n);
			p[i] = odd[k];
			agree(p, text.n);
		}
		memcpy(p, text.p, i);
		memcpy(p + i, text.p + i + 1, text.n - i - 1);
		agree(p, text.n - 1);
		m++;
	}
	free(p);
	printf("%zu agreed\n", m);
}

int
main(int argc, char *argv[])
{
	struct span text;

	if (argc == 2 && strcmp(argv[1], "body") == 0) {
		puts(json_kernel_name());
		return 0;
	}
	if (argc != 3)
		errx(2, "check, lines, walk, quote or oracle, and a file");
	text = slurp(argv[2]);
	if (strcmp(argv[1], "check") == 0)
		check(text);
	else if (strcmp(argv[1], "lines") == 0)
		lines(text);
	else if (strcmp(argv[1], "walk") == 0)
		walk(text);
	else if (strcmp(argv[1], "quote") == 0)
		quote(text);
	else if (strcmp(argv[1], "oracle") == 0)
		oracle(text);
	else
		errx(2, "%s is not known", argv[1]);
	free((char *)(uintptr_t)text.p);
	return 0;
}
