// What the kernels of histograms share.
#ifndef HISTOGRAM_GLSL
#define HISTOGRAM_GLSL
#include "histogram_push.h"
#include "planes.glsl"

// By the bits: isnan() and isinf() may be taken for constants where a driver assumes that there are none.
bool is_finite(uint bits) { return (bits & 0x7f800000u) != 0x7f800000u; }

// Ordered as the floats are, so that integer atomics find the smallest and the largest.
uint ordered(uint bits) { return (bits & 0x80000000u) != 0u ? ~bits : bits | 0x80000000u; }

#endif
