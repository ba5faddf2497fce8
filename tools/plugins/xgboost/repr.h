/*
 * Doubles as Python spells them: what repr() and str() of a float give.
 */
#ifndef PLUGINS_XGBOOST_REPR_H
#define PLUGINS_XGBOOST_REPR_H

enum { REPR_MAX = 32 }; /* bytes that repr_write needs at most */

/*
 * Writes the shortest digits that read back to v, of these the nearest to v,
 * at p: "0.1", "1.0", "1e-07", "nan", "-inf"; no NUL.  Returns its end.
 */
char *repr_write(char *p, double v);

#endif
