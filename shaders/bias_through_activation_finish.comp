#version 450
#extension GL_GOOGLE_include_directive : require
// dbias = Σ s·dx − (Σ s / M)·Σ dx; see bias_through_activation.comp. Threads: channels.
#include "kernel.glsl"
#include "planes_push.h"

layout(push_constant) uniform Push { BiasPush push; };
INPUT(0, sums);  // [Σ s·dx, Σ dx, Σ s][c]
OUTPUT(1, dbias);

void main() {
    uint c = gl_GlobalInvocationID.x, channels = push.channels;
    if (c >= channels) return;
    precise float part = sums[2 * channels + c] / push.count * sums[channels + c];
    dbias[c] = sums[c] - part;
}
