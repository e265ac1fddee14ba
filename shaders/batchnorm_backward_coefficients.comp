#version 450
#extension GL_GOOGLE_include_directive : require
// Computes, from the finished sums, the gradients of gamma and beta, and the means that the gradient of x subtracts.
// The means are 0 if the statistics are constants. Threads: channels.
#include "batchnorm_push.h"
#include "kernel.glsl"

layout(push_constant) uniform Push { CoefficientPush push; };
INPUT(0, sums);  // [dgamma, dbeta][c]
OUTPUT(1, dgamma);
OUTPUT(2, dbeta);
IN_OUT(3, coefficients);  // [COEFFICIENT_ROWS][c]; the rows of the forward pass stay

void main() {
    uint c = gl_GlobalInvocationID.x, channels = push.channels;
    if (c >= channels) return;
    dgamma[c] = sums[c];
    dbeta[c] = sums[channels + c];
    bool depend = push.count > 0.0;
    coefficients[MEAN_DY * channels + c] = depend ? sums[channels + c] / push.count : 0.0;
    coefficients[MEAN_DY_XHAT * channels + c] = depend ? sums[c] / push.count : 0.0;
}
