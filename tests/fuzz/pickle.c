/*
 * Reads the bytes as a pickle: what is found in it is of it, or decoded from
 * it.
 */
#include "plugins/xgboost/pickle.c"
#include "want.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span file = { (const char *)data, size };
	struct buf why = { 0 }, room = { 0 };
	struct pickled out;

	if (!pickle_is(file))
		return 0;
	if (pickle_booster(file, &room, &out, &why) == -1)
		want(why.n > 0);
	else if (out.model.p == room.p)
		want(out.model.n == room.n && room.n > 0 && room.n < size);
	else
		want(out.model.n > 0 && out.model.p >= file.p &&
		     out.model.n <= size - (size_t)(out.model.p - file.p));
	buf_free(&room);
	buf_free(&why);
	return 0;
}
