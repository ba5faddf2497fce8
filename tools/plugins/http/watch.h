/*
 * The process between the worker and the server that it started.
 *
 * A worker may be killed at any moment, and a server may start processes of
 * its own.  So a small process stands between them: it starts the server, and
 * stops all of it when the worker is gone, whatever became of that.
 */
#ifndef PLUGINS_HTTP_WATCH_H
#define PLUGINS_HTTP_WATCH_H

struct watch {
	const char *command; /* for sh; NULL: the program "serve" in dir */
	const char *dir;     /* the folder to run it in, or NULL */
	int port;	     /* where it is to listen: told as PORT ... */
	const char *folder; /* or in this folder, which is removed at the end */
	const char *socket; /* on this socket, told as SOCKET */
};

/*
 * To be called in a new process, which it becomes.  The other end of fd, a
 * stream socket, is the worker's: when it is closed the server is stopped, by
 * SIGTERM and after 5 s by SIGKILL.  Where the server ends by itself its wait
 * status, an int, is written to fd.
 */
_Noreturn void watch_run(const struct watch *w, int fd);

#endif
