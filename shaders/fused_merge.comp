#version 450
#extension GL_GOOGLE_include_directive : require
// Joins groups of the moments that fused_forward writes (Chan, Golub & LeVeque 1979): like batchnorm_merge, but also
// with the mean and co-moment of a second variable. Called again on its own result until one row is left.
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
    uint start = ((push.first_row + first) * 3 + channel) * FUSED_MOMENTS;
    float origin_y = partial[start + MOMENT_MEAN_Y], origin_r = partial[start + MOMENT_MEAN_R];
    float count = 0.0;
    ExactSum sum_y = EMPTY_SUM, sum_r = EMPTY_SUM;
    for (uint r = first; r < end; ++r) {
        uint row = ((push.first_row + r) * 3 + channel) * FUSED_MOMENTS;
        float pixels = partial[row + MOMENT_COUNT];
        count += pixels;
        add(sum_y, pixels * (partial[row + MOMENT_MEAN_Y] - origin_y + partial[row + MOMENT_REST_Y]));
        add(sum_r, pixels * (partial[row + MOMENT_MEAN_R] - origin_r + partial[row + MOMENT_REST_R]));
    }
    // Shares without an example may fill a group.
    float pixels_or_one = max(count, 1.0);
    precise float step_y = total(sum_y) / pixels_or_one, step_r = total(sum_r) / pixels_or_one;
    precise float mean_y = origin_y + step_y, mean_r = origin_r + step_r;
    ExactSum moment_yy = EMPTY_SUM, moment_yr = EMPTY_SUM;
    for (uint r = first; r < end; ++r) {
        uint row = ((push.first_row + r) * 3 + channel) * FUSED_MOMENTS;
        float pixels = partial[row + MOMENT_COUNT], y = partial[row + MOMENT_MEAN_Y] - mean_y;
        add(moment_yy, partial[row + MOMENT_YY] + pixels * y * y);
        add(moment_yr, partial[row + MOMENT_YR] + pixels * y * (partial[row + MOMENT_MEAN_R] - mean_r));
    }
    uint row = (group * 3 + channel) * FUSED_MOMENTS;
    merged[row + MOMENT_COUNT] = count;
    merged[row + MOMENT_MEAN_Y] = mean_y;
    precise float rest_y = (origin_y - mean_y) + step_y, rest_r = (origin_r - mean_r) + step_r;
    merged[row + MOMENT_REST_Y] = rest_y;
    merged[row + MOMENT_MEAN_R] = mean_r;
    merged[row + MOMENT_REST_R] = rest_r;
    merged[row + MOMENT_YY] = total(moment_yy);
    merged[row + MOMENT_YR] = total(moment_yr);
}
