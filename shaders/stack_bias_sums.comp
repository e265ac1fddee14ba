#version 450
#extension GL_GOOGLE_include_directive : require
// The gradient of a bias that reaches a batch norm through an activation, without the rounding noise.
//
// A norm subtracts the mean, so the gradient dy that it passes back sums to zero over a channel. With s the
// activation's slope, dbias = Σ s·dy = Σ s·dy − s̄·Σ dy for any s̄; with s̄ = mean s the noise of dy cancels as far as
// the slope is the same everywhere. If a ReLU is on, or off, for a whole channel, dbias is exactly zero, as it should
// be; Adam would divide noise by its own size and move the bias at full speed.
// Writes the three sums over a run of pixels. Threads: see quad_walk.glsl.
#include "exact_sum.glsl"
#include "quad_walk.glsl"

#include "activation_quads.glsl"

const uint PIXELS = PIXELS_PER_SUM_RUN;

layout(push_constant) uniform Push { BiasSumsPush push; };
QUADS_IN(0, 3, y);      // the activation's result, [n, blocks, h, w]
QUADS_IN(1, 4, dy);     // its gradient, from the norm
QUADS_OUT(2, partial);  // [tiles][blocks][Σ s·dy, Σ dy, Σ s]

void main() {
    QuadRun run = quad_run(push.walk);
    if (!run.inside) return;
    ExactSum4 through = EMPTY_SUM4, before = EMPTY_SUM4, slopes = EMPTY_SUM4;
    uint first = run.run * PIXELS, end = run.plane + min(first + PIXELS, push.walk.pixels);
    for (uint at = run.plane + first; at < end; ++at) {
        vec4 slope = slopes_at_result(QUAD(y, at)), gradient = QUAD(dy, at);
        add(through, slope * gradient);
        add(before, gradient);
        add(slopes, slope);
    }
    uint at = partial_of(run, push.walk, PIXELS, 3);
    partial[at] = total(through);
    partial[at + 1] = total(before);
    partial[at + 2] = total(slopes);
}
