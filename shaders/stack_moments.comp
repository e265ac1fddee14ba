#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
// Partial moments of every channel: a thread finds mean and centred second moment Σ(x − mean)² of a run of pixels.
// Never E[x²] − E[x]², which loses all digits if the mean is large. Threads: see quad_walk.glsl.
#include "quad_walk.glsl"

const uint PIXELS = PIXELS_PER_MOMENT_RUN;

layout(push_constant) uniform Push { MomentsPush push; };
QUADS_IN(0, 2, x);      // [n, blocks, h, w]
QUADS_OUT(1, partial);  // [tiles][blocks][mean, moment]

void main() {
    QuadRun run = quad_run(push.walk);
    if (!run.inside) return;
    uint first = run.run * PIXELS, last = push.walk.pixels - 1;
    vec4 values[PIXELS];
    [[unroll]] for (uint p = 0; p < PIXELS; ++p) values[p] = QUAD(x, run.plane + min(first + p, last));
    float count = float(min(PIXELS, last + 1 - first));
    // Differences from the first value keep their digits if the values are large and close together.
    vec4 sum = vec4(0.0), moment = vec4(0.0);
    [[unroll]] for (uint p = 1; p < PIXELS; ++p) sum += first + p <= last ? values[p] - values[0] : vec4(0.0);
    vec4 mean = values[0] + sum / count;
    [[unroll]] for (uint p = 0; p < PIXELS; ++p) {
        vec4 difference = first + p <= last ? values[p] - mean : vec4(0.0);
        moment += difference * difference;
    }
    uint at = partial_of(run, push.walk, PIXELS, 2);
    partial[at] = mean;
    partial[at + 1] = moment;
}
