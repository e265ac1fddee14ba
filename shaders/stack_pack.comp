#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
// packed = the examples of a batch, by their numbers, and 0 in the channels of the last block beyond the last channel.
// Where the device cannot bind all examples at once, several calls bind a run of examples each, and each call packs
// the batch's examples of its run. Examples lie as engine/tensors/example_tensor.h says. A thread packs some quads of
// one image: of a map the same quads of four channels, and of a picture with a margin some pixels of four channels.
#include "examples.glsl"
#include "continued.glsl"

layout(constant_id = 1) const uint E = 4;       // vec4s of a thread; of maps no fewer than a quad's values
layout(constant_id = 2) const uint MIRRORED = 0;  // beyond the edges lies the mirror image; else the outermost pixels

const uint E_FEATURES = E * 4 / PER_QUAD;
const uint E_MAP = E > PER_QUAD ? E / PER_QUAD : 1;

void pack_features(uint id) {
    uint quads = push.plane_quads, blocks = (push.channels + 3) / 4, stride = push.packed_block;
    uint image = id % push.images, begin = id / push.images * E_FEATURES, from;
    if (begin >= quads || !find(image, from)) return;
    uint to = push.first_image + image, end = min(begin + E_FEATURES, quads);
    for (uint i = begin; i < end; ++i) {
        uvec4 quad = WORDS(all, from + i);
        uint block = i * (PER_QUAD / 4);
        [[unroll]] for (uint b = 0; b < PER_QUAD; b += 4) {
            vec4 v = vec4(value(quad, b), value(quad, b + 1), value(quad, b + 2), value(quad, b + 3));
            // Behind the values lie zeros, which have a value too where levels have a range of their own.
            uvec4 feature = block * 4 + b + uvec4(0, 1, 2, 3);
            if (LEVELS == 2) v = mix(vec4(0.0), v, lessThan(feature, uvec4(push.channels)));
            if (block + b / 4 < blocks) packed[to + (block + b / 4) * stride] = v;
        }
    }
}

void pack_map(uint id) {
    uint quads = push.plane_quads, channels = push.channels, pixels = push.pixels;
    uint threads = row_threads(quads, E_MAP), blocks = (channels + 3) / 4;
    uint thread = id % threads, block = id / threads % blocks, image = id / threads / blocks, from;
    if (image >= push.images || !find(image, from)) return;
    uint to = image * push.packed_image + block * push.packed_block;
    uvec4 channel = block * 4 + uvec4(0, 1, 2, 3);
    bvec4 exists = lessThan(channel, uvec4(channels));
    // Channels beyond the last one read the last one, because there may be nothing behind it.
    uvec4 plane = from + min(channel, uvec4(channels - 1)) * quads;
    uint end = end_of_values(thread, E_MAP, quads);
    for (uint i = first_value(thread, E_MAP); i < end; i += NEIGHBOURS) {
        uvec4 x = WORDS(all, plane.x + i), y = WORDS(all, plane.y + i);
        uvec4 z = WORDS(all, plane.z + i), w = WORDS(all, plane.w + i);
        uint pixel = i * PER_QUAD;
        [[unroll]] for (uint p = 0; p < PER_QUAD; ++p) {
            vec4 v = vec4(value(x, p), value(y, p), value(z, p), value(w, p));
            if (pixel + p < pixels) packed[to + pixel + p] = mix(vec4(0.0), v, exists);
        }
    }
}

void pack_continued(uint id) {
    uint channels = push.channels, pixels = push.pixels, margin = push.margin, columns = push.columns + 2 * margin;
    uint threads = row_threads(pixels, E), blocks = (channels + 3) / 4;
    uint thread = id % threads, block = id / threads % blocks, image = id / threads / blocks, from;
    if (image >= push.images || !find(image, from)) return;
    uint to = image * push.packed_image + block * push.packed_block;
    uvec4 channel = block * 4 + uvec4(0, 1, 2, 3);
    bvec4 exists = lessThan(channel, uvec4(channels));
    channel = min(channel, uvec4(channels - 1));
    bool one_plane = push.rows * push.columns == 1;  // of all channels
    uint end = end_of_values(thread, E, pixels);
    for (uint pixel = first_value(thread, E); pixel < end; pixel += NEIGHBOURS) {
        uint row = continued(int(pixel / columns) - int(margin), int(push.rows), MIRRORED != 0);
        uint column = continued(int(pixel % columns) - int(margin), int(push.columns), MIRRORED != 0);
        uint at = row * push.columns + column;
        vec4 v;
        [[unroll]] for (uint c = 0; c < 4; ++c) {
            v[c] = one_plane ? value_at(from, channel[c]) : value_at(from + channel[c] * push.plane_quads, at);
        }
        packed[to + pixel] = mix(vec4(0.0), v, exists);
    }
}

void main() {
    if (push.margin > 0) {
        pack_continued(linear_thread());
    } else if (push.pixels == 1) {
        pack_features(linear_thread());
    } else {
        pack_map(linear_thread());
    }
}
