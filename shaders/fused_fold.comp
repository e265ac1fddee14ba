#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
// Before the passes of the fused training step: finds the statistics of layer 1 from those of the patches of x, updates
// the moving statistics, and folds the norm into conv1. With w a channel's weights, m the patches' mean and V = F·Fᵀ
// their covariance: mean = w·m + bias, variance = |Fᵀw|²; and V·w, which the gradients need, is F·(Fᵀw).
// A frozen norm is folded in with the moving statistics, which stay; the batch's statistics are only recorded.
// Threads: (64, channels).
#include "fused_push.h"
#include "kernel.glsl"
#include "step_numbers.h"

layout(constant_id = 1) const uint KERNEL = 3;
layout(constant_id = 2) const uint NORM = NORM_BATCH;
#define PATCH (3 * KERNEL * KERNEL)
#define ROW FUSED_ROW(PATCH)

layout(push_constant) uniform Push { FusedNetworkPush push; };
INPUT(0, parameters);
INPUT(1, patches);    // mean [PATCH], then F [PATCH][PATCH]
IN_OUT(2, statistics);
OUTPUT(3, folded);
layout(binding = 4, std430) readonly buffer decays_block { DecayNumbers decays[]; };  // of the two norms

shared float projected[PATCH];  // Fᵀw

void main() {
    uint channel = gl_WorkGroupID.y, row = channel * ROW;
    uint facts = push.channels * ROW + FUSED_TAIL;  // mean [PATCH], then [channel][1 + PATCH]
    uint own = facts + PATCH + channel * (1 + PATCH);
    bool real = channel < push.hidden;
    uint read = real ? channel : 0;  // a channel that only fills up its group reads the first one
    uint weights = push.conv1_weight + read * PATCH;
    [[dont_unroll]] for (uint j = gl_LocalInvocationID.x; j < PATCH; j += gl_WorkGroupSize.x) {
        float sum = 0.0;
        [[dont_unroll]] for (uint k = 0; k < PATCH; ++k) sum += patches[PATCH + k * PATCH + j] * parameters[weights + k];
        projected[j] = sum;
        if (channel == 0) folded[facts + j] = patches[j];
        uint o = j / (KERNEL * KERNEL), tap = j % (KERNEL * KERNEL);
        uint conv2 = push.conv2_weight + (o * push.hidden + channel) * KERNEL * KERNEL + tap;
        folded[row + PATCH + 1 + j] = real ? parameters[conv2] : 0.0;
    }
    barrier();
    float mean = 0.0, variance = 0.0;
    [[dont_unroll]] for (uint k = 0; k < PATCH; ++k) {
        mean += parameters[weights + k] * patches[k];
        variance += projected[k] * projected[k];
    }
    uint moving_mean = push.moving_mean1 + read, moving_variance = push.moving_variance1 + read;
    float spread = NORM == NORM_FROZEN ? statistics[moving_variance] : variance;
    float inverse_deviation = 1.0 / sqrt(spread + push.epsilon1);
    float scale = NORM != NORM_NONE ? parameters[push.gamma1 + read] * inverse_deviation : 1.0;
    [[dont_unroll]] for (uint k = gl_LocalInvocationID.x; k < PATCH; k += gl_WorkGroupSize.x) {
        folded[row + k] = real ? parameters[weights + k] * scale * push.pixel_scale : 0.0;
        if (NORM != NORM_BATCH) continue;
        float sum = 0.0;
        [[dont_unroll]] for (uint j = 0; j < PATCH; ++j) sum += patches[PATCH + k * PATCH + j] * projected[j];
        folded[own + 1 + k] = sum;
    }
    if (gl_LocalInvocationID.x != 0) return;
    folded[own] = inverse_deviation;
    if (channel < 3) {
        float start = 0.0;  // a norm removes the bias
        if (NORM != NORM_BATCH) start = parameters[push.conv2_bias + channel];
        if (NORM == NORM_FROZEN) start -= statistics[push.moving_mean2 + channel];
        folded[push.channels * ROW + TAIL_BIAS + channel] = start;
    }
    if (!real) {
        folded[row + PATCH] = 0.0;
        return;
    }
    float bias = parameters[push.conv1_bias + channel];
    if (NORM == NORM_NONE) {
        folded[row + PATCH] = bias;
    } else if (NORM == NORM_FROZEN) {
        float from_moving = bias - statistics[moving_mean];
        folded[row + PATCH] = parameters[push.beta1 + channel] + scale * from_moving;
        folded[own + 1] = mean + from_moving;
    } else {
        folded[row + PATCH] = parameters[push.beta1 + channel] - scale * mean;
    }
    if (NORM == NORM_NONE) return;
    mean += bias;
    if (NORM == NORM_BATCH) {
        DecayNumbers now = decays[0];
        statistics[moving_mean] = now.decay * statistics[moving_mean] + now.one_minus_decay * mean;
        statistics[moving_variance] = now.decay * statistics[moving_variance] + now.one_minus_decay * variance;
    }
    statistics[moving_mean + push.to_batch] = mean;
    statistics[moving_variance + push.to_batch] = variance;
}
