#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
// packed = a picture's pixels, and 0 in the fourth channel.
#include "quads.glsl"
#include "linear.glsl"
#include "stack_pixels_push.h"

layout(push_constant) uniform Push { StackPixelsPush push; };
layout(binding = 0, std430) readonly buffer picture_block { uint picture[]; };
QUADS_OUT(1, packed);
INPUT(2, levels);
#define PIXEL_WORD(i) picture[i]
#include "stack_pixels.glsl"

vec3 pixels[TOGETHER];

// Reads the group's pixels of the picture. Of planes, those beyond the row's end repeat its last pixel.
void read_pixels(Group group, uint plane) {
    if (FORMAT == PLANES) {
        [[unroll]] for (uint i = 0; i < TOGETHER; ++i) {
            uint at = group.word + min(i, group.count - 1);
            pixels[i] = vec3(uintBitsToFloat(PIXEL_WORD(at)), uintBitsToFloat(PIXEL_WORD(at + plane)),
                             uintBitsToFloat(PIXEL_WORD(at + 2 * plane)));
        }
    } else {
        uint word = 0;
        [[unroll]] for (uint i = 0; i < TOGETHER * 3; ++i) {
            if (i % PER_WORD == 0) word = PIXEL_WORD(group.word + i / PER_WORD);
            pixels[i / 3][i % 3] = level_value((word >> i % PER_WORD * BITS) & WHITE);
        }
    }
}

void main() {
    Group group = group_of_thread(linear_thread(), push);
    if (!group.inside) return;
    read_pixels(group, push.plane);
    uint to = group.row * push.width + group.column;
    [[unroll]] for (uint i = 0; i < TOGETHER; ++i) {
        if (i < group.count) packed[to + i] = vec4(pixels[i], 0.0);
    }
}
