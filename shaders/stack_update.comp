#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
// Adds the splits of a layer's weight gradient in their order, and then either makes a step of the weights, with their
// copy for the gradient to the input, or (STEP 0) writes the gradient alone. The copy has inputs and outputs exchanged
// and the taps turned around. Channels beyond a layer's own stay 0. Threads: 4x4 blocks of weights of one tap.
#include "optimizer.glsl"
#include "quads.glsl"

layout(constant_id = 1) const uint STEP = 1;
layout(constant_id = 2) const uint TURN = 1;  // the copy is wanted

layout(push_constant) uniform Push { UpdatePush push; };
QUADS_IN(0, 1, partial);  // [splits] of the weights' layout
QUADS_IN_OUT(2, 3, weight);
QUADS_IN_OUT(4, 5, first_moment);
QUADS_IN_OUT(6, 7, second_moment);
QUADS_IN_OUT(8, 9, largest_moment);
QUADS_OUT(10, turned);
QUADS_OUT(11, gradient);
layout(binding = 12, std430) readonly buffer now_block { OptimizerNumbers now[]; };

void main() {
    int id = int(gl_GlobalInvocationID.x), taps = int(push.taps), in_blocks = int(push.in_blocks);
    int all = in_blocks * int(push.out_blocks) * taps, splits = int(push.splits);
    if (id >= all) return;
    // As few divisions as can be: a software driver works them lane by lane.
    int of_out = in_blocks * taps, out_block = id / of_out, in_block = id - out_block * of_out, tap = 0;
    if (taps > 1) {
        int rest = in_block;
        in_block = rest / taps;
        tap = rest - in_block * taps;
    }
    OptimizerNumbers numbers = now[0];  // once, because the stores below may be to any buffer
    ivec4 inputs = in_block * 4 + ivec4(0, 1, 2, 3);
    bvec4 known = lessThan(inputs, ivec4(push.in_channels));

    vec4 sums[4] = vec4[4](vec4(0.0), vec4(0.0), vec4(0.0), vec4(0.0));
    for (int s = 0; s < splits; ++s) {
        [[unroll]] for (int j = 0; j < 4; ++j) sums[j] += QUAD(partial, (s * all + id) * 4 + j);
    }
    vec4 weights[4];
    [[unroll]] for (int j = 0; j < 4; ++j) {
        bvec4 own = bvec4(uvec4(known) * uint(out_block * 4 + j < int(push.out_channels)));
        vec4 g = mix(vec4(0.0), sums[j], own);
        int at = id * 4 + j;
        if (STEP == 0) {
            gradient[at] = g;
            continue;
        }
        Moments moments;
        if (HAS_FIRST) moments.first = QUAD(first_moment, at);
        if (HAS_SECOND) moments.second = QUAD(second_moment, at);
        if (HAS_LARGEST) moments.largest = QUAD(largest_moment, at);
        weights[j] = mix(vec4(0.0), optimizer_step(push.rule, numbers, QUAD(weight, at), g, moments), own);
        weight[at] = weights[j];
        if (HAS_FIRST) first_moment[at] = moments.first;
        if (HAS_SECOND) second_moment[at] = moments.second;
        if (HAS_LARGEST) largest_moment[at] = moments.largest;
    }
    if (STEP == 0 || TURN == 0) return;
    int to = ((in_block * int(push.out_blocks) + out_block) * taps + taps - 1 - tap) * 4;
    [[unroll]] for (int i = 0; i < 4; ++i) {
        turned[to + i] = vec4(weights[0][i], weights[1][i], weights[2][i], weights[3][i]);
    }
}
