#include "format/json/check.h"

const unsigned char json_kinds[256] = { ['"'] = JSON_KIND_STRING,
	['{'] = JSON_KIND_OBJECT,
	['['] = JSON_KIND_ARRAY,
	['-'] = JSON_KIND_NUMBER,
	['0'] = JSON_KIND_NUMBER,
	['1'] = JSON_KIND_NUMBER,
	['2'] = JSON_KIND_NUMBER,
	['3'] = JSON_KIND_NUMBER,
	['4'] = JSON_KIND_NUMBER,
	['5'] = JSON_KIND_NUMBER,
	['6'] = JSON_KIND_NUMBER,
	['7'] = JSON_KIND_NUMBER,
	['8'] = JSON_KIND_NUMBER,
	['9'] = JSON_KIND_NUMBER };

const unsigned char json_escapes[256] = { ['"'] = 1,
	['\\'] = 1,
	['/'] = 1,
	['b'] = 1,
	['f'] = 1,
	['n'] = 1,
	['r'] = 1,
	['t'] = 1 };

const unsigned char json_hex[256] = { ['0'] = 1,
	['1'] = 1,
	['2'] = 1,
	['3'] = 1,
	['4'] = 1,
	['5'] = 1,
	['6'] = 1,
	['7'] = 1,
	['8'] = 1,
	['9'] = 1,
	['a'] = 1,
	['b'] = 1,
	['c'] = 1,
	['d'] = 1,
	['e'] = 1,
	['f'] = 1,
	['A'] = 1,
	['B'] = 1,
	['C'] = 1,
	['D'] = 1,
	['E'] = 1,
	['F'] = 1 };

static const struct cpu_body *const kernels[] = {
#if defined __x86_64__ || defined __i386__
	&json_avx2.cpu,
	&json_sse2.cpu,
#elif defined __aarch64__
	&json_neon.cpu,
#endif
	&json_plain.cpu,
	NULL,
};

static const struct json_kernel *picked;

static const struct json_kernel *
pick(void)
{
	/* Each begins with its cpu. */
	if (picked == NULL)
		picked = (const void *)cpu_pick(kernels);
	return picked;
}

static int
check(struct json_check *c)
{
	return pick()->check(c);
}

const char *
json_kernel_name(void)
{
	return pick()->cpu.name;
}

int
json_check(struct span text, struct span *value, const char **why, size_t *at)
{
	struct json_check c = { .text = text };

	if (text.n == 0)
		c.text.p = text.p = "";
	if (check(&c) == -1) {
		*why = c.why;
		*at = (size_t)(c.bad - text.p);
		return -1;
	}
	*value = (struct span){ c.begin, (size_t)(c.past - c.begin) };
	if (value->n == 0) {
		*why = JSON_WHY_VALUE;
		*at = text.n;
		return -1;
	}
	return 0;
}

int
json_check_line(struct span block, struct span *value, size_t *used,
    const char **why, size_t *at)
{
	struct json_check c = { .text = block, .line = true };
	const char *lf;

	if (block.n == 0)
		c.text.p = block.p = "";
	if (check(&c) == 0) {
		*value = (struct span){ c.begin, (size_t)(c.past - c.begin) };
		*used = (size_t)(c.stop - block.p);
		*used += *used < block.n;
		return 0;
	}
	*why = c.why;
	*at = (size_t)(c.bad - block.p);
	lf = memchr(c.bad, '\n', block.n - *at);
	*used = lf != NULL ? (size_t)(lf - block.p) + 1 : block.n;
	return -1;
}
