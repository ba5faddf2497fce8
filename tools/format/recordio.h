/*
 * RecordIO, as MXNet writes it (dmlc-core, include/dmlc/recordio.h): words of
 * four bytes, little-endian,
 *
 *	0xced7230a   FLAG << 29 | LENGTH   LENGTH bytes   zeros to a whole word
 *
 * FLAG 0 is a whole record.  Data that holds the magic word at a multiple of
 * four bytes is written in parts (FLAG 1 first, 2 middle, 3 last) and the word
 * left out between them.
 *
 * SageMaker's own readers take all of the second word as the length.  That
 * is the same thing for every record under 512 MiB in one part, so for all
 * that fits a payload; a record in parts they cannot read at all.  Hence the
 * first reading is the one here.
 */
#ifndef FORMAT_RECORDIO_H
#define FORMAT_RECORDIO_H

#include "format/frame.h"

extern const struct frame_format recordio_format;

#endif
