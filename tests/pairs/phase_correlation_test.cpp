#include "pairs/phase_correlation.h"

#include <array>
#include <cmath>
#include <numbers>
#include <random>

#include "catch.h"
#include "pairs/plane.h"

using namespace shadenet;

namespace {

/// Waves of many lengths and directions, at any place between pixels.
class Waves {
  public:
    explicit Waves(unsigned seed) {
        std::mt19937 random(seed);
        std::uniform_real_distribution<double> frequency(-0.2, 0.2), phase(0, 2 * std::numbers::pi);
        for (auto& wave : waves_) wave = {frequency(random), frequency(random), phase(random)};
    }
    Plane plane(std::uint32_t width, std::uint32_t height, double dx, double dy) const {
        Plane plane{width, height, std::vector<float>(std::size_t{width} * height)};
        for (std::uint32_t y = 0; y < height; ++y) {
            for (std::uint32_t x = 0; x < width; ++x) {
                double sum = 0;
                for (const auto& [fx, fy, phase] : waves_) {
                    sum += std::cos(2 * std::numbers::pi * (fx * (x - dx) + fy * (y - dy)) + phase);
                }
                plane.at(y, x) = static_cast<float>(0.5 + sum / 60);
            }
        }
        return plane;
    }

  private:
    struct Wave {
        double fx, fy, phase;
    };
    std::array<Wave, 200> waves_{};
};

Shift measured(const Plane& one, const Plane& other) {
    PhaseCorrelation correlation(128);
    return correlation.shift(correlation.spectrum(structure_of(one).plane),
                             correlation.spectrum(structure_of(other).plane));
}

}  // namespace

TEST_CASE("a shift is found between pixels, in either direction, in planes that fill the square and not") {
    const Waves waves(3);
    for (const auto& [width, height] : {std::pair{128u, 128u}, std::pair{121u, 77u}}) {
        for (const auto& [dx, dy] :
             {std::pair{0.0, 0.0}, std::pair{3.0, -2.0}, std::pair{0.5, 0.25}, std::pair{-7.3, 11.6}}) {
            INFO(width << "x" << height << " " << dx << " " << dy);
            const Shift shift =
                measured(waves.plane(width, height, 0, 0), waves.plane(width, height, dx, dy));
            CHECK(std::abs(shift.x - dx) < 0.1);
            CHECK(std::abs(shift.y - dy) < 0.1);
            CHECK(shift.certainty > 15);
        }
    }
}

TEST_CASE("a plane lies on itself, and different ones nowhere") {
    const Plane one = Waves(5).plane(128, 128, 0, 0);
    const Shift same = measured(one, one);
    CHECK(std::hypot(same.x, same.y) < 1e-3);
    CHECK(same.certainty > 60);
    for (unsigned seed = 6; seed < 26; ++seed) {
        CHECK(measured(one, Waves(seed).plane(128, 128, 0, 0)).certainty < 8);
    }
}
