// Arithmetic for procedural pictures. Only + - * / sqrt floor, which IEEE 754 fixes to the last bit, so that
// every compiler and C library draws the same pictures.
#pragma once

#include <cstdint>

namespace shadenet {

double clamp01(double t);

/// a at t = 0, b at t = 1.
double mix(double a, double b, double t);

/// 0 below `from`, 1 above `to`, a cubic between. `from` may be above `to`.
double smooth_step(double from, double to, double t);

/// sin(2 pi turns), to 0.001.
double wave(double turns);

/// A bell: 1 at 0, 0.25 at +-1, falling towards 0.
double bell(double t);

/// A number in 0..1 that is fixed by its arguments and looks random.
double hashed(std::int64_t x, std::int64_t y, std::uint32_t seed);

/// Smooth noise, 0..1, with about one feature per unit.
double noise(double x, double y, std::uint32_t seed);

/// Sum of `octaves` noises, each twice as fine and half as strong, scaled to 0..1.
double fractal(double x, double y, int octaves, std::uint32_t seed);

/// The same with creases upwards, as mountain ridges have. 0..1.
double ridged(double x, double y, int octaves, std::uint32_t seed);

/// A sequence of such numbers. At most one roll to a function call: the order in which arguments are
/// evaluated is the compiler's choice (that of a braced list is not).
class Dice {
  public:
    explicit Dice(std::uint32_t seed) : seed_(seed) {}
    double roll() { return hashed(count_++, 0, seed_); }
    double roll(double from, double to) { return mix(from, to, roll()); }

  private:
    std::uint32_t seed_;
    std::int64_t count_ = 0;
};

}  // namespace shadenet
