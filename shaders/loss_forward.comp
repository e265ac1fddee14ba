#version 450
#extension GL_GOOGLE_include_directive : require
// Σ (result − target)² as partial sums, one a thread; column_sum adds them and divides. Threads: see planes.glsl.
#include "exact_sum.glsl"
#include "planes.glsl"

layout(push_constant) uniform Push { LossPush push; };
INPUT(0, result);
INPUT(1, target);
OUTPUT(2, partial);  // [slots][c]

void main() {
    Walk walk = plane_walk(push.planes);
    if (!walk.inside) return;
    ExactSum sum = EMPTY_SUM;
    for (uint r = 0; r < walk.rows; ++r) {
        uint p = walk.first + r * push.planes.width;
        float difference = result[p] - target[p];
        add(sum, difference * difference);
    }
    partial[walk.slot * push.planes.channels + walk.channel] = total(sum);
}
