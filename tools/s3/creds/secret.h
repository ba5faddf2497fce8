/*
 * Memory that held a secret.
 */
#ifndef S3_CREDS_SECRET_H
#define S3_CREDS_SECRET_H

#include "base/buf.h"

/* These overwrite, then free.  text may be NULL. */
void secret_free(char *text);
void secret_buf_free(struct buf *b);

#endif
