/*
 * Fields with quotes in unusual places: libcsv decides, in strict mode, with
 * LF and CR LF ending a row and no byte taken for white space.
 */
#ifndef FORMAT_SCAN_ODD_H
#define FORMAT_SCAN_ODD_H

#include "format/scan.h"

struct scan_odd;

/*
 * Begins in the middle of a field, where the next byte stands at state.  o is
 * NULL, or what an earlier call returned and has since ended its field; the
 * result is freed with scan_odd_free.
 */
struct scan_odd *scan_odd_begin(struct scan_odd *o, enum scan_state state);
void scan_odd_free(struct scan_odd *o);

/*
 * Reads on up to the field's end, or n bytes.  *used is how many it took,
 * where a problem was found those before it; *inner grows by the LFs inside
 * quotes, *ended is set if the last byte taken is the comma or the LF that
 * ends the field.
 */
enum scan_problem scan_odd_feed(struct scan_odd *o, const struct scan *s,
    const char *p, size_t n, size_t *used, uint64_t *inner, bool *ended);

/* The object ends here: whether it does so inside quotes. */
bool scan_odd_is_open(struct scan_odd *o);

#endif
