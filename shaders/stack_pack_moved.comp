#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
// As stack_pack.comp, for pictures of which each is moved by an offset of its own, and maybe mirrored: what comes in
// from beyond the picture is 0. A kernel by itself, so that the plain one stays as fast as it is. A thread packs some
// pixels of four channels of one image, or, where the values of an image are its features, some fours of them.
#include "examples.glsl"

layout(constant_id = 1) const uint E = 4;  // vec4s of a thread

layout(binding = 4, std430) readonly buffer moves_block { uint moves[]; };

// As word_of() of engine/tensors/example_tensor.h has it.
struct Move { int right, down; bool mirrored; };

Move move_of(uint image) {
    int word = int(moves[push.first_listed + push.first_image + image]);
    return Move(bitfieldExtract(word, 0, 16), bitfieldExtract(word, 16, 15), word < 0);
}

// The pixel of the picture that comes to stand at `pixel`, and whether there is one; else it is pixel 0.
uint moved(uint pixel, Move move, out bool exists) {
    int columns = int(push.columns), row = int(pixel) / columns, column = int(pixel) % columns;
    if (move.mirrored) column = columns - 1 - column;
    row += move.down;
    column += move.right;
    exists = row >= 0 && row < int(push.rows) && column >= 0 && column < columns;
    return exists ? uint(row * columns + column) : 0;
}

void pack_features(uint id) {
    uint channels = push.channels, blocks = (channels + 3) / 4, plane = push.rows * push.columns;
    uint image = id % push.images, begin = id / push.images * E, from;
    if (begin >= blocks || !find(image, from)) return;
    Move move = move_of(image);
    for (uint block = begin; block < min(begin + E, blocks); ++block) {
        vec4 v = vec4(0.0);
        [[unroll]] for (uint i = 0; i < 4; ++i) {
            uint feature = block * 4 + i, first = feature / plane * plane;
            bool exists;
            uint pixel = moved(feature - first, move, exists);
            if (exists && feature < channels) v[i] = value_at(from, first + pixel);
        }
        packed[push.first_image + image + block * push.packed_block] = v;
    }
}

void pack_map(uint id) {
    uint channels = push.channels, pixels = push.pixels;
    uint threads = row_threads(pixels, E), blocks = (channels + 3) / 4;
    uint thread = id % threads, block = id / threads % blocks, image = id / threads / blocks, from;
    if (image >= push.images || !find(image, from)) return;
    Move move = move_of(image);
    uint to = image * push.packed_image + block * push.packed_block;
    uvec4 channel = block * 4 + uvec4(0, 1, 2, 3);
    bvec4 in_picture = lessThan(channel, uvec4(channels));
    uvec4 plane = from + min(channel, uvec4(channels - 1)) * push.plane_quads;
    uint end = end_of_values(thread, E, pixels);
    for (uint pixel = first_value(thread, E); pixel < end; pixel += NEIGHBOURS) {
        bool exists;
        uint at = moved(pixel, move, exists);
        vec4 v;
        [[unroll]] for (uint c = 0; c < 4; ++c) v[c] = value_at(plane[c], at);
        packed[to + pixel] = exists ? mix(vec4(0.0), v, in_picture) : vec4(0.0);
    }
}

void main() {
    if (push.pixels == 1) {
        pack_features(linear_thread());
    } else {
        pack_map(linear_thread());
    }
}
