#include "noise.h"

#include <cmath>

namespace shadenet {

double clamp01(double t) {
    return t < 0 ? 0 : t > 1 ? 1 : t;
}

double mix(double a, double b, double t) {
    return a + (b - a) * t;
}

double smooth_step(double from, double to, double t) {
    const double s = clamp01((t - from) / (to - from));
    return s * s * (3 - 2 * s);
}

// A parabola through the zeros and peaks of a sine, then a blend with its square, which flattens the error.
double wave(double turns) {
    const double u = 2 * (turns - std::floor(turns + 0.5));  // -1..1
    const double parabola = 4 * u * (1 - std::fabs(u));
    return parabola + 0.225 * (parabola * std::fabs(parabola) - parabola);
}

double bell(double t) {
    const double base = 1 + t * t;
    return 1 / (base * base);
}

double hashed(std::int64_t x, std::int64_t y, std::uint32_t seed) {
    std::uint64_t bits = static_cast<std::uint64_t>(x) * 0x9e3779b97f4a7c15u +
                         static_cast<std::uint64_t>(y) * 0xc2b2ae3d27d4eb4fu + seed * 0x165667b19e3779f9u;
    for (int round = 0; round < 2; ++round) {
        bits ^= bits >> 31;
        bits *= 0xbf58476d1ce4e5b9u;
        bits ^= bits >> 29;
    }
    return static_cast<double>(bits >> 40) / static_cast<double>(1u << 24);
}

double noise(double x, double y, std::uint32_t seed) {
    const double fx = std::floor(x), fy = std::floor(y);
    const auto ix = static_cast<std::int64_t>(fx), iy = static_cast<std::int64_t>(fy);
    const double u = smooth_step(0, 1, x - fx), v = smooth_step(0, 1, y - fy);
    const double top = mix(hashed(ix, iy, seed), hashed(ix + 1, iy, seed), u);
    const double bottom = mix(hashed(ix, iy + 1, seed), hashed(ix + 1, iy + 1, seed), u);
    return mix(top, bottom, v);
}

double fractal(double x, double y, int octaves, std::uint32_t seed) {
    double sum = 0, strength = 1, total = 0;
    for (int octave = 0; octave < octaves; ++octave) {
        sum += strength * noise(x, y, seed + static_cast<std::uint32_t>(octave));
        total += strength;
        strength *= 0.5;
        // A turn of some 37 degrees between octaves hides the lattice.
        const double turned = 2 * (0.8 * x - 0.6 * y) + 3.7;
        y = 2 * (0.6 * x + 0.8 * y) + 1.3;
        x = turned;
    }
    return sum / total;
}

double ridged(double x, double y, int octaves, std::uint32_t seed) {
    double sum = 0, strength = 1, total = 0;
    for (int octave = 0; octave < octaves; ++octave) {
        const double crease = 1 - std::fabs(2 * noise(x, y, seed + static_cast<std::uint32_t>(octave)) - 1);
        sum += strength * crease * crease;
        total += strength;
        strength *= 0.5;
        const double turned = 2 * (0.8 * x - 0.6 * y) + 5.1;
        y = 2 * (0.6 * x + 0.8 * y) + 2.9;
        x = turned;
    }
    return sum / total;
}

}  // namespace shadenet
