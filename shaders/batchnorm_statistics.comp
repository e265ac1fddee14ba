#version 450
#extension GL_GOOGLE_include_directive : require
// Partial moments of every channel: a thread finds count, mean and centred second moment Σ(x − mean)² of the values
// it walks over, in two passes, and writes them to partial[slot][channel][3]; batchnorm_merge joins them.
// Never E[x²] − E[x]², which loses all digits if the mean is large. Threads: see planes.glsl.
#include "planes.glsl"

layout(push_constant) uniform Push { PlanesPush push; };
INPUT(0, x);         // [n, c, h, w]
OUTPUT(1, partial);  // [slots][c][count, mean, moment]

void main() {
    Walk walk = plane_walk(push);
    if (!walk.inside) return;
    float count = float(walk.rows);
    // Differences from the first value keep their digits if the values are large and close together.
    float origin = x[walk.first];
    float sum = 0.0;
    for (uint r = 1; r < walk.rows; ++r) sum += x[walk.first + r * push.width] - origin;
    float mean = origin + sum / count;
    float moment = 0.0;
    for (uint r = 0; r < walk.rows; ++r) {
        float difference = x[walk.first + r * push.width] - mean;
        moment += difference * difference;
    }
    uint row = (walk.slot * push.channels + walk.channel) * 3;
    partial[row] = count;
    partial[row + 1] = mean;
    partial[row + 2] = moment;
}
