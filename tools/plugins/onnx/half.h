/*
 * float16, the 16-bit floating point of IEEE 754: 11 bits of precision, up to
 * 65504.
 */
#ifndef PLUGINS_ONNX_HALF_H
#define PLUGINS_ONNX_HALF_H

#include <stdint.h>

/* The nearest to v, of two that are as near the even one; from 65520 on
 * infinity. */
uint16_t half_of(double v);
double half_value(uint16_t half);

#endif
