#include "plugins/http/server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plugins/http/port.h"
#include "plugins/http/watch.h"

static int
fork_watcher(struct server *s, const struct settings *set, struct buf *why)
{
	struct watch w = { .command = set->command,
		.dir = set->dir,
		.port = s->port,
		.folder = s->folder.p,
		.socket = s->socket.p,
		.health = set->vertex ? set->health.p : NULL,
		.predict = set->predict.p };
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == -1) {
		buf_addf(why, "socketpair: %s", strerror(errno));
		return -1;
	}
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	s->watcher = fork();
	if (s->watcher == 0) {
		close(ends[0]);
		watch_run(&w, ends[1]);
	}
	close(ends[1]);
	if (s->watcher == -1) {
		buf_addf(why, "fork: %s", strerror(errno));
		close(ends[0]);
		return -1;
	}
	s->fd = ends[0];
	return 0;
}

int
server_start(struct server *s, const struct settings *set, struct buf *why)
{
	const char *tmp = getenv("TMPDIR");
	bool is_set = tmp != NULL && *tmp != '\0';

	if (!is_set)
		tmp = "/tmp";
	s->port = port_new();
	if (s->port == -1) {
		buf_addf(why, "no free port: %s", strerror(errno));
		return -1;
	}
	/* A folder for the socket that nobody else can write to. */
	s->folder.n = s->socket.n = 0;
	buf_addf(&s->folder, "%s/bt-http.XXXXXX", tmp);
	buf_str(&s->folder);
	if (mkdtemp(s->folder.p) == NULL) {
		buf_addf(why, "%s%s: %s", is_set ? "TMPDIR " : "", tmp,
		    strerror(errno));
		return -1;
	}
	buf_addf(&s->socket, "%s/s", s->folder.p);
	buf_str(&s->socket);
	if (fork_watcher(s, set, why) == 0)
		return 0;
	rmdir(s->folder.p);
	return -1;
}

bool
server_ended(struct server *s, int ms, struct buf *how)
{
	struct pollfd p = { .fd = s->fd, .events = POLLIN };
	int status;

	if (poll(&p, 1, ms) <= 0)
		return false;
	if (recv(s->fd, &status, sizeof status, MSG_PEEK) !=
	    (ssize_t)sizeof status)
		buf_adds(how, "was lost");
	else if (WIFEXITED(status))
		buf_addf(how, "exited with status %d", WEXITSTATUS(status));
	else
		buf_addf(how, "was killed by a signal: %s",
		    strsignal(WTERMSIG(status)));
	return true;
}

void
server_leave(struct server *s)
{
	if (s->fd != -1)
		close(s->fd);
	s->fd = -1;
}

void
server_stop(struct server *s)
{
	if (s->fd == -1)
		return;
	server_leave(s);
	while (waitpid(s->watcher, NULL, 0) == -1 && errno == EINTR)
		;
}
