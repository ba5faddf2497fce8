/*
 * What the options of all tools have in common.  What is wrong on a command
 * line ends the process with status 2.
 */
#ifndef BASE_OPTIONS_H
#define BASE_OPTIONS_H

#include <getopt.h>
#include <stdint.h>

/* -h stands in each call of getopt_long(3). */
enum { OPTION_HELP = 'h', OPTION_VERSION = 1000 };

/* The last rows of a tool's table for getopt_long(3). */
#define OPTIONS_END                                                            \
	{ "help", no_argument, NULL, OPTION_HELP },                            \
	    { "version", no_argument, NULL, OPTION_VERSION },                  \
	{                                                                      \
		NULL, 0, NULL, 0                                               \
	}

/* What --help says after the usage: made of the tool's manual page by
 * tools/help.awk.  A program that is no tool has none. */
extern const char option_help[] __attribute__((weak));

/*
 * Carries out --help and --version, and takes any other value of getopt_long(3)
 * for an error.  usage is the tool's whole usage text, which begins with
 * "usage: NAME".
 */
_Noreturn void option_other(int option, const char *usage);

/* The command line is not like that. */
_Noreturn void option_misuse(const char *usage);

/* The number that text is, for the option of this name ("--name", "-n"). */
uint64_t option_number(
    const char *name, const char *text, uint64_t min, uint64_t max);

/* The index of text, in any case, among words, which end with NULL. */
int option_choice(const char *name, const char *text, const char *const *words);

/* For an option that once was: what to use instead. */
_Noreturn void option_gone(const char *name, const char *instead);

#endif
