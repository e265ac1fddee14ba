// What the tests of picture filters share: networks, pictures, and comparisons with float64.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "engine/two_layer/folded_tile.h"
#include "reference/network.h"
#include "train/train_test_tools.h"

namespace shadenet::test {

/// A network as after training: every number its own, the moving statistics far from 0 and 1.
inline Parameters worn(const Network& network, std::uint64_t seed) {
    Parameters parameters = initial_parameters(network, seed);
    std::mt19937_64 random = random_stream(seed, 1);
    for (NamedTensor& tensor : parameters.tensors()) {
        if (tensor.name.starts_with("conv") && tensor.name.ends_with(".weight")) continue;
        const double start =
            tensor.name.ends_with(".running_var") || tensor.name.ends_with(".weight") ? 1.0 : 0.0;
        for (float& value : tensor.values) value = static_cast<float>(start + uniform(random) - 0.5);
    }
    return parameters;
}

inline NetworkOptions options(std::uint32_t hidden, std::uint32_t kernel, const char* activation,
                              NormPlacement norm, bool residual) {
    NetworkOptions options;
    options.hidden = hidden;
    options.kernel = kernel;
    options.activation = activation;
    options.norm = norm;
    options.residual = residual;
    return options;
}

/// The largest difference from (1 − strength)·input + strength·network(input) in float64, in units of the
/// largest value expected, or of 1 where that is less.
inline double worst_difference(const Network& network, const Parameters& parameters, const Image& input,
                               const Image& output, double strength = 1) {
    const reference::Tensor x =
        reference::tensor_from_floats({1, 3, input.height, input.width}, input.values);
    reference::Tensor expected = reference::NetworkRun(network, parameters).infer(x);
    for (std::size_t i = 0; i < expected.values.size(); ++i) {
        expected.values[i] = (1 - strength) * x.values[i] + strength * expected.values[i];
    }
    if (output.values.size() != expected.values.size()) return std::numeric_limits<double>::infinity();
    double worst = 0, largest = 1;
    for (std::size_t i = 0; i < output.values.size(); ++i) {
        const double difference = std::abs(output.values[i] - expected.values[i]);
        if (!(difference <= worst)) worst = difference;
        largest = std::max(largest, std::abs(expected.values[i]));
    }
    return worst / largest;
}

inline bool same_picture(const Image& a, const Image& b) {
    return a.width == b.width && a.height == b.height && a.values.size() == b.values.size() &&
           std::memcmp(a.values.data(), b.values.data(), a.values.size() * sizeof(float)) == 0;
}

template <class Sample>
inline bool same_picture(const Picture<Sample>& a, const Picture<Sample>& b) {
    return a.width == b.width && a.height == b.height && a.rgb == b.rgb;
}

template <class Sample>
Picture<Sample> noise(std::uint32_t width, std::uint32_t height) {
    Picture<Sample> picture{width, height, std::vector<Sample>(std::size_t{3} * width * height)};
    std::uint32_t state = 12345;
    for (Sample& value : picture.rgb) {
        state = state * 1664525u + 1013904223u;
        value = static_cast<Sample>(state >> (32 - 8 * sizeof(Sample)));
    }
    return picture;
}

/// Tiles that every driver compiles fast.
inline FoldedTiles quick_tiles() {
    return default_folded_tiles(DeviceKind::discrete, 3);
}

}  // namespace shadenet::test
