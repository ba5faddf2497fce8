/*
 * What a tool does before anything else, whatever it was started with.
 */
#ifndef BASE_START_H
#define BASE_START_H

/*
 * Standard descriptors that are closed are opened, so that no file of ours gets
 * their number: reading the one and writing the other then fails with EBADF,
 * and messages go nowhere.  A file size limit (ulimit -f) becomes the error
 * EFBIG, not SIGXFSZ.  Memory that jansson cannot have ends the process, as in
 * base/mem.h.
 */
void start_tool(void);

#endif
