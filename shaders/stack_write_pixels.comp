#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
// result = (1 − strength)·input + strength·packed, as pixels.
#include "quads.glsl"
#include "linear.glsl"
#include "stack_pixels_push.h"

layout(push_constant) uniform Push { StackPixelsPush push; };
QUADS_IN(0, 1, packed);
QUADS_IN(2, 3, before);
layout(binding = 4, std430) buffer result_block { uint result[]; };
INPUT(5, levels);
#include "stack_pixels.glsl"

void main() {
    Group group = group_of_thread(linear_thread(), push);
    if (!group.inside) return;
    uint from = group.row * push.width + group.column;
    float strength = push.strength;
    vec3 made[TOGETHER];
    [[unroll]] for (uint i = 0; i < TOGETHER; ++i) made[i] = QUAD(packed, from + min(i, group.count - 1)).xyz;
    // With a strength of 1 the result keeps the bits of the network's values, −0 included.
    if (strength != 1.0) {
        uint at = push.input_first + group.row * push.input_row + group.column;
        [[unroll]] for (uint i = 0; i < TOGETHER; ++i) {
            vec3 under = QUAD(before, at + min(i, group.count - 1)).xyz;
            made[i] = (1.0 - strength) * under + strength * made[i];
        }
    }
    if (FORMAT == PLANES) {
        [[unroll]] for (uint i = 0; i < TOGETHER; ++i) {
            [[unroll]] for (uint c = 0; c < 3; ++c) {
                if (i < group.count) result[c * push.plane + group.word + i] = floatBitsToUint(made[i][c]);
            }
        }
        return;
    }
    bool own_row = group.row - push.own_row < push.own_rows;
    uint word = 0;
    [[unroll]] for (uint i = 0; i < TOGETHER * 3; ++i) {
        uint column = group.column + i / 3;
        bool own = own_row && column - push.own_column < push.own_columns;
        uint level = stored_level(made[i / 3][i % 3], own, (i % 3 * push.height + group.row) * push.width + column);
        word = i % PER_WORD == 0 ? level : word | level << i % PER_WORD * BITS;
        if (i % PER_WORD == PER_WORD - 1) result[group.word + i / PER_WORD] = word;
    }
    REPORT_NOT_FINITE(push.plane);
}
