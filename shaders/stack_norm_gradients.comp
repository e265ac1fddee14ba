#version 450
#extension GL_GOOGLE_include_directive : require
// Finishes the gradients of gamma and beta, dgamma = Σ g·xhat and dbeta = Σ g, and finds the means that the gradient of x
// subtracts, which are 0 if the statistics are constants. Threads: blocks.
#include "quads.glsl"

QUADS_IN(0, 3, partial);     // [rows][blocks][Σ g, Σ g·xhat]
QUADS_OUT(1, gradients);     // of gamma and beta at the places in the push constants
QUADS_OUT(2, coefficients);  // [blocks][COEFFICIENT_QUADS]; the rows of the forward pass stay

#include "coefficients.h"
#include "partials.glsl"

layout(push_constant) uniform Push { NormGradientsPush push; };

void main() {
    uint block = gl_GlobalInvocationID.x, blocks = push.blocks, rows = push.rows;
    if (block >= blocks) return;
    vec4 dbeta = of_channels(merge_sums(0, 2, blocks, block, 0, rows), block, push.channels);
    vec4 dgamma = of_channels(merge_sums(1, 2, blocks, block, 0, rows), block, push.channels);
    gradients[push.dgamma + block] = dgamma;
    gradients[push.dbeta + block] = dbeta;
    bool depend = push.count > 0.0;
    uint at = block * COEFFICIENT_QUADS;
    coefficients[at + COEFFICIENT_MEAN_DY] = depend ? dbeta / push.count : vec4(0.0);
    coefficients[at + COEFFICIENT_MEAN_DY_XHAT] = depend ? dgamma / push.count : vec4(0.0);
}
