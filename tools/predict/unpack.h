/*
 * Models that come as an archive: unpacked once a run, into a folder that
 * nobody else can look into and that goes when the run ends.
 *
 * The supervisor makes the folder and removes it: its name is never taken
 * from memory that a model can write to.  The first worker fills it, through a
 * process of its own, so that neither the archive's bytes nor libarchive get
 * near the supervisor or a model.
 */
#ifndef PREDICT_UNPACK_H
#define PREDICT_UNPACK_H

#include "base/buf.h"
#include "predict/predict.h"

/*
 * With pr->unpack the new folder is in that one, and each model is moved to its
 * place there: adds the path of the i'th model's, which is its number from 1.
 * Whether something is there already.
 */
bool unpack_place(const struct predict *pr, size_t i, struct buf *path);

/* For the supervisor: where a model is an archive, makes the folder and says
 * in the model where in it to unpack.  Ends the process where it cannot. */
void unpack_prepare(struct predict *pr);

/* Removes the folder, if there is one.  exit(3) does so too. */
void unpack_remove(void);

/* For a worker: unpacks pm's archive, if nobody has.  Returns 0, or -1 with
 * what is wrong added to why. */
int unpack_model(
    const struct predict *pr, const struct predict_model *pm, struct buf *why);

#endif
