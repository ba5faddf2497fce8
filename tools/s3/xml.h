/*
 * The XML of S3's answers, by expat.
 */
#ifndef S3_XML_H
#define S3_XML_H

#include <stddef.h>

/*
 * Reads a whole document of n bytes.  At the end of every element below the
 * root, each gets its path from there ("Contents/Key"), without namespaces, and
 * its own text; any value but 0 from it ends the reading.  An answer of S3 has
 * no DOCTYPE, no elements nested deeper than four or beside text, and no text
 * beyond 1 MiB; such documents are refused.  Blanks and a byte order mark may
 * come first.  root, unless NULL, gets the root's name, cut to fit.
 *
 * Returns 0, the value that each returned, or -1: not such a document.
 */
int s3_xml(const char *p, size_t n, char root[64],
    int (*each)(void *arg, const char *path, const char *text), void *arg);

#endif
