#include "plugins/http/port.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A port that is free now, chosen by the system. */
static int
free_port(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t size = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM, 0), port = -1;

	if (fd == -1)
		return -1;
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, (struct sockaddr *)&a, sizeof a) == 0 &&
	    getsockname(fd, (struct sockaddr *)&a, &size) == 0)
		port = ntohs(a.sin_port);
	close(fd);
	return port;
}

/*
 * Until the server listens, the system may choose the same port again for
 * another worker.  So each binds a name for its port that only one can have,
 * and that ends with its process.  Holding the port itself would keep out a
 * server that does not set SO_REUSEADDR.
 */
static int
claim(int port)
{
#ifdef __linux__
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int n =
	    snprintf(a.sun_path + 1, sizeof a.sun_path - 1, "bt-http-%d", port);

	if (fd == -1)
		return -1;
	if (bind(fd, (struct sockaddr *)&a,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
			    (size_t)n)) == 0)
		return 0;
	close(fd);
	return -1;
#else
	(void)port;
	return 0;
#endif
}

int
port_new(void)
{
	int tries, port = -1;

	for (tries = 0; tries < 100; tries++) {
		port = free_port();
		if (port == -1 || claim(port) == 0)
			return port;
	}
	errno = EADDRINUSE;
	return -1;
}
