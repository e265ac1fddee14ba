#version 450
#extension GL_GOOGLE_include_directive : require
// Finds a norm's coefficients from its moving statistics. Threads: blocks.
#include "quads.glsl"

QUADS_IN(0, 3, parameters);  // gamma and beta at the places in the push constants
QUADS_IN(1, 4, statistics);  // the moving statistics, likewise
QUADS_OUT(2, coefficients);  // [blocks][COEFFICIENT_QUADS]; the rows of the backward pass stay

#include "norm_finish.glsl"
#include "partials_push.h"

layout(push_constant) uniform Push { NormMovingPush push; };

void main() {
    uint block = gl_GlobalInvocationID.x;
    if (block >= push.blocks) return;
    write_coefficients(block, push.channels, QUAD(statistics, push.moving_mean + block),
                       QUAD(statistics, push.moving_variance + block), QUAD(parameters, push.gamma + block),
                       QUAD(parameters, push.beta + block), push.epsilon);
}
