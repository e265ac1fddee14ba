// Shared by the kernels of histograms.
#ifndef HISTOGRAM_GLSL
#define HISTOGRAM_GLSL
#include "histogram_push.h"
#include "planes.glsl"

// Tests the bits: a driver that assumes only finite numbers may replace isnan() and isinf() by constants.
bool is_finite(uint bits) { return (bits & 0x7f800000u) != 0x7f800000u; }

// Integers in the order of the floats, so that integer atomics find the smallest and the largest.
uint ordered(uint bits) { return (bits & 0x80000000u) != 0u ? ~bits : bits | 0x80000000u; }

#endif
