#include "split/refs.h"

#include <unistd.h>

#include "base/fd.h"
#include "base/say.h"

void
refs_flush(struct refs *refs)
{
	struct buf *out = &refs->out;

	if (refs->whole == 0)
		return;
	/* Several processes may write to the same pipe: these are whole lines,
	 * and no more than POSIX keeps together. */
	if (fd_write(STDOUT_FILENO, out->p, refs->whole) == -1)
		say_errno_exit(1, "standard output");
	out->n -= refs->whole;
	memmove(out->p, out->p + refs->whole, out->n);
	refs->whole = 0;
}

void
refs_release(struct refs *refs)
{
	if (refs->held)
		buf_addc(&refs->out, '\n');
	refs->held = false;
	refs->whole = refs->out.n;
}

void
refs_last(struct refs *refs, bool last)
{
	if (refs->held && last)
		buf_adds(&refs->out, ",last");
	refs_release(refs);
}

void
refs_drop(struct refs *refs)
{
	refs->out.n = refs->whole;
	refs->held = false;
}

int
refs_put(struct refs *refs, uint64_t offset, uint64_t length, uint64_t first,
    uint64_t count, uint32_t crc)
{
	struct ref *r = &refs->ref;

	refs->batches++;
	refs->records += count;
	refs->bytes += length;
	if (refs->quiet)
		return 0;
	refs_release(refs);
	r->offset = offset;
	r->length = length;
	r->first = first;
	r->count = count;
	r->crc32c = crc;
	r->has_crc32c = count > 0;
	ref_add(&refs->out, r);
	refs->held = true;
	if (refs->out.n - refs->whole + strlen(",last\n") > REF_MAX) {
		refs_drop(refs);
		return -1;
	}
	if (refs->out.n + strlen(",last\n") > REF_MAX)
		refs_flush(refs);
	return 0;
}
