// What a run on the device and one in float64 are compared by.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "catch.h"
#include "engine/tensor.h"
#include "reference/tensor.h"

namespace shadenet::test {

/// Pictures of a data set, by index, in the reference's own form.
inline reference::Tensor gathered(const Tensor& pictures, const std::vector<std::uint32_t>& indices) {
    Shape shape = pictures.shape();
    shape.n = static_cast<std::uint32_t>(indices.size());
    std::vector<float> values;
    for (const std::uint32_t i : indices) {
        const std::vector<float> one = pictures.download(i, 1);
        values.insert(values.end(), one.begin(), one.end());
    }
    return reference::tensor_from_floats(shape, values);
}

/// The largest; NaN where one is.
inline double worst_difference(const std::vector<float>& values, const std::vector<double>& expected) {
    REQUIRE(values.size() == expected.size());
    double worst = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double difference = std::abs(values[i] - expected[i]);
        if (!(difference <= worst)) worst = difference;
    }
    return worst;
}

}  // namespace shadenet::test
