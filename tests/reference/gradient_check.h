// Gradients against central differences, for the tests of this folder.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "catch.h"
#include "reference/tensor.h"

namespace shadenet::reference {

/// Uniform in −1..1, the same on every platform.
inline double random_value(std::mt19937_64& random) {
    return static_cast<double>(random() >> 11U) * 0x1p-52 - 1.0;
}

/// Uniform in mean ± scale.
inline std::vector<double> random_values(std::size_t count, std::mt19937_64& random, double mean = 0.0,
                                         double scale = 1.0) {
    std::vector<double> values(count);
    for (double& value : values) value = mean + scale * random_value(random);
    return values;
}

inline Tensor random_tensor(const Shape& shape, std::mt19937_64& random, double mean = 0.0,
                            double scale = 1.0) {
    Tensor tensor(shape);
    tensor.values = random_values(shape.values(), random, mean, scale);
    return tensor;
}

/// Σ weight·y: a scalar whose gradient by y is `weight`. With random weights it proves what the plain sum of
/// a batch norm's output, which is constant, could not.
inline double weighted_sum(const Tensor& weight, const Tensor& y) {
    expect_shape("weighted output", y.shape, weight.shape);
    double sum = 0.0;
    for (std::size_t i = 0; i < y.values.size(); ++i) sum += weight.values[i] * y.values[i];
    return sum;
}

/// One comparison of two lists: |value − expected| ≤ tolerance · (the largest |expected| + floor) throughout,
/// NaN failing. The floor stands in for the scale where everything expected is near zero.
inline void check_close(const std::string& what, const std::vector<double>& values,
                        const std::vector<double>& expected, double tolerance, double floor = 1e-3) {
    REQUIRE(values.size() == expected.size());
    double scale = floor;
    for (const double value : expected) scale = std::max(scale, std::abs(value));
    std::size_t worst = 0, failures = 0;
    double worst_error = -1.0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double error = std::abs(values[i] - expected[i]);
        if (!(error <= tolerance * scale)) ++failures;
        if (!(error <= worst_error)) worst = i, worst_error = error;
    }
    if (failures != 0) {
        FAIL_CHECK(fmt::format("{}: {} of {} beyond {:g} x {:g}; worst at {}: {:.12g}, expected {:.12g}",
                               what, failures, values.size(), tolerance, scale, worst, values[worst],
                               expected[worst]));
    }
    CHECK(failures == 0);
}

/// Compares `gradient` with the differences of `function` as each of `values`, which it reads, is moved by
/// ±h and ±2h: (8(f(+h) − f(−h)) − (f(+2h) − f(−2h))) / 12h, whose error is of the order h⁴.
inline void check_gradient(const std::string& what, std::vector<double>& values,
                           const std::vector<double>& gradient, const std::function<double()>& function,
                           double h, double tolerance) {
    REQUIRE(!values.empty());
    std::vector<double> differences(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double kept = values[i];
        const auto moved = [&](double by) {
            values[i] = kept + by;
            return function();
        };
        differences[i] = (8.0 * (moved(h) - moved(-h)) - (moved(2.0 * h) - moved(-2.0 * h))) / (12.0 * h);
        values[i] = kept;
    }
    check_close(what, gradient, differences, tolerance);
}

}  // namespace shadenet::reference
