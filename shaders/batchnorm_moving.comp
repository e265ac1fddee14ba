#version 450
#extension GL_GOOGLE_include_directive : require
// moving = decay·moving + (1 − decay)·batch, for mean and biased variance alike. Threads: channels.
#include "batchnorm_push.h"
#include "kernel.glsl"

layout(push_constant) uniform Push { MovingPush push; };
INPUT(0, statistics);  // [STATISTIC_ROWS][c]
IN_OUT(1, moving_mean);
IN_OUT(2, moving_variance);

void main() {
    uint c = gl_GlobalInvocationID.x;
    if (c >= push.channels) return;
    float mean = statistics[STATISTIC_MEAN * push.channels + c];
    float variance = statistics[STATISTIC_VARIANCE * push.channels + c];
    moving_mean[c] = push.decay * moving_mean[c] + push.one_minus_decay * mean;
    moving_variance[c] = push.decay * moving_variance[c] + push.one_minus_decay * variance;
}
