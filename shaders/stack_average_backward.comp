#version 450
#extension GL_GOOGLE_include_directive : require
// dx = scale * dy at every pixel of a map. A thread writes up to E pixels of one block of channels of one image.
#include "quads.glsl"
#include "linear.glsl"
#include "stack_average_push.h"

layout(push_constant) uniform Push { StackAverageBackwardPush push; };
QUADS_IN(0, 2, dy);
QUADS_OUT(1, dx);

const uint E = 8;

void main() {
    uint pixels = push.pixels, threads = row_threads(pixels, E), blocks = (push.channels + 3) / 4, id = linear_thread();
    uint thread = id % threads, block = id / threads % blocks, image = id / threads / blocks;
    if (image >= push.images) return;
    vec4 v = push.scale * QUAD(dy, block * push.all_images + push.first_image + image);
    uint first = image * push.image_stride + block * push.block_stride;
    uint end = end_of_values(thread, E, pixels);
    for (uint pixel = first_value(thread, E); pixel < end; pixel += NEIGHBOURS) dx[first + pixel] = v;
}
