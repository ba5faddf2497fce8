/*
 * Cutting objects into mini-batches: a reference for each on standard output.
 */
#ifndef SPLIT_SPLIT_H
#define SPLIT_SPLIT_H

#include "format/ref.h"

enum split_compression { SPLIT_GUESS, SPLIT_PLAIN, SPLIT_GZIP };

/* An object's first record: a record, or a header row that references name, or
 * that they do not, or that bt-predict sends before each batch's records. */
enum split_header { HEADER_NONE, HEADER_KEEP, HEADER_SKIP, HEADER_SEND };

struct split {
	enum ref_split type;
	bool single;		  /* BatchStrategy SingleRecord */
	uint64_t payload;	  /* bytes of a batch, at most; 0: any */
	uint64_t max_records;	  /* records of a batch, at most; 0: any */
	const char *content_type; /* NULL: what the name's suffix means */
	enum split_compression compression;
	enum split_header header;
	bool guess;  /* without a header row, say if it looks like one */
	bool keep;   /* an LF inside quotes belongs to its record */
	bool strict; /* a quote inside an unquoted field is refused */
	bool check;  /* print the counts, no references */
	bool json;   /* a line of JSON that is none is refused */
	const char
	    *spool;	/* file, or folder, for copies of pipes and gzip data */
	bool overwrite; /* a spool may be there already */
	const char *
	    prefix; /* that names in that folder leave out; NULL: all folders */
	char *const *command; /* whose output is read instead of standard
				 input; NULL: none */
	size_t step;	      /* bytes that are read at a time */
};

/*
 * Splits the object at arg: a file, a batch reference, or standard input if it
 * is
 * "-".  Returns 0, or after a message 1 (the object is bad or cannot be read)
 * or 2 (it needs an option).  If standard output cannot be written, the process
 * ends.
 */
int split_object(const struct split *sp, const char *arg);

#endif
