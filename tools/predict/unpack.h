/*
 * Models, and the code of scripts, that come as an archive: bt-unpack(1)
 * unpacks each once a run, into a folder that only the user can read and that
 * is removed when the run ends.
 *
 * The supervisor makes the folder and removes it: it never takes the folder's
 * name from memory that a model can write to.  The first worker fills it.
 */
#ifndef PREDICT_UNPACK_H
#define PREDICT_UNPACK_H

#include "base/buf.h"
#include "predict/predict.h"

/* For the supervisor, before -E changes the environment: if a model or its code
 * is an archive, or the code is in S3, makes the folder and notes in the model
 * where in it to unpack.  Ends the process if the folder cannot be made. */
void unpack_prepare(struct predict *pr);

/* Removes the folder, if there is one.  exit(3) does so too. */
void unpack_remove(void);

/* For a worker: unpacks pm's archive, unless an earlier worker has.  Returns
 * 0, or -1 with what is wrong, and the archive's name, added to why. */
int unpack_model(const struct predict_model *pm, struct buf *why);

/* The same for the code, which bt-s3cat(1) fetches if it is in S3.  Does
 * nothing if there is none to unpack. */
int unpack_code(const struct predict_model *pm, struct buf *why);

#endif
