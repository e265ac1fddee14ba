#version 450
#extension GL_GOOGLE_include_directive : require
// Joins groups of the moments that the fused forward pass leaves (Chan, Golub & LeVeque 1979): as batchnorm_merge, with
// a second variable whose mean and co-moment go along. Called again on its own result until one row is left.
// Threads: see reduction.glsl.
#include "exact_sum.glsl"
#include "fused_push.h"
#include "kernel.glsl"
#include "reduction.glsl"

layout(push_constant) uniform Push { FusedMergePush push; };
INPUT(0, partial);  // [rows][3][FUSED_MOMENTS]
OUTPUT(1, merged);  // [groups][3][FUSED_MOMENTS]

void main() {
    uint channel = gl_GlobalInvocationID.x, group = reduction_group();
    if (channel >= 3 || group * push.per_group >= push.rows) return;
    uint first = group * push.per_group;
    uint end = min(first + push.per_group, push.rows);
    uint start = (first * 3 + channel) * FUSED_MOMENTS;
    float origin_y = partial[start + 1], origin_r = partial[start + 2];
    float count = 0.0;
    ExactSum sum_y = EMPTY_SUM, sum_r = EMPTY_SUM;
    for (uint r = first; r < end; ++r) {
        uint row = (r * 3 + channel) * FUSED_MOMENTS;
        count += partial[row];
        add(sum_y, partial[row] * (partial[row + 1] - origin_y));
        add(sum_r, partial[row] * (partial[row + 2] - origin_r));
    }
    float mean_y = origin_y + total(sum_y) / count, mean_r = origin_r + total(sum_r) / count;
    ExactSum moment_yy = EMPTY_SUM, moment_yr = EMPTY_SUM;
    for (uint r = first; r < end; ++r) {
        uint row = (r * 3 + channel) * FUSED_MOMENTS;
        float y = partial[row + 1] - mean_y;
        add(moment_yy, partial[row + 3] + partial[row] * y * y);
        add(moment_yr, partial[row + 4] + partial[row] * y * (partial[row + 2] - mean_r));
    }
    uint row = (group * 3 + channel) * FUSED_MOMENTS;
    merged[row] = count;
    merged[row + 1] = mean_y;
    merged[row + 2] = mean_r;
    merged[row + 3] = total(moment_yy);
    merged[row + 4] = total(moment_yr);
}
