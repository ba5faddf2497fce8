/*
 * The XML of S3's answers, by expat.
 */
#ifndef S3_XML_H
#define S3_XML_H

#include <stddef.h>

/*
 * Reads a whole document of n bytes.  At the end of every element below the
 * root each gets its path from there ("Contents/Key"), without namespaces, and
 * its own text; other than 0 from it ends the reading.  Elements nested deeper
 * than four, or beside text, and texts beyond 1 MiB are no answer of S3's, nor
 * is a DOCTYPE.  Blanks and a byte order mark may come first.
 * root, unless NULL, gets the root's name, cut to fit.
 *
 * Returns 0, what each returned, or -1: not such a document.
 */
int s3_xml(const char *p, size_t n, char root[64],
    int (*each)(void *arg, const char *path, const char *text), void *arg);

#endif
