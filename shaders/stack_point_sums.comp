#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
// Partial sums of g = slope·mask·da and of g·xhat, with xhat = (z − mean)/√(variance + epsilon): the gradients of beta and
// gamma; without a norm of g alone. Threads: see quad_walk.glsl.
#include "exact_sum.glsl"
#include "quad_walk.glsl"
#include "step_numbers.h"

QUADS_IN(0, 4, z);             // [n, blocks, h, w]; the activation's result if FROM_RESULT
QUADS_IN(1, 5, da);            // as z
QUADS_IN(2, 6, coefficients);  // [blocks][COEFFICIENT_QUADS], of the norm
QUADS_OUT(3, partial);         // [tiles][blocks][Σ g, Σ g·xhat]
layout(binding = 7, std430) readonly buffer numbers_block { DropoutNumbers numbers[]; };

#include "point.glsl"

const uint PIXELS = PIXELS_PER_SUM_RUN;

layout(push_constant) uniform Push { PointPush push; };

void main() {
    QuadRun run = quad_run(push.walk);
    if (!run.inside) return;
    Norm norm = norm_of(run.block);
    uint first = run.run * PIXELS, last = push.walk.pixels - 1, end = min(first + PIXELS, last + 1);
    ExactSum4 sum = EMPTY_SUM4, sum_xhat = EMPTY_SUM4;
    for (uint pixel = first; pixel < end; pixel += 4) {
        mat4 factors;
        if (DROPOUT != 0) factors = dropout_of_pixels(push, run, pixel);
        [[unroll]] for (uint i = 0; i < 4; ++i) {
            uint at = run.plane + min(pixel + i, last);
            vec4 value = QUAD(z, at), gradient = QUAD(da, at);
            if (DROPOUT != 0) gradient *= factors[i];
            gradient *= slopes_at(norm, value);
            if (pixel + i > last) gradient = vec4(0.0);
            add(sum, gradient);
            if (NORM != 0) add(sum_xhat, gradient * ((value - norm.mean) * norm.inverse));
        }
    }
    uint at = partial_of(run, push.walk, PIXELS, 2);
    partial[at] = total(sum);
    partial[at + 1] = total(sum_xhat);
}
