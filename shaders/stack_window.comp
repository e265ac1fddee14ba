#version 450
#extension GL_GOOGLE_include_directive : require
// Cuts a window out of feature maps, with zeros where it reaches beyond them, and subtracts a number from each channel:
//   to[b][y][x] = from[b][y + first_row][x + first_column] − center[b]
// in blocks of four channels. Threads: (blocks·height·width).
#include "quads.glsl"
#include "linear.glsl"
#include "feature_window_push.h"

layout(push_constant) uniform Push { FeatureWindowPush push; };
QUADS_IN(0, 1, from);
QUADS_IN(2, 3, center);
QUADS_OUT(4, to);

void main() {
    int id = int(linear_thread()), plane = push.height * push.width;
    if (id >= int(push.blocks) * plane) return;
    int block = id / plane, row = id % plane / push.width + push.first_row, column = id % push.width + push.first_column;
    bool inside = row >= 0 && row < push.map_height && column >= 0 && column < push.map_width;
    int at = (block * push.map_height + clamp(row, 0, push.map_height - 1)) * push.map_width +
             clamp(column, 0, push.map_width - 1);
    vec4 value = QUAD(from, at);
    to[id] = (inside ? value : vec4(0.0)) - QUAD(center, block);
}
