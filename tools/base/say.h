/*
 * Messages: "TOOL: TEXT" on standard error, as err(3) writes them, but one
 * line each, whatever the names in it hold (a control byte is written %XX, as
 * in references), and by one write(2), so that those of many processes do not
 * run into each other.
 */
#ifndef BASE_SAY_H
#define BASE_SAY_H

#include <stdarg.h>

void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void say_list(const char *fmt, va_list ap)
    __attribute__((format(printf, 1, 0)));

/* ": " and what errno means stand after the text. */
void say_errno(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* And then the process ends. */
_Noreturn void say_exit(int status, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
_Noreturn void say_errno_exit(int status, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
