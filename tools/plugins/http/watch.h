/*
 * The process between the worker and the server that it started.
 *
 * A worker may be killed at any moment, and a server may start processes of its
 * own.  So a small process stands between them: it starts the server, and stops
 * all of its processes when the worker ends, for whatever reason.
 */
#ifndef PLUGINS_HTTP_WATCH_H
#define PLUGINS_HTTP_WATCH_H

struct watch {
	const char *command; /* for sh; NULL: the program "serve" in dir */
	const char *dir;     /* the folder to run it in, or NULL */
	int port;	     /* to listen on: PORT in its environment ... */
	const char *folder;  /* or in this folder, removed at the end, */
	const char *socket;  /* on this socket: SOCKET */

	/* Vertex AI's paths for its variables; NULL: it is another's. */
	const char *health, *predict;
};

/*
 * Takes over a new process.  The other end of fd, a stream socket, is the
 * worker's: when it is closed the server is stopped, by SIGTERM and after 5 s
 * by SIGKILL.  If the server ends by itself, its wait status, an int, is
 * written to fd.
 */
_Noreturn void watch_run(const struct watch *w, int fd);

#endif
