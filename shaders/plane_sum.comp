#version 450
#extension GL_GOOGLE_include_directive : require
// Sums of x per channel, as partial sums that column_sum adds: the gradient of a conv's bias. Threads: see planes.glsl.
#include "exact_sum.glsl"
#include "planes.glsl"

layout(push_constant) uniform Push { PlanesPush push; };
INPUT(0, x);         // [n, c, h, w]
OUTPUT(1, partial);  // [slots][c]

void main() {
    Walk walk = plane_walk(push);
    if (!walk.inside) return;
    ExactSum sum = EMPTY_SUM;
    for (uint r = 0; r < walk.rows; ++r) add(sum, x[walk.first + r * push.width]);
    partial[walk.slot * push.channels + walk.channel] = total(sum);
}
