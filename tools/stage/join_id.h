/*
 * SageMakerInferenceId: random UUIDs.
 */
#ifndef STAGE_JOIN_ID_H
#define STAGE_JOIN_ID_H

enum { ID_LENGTH = 36 };

/* Writes a random UUID (RFC 9562, version 4) at p, ID_LENGTH bytes and no NUL;
 * returns its end.  Ends the process where the system has no random bytes. */
char *id_put(char *p);

#endif
