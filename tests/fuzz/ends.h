/*
 * What the fuzzers of whole stages share, which end the process with a message:
 * here they end what was begun, and a message is one line of text.  Linked with
 * --wrap for exit and fd_write.
 */
#include <setjmp.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "want.h"

const char *__asan_default_options(void);
_Noreturn void __wrap_exit(int status);
_Noreturn void __real_exit(int status);
int __wrap_fd_write(int fd, const void *p, size_t n);
int __real_fd_write(int fd, const void *p, size_t n);

static jmp_buf ended;
static volatile bool begun;
static unsigned messages; /* so far */

/* What ends so leaves what it has. */
const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}

void
__wrap_exit(int status)
{
	if (!begun)
		__real_exit(status);
	want(status == 1 || status == 2);
	longjmp(ended, status);
}

int
__wrap_fd_write(int fd, const void *p, size_t n)
{
	const char *text = p;
	size_t i;

	if (fd != STDERR_FILENO)
		return __real_fd_write(fd, p, n);
	want(n > 0 && text[n - 1] == '\n');
	for (i = 0; i < n - 1; i++)
		want((unsigned char)text[i] >= ' ' && text[i] != 0x7f);
	messages++;
	return 0;
}

/* Its status: 0 where f returned.  Otherwise what it opened is closed, so that
 * it holds no locks. */
static int
ends(void (*f)(void *), void *arg)
{
	unsigned before = messages;
	int status, fd = dup(STDERR_FILENO);

	close(fd);
	begun = true;
	status = setjmp(ended);
	if (status == 0)
		f(arg);
	begun = false;
	want(status == 0 || messages > before);
	while (status != 0 && close(fd) == 0)
		fd++;
	return status;
}
