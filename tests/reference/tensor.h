// Feature maps in float64, for code that is written to be read and trusted, not to be fast.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "model/network.h"

namespace shadenet::reference {

/// Values of shape [N,C,H,W], row-major.
struct Tensor {
    Shape shape;
    std::vector<double> values;

    Tensor() = default;
    /// All zero.
    explicit Tensor(const Shape& extent) : shape(extent), values(extent.values(), 0.0) {}

    std::size_t index(std::size_t n, std::size_t c, std::size_t y, std::size_t x) const {
        return ((n * shape.c + c) * shape.h + y) * shape.w + x;
    }
    double& at(std::size_t n, std::size_t c, std::size_t y, std::size_t x) {
        return values[index(n, c, y, x)];
    }
    double at(std::size_t n, std::size_t c, std::size_t y, std::size_t x) const {
        return values[index(n, c, y, x)];
    }
};

/// Each value converted exactly. Throws std::invalid_argument when the count is not `shape.values()`.
Tensor tensor_from_floats(const Shape& shape, std::span<const float> values);
std::vector<double> doubles_from_floats(std::span<const float> values);

/// The double nearest to the shortest decimal that reads back as `value`: 0.9 for 0.9f, which as a plain
/// conversion would be 0.89999998. Options are kept as floats, but a user who writes 0.9 means 0.9.
double decimal(float value);

/// Throw std::invalid_argument naming `what`: a mismatch is a mistake of the caller, not of a user.
void expect_size(std::string_view what, std::size_t size, std::size_t expected);
void expect_shape(std::string_view what, const Shape& shape, const Shape& expected);

}  // namespace shadenet::reference
