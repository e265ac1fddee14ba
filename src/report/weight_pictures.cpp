#include "report/weight_pictures.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <variant>

namespace shadenet {

namespace {

/// `weights`: [channel][row][column]. A unit without a finite largest weight is all grey.
WeightPicture weight_picture(std::span<const float> weights, const Shape& shape) {
    float largest = 0;
    for (const float weight : weights) largest = std::max(largest, std::abs(weight));
    WeightPicture drawn{{shape.w, shape.h, {}}, largest};
    const std::size_t plane = drawn.picture.plane();
    for (std::size_t at = 0; at < plane; ++at) {
        for (std::size_t c = 0; c < 3; ++c) {
            const float part = weights[(c % shape.c) * plane + at] / largest;
            const float level = std::isfinite(part) ? std::round(128 + 127 * part) : 128;
            drawn.picture.rgb.push_back(static_cast<std::uint8_t>(std::clamp(level, 0.0f, 255.0f)));
        }
    }
    return drawn;
}

/// What a unit of the layer sees, and how many units there are; no unit where it sees no picture.
struct Seen {
    Shape shape{};
    std::uint32_t units = 0;
};

Seen seen_by(const Layer& layer, const Shape& input) {
    if (const auto* conv = std::get_if<Conv>(&layer)) {
        return {{1, conv->in_channels, conv->kernel, conv->kernel}, conv->out_channels};
    }
    if (const auto* dense = std::get_if<Dense>(&layer)) {
        if (input.h > 0 && input.w > 0) return {{1, input.c, input.h, input.w}, dense->out_features};
    }
    return {};
}

}  // namespace

FirstLayer first_layer_pictures(const Network& network, const Parameters& parameters) {
    // Neither a norm nor dropout changes where in the picture a value lies.
    const auto found = std::ranges::find_if(network.layers, [](const Layer& layer) {
        return !std::holds_alternative<Dropout>(layer) && !std::holds_alternative<BatchNorm>(layer);
    });
    if (found == network.layers.end()) return {};
    const Layer& layer = *found;
    const auto [shape, units] = seen_by(layer, network.input);
    if (units == 0 || (shape.c != 1 && shape.c != 3)) return {};
    FirstLayer first{layer_name(layer), std::holds_alternative<Dense>(layer), units, shape.c == 3};
    const std::span<const float> weights = parameters.at(first.name + ".weight").values;
    for (std::uint32_t unit = 0; unit < std::min(units, most_units_drawn); ++unit) {
        first.pictures.push_back(
            weight_picture(weights.subspan(unit * shape.values(), shape.values()), shape));
    }
    return first;
}

}  // namespace shadenet
