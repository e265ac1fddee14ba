#version 450
#extension GL_GOOGLE_include_directive : require
// dresult = 2·(result − target)/values: the gradient of the mean squared error. Threads: see planes.glsl.
#include "planes.glsl"

layout(push_constant) uniform Push { LossPush push; };
INPUT(0, result);
INPUT(1, target);
OUTPUT(2, dresult);

void main() {
    Walk walk = plane_walk(push.planes);
    if (!walk.inside) return;
    for (uint r = 0; r < walk.rows; ++r) {
        uint p = walk.first + r * push.planes.width;
        dresult[p] = push.gradient_scale * (result[p] - target[p]);
    }
}
