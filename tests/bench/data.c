/*
 * data KIND MB - writes about MB million bytes of records, the same on every
 * run, to standard output:
 *
 *	quoted	CSV, "id","text with commas and ""quotes""","rating"
 *	numbers	CSV, 30 columns of 0.00000 to 0.99999
 *	jsonl	JSON Lines of an id, a text, a rating and ten numbers
 *	lines N	N records' predictions, one number a line (MB counts records)
 *	objects	the same as JSON objects
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 20240601;

static uint32_t
draw(uint32_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)((state >> 32) * below >> 32);
}

static const char *const words[] = { "app", "crashes", "since", "the", "last",
	"update", "but", "support", "answered", "within", "an", "hour", "I",
	"love", "it", "really", "fast", "refund", "never", "came", "battery",
	"screen", "\xe1\xbb\xa9ng", "d\xe1\xbb\xa5ng", "r\xe1\xba\xa5t",
	"t\xe1\xbb\x91t", "kh\xc3\xb4ng", "ch\xe1\xba\xa1y" };

/* About 420 bytes of words; quote is how a quote is written in them. */
static size_t
text(char *p, const char *quote)
{
	size_t n = 0, len, end = 380 + draw(80);

	while (n < end) {
		const char *w = words[draw(sizeof words / sizeof words[0])];
		const char *around = draw(16) == 0 ? quote : "";

		len = (size_t)sprintf(p + n, "%s%s%s%s", around, w, around,
		    draw(8) == 0 ? ", " : " ");
		n += len;
	}
	return n;
}

static size_t
quoted(char *p, uint64_t i)
{
	size_t n = (size_t)sprintf(p, "\"%llu\",\"", (unsigned long long)i);

	n += text(p + n, "\"\"");
	return n + (size_t)sprintf(p + n, "\",\"%u\"\n", 1 + draw(5));
}

static size_t
numbers(char *p, uint64_t i)
{
	size_t n = 0;
	int k;

	(void)i;
	for (k = 0; k < 30; k++)
		n += (size_t)sprintf(
		    p + n, "0.%05u%c", draw(100000), k < 29 ? ',' : '\n');
	return n;
}

static size_t
jsonl(char *p, uint64_t i)
{
	size_t n = (size_t)sprintf(
	    p, "{\"id\":%llu,\"text\":\"", (unsigned long long)i);
	int k;

	n += text(p + n, "\\\"");
	n += (size_t)sprintf(
	    p + n, "\",\"rating\":%u.5,\"features\":[", draw(5));
	for (k = 0; k < 10; k++)
		n += (size_t)sprintf(
		    p + n, "%s0.%05u", k > 0 ? "," : "", draw(100000));
	return n + (size_t)sprintf(p + n, "]}\n");
}

static size_t
line(char *p, uint64_t i)
{
	(void)i;
	return (size_t)sprintf(p, "0.%06u\n", draw(1000000));
}

static size_t
object(char *p, uint64_t i)
{
	(void)i;
	return (size_t)sprintf(
	    p, "{\"label\":\"positive\",\"score\":0.%06u}\n", draw(1000000));
}

static const struct {
	const char *name;
	size_t (*record)(char *p, uint64_t i);
	int by_record;
} kinds[] = {
	{ "quoted", quoted, 0 },
	{ "numbers", numbers, 0 },
	{ "jsonl", jsonl, 0 },
	{ "lines", line, 1 },
	{ "objects", object, 1 },
};

int
main(int argc, char *argv[])
{
	uint64_t want, have = 0, i;
	static char buffer[4 << 20];
	char record[4096];
	size_t k, n;

	for (k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
		if (argc == 3 && strcmp(argv[1], kinds[k].name) == 0)
			break;
	if (k == sizeof kinds / sizeof kinds[0])
		errx(2, "usage: data kind mb");
	/* Large writes get large pages, as a copied file has them. */
	setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
	want = strtoull(argv[2], NULL, 10) * (kinds[k].by_record ? 1 : 1000000);
	for (i = 0; have < want; i++) {
		n = kinds[k].record(record, i);
		if (fwrite(record, 1, n, stdout) != n)
			err(1, "standard output");
		have += kinds[k].by_record ? 1 : n;
	}
	if (fflush(stdout) == EOF)
		err(1, "standard output");
	return 0;
}
