#version 450
#extension GL_GOOGLE_include_directive : require
// Finishes a norm's forward statistics: joins the last rows of partial moments, records the batch's mean and biased
// variance, in training moves the moving ones, moving = decay·moving + (1 − decay)·batch, and finds the coefficients
// from the batch's, or else from the moving ones. Threads: blocks.
#include "quads.glsl"

QUADS_IN(0, 4, partial);         // [rows][blocks][2, or 3 if merged]
QUADS_IN(1, 5, parameters);      // gamma and beta at the places in the push constants
QUADS_IN_OUT(2, 6, statistics);  // moving and batch's statistics, likewise
QUADS_OUT(3, coefficients);      // [blocks][COEFFICIENT_QUADS]; the rows of the backward pass stay

#include "partials.glsl"
#include "norm_finish.glsl"
#include "step_numbers.h"

layout(binding = 7, std430) readonly buffer decay_block { DecayNumbers decay[]; };

layout(push_constant) uniform Push { NormFinishPush push; };

void main() {
    uint block = gl_GlobalInvocationID.x, blocks = push.blocks, channels = push.channels;
    if (block >= blocks) return;
    MergedMoments moments = merge_moments(push.tiles, blocks, block, 0, push.rows);
    vec4 mean = of_channels(moments.mean, block, channels);
    vec4 variance = of_channels(moments.moment / push.count, block, channels);
    vec4 moving_mean = QUAD(statistics, push.moving_mean + block);
    vec4 moving_variance = QUAD(statistics, push.moving_variance + block);
    statistics[push.batch_mean + block] = mean;
    statistics[push.batch_variance + block] = variance;
    bool training = push.training != 0;
    if (training) {
        DecayNumbers now = decay[0];
        statistics[push.moving_mean + block] = now.decay * moving_mean + now.one_minus_decay * mean;
        statistics[push.moving_variance + block] = now.decay * moving_variance + now.one_minus_decay * variance;
    }
    write_coefficients(block, channels, training ? mean : moving_mean, training ? variance : moving_variance,
                       QUAD(parameters, push.gamma + block), QUAD(parameters, push.beta + block), push.epsilon);
}
