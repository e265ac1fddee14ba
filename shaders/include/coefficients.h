// The coefficients of a norm's channels, [blocks of four channels][COEFFICIENT_QUADS] of vec4. Those of channels
// beyond the last one are 0.
#ifndef SHADENET_COEFFICIENTS_H
#define SHADENET_COEFFICIENTS_H
#include "contract.h"

CONTRACT_BEGIN
const uint COEFFICIENT_MEAN = 0;     // that the norm subtracts: of the batch, or the moving one
const uint COEFFICIENT_INVERSE = 1;  // 1/sqrt(variance + epsilon)
const uint COEFFICIENT_SCALE = 2;    // gamma/sqrt(variance + epsilon)
const uint COEFFICIENT_BETA = 3;
const uint COEFFICIENT_MEAN_DY = 4;       // sum of dy / M, or 0 where the statistics are constants
const uint COEFFICIENT_MEAN_DY_XHAT = 5;  // sum of dy * xhat / M, likewise
const uint COEFFICIENT_QUADS = 6;
CONTRACT_END
#endif
