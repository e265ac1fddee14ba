#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
// After the passes: finds every gradient from the sums of the backward pass, in closed form. With A = Σ u·dz, s = Σ dz,
// m and V the mean and covariance of the patches, xhat = (w·(u − m))/σ1:
//
//   dgamma1 = Σ dz·xhat = w·(A − m·s)/σ1      dbeta1 = s      dw = gamma1/σ1·(A − m·s − V·w·dgamma1/σ1)
//
// The gradient of a bias before a norm is exactly zero. A frozen norm is an affine layer: with δ the batch's mean of
// w·u + bias minus the moving mean (see fused_fold)
//
//   dgamma1 = (w·(A − m·s) + δ·s)/σ1      dw = gamma1/σ1·A      dbias1 = gamma1/σ1·s      dbias2 = gamma2/σ2·dbeta2
//
// Without norms dw = A and dbias = s.
// Threads: (PATCH, hidden channels).
#include "fused_push.h"
#include "kernel.glsl"

layout(constant_id = 1) const uint KERNEL = 3;
layout(constant_id = 2) const uint NORM = NORM_BATCH;
layout(constant_id = 3) const uint BETA1_CANCELS = 0;  // bn2's batch statistics take it away: its gradient is 0
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
    float dbias = s;
    if (NORM != NORM_NONE) {
        float inverse_deviation = folded[own];
        float dgamma = 0.0;
        [[dont_unroll]] for (uint j = 0; j < PATCH; ++j) {
            dgamma += parameters[weights + j] * (push.pixel_scale * sums[row + j] - folded[mean + j] * s);
        }
        if (NORM == NORM_FROZEN) dgamma += folded[own + 1] * s;
        dgamma *= inverse_deviation;
        float scale = parameters[push.gamma1 + channel] * inverse_deviation;
        if (NORM == NORM_BATCH) {
            gradient = gradient - folded[mean + k] * s - folded[own + 1 + k] * inverse_deviation * dgamma;
        }
        gradient *= scale;
        dbias = NORM == NORM_FROZEN ? scale * s : 0.0;
        if (k == 0) {
            gradients[push.gamma1 + channel] = dgamma;
            gradients[push.beta1 + channel] = NORM == NORM_BATCH && BETA1_CANCELS != 0 ? 0.0 : s;
        }
    }
    gradients[weights + k] = gradient;
    gradients[push.conv2_weight + (k / TAPS * push.hidden + channel) * TAPS + k % TAPS] = sums[row + PATCH + 1 + k];
    if (k == 0) gradients[push.conv1_bias + channel] = dbias;
    if (channel == 0 && k < 3) {
        float dbeta = folded[tail + TAIL_DBETA + k];
        gradients[push.conv2_bias + k] = NORM == NORM_BATCH ? 0.0 : folded[tail + TAIL_ERROR_Y + k] * dbeta;
        if (NORM != NORM_NONE) {
            gradients[push.gamma2 + k] = folded[tail + TAIL_DGAMMA + k];
            gradients[push.beta2 + k] = dbeta;
        }
    }
}
