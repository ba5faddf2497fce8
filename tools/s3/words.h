/*
 * Words as the AWS command line cuts them, which is as Python's shlex does: at
 * blanks and newlines, with '...', "..." and \ as in the shell, and nothing
 * else of it: no variable, no pattern, no command in it.
 * docs.python.org/3/library/shlex.html#parsing-rules, POSIX mode
 */
#ifndef S3_WORDS_H
#define S3_WORDS_H

#include <stddef.h>

/*
 * Returns the words and a NULL after them, one piece of memory, to be freed
 * with free(3); or NULL, and in *why what is wrong, a constant.
 */
char **words_split(const char *text, const char **why);

#endif
