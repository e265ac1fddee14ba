#version 450
#extension GL_GOOGLE_include_directive : require
// The gradient of a bias whose conv reaches a batch norm through an activation, without the rounding noise.
//
// A norm subtracts the mean, so the gradient dx that it passes back sums to zero over a channel. With s the
// activation's slope, dbias = Σ s·dx = Σ s·dx − s̄·Σ dx for any s̄; with s̄ = mean s the noise of dx cancels as far as
// the slope is the same everywhere. If a ReLU is on, or off, for a whole channel, dbias is exactly zero, as it should
// be; Adam would divide noise by its own size and move the bias at full speed.
// Writes the three sums as partial sums that column_sum adds. Threads: see planes.glsl.
#include "activation.glsl"
#include "exact_sum.glsl"
#include "planes.glsl"

layout(push_constant) uniform Push { PlanesPush push; };
INPUT(0, y);         // the activation's result, [n, c, h, w]
INPUT(1, dx);        // its gradient, from the norm
OUTPUT(2, partial);  // [slots][Σ s·dx, Σ dx, Σ s][c]

void main() {
    Walk walk = plane_walk(push);
    if (!walk.inside) return;
    ExactSum through = EMPTY_SUM, before = EMPTY_SUM, slopes = EMPTY_SUM;
    for (uint r = 0; r < walk.rows; ++r) {
        uint p = walk.first + r * push.width;
        float slope = slope_at_result(y[p]), gradient = dx[p];
        add(through, slope * gradient);
        add(before, gradient);
        add(slopes, slope);
    }
    uint row = walk.slot * 3 * push.channels + walk.channel;
    partial[row] = total(through);
    partial[row + push.channels] = total(before);
    partial[row + 2 * push.channels] = total(slopes);
}
