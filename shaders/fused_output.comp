#version 450
#extension GL_GOOGLE_include_directive : require
// Between the passes: with the moments of y and r over the whole batch, the gradients of bn2's gamma and beta and the
// coefficients of dy are known before the backward pass begins. With c = 2/3M, yhat = (y − mean)/σ, result − target =
// gamma·yhat + beta + r:
//
//   dgamma = c·(gamma·M·var/σ² + Σ(y − ȳ)(r − r̄)/σ)        dbeta = c·M·(beta + r̄)
//   dy = gamma/σ·(c·(gamma·yhat + beta + r) − dbeta/M − yhat·dgamma/M)
//      = gamma/σ·((c·gamma − dgamma/M)·yhat + c·(r − r̄))
//
// Without a norm dy = c·(y + r). Threads: the 3 output channels.
#include "fused_push.h"
#include "kernel.glsl"

layout(constant_id = 1) const uint KERNEL = 3;
layout(constant_id = 2) const uint NORM = 1;

layout(push_constant) uniform Push { FusedNetworkPush push; };
INPUT(0, moments);  // [3][FUSED_MOMENTS]
INPUT(1, parameters);
IN_OUT(2, statistics);
OUTPUT(3, folded);

void main() {
    uint o = gl_GlobalInvocationID.x;
    if (o >= 3) return;
    uint tail = push.channels * FUSED_ROW(3 * KERNEL * KERNEL) + o;
    uint row = o * FUSED_MOMENTS;
    float count = moments[row + MOMENT_COUNT];
    float mean_y = moments[row + MOMENT_MEAN_Y], held_r = moments[row + MOMENT_MEAN_R];
    float mean_r = push.pixel_scale * held_r;
    float c = 2.0 / (3.0 * count);
    folded[tail + TAIL_CENTER_Y] = NORM != 0 ? mean_y : 0.0;
    folded[tail + TAIL_CENTER_R] = NORM != 0 ? held_r : 0.0;
    folded[tail + TAIL_ERROR_R] = push.pixel_scale;
    if (NORM == 0) {
        folded[tail + TAIL_DY_Y] = c;
        folded[tail + TAIL_DY_R] = c * push.pixel_scale;
        folded[tail + TAIL_DY_1] = 0.0;
        folded[tail + TAIL_ERROR_Y] = 1.0;
        folded[tail + TAIL_ERROR_1] = 0.0;
        folded[tail + TAIL_DBETA] = c * count * (mean_y + mean_r);
        return;
    }
    float moment_yy = moments[row + MOMENT_YY], moment_yr = push.pixel_scale * moments[row + MOMENT_YR];
    float variance = moment_yy / count;
    float inverse = 1.0 / sqrt(variance + push.epsilon2);
    float gamma = parameters[push.gamma2 + o], beta = parameters[push.beta2 + o];
    float dgamma = c * (gamma * moment_yy * inverse * inverse + moment_yr * inverse);
    float dy_y = gamma * inverse * inverse * (c * gamma - dgamma / count);
    float dy_r = gamma * inverse * c * push.pixel_scale;
    folded[tail + TAIL_DY_Y] = dy_y;
    folded[tail + TAIL_DY_R] = dy_r;
    folded[tail + TAIL_DY_1] = -dy_y * moments[row + MOMENT_REST_Y] - dy_r * moments[row + MOMENT_REST_R];
    folded[tail + TAIL_ERROR_Y] = gamma * inverse;
    folded[tail + TAIL_ERROR_1] = beta + mean_r;
    folded[tail + TAIL_DGAMMA] = dgamma;
    folded[tail + TAIL_DBETA] = c * count * (beta + mean_r);
    uint at = push.moving_mean2 + o;
    float mean = mean_y + parameters[push.conv2_bias + o];
    statistics[at] = push.decay2 * statistics[at] + push.one_minus_decay2 * mean;
    statistics[at + push.to_batch] = mean;
    at = push.moving_variance2 + o;
    statistics[at] = push.decay2 * statistics[at] + push.one_minus_decay2 * variance;
    statistics[at + push.to_batch] = variance;
}
