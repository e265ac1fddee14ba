#version 450
#extension GL_GOOGLE_include_directive : require
// The mean squared error: partial[image][slot] = sums of (result - target)^2 over some vec4s of an image, which
// stack_sum adds, and with GRADIENT dresult = scale * (result - target), 0 in channels beyond the last one. A thread
// has up to E vec4s of one image, so that the sums of an image are the same in any batch.
#include "quads.glsl"
#include "exact_sum.glsl"
#include "linear.glsl"
#include "stack_loss_push.h"

layout(constant_id = 0) const uint GRADIENT = 1;
layout(push_constant) uniform Push { SquaredErrorPush push; };
QUADS_IN(0, 4, result);
QUADS_IN(1, 5, target);
QUADS_OUT(2, dresult);
OUTPUT(3, partial);

const uint E = 16;

void main() {
    uint quads = push.quads, slots = row_threads(quads, E), last_block = push.last_block, id = linear_thread();
    uint slot = id % slots, image = id / slots;
    if (image >= push.images) return;
    uint first = image * push.image_stride, quad_stride = push.quad_stride;
    bvec4 real = lessThan(uvec4(0, 1, 2, 3), uvec4(push.last_channels));
    float scale = push.scale;
    uint end = end_of_values(slot, E, quads);
    ExactSum4 sum = EMPTY_SUM4;
    for (uint quad = first_value(slot, E); quad < end; quad += NEIGHBOURS) {
        uint at = first + quad * quad_stride;
        vec4 difference = QUAD(result, at) - QUAD(target, at);
        if (quad >= last_block) difference = mix(vec4(0.0), difference, real);
        add(sum, difference * difference);
        if (GRADIENT != 0) dresult[at] = scale * difference;
    }
    partial[push.first_partial + id] = grand_total(sum);
}
