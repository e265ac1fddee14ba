#version 450
#extension GL_GOOGLE_include_directive : require
// dx = dy · activation'(x), from the result y = activation(x). Threads: see planes.glsl.
#include "activation.glsl"
#include "planes.glsl"

layout(push_constant) uniform Push { PlanesPush push; };
INPUT(0, y);
INPUT(1, dy);
OUTPUT(2, dx);

void main() {
    Walk walk = plane_walk(push);
    if (!walk.inside) return;
    for (uint r = 0; r < walk.rows; ++r) {
        uint p = walk.first + r * push.width;
        dx[p] = dy[p] * slope_at_result(y[p]);
    }
}
