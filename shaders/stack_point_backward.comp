#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
// dz = scale·(g − Σg/M − xhat·Σg·xhat/M) with g = slope·mask·da and xhat = (z − mean)/√(variance + epsilon), after
// stack_norm_gradients.comp found the two means; without a norm dz = g. Threads: see quad_walk.glsl.
#include "quad_walk.glsl"
#include "step_numbers.h"

QUADS_IN(0, 4, z);             // [n, blocks, h, w]; the activation's result if FROM_RESULT
QUADS_IN(1, 5, da);            // as z
QUADS_IN(2, 6, coefficients);  // [blocks][COEFFICIENT_QUADS], of the norm
QUADS_OUT(3, dz);              // as z; it may be the memory of da
layout(binding = 7, std430) readonly buffer numbers_block { DropoutNumbers numbers[]; };

#include "point.glsl"

const uint PIXELS = PIXELS_PER_POINT_RUN;

layout(push_constant) uniform Push { PointPush push; };

void main() {
    QuadRun run = quad_run(push.walk);
    if (!run.inside) return;
    Norm norm = norm_of(run.block);
    vec4 mean = vec4(0.0), mean_xhat = vec4(0.0);
    if (NORM != 0) {
        mean = QUAD(coefficients, run.block * COEFFICIENT_QUADS + COEFFICIENT_MEAN_DY);
        mean_xhat = QUAD(coefficients, run.block * COEFFICIENT_QUADS + COEFFICIENT_MEAN_DY_XHAT);
    }
    uint first = run.run * PIXELS, last = push.walk.pixels - 1;
    for (uint pixel = first; pixel < first + PIXELS; pixel += 4) {
        mat4 factors;
        if (DROPOUT != 0) factors = dropout_of_pixels(push, run, pixel);
        [[unroll]] for (uint i = 0; i < 4; ++i) {
            uint at = run.plane + min(pixel + i, last);
            vec4 value = QUAD(z, at), gradient = QUAD(da, at);
            if (DROPOUT != 0) gradient *= factors[i];
            gradient *= slopes_at(norm, value);
            if (NORM != 0) {
                gradient = norm.scale * (gradient - mean - (value - norm.mean) * norm.inverse * mean_xhat);
            }
            if (pixel + i <= last) dz[at] = gradient;
        }
    }
}
