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
#include "stack_pixels.glsl"

void main() {
    Group group = group_of_thread(linear_thread(), push);
    if (!group.inside) return;
    read_pixels(group, push.plane);
    uint to = group.row * push.width + group.column;
    [[unroll]] for (uint i = 0; i < TOGETHER; ++i) {
        if (i < group.count) packed[to + i] = vec4(pixels[i], 0.0);
    }
}
