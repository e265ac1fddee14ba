#version 450
#extension GL_GOOGLE_include_directive : require
// sums[g][c] = scale · Σ rows[g·per_group + r][c] for r < per_group. Called again on its own result until one row
// is left, so that no thread loops long and the order of additions is fixed. Threads: see reduction.glsl.
#include "column_sum_push.h"
#include "exact_sum.glsl"
#include "kernel.glsl"
#include "reduction.glsl"

layout(push_constant) uniform Push { ColumnSumPush push; };
INPUT(0, rows);   // [rows][columns]
OUTPUT(1, sums);  // [groups][columns]

void main() {
    uint column = gl_GlobalInvocationID.x, group = reduction_group();
    if (column >= push.columns || group * push.per_group >= push.rows) return;
    uint first = group * push.per_group;
    uint end = min(first + push.per_group, push.rows);
    ExactSum sum = EMPTY_SUM;
    for (uint r = first; r < end; ++r) add(sum, rows[r * push.columns + column]);
    sums[(push.first_sum + group) * push.columns + column] = total(sum) * push.scale;
}
