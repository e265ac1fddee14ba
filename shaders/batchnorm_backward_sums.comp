#version 450
#extension GL_GOOGLE_include_directive : require
// The gradients of gamma and beta, dgamma = Σ dy·xhat and dbeta = Σ dy with xhat = (x − mean)/√(variance + epsilon),
// as partial sums that column_sum adds. Threads: see planes.glsl.
#include "batchnorm_push.h"
#include "exact_sum.glsl"
#include "planes.glsl"

layout(push_constant) uniform Push { PlanesPush push; };
INPUT(0, x);             // [n, c, h, w]
INPUT(1, dy);            // [n, c, h, w]
INPUT(2, coefficients);  // [COEFFICIENT_ROWS][c]
OUTPUT(3, partial);      // [slots][dgamma, dbeta][c]

void main() {
    Walk walk = plane_walk(push);
    if (!walk.inside) return;
    float center = coefficients[CENTER * push.channels + walk.channel];
    float inverse_deviation = coefficients[INVERSE_DEVIATION * push.channels + walk.channel];
    ExactSum dgamma = EMPTY_SUM, dbeta = EMPTY_SUM;
    for (uint r = 0; r < walk.rows; ++r) {
        uint p = walk.first + r * push.width;
        float gradient = dy[p];
        add(dgamma, gradient * ((x[p] - center) * inverse_deviation));
        add(dbeta, gradient);
    }
    uint row = walk.slot * 2 * push.channels + walk.channel;
    partial[row] = total(dgamma);
    partial[row + push.channels] = total(dbeta);
}
