#version 450
#extension GL_GOOGLE_include_directive : require
// Joins groups of rows of partial results into one row each, in fixed order. Threads: blocks times groups.
#include "quads.glsl"

QUADS_IN(0, 2, partial);  // [rows][blocks][PARTS], or merged moments: [rows][blocks][mean, moment, count]
QUADS_OUT(1, merged);     // [groups][blocks][PARTS]; of moments [groups][blocks][mean, moment, count]

#include "partials.glsl"

layout(constant_id = 1) const uint MOMENTS = 0;
layout(constant_id = 2) const uint PARTS = 2;

layout(push_constant) uniform Push { MergePartialsPush push; };

void main() {
    uint rows = push.rows, blocks = push.blocks, per_group = push.per_group;
    uint group = gl_GlobalInvocationID.x / blocks, block = gl_GlobalInvocationID.x % blocks;
    if (group * per_group >= rows) return;
    uint first = group * per_group, end = min(first + per_group, rows);
    if (MOMENTS != 0) {
        MergedMoments moments = merge_moments(push.tiles, blocks, block, first, end);
        uint at = (group * blocks + block) * 3;
        merged[at] = moments.mean;
        merged[at + 1] = moments.moment;
        merged[at + 2] = vec4(moments.count);
    } else {
        uint at = (group * blocks + block) * PARTS;
        for (uint part = 0; part < PARTS; ++part) {
            merged[at + part] = merge_sums(part, PARTS, blocks, block, first, end);
        }
    }
}
