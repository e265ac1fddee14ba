// What a run on the device and one in float64 are compared by.
#pragma once

#include <cmath>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "catch.h"
#include "check/compare.h"
#include "data/picture_pairs.h"
#include "engine/tensors/tensor.h"
#include "reference/network.h"
#include "reference/tensor.h"

namespace shadenet::test {

/// Inputs of examples, by index, in the reference's own form.
inline reference::Tensor gathered_inputs(const Examples& data, const std::vector<std::uint32_t>& indices) {
    std::vector<float> values;
    for (const std::uint32_t i : indices) {
        const std::vector<float> one = data.input(i);
        values.insert(values.end(), one.begin(), one.end());
    }
    return reference::tensor_from_floats(
        with_images(data.input_shape(), static_cast<std::uint32_t>(indices.size())), values);
}

/// Their targets.
inline reference::Tensor gathered_targets(const Examples& data, const std::vector<std::uint32_t>& indices) {
    std::vector<float> values;
    for (const std::uint32_t i : indices) {
        const std::vector<float> one = data.target(i);
        values.insert(values.end(), one.begin(), one.end());
    }
    return reference::tensor_from_floats(
        with_images(data.target_shape(), static_cast<std::uint32_t>(indices.size())), values);
}

/// The loss of inference over a data set.
inline double inference_loss(const reference::NetworkRun& network, const PicturePairs& data) {
    std::vector<std::uint32_t> all(data.size());
    std::iota(all.begin(), all.end(), 0u);
    const reference::Tensor result = network.infer(gathered_inputs(data, all));
    const reference::Tensor target = gathered_targets(data, all);
    double sum = 0;
    for (std::size_t i = 0; i < result.values.size(); ++i) {
        sum += std::pow(result.values[i] - target.values[i], 2);
    }
    return sum / static_cast<double>(result.values.size());
}

/// Fails with the value that is worst, and how many are too far away.
inline void require_near(const std::string& what, const std::vector<float>& actual,
                         const std::vector<double>& expected, const check::Tolerance& tolerance) {
    const Shape shape{1, 1, 1, static_cast<std::uint32_t>(expected.size())};
    const check::Comparison comparison = check::compare(what, actual, expected, shape, tolerance);
    if (!comparison.passed()) FAIL_CHECK(check::to_string(comparison));
}

inline void require_near_loss(double actual, double expected) {
    require_near("loss", {static_cast<float>(actual)}, {expected}, check::tolerance::loss);
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
