/*
 * The command whose standard output is the object.  There is one per process.
 */
#ifndef SPLIT_COMMAND_H
#define SPLIT_COMMAND_H

/*
 * Starts the command (a NULL after its words) and returns its output, the
 * caller's to close, or -1 after a message.  copy is the file that is made of
 * it: if the command fails, or this process ends before it, the command gets
 * SIGTERM and the file is removed.
 */
int command_start(char *const *words, const char *copy);

/* All its output was read: 0 if it exited with 0, or -1 after a message. */
int command_finish(void);

/* Its output was closed, and does not matter any more: waits for its end. */
void command_drop(void);

#endif
