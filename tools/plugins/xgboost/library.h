/*
 * libxgboost, found when a model needs it: the functions of its C API that are
 * called (xgboost/c_api.h, the same from 1.7 to 3.4; bst_ulong is uint64_t, a
 * handle void *).  Each returns 0, or -1 and the reason is error()'s.
 */
#ifndef PLUGINS_XGBOOST_LIBRARY_H
#define PLUGINS_XGBOOST_LIBRARY_H

#include <stdint.h>

#include "base/buf.h"
#include "bt_model.h"

struct library {
	void (*version)(int *major, int *minor, int *patch);
	const char *(*error)(void);
	int (*log)(void (*callback)(const char *text));
	int (*create)(void *const matrices[], uint64_t n, void **booster);
	int (*free)(void *booster);
	int (*set)(void *booster, const char *name, const char *value);
	int (*load)(void *booster, const void *bytes, uint64_t n);
	int (*unserialize)(void *booster, const void *bytes, uint64_t n);
	int (*attribute)(
	    void *booster, const char *name, const char **value, int *is_set);
	int (*config)(void *booster, uint64_t *n, const char **json);
	int (*predict)(void *booster, void *matrix, const char *config,
	    const uint64_t **shape, uint64_t *dimensions, const float **values);
	int (*predict_dense)(void *booster, const char *values,
	    const char *config, void *matrix, const uint64_t **shape,
	    uint64_t *dimensions, const float **out);
	int (*predict_csr)(void *booster, const char *starts,
	    const char *columns, const char *values, uint64_t width,
	    const char *config, void *matrix, const uint64_t **shape,
	    uint64_t *dimensions, const float **out);
	int (*matrix_dense)(
	    const char *values, const char *config, void **matrix);
	int (*matrix_csr)(const char *starts, const char *columns,
	    const char *values, uint64_t width, const char *config,
	    void **matrix);
	int (*matrix_free)(void *matrix);
};

/*
 * Opens it, once in the process.  Its messages go to the host's log, also
 * later. Returns NULL with the reason added to why.
 */
const struct library *library_open(const struct bt_host *host, struct buf *why);

bool library_since_3_1(const struct library *l);

/* Adds the first line of its last error to why. */
void library_add_error(const struct library *l, struct buf *why);

#endif
