#include "base/say.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/percent.h"

extern const char *__progname; /* what err(3) begins with */

static void
put(const char *fmt, va_list ap, const char *why)
{
	struct buf text = { 0 }, line = { 0 };
	int saved = errno;

	buf_addv(&text, fmt, ap);
	buf_addf(&line, "%s: ", __progname);
	/* A message is one line. */
	percent_encode(&line, buf_span(&text), percent_controls);
	if (why != NULL)
		buf_addf(&line, ": %s", why);
	buf_addc(&line, '\n');
	fd_write(STDERR_FILENO, line.p, line.n);
	buf_free(&line);
	buf_free(&text);
	errno = saved;
}

void
say_list(const char *fmt, va_list ap)
{
	put(fmt, ap, NULL);
}

void
say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(fmt, ap, NULL);
	va_end(ap);
}

void
say_errno(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(fmt, ap, strerror(errno));
	va_end(ap);
}

void
say_exit(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(fmt, ap, NULL);
	va_end(ap);
	exit(status);
}

void
say_errno_exit(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(fmt, ap, strerror(errno));
	va_end(ap);
	exit(status);
}
