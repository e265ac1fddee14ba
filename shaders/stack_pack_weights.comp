#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
// Weights [out][in][taps] as files have them, in blocks [out blocks][in blocks][taps][4 outputs] of vec4 over 4 inputs.
// Channels beyond the last one become 0. Threads: vec4s.
#include "quads.glsl"
#include "turn_push.h"

layout(push_constant) uniform Push { TurnPush push; };
INPUT(0, dense);
QUADS_OUT(1, weight);

void main() {
    uint id = gl_GlobalInvocationID.x;
    if (id >= push.in_blocks * push.out_blocks * push.taps * 4) return;
    uint tap = id / 4 % push.taps, in_block = id / (4 * push.taps) % push.in_blocks;
    uint out_channel = id / (4 * push.taps * push.in_blocks) * 4 + id % 4;
    vec4 weights = vec4(0.0);
    [[unroll]] for (uint i = 0; i < 4; ++i) {
        uint in_channel = in_block * 4 + i;
        if (out_channel < push.out_channels && in_channel < push.in_channels) {
            weights[i] = dense[(out_channel * push.in_channels + in_channel) * push.taps + tap];
        }
    }
    weight[id] = weights;
}
