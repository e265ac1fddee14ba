#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
// The device's peak of multiply-adds: chains of them in registers, and one store so that no compiler drops them.
// Only for `shadenet bench`: no network uses it. Threads: any number.
#include "kernel.glsl"
#include "peak_push.h"

layout(push_constant) uniform Push { PeakPush push; };
OUTPUT(0, y);  // [threads]

void main() {
    float chain[PEAK_CHAINS];
    [[unroll]] for (uint i = 0; i < PEAK_CHAINS; ++i) chain[i] = float(gl_GlobalInvocationID.x + i);
    for (uint round = 0; round < push.rounds; ++round) {
        [[unroll]] for (uint step = 0; step < PEAK_LENGTH; ++step) {
            [[unroll]] for (uint i = 0; i < PEAK_CHAINS; ++i) chain[i] = chain[i] * push.factor + push.addend;
        }
    }
    float sum = 0.0;
    [[unroll]] for (uint i = 0; i < PEAK_CHAINS; ++i) sum += chain[i];
    y[gl_GlobalInvocationID.x] = sum;
}
