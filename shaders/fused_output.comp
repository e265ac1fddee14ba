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
// With a frozen norm, y less the moving mean (see fused_fold), g = gamma/σ and e = g·ȳ + beta + r̄, the mean error:
//
//   dbeta = c·M·e        dgamma = c/σ·(g·Σ(y − ȳ)² + Σ(y − ȳ)(r − r̄)) + ȳ/σ·dbeta
//   dy = g·c·(result − target) = g·c·(g·(y − ȳ) + (r − r̄) + e)
//
// Without a norm dy = c·(y + r). Threads: the 3 output channels.
#include "fused_push.h"
#include "kernel.glsl"
#include "step_numbers.h"

layout(constant_id = 1) const uint KERNEL = 3;
layout(constant_id = 2) const uint NORM = NORM_BATCH;

layout(push_constant) uniform Push { FusedNetworkPush push; };
INPUT(0, moments);  // [3][FUSED_MOMENTS]
INPUT(1, parameters);
IN_OUT(2, statistics);
OUTPUT(3, folded);
layout(binding = 4, std430) readonly buffer decays_block { DecayNumbers decays[]; };  // of the two norms

void main() {
    uint o = gl_GlobalInvocationID.x;
    if (o >= 3) return;
    uint tail = push.channels * FUSED_ROW(3 * KERNEL * KERNEL) + o;
    uint row = o * FUSED_MOMENTS;
    float count = moments[row + MOMENT_COUNT];
    float mean_y = moments[row + MOMENT_MEAN_Y], held_r = moments[row + MOMENT_MEAN_R];
    float mean_r = push.pixel_scale * held_r;
    float c = 2.0 / (3.0 * count);
    folded[tail + TAIL_CENTER_Y] = NORM != NORM_NONE ? mean_y : 0.0;
    folded[tail + TAIL_CENTER_R] = NORM != NORM_NONE ? held_r : 0.0;
    folded[tail + TAIL_ERROR_R] = push.pixel_scale;
    if (NORM == NORM_NONE) {
        folded[tail + TAIL_DY_Y] = c;
        folded[tail + TAIL_DY_R] = c * push.pixel_scale;
        folded[tail + TAIL_DY_1] = 0.0;
        folded[tail + TAIL_ERROR_Y] = 1.0;
        folded[tail + TAIL_ERROR_1] = 0.0;
        folded[tail + TAIL_DBETA] = c * count * (mean_y + mean_r);
        return;
    }
    float moment_yy = moments[row + MOMENT_YY], moment_yr = push.pixel_scale * moments[row + MOMENT_YR];
    float rest_y = moments[row + MOMENT_REST_Y], rest_r = moments[row + MOMENT_REST_R];
    float variance = moment_yy / count;
    uint moving_mean = push.moving_mean2 + o, moving_variance = push.moving_variance2 + o;
    float spread = NORM == NORM_FROZEN ? statistics[moving_variance] : variance;
    float inverse = 1.0 / sqrt(spread + push.epsilon2);
    float gamma = parameters[push.gamma2 + o], beta = parameters[push.beta2 + o];
    float dgamma = c * (gamma * moment_yy * inverse * inverse + moment_yr * inverse);
    float dy_r = gamma * inverse * c * push.pixel_scale;
    folded[tail + TAIL_DY_R] = dy_r;
    folded[tail + TAIL_ERROR_Y] = gamma * inverse;
    if (NORM == NORM_FROZEN) {
        float g = gamma * inverse;
        float error = g * mean_y + (beta + mean_r);
        float dbeta = c * count * (error + (g * rest_y + push.pixel_scale * rest_r));
        folded[tail + TAIL_DY_Y] = g * c * g;
        folded[tail + TAIL_DY_1] = g * c * error;
        folded[tail + TAIL_ERROR_1] = error;
        folded[tail + TAIL_DGAMMA] = dgamma + mean_y * inverse * dbeta;
        folded[tail + TAIL_DBETA] = dbeta;
    } else {
        float dy_y = gamma * inverse * inverse * (c * gamma - dgamma / count);
        folded[tail + TAIL_DY_Y] = dy_y;
        folded[tail + TAIL_DY_1] = -dy_y * rest_y - dy_r * rest_r;
        folded[tail + TAIL_ERROR_1] = beta + mean_r;
        folded[tail + TAIL_DGAMMA] = dgamma;
        folded[tail + TAIL_DBETA] = c * count * (beta + mean_r);
    }
    float mean = mean_y + (NORM == NORM_FROZEN ? statistics[moving_mean] : parameters[push.conv2_bias + o]);
    if (NORM == NORM_BATCH) {
        DecayNumbers now = decays[1];
        statistics[moving_mean] = now.decay * statistics[moving_mean] + now.one_minus_decay * mean;
        statistics[moving_variance] = now.decay * statistics[moving_variance] + now.one_minus_decay * variance;
    }
    statistics[moving_mean + push.to_batch] = mean;
    statistics[moving_variance + push.to_batch] = variance;
}
