#version 450
#extension GL_GOOGLE_include_directive : require
// Numbers of a channel that the other kernels of batch norm need, computed once. Threads: channels.
#include "batchnorm_push.h"
#include "kernel.glsl"

layout(push_constant) uniform Push { CoefficientPush push; };
INPUT(0, statistics);     // [STATISTIC_ROWS][c]
INPUT(1, gamma);          // [c]
INPUT(2, beta);           // [c]
IN_OUT(3, coefficients);  // [COEFFICIENT_ROWS][c]; the rows of the backward pass stay

void main() {
    uint c = gl_GlobalInvocationID.x, channels = push.channels;
    if (c >= channels) return;
    float inverse_deviation = 1.0 / sqrt(statistics[STATISTIC_VARIANCE * channels + c] + push.epsilon);
    coefficients[CENTER * channels + c] = statistics[STATISTIC_MEAN * channels + c];
    coefficients[INVERSE_DEVIATION * channels + c] = inverse_deviation;
    coefficients[SCALE * channels + c] = gamma[c] * inverse_deviation;
    coefficients[OFFSET * channels + c] = beta[c];
}
