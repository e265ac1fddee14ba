#version 450
#extension GL_GOOGLE_include_directive : require
// A stage of sums of rows: thread (row, group) adds rows[row][group + k*groups], k = 0, 1, ... Called again on its own
// result until there is one group a row. The first `split` rows go to `sums`, times scale, and the rest to `more`.
#include "kernel.glsl"
#include "exact_sum.glsl"
#include "linear.glsl"
#include "stack_loss_push.h"

layout(push_constant) uniform Push { StackSumPush push; };
INPUT(0, rows);
OUTPUT(1, sums);
OUTPUT(2, more);

void main() {
    uint groups = push.groups, row_length = push.row_length, split = push.split, id = linear_thread();
    uint group = id % groups, row = id / groups;
    if (row >= push.rows) return;
    ExactSum sum = EMPTY_SUM;
    for (uint i = group; i < row_length; i += groups) add(sum, rows[row * row_length + i]);
    uint to = push.first + row % split * groups + group;
    if (row < split) {
        sums[to] = total(sum) * push.scale;
    } else {
        more[to] = total(sum);
    }
}
