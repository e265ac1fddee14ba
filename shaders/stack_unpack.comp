#version 450
#extension GL_GOOGLE_include_directive : require
// planar = packed. A thread copies up to E pixels of one block of channels of one image.
#include "quads.glsl"
#include "linear.glsl"
#include "stack_unpack_push.h"

layout(push_constant) uniform Push { StackUnpackPush push; };
QUADS_IN(0, 2, packed);
OUTPUT(1, planar);

const uint E = 8;

void main() {
    uint pixels = push.pixels, channels = push.channels;
    uint threads = row_threads(pixels, E), blocks = (channels + 3) / 4, id = linear_thread();
    uint thread = id % threads, block = id / threads % blocks, image = id / threads / blocks;
    if (image >= push.images) return;
    uint planar_channel = push.planar_channel, planar_pixel = push.planar_pixel;
    uint from = push.first + image * push.packed_image + block * push.packed_block;
    uint to = image * push.planar_image + block * 4 * planar_channel;
    uint left = channels - block * 4;
    uint end = end_of_values(thread, E, pixels);
    for (uint pixel = first_value(thread, E); pixel < end; pixel += NEIGHBOURS) {
        uint at = to + pixel * planar_pixel;
        vec4 v = QUAD(packed, from + pixel);
        planar[at] = v.x;
        if (left > 1) planar[at + planar_channel] = v.y;
        if (left > 2) planar[at + 2 * planar_channel] = v.z;
        if (left > 3) planar[at + 3 * planar_channel] = v.w;
    }
}
