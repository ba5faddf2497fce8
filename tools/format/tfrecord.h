/*
 * TFRecord (TensorFlow, core/lib/io/record_writer.h), little-endian:
 *
 *	LENGTH (8 bytes)   its checksum (4)   LENGTH bytes   their checksum (4)
 *
 * A checksum is a CRC-32C, rotated right by 15 bits, plus 0xa282ead8.
 */
#ifndef FORMAT_TFRECORD_H
#define FORMAT_TFRECORD_H

#include "format/frame.h"

extern const struct frame_format tfrecord_format;

#endif
