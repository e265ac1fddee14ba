#version 450
#extension GL_GOOGLE_include_directive : require
// Finishes the gradient of a bias: dbias = Σ g; or, through an activation into a norm (see stack_bias_sums.comp),
// dbias = Σ s·dy − (Σ s / M)·Σ dy. Threads: blocks.
#include "quads.glsl"

QUADS_IN(0, 2, partial);  // [rows][blocks][Σ g, any], or [rows][blocks][Σ s·dy, Σ dy, Σ s]
QUADS_OUT(1, dbias);

#include "partials.glsl"

layout(constant_id = 1) const uint INTO_NORM = 0;

layout(push_constant) uniform Push { BiasFinishPush push; };

void main() {
    uint block = gl_GlobalInvocationID.x, blocks = push.blocks, rows = push.rows;
    if (block >= blocks) return;
    const uint parts = INTO_NORM != 0 ? 3 : 2;
    vec4 sum = merge_sums(0, parts, blocks, block, 0, rows);
    if (INTO_NORM != 0) {
        precise vec4 mean_slope = merge_sums(2, parts, blocks, block, 0, rows) / push.count;
        precise vec4 part = mean_slope * merge_sums(1, parts, blocks, block, 0, rows);
        sum -= part;
    }
    dbias[block] = of_channels(sum, block, push.channels);
}
