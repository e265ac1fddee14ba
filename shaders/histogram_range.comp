#version 450
#extension GL_GOOGLE_include_directive : require
// The smallest and the largest finite value of every channel, by integer atomics, whose order does not matter. Numbers
// that are there already count, too: begin with all bits set for the smallest and none for the largest. Threads: see
// planes.glsl.
#include "histogram.glsl"

layout(push_constant) uniform Push { PlanesPush push; };
INPUT(0, x);                                                             // [n, c, h, w]
layout(binding = 1, std430) buffer extremes_block { uint extremes[]; };  // [smallest, largest][c], by ordered()

void main() {
    Walk walk = plane_walk(push);
    if (!walk.inside) return;
    uint smallest = 0xffffffffu, largest = 0u;
    for (uint r = 0; r < walk.rows; ++r) {
        uint bits = floatBitsToUint(x[walk.first + r * push.width]);
        if (!is_finite(bits)) continue;
        smallest = min(smallest, ordered(bits));
        largest = max(largest, ordered(bits));
    }
    if (smallest > largest) return;
    atomicMin(extremes[walk.channel], smallest);
    atomicMax(extremes[push.channels + walk.channel], largest);
}
