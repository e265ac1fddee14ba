#version 450
#extension GL_GOOGLE_include_directive : require
// y = activation(x). Threads: see planes.glsl.
#include "activation.glsl"
#include "planes.glsl"

layout(push_constant) uniform Push { PlanesPush push; };
INPUT(0, x);
OUTPUT(1, y);

void main() {
    Walk walk = plane_walk(push);
    if (!walk.inside) return;
    for (uint r = 0; r < walk.rows; ++r) {
        uint p = walk.first + r * push.width;
        y[p] = activation(x[p]);
    }
}
