#version 450
#extension GL_GOOGLE_include_directive : require
// dx = gamma/√(variance + epsilon) · (dy − dbeta/M − xhat·dgamma/M) over a channel's M values. If the statistics are
// constants (inference), only the first term remains. Threads: see planes.glsl.
#include "batchnorm_push.h"
#include "planes.glsl"

layout(push_constant) uniform Push { PlanesPush push; };
INPUT(0, x);             // [n, c, h, w]
INPUT(1, dy);            // [n, c, h, w]
INPUT(2, coefficients);  // [COEFFICIENT_ROWS][c]
OUTPUT(3, dx);           // [n, c, h, w]

void main() {
    Walk walk = plane_walk(push);
    if (!walk.inside) return;
    float center = coefficients[CENTER * push.channels + walk.channel];
    float inverse_deviation = coefficients[INVERSE_DEVIATION * push.channels + walk.channel];
    float scale = coefficients[SCALE * push.channels + walk.channel];
    float mean_dy = coefficients[MEAN_DY * push.channels + walk.channel];
    float mean_dy_xhat = coefficients[MEAN_DY_XHAT * push.channels + walk.channel];
    for (uint r = 0; r < walk.rows; ++r) {
        uint p = walk.first + r * push.width;
        float xhat = (x[p] - center) * inverse_deviation;
        dx[p] = scale * (dy[p] - mean_dy - xhat * mean_dy_xhat);
    }
}
