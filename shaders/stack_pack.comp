#version 450
#extension GL_GOOGLE_include_directive : require
// packed = planar, and 0 in the channels of the last block beyond the last channel. A thread copies up to E pixels of
// one block of channels of one image.
#include "component.glsl"
#include "linear.glsl"
#include "stack_packing_push.h"

layout(push_constant) uniform Push { StackPackingPush push; };
QUADS_IN(0, 2, planar);
QUADS_OUT(1, packed);

const uint E = 8;

void main() {
    uint pixels = push.pixels, channels = push.channels;
    uint threads = row_threads(pixels, E), blocks = (channels + 3) / 4, id = linear_thread();
    uint thread = id % threads, block = id / threads % blocks, image = id / threads / blocks;
    if (image >= push.images) return;
    uint planar_channel = push.planar_channel, planar_pixel = push.planar_pixel;
    uint from = image * push.planar_image + block * 4 * planar_channel;
    uint to = push.first + image * push.packed_image + block * push.packed_block;
    uvec4 channel = block * 4 + uvec4(0, 1, 2, 3);
    // Channels beyond the last one read the last one, because there may be nothing behind it.
    uvec4 offset = (min(channel, uvec4(channels - 1)) - block * 4) * planar_channel;
    bool whole = planar_channel == 1;  // the four channels of a block are one vec4
    uint end = end_of_values(thread, E, pixels);
    for (uint pixel = first_value(thread, E); pixel < end; pixel += NEIGHBOURS) {
        uint at = from + pixel * planar_pixel;
        vec4 v;
        if (whole) {
            v = QUAD(planar, at / 4);
        } else {
            v = vec4(SINGLE(planar, at + offset.x), SINGLE(planar, at + offset.y), SINGLE(planar, at + offset.z),
                     SINGLE(planar, at + offset.w));
        }
        packed[to + pixel] = mix(vec4(0.0), v, lessThan(channel, uvec4(channels)));
    }
}
