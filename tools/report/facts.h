/*
 * The numbers of a report, each with its name: what page and text both show.
 */
#ifndef REPORT_FACTS_H
#define REPORT_FACTS_H

#include "report/page.h"

/* Calls each for every fact there is, in order; value is borrowed. */
void report_facts(const struct report *r, const struct report_job *job,
    void (*each)(void *arg, const char *name, const char *value), void *arg);

#endif
