#version 450
#extension GL_GOOGLE_include_directive : require
// Joins groups of partial moments (Chan, Golub & LeVeque 1979): count = Σ nᵢ, mean = Σ nᵢ·mᵢ / count,
// moment = Σ (Mᵢ + nᵢ·(mᵢ − mean)²). Called again on its own result until one row is left; the last call (FINISH)
// writes the batch's statistics instead. Threads: see reduction.glsl.
#include "batchnorm_push.h"
#include "exact_sum.glsl"
#include "kernel.glsl"
#include "reduction.glsl"

layout(constant_id = 0) const uint FINISH = 0;

layout(push_constant) uniform Push { MergePush push; };
INPUT(0, partial);  // [rows][c][count, mean, moment]
OUTPUT(1, merged);  // [groups][c][the same]; when FINISH [STATISTIC_ROWS][c]

void main() {
    uint channel = gl_GlobalInvocationID.x, group = reduction_group();
    if (channel >= push.channels || group * push.per_group >= push.rows) return;
    uint first = group * push.per_group;
    uint end = min(first + push.per_group, push.rows);
    float origin = partial[(first * push.channels + channel) * 3 + 1];
    float count = 0.0;
    ExactSum sum = EMPTY_SUM;
    for (uint r = first; r < end; ++r) {
        uint row = (r * push.channels + channel) * 3;
        count += partial[row];
        add(sum, partial[row] * (partial[row + 1] - origin));
    }
    float mean = origin + total(sum) / count;
    float moment = 0.0;
    for (uint r = first; r < end; ++r) {
        uint row = (r * push.channels + channel) * 3;
        float difference = partial[row + 1] - mean;
        moment += partial[row + 2] + partial[row] * difference * difference;
    }
    if (FINISH != 0) {
        merged[STATISTIC_MEAN * push.channels + channel] = mean;
        merged[STATISTIC_VARIANCE * push.channels + channel] = moment / count;
    } else {
        uint row = (group * push.channels + channel) * 3;
        merged[row] = count;
        merged[row + 1] = mean;
        merged[row + 2] = moment;
    }
}
