/*
 * Words as the AWS command line splits them, which is like Python's shlex: at
 * blanks and newlines, with '...', "..." and \ as in the shell, but without
 * variables, patterns or commands.
 * docs.python.org/3/library/shlex.html#parsing-rules, POSIX mode
 */
#ifndef S3_WORDS_H
#define S3_WORDS_H

#include <stddef.h>

/*
 * Returns the words and a NULL after them in one piece of memory, to be freed
 * with free(3); or NULL and a constant in *why.
 */
char **words_split(const char *text, const char **why);

#endif
