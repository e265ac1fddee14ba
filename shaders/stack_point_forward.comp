#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
// a = dropout(activation((z − mean)·scale + beta)), of which each layer may be missing. Threads: see quad_walk.glsl.
#include "quad_walk.glsl"
#include "step_numbers.h"

QUADS_IN(0, 3, z);             // [n, blocks, h, w]
QUADS_IN(1, 4, coefficients);  // [blocks][COEFFICIENT_QUADS], of the norm
QUADS_OUT(2, a);               // as z, whose memory it may be
layout(binding = 5, std430) readonly buffer numbers_block { DropoutNumbers numbers[]; };

#include "point.glsl"

const uint PIXELS = PIXELS_PER_POINT_RUN;

layout(push_constant) uniform Push { PointPush push; };

void main() {
    QuadRun run = quad_run(push.walk);
    if (!run.inside) return;
    Norm norm = norm_of(run.block);
    uint first = run.run * PIXELS, last = push.walk.pixels - 1;
    for (uint pixel = first; pixel < first + PIXELS; pixel += 4) {
        mat4 factors;
        if (DROPOUT != 0) factors = dropout_of_pixels(push, run, pixel);
        [[unroll]] for (uint i = 0; i < 4; ++i) {
            uint at = run.plane + min(pixel + i, last);
            vec4 result = activations(normed(norm, QUAD(z, at)));
            if (DROPOUT != 0) result *= factors[i];
            if (pixel + i <= last) a[at] = result;
        }
    }
}
