#include "join/id.h"

#include <unistd.h>

#include "base/say.h"

enum { ID_BYTES = 16, POOL = 256 /* the most that getentropy gives at once */ };

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

/* Each bit of x changes about half of those returned, and no two x give the
 * same: the output function of SplitMix64 (Steele, Lea and Flood, Fast
 * Splittable Pseudorandom Number Generators, 2014; constants by Stafford). */
static uint64_t
mix(uint64_t x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

/* Eight bytes of s at most, from at on, the first one lowest. */
static uint64_t
word(struct span s, size_t at)
{
	uint64_t w = 0;
	unsigned i;

	for (i = 0; i < 8 && at + i < s.n; i++)
		w |= (uint64_t)(unsigned char)s.p[at + i] << 8 * i;
	return w;
}

/* Mixes text into both halves in different ways, so that other text changes
 * both. */
static void
mix_in(uint64_t key[2], const char *text)
{
	struct span s = span_str(text);
	size_t at;

	for (at = 0; at < s.n; at += 8) {
		key[0] = mix(key[0] ^ word(s, at));
		key[1] = mix(key[1] + word(s, at));
	}
	key[0] = mix(key[0] ^ s.n);
	key[1] = mix(key[1] + s.n);
}

struct ids
ids_begin(const char *seed, const char *object, uint64_t first)
{
	struct ids ids = { .random = seed == NULL, .record = first };

	if (seed != NULL) {
		ids.key[1] = 1;
		mix_in(ids.key, seed);
		mix_in(ids.key, object);
	}
	return ids;
}

/* The record'th number of SplitMix64 from each half of the key. */
static void
derived_bytes(const struct ids *ids, unsigned char *p)
{
	uint64_t at = ids->record * 0x9e3779b97f4a7c15;
	uint64_t half[2] = { mix(ids->key[0] + at), mix(ids->key[1] + at) };
	int i;

	for (i = 0; i < ID_BYTES; i++)
		p[i] = (unsigned char)(half[i / 8] >> (56 - i % 8 * 8));
}

char *
ids_put(struct ids *ids, char *p)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char id[ID_BYTES];
	int i, version = ids->random ? 0x40 : 0x80;

	if (ids->random)
		random_bytes(id);
	else
		derived_bytes(ids, id);
	ids->record++;
	id[6] = (unsigned char)(version | (id[6] & 0x0f));
	id[8] = (unsigned char)(0x80 | (id[8] & 0x3f));
	for (i = 0; i < ID_BYTES; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*p++ = '-';
		*p++ = hex[id[i] >> 4];
		*p++ = hex[id[i] & 15];
	}
	return p;
}
