#include "stage/join_id.h"

#include <string.h>
#include <unistd.h>

#include "base/say.h"

enum { ID_BYTES = 16, POOL = 256 /* all that getentropy gives at once */ };

static void
random_bytes(unsigned char *p)
{
	static unsigned char pool[POOL];
	static size_t left;

	if (left == 0) {
		if (getentropy(pool, POOL) == -1)
			say_errno_exit(1, "random bytes");
		left = POOL;
	}
	left -= ID_BYTES;
	memcpy(p, pool + left, ID_BYTES);
}

char *
id_put(char *p)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char id[ID_BYTES];
	int i;

	random_bytes(id);
	id[6] = (unsigned char)(0x40 | (id[6] & 0x0f));
	id[8] = (unsigned char)(0x80 | (id[8] & 0x3f));
	for (i = 0; i < ID_BYTES; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*p++ = '-';
		*p++ = hex[id[i] >> 4];
		*p++ = hex[id[i] & 15];
	}
	return p;
}
