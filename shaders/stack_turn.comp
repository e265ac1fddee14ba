#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
// The copy of a layer's weights for the gradient to the input: inputs and outputs exchanged, taps turned around.
// Threads: 4x4 blocks of weights of one tap.
#include "quads.glsl"
#include "turn_push.h"

layout(push_constant) uniform Push { TurnPush push; };
QUADS_IN(0, 1, weight);  // [out blocks][in blocks][taps][4 outputs] of vec4 over 4 inputs
QUADS_OUT(2, turned);    // [in blocks][out blocks][taps][4 inputs] of vec4 over 4 outputs

void main() {
    int id = int(gl_GlobalInvocationID.x), taps = int(push.taps), in_blocks = int(push.in_blocks);
    int out_blocks = int(push.out_blocks);
    if (id >= in_blocks * out_blocks * taps) return;
    int tap = id % taps, in_block = id / taps % in_blocks, out_block = id / (taps * in_blocks);
    vec4 weights[4];
    [[unroll]] for (int j = 0; j < 4; ++j) weights[j] = QUAD(weight, id * 4 + j);
    int to = ((in_block * out_blocks + out_block) * taps + taps - 1 - tap) * 4;
    [[unroll]] for (int i = 0; i < 4; ++i) {
        turned[to + i] = vec4(weights[0][i], weights[1][i], weights[2][i], weights[3][i]);
    }
}
