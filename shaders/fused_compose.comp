#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
// Computes, from the correlations C = Σ (u − center)·d and S = Σ d of fused_correlate, the sums that fused_backward
// would have made for a hidden channel with a = w1·u + bias and dz = w2·d:
//
//   Σ u·dz = (C + center·Sᵀ)·w2      Σ dz = w2·S      Σ a·dy = Cᵀ·w1 + (w1·center + bias)·S
//
// Threads: (ROW, CHANNELS).
#include "fused_push.h"
#include "kernel.glsl"

layout(constant_id = 1) const uint KERNEL = 3;
layout(constant_id = 2) const uint CHANNELS = 16;
#define TAPS (KERNEL * KERNEL)
#define PATCH (3 * TAPS)
#define ROW FUSED_ROW(PATCH)

layout(push_constant) uniform Push { FusedComposePush push; };
INPUT(0, correlations);
INPUT(1, folded);
OUTPUT(2, sums);

float center(uint k) { return folded[CHANNELS * ROW + FUSED_TAIL + k / TAPS * TAPS + TAPS / 2] * push.levels; }

void main() {
    uint i = gl_GlobalInvocationID.x, channel = gl_WorkGroupID.y, weights = channel * ROW;
    if (i >= ROW) return;
    float sum = 0.0;
    if (i <= PATCH) {
        float at_center = i < PATCH ? center(i) : 1.0;
        [[dont_unroll]] for (uint k = 0; k < PATCH; ++k) {
            float term = at_center * correlations[PATCH * PATCH + k];
            if (i < PATCH) term += correlations[i * PATCH + k];
            sum += folded[weights + PATCH + 1 + k] * term;
        }
    } else {
        uint k = i - PATCH - 1;
        float a_at_center = folded[weights + PATCH];
        [[dont_unroll]] for (uint j = 0; j < PATCH; ++j) {
            float w = folded[weights + j];
            a_at_center += w * center(j);
            sum += w * correlations[j * PATCH + k];
        }
        sum += a_at_center * correlations[PATCH * PATCH + k];
    }
    sums[weights + i] = sum;
    if (i == 0 && channel == 0) sums[CHANNELS * ROW] = correlations[PATCH * (PATCH + 1)];
}
