#version 450
#extension GL_GOOGLE_include_directive : require
// y = x + other, where y may be x or other: a thread alone reads and then writes its values, up to E vec4s of one
// image.
#include "quads.glsl"
#include "linear.glsl"
#include "stack_add_push.h"

layout(push_constant) uniform Push { StackAddPush push; };
QUADS_IN(0, 3, x);
QUADS_IN(1, 4, other);
QUADS_OUT(2, y);

const uint E = 8;

void main() {
    uint quads = push.quads, threads = row_threads(quads, E), id = linear_thread();
    uint thread = id % threads, image = id / threads, first = image * push.image_stride;
    if (image >= push.images) return;
    uint end = end_of_values(thread, E, quads);
    for (uint quad = first_value(thread, E); quad < end; quad += NEIGHBOURS) {
        uint at = first + quad;
        y[at] = QUAD(x, at) + QUAD(other, at);
    }
}
