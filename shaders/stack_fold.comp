#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
// Folds the norm after a layer with weights, with its moving statistics, into the layer:
//   folded weight = weight·s, folded bias = (bias − mean)·s + beta, with s = gamma/sqrt(variance + epsilon).
// Threads: 4x4 blocks of weights of one tap; the first ones make the biases, too.
#include "channels.glsl"
#include "quads.glsl"
#include "turn_push.h"

layout(push_constant) uniform Push { FoldPush push; };
QUADS_IN(0, 1, weight);    // [out blocks][in blocks][taps][4 outputs] of vec4 over 4 inputs
QUADS_IN(2, 3, bias);      // [out blocks], as all that follow
QUADS_IN(4, 5, gamma);
QUADS_IN(6, 7, beta);
QUADS_IN(8, 9, mean);
QUADS_IN(10, 11, variance);
QUADS_OUT(12, folded_weight);
QUADS_OUT(13, folded_bias);

vec4 scale_of(uint block) {
    return of_channels(QUAD(gamma, block) / sqrt(QUAD(variance, block) + push.epsilon), block, push.out_channels);
}

void main() {
    uint id = gl_GlobalInvocationID.x, of_output = push.in_blocks * push.taps;
    if (id >= push.out_blocks * of_output) return;
    vec4 scale = scale_of(id / of_output);
    [[unroll]] for (uint j = 0; j < 4; ++j) folded_weight[4 * id + j] = QUAD(weight, 4 * id + j) * scale[j];
    if (id >= push.out_blocks) return;
    vec4 shifted = of_channels(QUAD(bias, id) - QUAD(mean, id), id, push.out_channels);
    folded_bias[id] = shifted * scale_of(id) + of_channels(QUAD(beta, id), id, push.out_channels);
}
