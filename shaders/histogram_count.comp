#version 450
#extension GL_GOOGLE_include_directive : require
// Adds every value to its bin in the row of its channel and in the row of all channels. Bin i takes
// edge(i) ≤ x < edge(i + 1), the last bin also its upper edge, with edge(i) = low + i·width, each operation rounded to
// float32 as the host rounds it. Counts are integers: the order of the atomics does not matter. Threads: see
// planes.glsl.
#include "histogram.glsl"

layout(push_constant) uniform Push { PlanesPush push; };
INPUT(0, x);                                                         // [n, c, h, w]
INPUT(1, ranges);                                                    // [c + 1][low, width]
layout(binding = 2, std430) buffer counts_block { uint counts[]; };  // [c + 1][HISTOGRAM_COLUMNS]

struct Bins {
    float low, width;
    uint row;
};

Bins bins_of(uint row) { return Bins(ranges[2 * row], ranges[2 * row + 1], row * HISTOGRAM_COLUMNS); }

float edge(Bins bins, uint i) {
    precise float distance = float(i) * bins.width;  // no fused multiply-add: the host does not fuse either
    precise float value = bins.low + distance;
    return value;
}

uint column_of(Bins bins, float value) {
    if (value < bins.low) return HISTOGRAM_BELOW;
    if (value > edge(bins, HISTOGRAM_BINS)) return HISTOGRAM_ABOVE;
    // A bin is at least four units of float32's last place wide, so that the quotient is off by one bin at most.
    uint i = uint(clamp((value - bins.low) / bins.width, 0.0, float(HISTOGRAM_BINS - 1)));
    if (i > 0 && value < edge(bins, i)) return i - 1;
    if (i + 1 < HISTOGRAM_BINS && value >= edge(bins, i + 1)) return i + 1;
    return i;
}

void main() {
    Walk walk = plane_walk(push);
    if (!walk.inside) return;
    Bins own = bins_of(walk.channel), all = bins_of(push.channels);
    for (uint r = 0; r < walk.rows; ++r) {
        float value = x[walk.first + r * push.width];
        bool finite = is_finite(floatBitsToUint(value));
        atomicAdd(counts[own.row + (finite ? column_of(own, value) : HISTOGRAM_NOT_FINITE)], 1u);
        atomicAdd(counts[all.row + (finite ? column_of(all, value) : HISTOGRAM_NOT_FINITE)], 1u);
    }
}
