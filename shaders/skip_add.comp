#version 450
#extension GL_GOOGLE_include_directive : require
// y = x + other: a skip connection, and the sum of gradients where the skip began. Threads: see planes.glsl.
#include "planes.glsl"

layout(push_constant) uniform Push { PlanesPush push; };
INPUT(0, x);
INPUT(1, other);
OUTPUT(2, y);

void main() {
    Walk walk = plane_walk(push);
    if (!walk.inside) return;
    for (uint r = 0; r < walk.rows; ++r) {
        uint p = walk.first + r * push.width;
        y[p] = x[p] + other[p];
    }
}
