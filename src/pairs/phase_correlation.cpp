#include "pairs/phase_correlation.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include <unsupported/Eigen/FFT>

namespace shadenet {

namespace {

using Spectrum = PhaseCorrelation::Spectrum;

void transpose(Spectrum& values, std::size_t side) {
    for (std::size_t y = 0; y < side; ++y) {
        for (std::size_t x = 0; x < y; ++x) std::swap(values[y * side + x], values[x * side + y]);
    }
}

/// The place of a Gaussian's top between the middle one of three values and its neighbours, -0.5 to 0.5.
double top_between(float before, float at, float after) {
    constexpr float least = 1e-12f;  // a peak that is none may have neighbours below 0
    const double a = std::log(std::max(before, least)), b = std::log(std::max(at, least)),
                 c = std::log(std::max(after, least));
    const double curvature = a - 2 * b + c;
    return curvature < 0 ? std::clamp(0.5 * (a - c) / curvature, -0.5, 0.5) : 0;
}

}  // namespace

struct PhaseCorrelation::Transform {
    Eigen::FFT<float> fft;
    Spectrum row;

    /// In place, in two dimensions; the result is transposed, and not divided by anything.
    void apply(Spectrum& values, std::size_t side, bool forward) {
        row.resize(side);
        for (int dimension = 0; dimension < 2; ++dimension) {
            for (std::size_t y = 0; y < side; ++y) {
                const auto from = values.begin() + static_cast<std::ptrdiff_t>(y * side);
                std::copy_n(from, side, row.begin());
                const auto length = static_cast<Eigen::Index>(side);
                if (forward) {
                    fft.fwd(&*from, row.data(), length);
                } else {
                    fft.inv(&*from, row.data(), length);
                }
            }
            if (dimension == 0) transpose(values, side);
        }
    }
};

PhaseCorrelation::PhaseCorrelation(std::uint32_t side, double cut)
    : side_(side), weights_(std::size_t{side} * side), transform_(std::make_unique<Transform>()) {
    transform_->fft.SetFlag(Eigen::FFT<float>::Unscaled);
    const auto frequency = [&](std::uint32_t i) { return static_cast<double>(std::min(i, side - i)) / side; };
    for (std::uint32_t y = 0; y < side; ++y) {
        for (std::uint32_t x = 0; x < side; ++x) {
            const double fx = frequency(x), fy = frequency(y);
            const double weight = std::exp(-(fx * fx + fy * fy) / (2 * cut * cut));
            weights_[std::size_t{y} * side + x] = static_cast<float>(weight);
            squares_ += weight * weight;
        }
    }
}

PhaseCorrelation::~PhaseCorrelation() = default;

Spectrum PhaseCorrelation::spectrum(const Plane& plane) {
    Spectrum values(std::size_t{side_} * side_);
    const auto margin = [&](std::uint32_t length) { return (std::int64_t{side_} - length) / 2; };
    const std::int64_t left = margin(plane.width), top = margin(plane.height);
    for (std::uint32_t y = 0; y < plane.height; ++y) {
        if (top + y < 0 || top + y >= side_) continue;
        for (std::uint32_t x = 0; x < plane.width; ++x) {
            if (left + x < 0 || left + x >= side_) continue;
            values[static_cast<std::size_t>((top + y) * side_ + left + x)] = plane.at(y, x);
        }
    }
    transform_->apply(values, side_, true);
    return values;
}

Shift PhaseCorrelation::shift(const Spectrum& one, const Spectrum& other) {
    Spectrum values(one.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        // By hand: the operators of std::complex look for infinities, which takes most of the time.
        const float a = one[i].real(), b = one[i].imag(), c = other[i].real(), d = other[i].imag();
        const float real = a * c + b * d, imaginary = a * d - b * c;
        const float size = std::sqrt(real * real + imaginary * imaginary);
        if (size > 0) values[i] = {real * (weights_[i] / size), imaginary * (weights_[i] / size)};
    }
    transform_->apply(values, side_, false);
    const auto top = std::ranges::max_element(values, {}, [](const auto& value) { return value.real(); });
    const auto place = static_cast<std::uint32_t>(top - values.begin());
    // The spectra are transposed, and what is made of them is upright again.
    const std::uint32_t x = place % side_, y = place / side_;
    const auto at = [&](std::uint32_t row, std::uint32_t column) {
        return values[std::size_t{row % side_} * side_ + column % side_].real();
    };
    const auto from_middle = [&](std::uint32_t i) {
        return i < side_ / 2 ? static_cast<double>(i) : static_cast<double>(i) - side_;
    };
    Shift shift;
    shift.x = from_middle(x) + top_between(at(y, x + side_ - 1), at(y, x), at(y, x + 1));
    shift.y = from_middle(y) + top_between(at(y + side_ - 1, x), at(y, x), at(y + 1, x));
    // Of unlike planes the phases are random, and every value is a sum of cosines weighted by W.
    shift.certainty = top->real() / std::sqrt(squares_);
    return shift;
}

}  // namespace shadenet
