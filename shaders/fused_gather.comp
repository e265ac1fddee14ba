#version 450
#extension GL_GOOGLE_include_directive : require
// Image i of a batch = example number chosen[i] of all, if this call has it: where all are more than the device binds,
// several calls have some each. A thread copies up to E times 16 bytes of one image, as words, because not every example
// is made of floats.
#include "quads.glsl"
#include "fused_gather_push.h"
#include "linear.glsl"

layout(push_constant) uniform Push { FusedGatherPush push; };
WORDS_IN(0, 3, all);
layout(binding = 1, std430) readonly buffer chosen_block { uint chosen[]; };
layout(binding = 2, std430) writeonly buffer batch_block { uvec4 batch[]; };

const uint E = 16;

void main() {
    uint quads = push.quads, threads = row_threads(quads, E), id = linear_thread();
    uint thread = id % threads, image = id / threads;
    if (image >= push.images) return;
    uint example = chosen[push.first_image + image] - push.first_example;  // enormous for an earlier one
    if (example >= push.examples) return;
    uint end = end_of_values(thread, E, quads);
    for (uint i = first_value(thread, E); i < end; i += NEIGHBOURS) {
        batch[image * quads + i] = WORDS(all, example * quads + i);
    }
}
