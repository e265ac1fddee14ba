#version 450
#extension GL_GOOGLE_include_directive : require
// y = x + other, where y may be x or other: a thread alone reads and then writes its values, up to E vec4s of one row.
#include "quads.glsl"
#include "linear.glsl"
#include "stack_add_push.h"

layout(push_constant) uniform Push { StackAddPush push; };
QUADS_IN(0, 3, x);
QUADS_IN(1, 4, other);
QUADS_OUT(2, y);

const uint E = 8;

uint row_start(AddedPush added, uvec3 line) {
    return added.first + line.z * added.image + line.y * added.block + line.x * added.row;
}

void main() {
    uint columns = push.columns, threads = row_threads(columns, E), id = linear_thread();
    uint thread = id % threads, row = id / threads;
    uvec3 line = uvec3(row % push.rows, row / push.rows % push.blocks, row / push.rows / push.blocks);
    if (line.z >= push.images) return;
    uint at_x = row_start(push.x, line), at_other = row_start(push.other, line), at_y = row_start(push.y, line);
    uint end = end_of_values(thread, E, columns);
    for (uint column = first_value(thread, E); column < end; column += NEIGHBOURS) {
        y[at_y + column] = QUAD(x, at_x + column) + QUAD(other, at_other + column);
    }
}
