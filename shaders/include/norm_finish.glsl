// Writes what the kernels of a norm need of four channels, of which those beyond the last one get 0; to be included
// after the buffer `coefficients`.
#ifndef NORM_FINISH_GLSL
#define NORM_FINISH_GLSL
#include "channels.glsl"
#include "coefficients.h"

void write_coefficients(uint block, uint channels, vec4 mean, vec4 variance, vec4 gamma, vec4 beta, float epsilon) {
    vec4 inverse = 1.0 / sqrt(variance + epsilon);
    uint at = block * COEFFICIENT_QUADS;
    coefficients[at + COEFFICIENT_MEAN] = of_channels(mean, block, channels);
    coefficients[at + COEFFICIENT_INVERSE] = of_channels(inverse, block, channels);
    coefficients[at + COEFFICIENT_SCALE] = of_channels(gamma * inverse, block, channels);
    coefficients[at + COEFFICIENT_BETA] = of_channels(beta, block, channels);
}

#endif
