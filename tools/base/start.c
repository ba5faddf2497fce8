#include "base/start.h"

#include <err.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"

void
start_tool(void)
{
	static const int modes[] = { O_WRONLY, O_RDONLY, O_WRONLY };
	int fd;

	/* From 0 up: open(2) returns the lowest that is free. */
	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) == -1 &&
		    open("/dev/null", modes[fd]) != fd)
			err(1, "/dev/null");
	signal(SIGXFSZ, SIG_IGN);
	json_set_alloc_funcs(mem_alloc, free);
}
