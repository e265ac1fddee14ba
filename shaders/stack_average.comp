#version 450
#extension GL_GOOGLE_include_directive : require
// A stage of the mean over the pixels of maps: sum[s] = scale * (x[s] + x[s + sums] + x[s + 2*sums] + ...) of each
// block of channels, and 0 in channels beyond the last one. Called again on its own result until sums is 1. A thread
// makes one sum.
#include "quads.glsl"
#include "exact_sum.glsl"
#include "linear.glsl"
#include "stack_average_push.h"

layout(push_constant) uniform Push { StackAveragePush push; };
QUADS_IN(0, 2, x);
QUADS_OUT(1, sum);

void main() {
    uint images = push.images, pixels = push.pixels, sums = push.sums, id = linear_thread();
    uint s = id % sums, image = id / sums % images, block = id / sums / images;
    if (block * 4 >= push.channels) return;
    uint first = image * push.image_stride + block * push.block_stride;
    ExactSum4 exact = EMPTY_SUM4;
    for (uint p = s; p < pixels; p += sums) add(exact, QUAD(x, first + p));
    bvec4 real = lessThan(block * 4 + uvec4(0, 1, 2, 3), uvec4(push.channels));
    sum[push.first + image * push.sum_image_stride + block * push.sum_block_stride + s] =
        mix(vec4(0.0), total(exact) * push.scale, real);
}
