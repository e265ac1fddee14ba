#version 450
#extension GL_GOOGLE_include_directive : require
// One step of every parameter against its gradient. Threads: vec4s.
#include "optimizer.glsl"
#include "quads.glsl"

layout(push_constant) uniform Push { OptimizerPush push; };
QUADS_IN(0, 1, gradient);
QUADS_IN_OUT(2, 3, parameter);
QUADS_IN_OUT(4, 5, first_moment);
QUADS_IN_OUT(6, 7, second_moment);
QUADS_IN_OUT(8, 9, largest_moment);
layout(binding = 10, std430) readonly buffer now_block { OptimizerNumbers now[]; };

void main() {
    uint i = gl_GlobalInvocationID.x;
    if (i >= push.count) return;
    Moments moments;
    if (HAS_FIRST) moments.first = QUAD(first_moment, i);
    if (HAS_SECOND) moments.second = QUAD(second_moment, i);
    if (HAS_LARGEST) moments.largest = QUAD(largest_moment, i);
    parameter[i] = optimizer_step(push.rule, now[0], QUAD(parameter, i), QUAD(gradient, i), moments);
    if (HAS_FIRST) first_moment[i] = moments.first;
    if (HAS_SECOND) second_moment[i] = moments.second;
    if (HAS_LARGEST) largest_moment[i] = moments.largest;
}
