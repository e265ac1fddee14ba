#version 450
#extension GL_GOOGLE_include_directive : require
// y = gamma·(x − mean)/√(variance + epsilon) + beta (Ioffe & Szegedy 2015). Threads: see planes.glsl.
#include "batchnorm_push.h"
#include "planes.glsl"

layout(push_constant) uniform Push { PlanesPush push; };
INPUT(0, x);             // [n, c, h, w]
INPUT(1, coefficients);  // [COEFFICIENT_ROWS][c]
OUTPUT(2, y);            // [n, c, h, w]

void main() {
    Walk walk = plane_walk(push);
    if (!walk.inside) return;
    float center = coefficients[CENTER * push.channels + walk.channel];
    float scale = coefficients[SCALE * push.channels + walk.channel];
    float offset = coefficients[OFFSET * push.channels + walk.channel];
    for (uint r = 0; r < walk.rows; ++r) {
        uint p = walk.first + r * push.width;
        y[p] = (x[p] - center) * scale + offset;
    }
}
