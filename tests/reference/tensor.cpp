#include "reference/tensor.h"

#include <array>
#include <charconv>
#include <stdexcept>

#include <fmt/format.h>

namespace shadenet::reference {

Tensor tensor_from_floats(const Shape& shape, std::span<const float> values) {
    expect_size("tensor", values.size(), shape.values());
    Tensor tensor;
    tensor.shape = shape;
    tensor.values = doubles_from_floats(values);
    return tensor;
}

std::vector<double> doubles_from_floats(std::span<const float> values) {
    return std::vector<double>(values.begin(), values.end());
}

double decimal(float value) {
    std::array<char, 64> text{};
    const char* end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    double result = 0.0;
    std::from_chars(text.data(), end, result);
    return result;
}

void expect_size(std::string_view what, std::size_t size, std::size_t expected) {
    if (size != expected)
        throw std::invalid_argument(fmt::format("{}: {} values, not {}", what, size, expected));
}

void expect_shape(std::string_view what, const Shape& shape, const Shape& expected) {
    if (shape == expected) return;
    throw std::invalid_argument(fmt::format("{}: shape [{},{},{},{}], not [{},{},{},{}]", what, shape.n,
                                            shape.c, shape.h, shape.w, expected.n, expected.c, expected.h,
                                            expected.w));
}

}  // namespace shadenet::reference
