/*
 * split PAYLOAD STEP FLAGS CONTENT-TYPE FILE: bt-split with a payload in bytes
 * and a read size, so that small files show what large ones do.  FLAGS are
 * letters: s SingleRecord, h header, k keep newlines, t strict, r RecordIO,
 * f TFRecord, n None, c check, digits for --max-records.
 */
#include <stdio.h>
#include <stdlib.h>

#include "split/split.h"

static void
set_flag(struct split *sp, char flag)
{
	switch (flag) {
	case 's':
		sp->single = true;
		break;
	case 'h':
		sp->header = HEADER_KEEP;
		break;
	case 'k':
		sp->keep = true;
		break;
	case 't':
		sp->strict = true;
		break;
	case 'r':
		sp->type = REF_RECORDIO;
		break;
	case 'f':
		sp->type = REF_TFRECORD;
		break;
	case 'n':
		sp->type = REF_NONE;
		break;
	case 'c':
		sp->check = true;
		break;
	default:
		sp->max_records = sp->max_records * 10 + (uint64_t)(flag - '0');
	}
}

int
main(int argc, char *argv[])
{
	struct split sp = { 0 };
	const char *flag;
	int i, bad, status = 0;

	if (argc < 6)
		return 2;
	sp.payload = strtoull(argv[1], NULL, 10);
	sp.step = strtoul(argv[2], NULL, 10);
	for (flag = argv[3]; *flag != '\0'; flag++)
		if (*flag != '-')
			set_flag(&sp, *flag);
	sp.content_type = *argv[4] != '\0' ? argv[4] : NULL;
	sp.spool = getenv("SPOOL");
	sp.overwrite = true;
	for (i = 5; i < argc; i++)
		if ((bad = split_object(&sp, argv[i])) > status)
			status = bad;
	return fclose(stdout) == EOF ? 1 : status;
}
