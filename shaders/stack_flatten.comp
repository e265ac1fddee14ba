#version 450
#extension GL_GOOGLE_include_directive : require
// Maps [n][blocks of channels][pixels] to features [blocks of features][n]: feature c*pixels + p of an image is the
// value of its channel c at pixel p. With BACK features to maps. What is written beyond the last feature or channel is
// 0. A thread writes up to E vec4s: one block of features of some images, or one block of channels of an image at some
// pixels.
#include "component.glsl"
#include "linear.glsl"
#include "stack_flatten_push.h"

layout(constant_id = 0) const uint BACK = 0;
layout(push_constant) uniform Push { StackFlattenPush push; };
QUADS_IN(0, 2, from);
QUADS_OUT(1, to);

const uint E = 8;

void to_features(uint id) {
    uint images = push.images, pixels = push.pixels, features = push.channels * pixels;
    uint threads = row_threads(images, E), thread = id % threads, block = id / threads;
    if (block * 4 >= features) return;
    uvec4 feature = block * 4 + uvec4(0, 1, 2, 3), real = min(feature, uvec4(features - 1));
    uvec4 channel = real / pixels, at = channel / 4 * push.block_stride + real % pixels;
    uint image_stride = push.image_stride, first = block * push.all_images + push.first_image;
    uint end = end_of_values(thread, E, images);
    for (uint image = first_value(thread, E); image < end; image += NEIGHBOURS) {
        uvec4 quad = at + image * image_stride;
        vec4 v = vec4(component(QUAD(from, quad.x), channel.x % 4), component(QUAD(from, quad.y), channel.y % 4),
                      component(QUAD(from, quad.z), channel.z % 4), component(QUAD(from, quad.w), channel.w % 4));
        to[first + image] = mix(vec4(0.0), v, lessThan(feature, uvec4(features)));
    }
}

void to_maps(uint id) {
    uint pixels = push.pixels, channels = push.channels, all_images = push.all_images;
    uint threads = row_threads(pixels, E), blocks = (channels + 3) / 4;
    uint thread = id % threads, block = id / threads % blocks, image = id / threads / blocks;
    if (image >= push.images) return;
    uvec4 channel = block * 4 + uvec4(0, 1, 2, 3), row = min(channel, uvec4(channels - 1)) * pixels;
    uint column = push.first_image + image, first = image * push.image_stride + block * push.block_stride;
    uint end = end_of_values(thread, E, pixels);
    for (uint pixel = first_value(thread, E); pixel < end; pixel += NEIGHBOURS) {
        uvec4 feature = row + pixel, quad = feature / 4 * all_images + column;
        vec4 v = vec4(component(QUAD(from, quad.x), feature.x % 4), component(QUAD(from, quad.y), feature.y % 4),
                      component(QUAD(from, quad.z), feature.z % 4), component(QUAD(from, quad.w), feature.w % 4));
        to[first + pixel] = mix(vec4(0.0), v, lessThan(channel, uvec4(channels)));
    }
}

void main() {
    if (BACK != 0) {
        to_maps(linear_thread());
    } else {
        to_features(linear_thread());
    }
}
