#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
// After the passes: every gradient from the sums of the backward pass, in closed form. With A = Σ u·dz, s = Σ dz,
// m and V the mean and covariance of the patches, xhat = (w·(u − m))/σ1:
//
//   dgamma1 = Σ dz·xhat = w·(A − m·s)/σ1      dbeta1 = s      dw = gamma1/σ1·(A − m·s − V·w·dgamma1/σ1)
//
// A bias before a norm has no gradient: zero, exactly. Without norms dw = A and dbias = s.
// Threads: (PATCH, hidden channels).
#include "fused_push.h"
#include "kernel.glsl"

layout(constant_id = 1) const uint KERNEL = 3;
layout(constant_id = 2) const uint NORM = 1;
#define TAPS (KERNEL * KERNEL)
#define PATCH (3 * TAPS)
#define ROW FUSED_ROW(PATCH)

layout(push_constant) uniform Push { FusedNetworkPush push; };
INPUT(0, sums);    // [CHANNELS][ROW]
INPUT(1, folded);
INPUT(2, parameters);
OUTPUT(3, gradients);

void main() {
    uint k = gl_GlobalInvocationID.x, channel = gl_WorkGroupID.y;
    if (k >= PATCH) return;
    uint tail = push.channels * ROW, mean = tail + FUSED_TAIL, own = mean + PATCH + channel * (1 + PATCH);
    uint row = channel * ROW, weights = push.conv1_weight + channel * PATCH;
    float s = sums[row + PATCH];
    float gradient = push.pixel_scale * sums[row + k];
    if (NORM != 0) {
        float inverse_deviation = folded[own];
        float dgamma = 0.0;
        [[dont_unroll]] for (uint j = 0; j < PATCH; ++j) {
            dgamma += parameters[weights + j] * (push.pixel_scale * sums[row + j] - folded[mean + j] * s);
        }
        dgamma *= inverse_deviation;
        gradient = parameters[push.gamma1 + channel] * inverse_deviation *
                   (gradient - folded[mean + k] * s - folded[own + 1 + k] * inverse_deviation * dgamma);
        if (k == 0) {
            gradients[push.gamma1 + channel] = dgamma;
            gradients[push.beta1 + channel] = s;
        }
    }
    gradients[weights + k] = gradient;
    gradients[push.conv2_weight + (k / TAPS * push.hidden + channel) * TAPS + k % TAPS] = sums[row + PATCH + 1 + k];
    if (k == 0) gradients[push.conv1_bias + channel] = NORM != 0 ? 0.0 : s;
    if (channel == 0 && k < 3) {
        gradients[push.conv2_bias + k] = NORM != 0 ? 0.0 : folded[tail + TAIL_DBETA + k];
        if (NORM != 0) {
            gradients[push.gamma2 + k] = folded[tail + TAIL_DGAMMA + k];
            gradients[push.beta2 + k] = folded[tail + TAIL_DBETA + k];
        }
    }
}
