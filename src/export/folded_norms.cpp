#include "export/folded_norms.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace shadenet {

namespace {

bool is_added_later(const Network& network, std::size_t point) {
    return std::ranges::any_of(network.layers, [&](const Layer& layer) {
        const auto* const skip = std::get_if<Skip>(&layer);
        return skip != nullptr && skip->from_point == point;
    });
}

/// Makes the norm a part of the layer of that name.
void fold_into(Parameters& parameters, const std::string& layer, const BatchNorm& norm) {
    std::vector<float>& weight = parameters.at(layer + ".weight").values;
    std::vector<float>& bias = parameters.at(layer + ".bias").values;
    const auto of_norm = [&](const char* tensor, std::size_t c) {
        return static_cast<double>(parameters.at(norm.name + tensor).values[c]);
    };
    const std::size_t row = weight.size() / bias.size();
    for (std::size_t c = 0; c < bias.size(); ++c) {
        const double spread = std::sqrt(of_norm(".running_var", c) + static_cast<double>(norm.epsilon));
        const double scale = of_norm(".weight", c) / spread;
        for (std::size_t i = c * row; i < (c + 1) * row; ++i) {
            weight[i] = static_cast<float>(static_cast<double>(weight[i]) * scale);
        }
        const double centred = static_cast<double>(bias[c]) - of_norm(".running_mean", c);
        bias[c] = static_cast<float>(centred * scale + of_norm(".bias", c));
    }
}

}  // namespace

WeightedNetwork fold_norms(const Network& network, const Parameters& parameters) {
    WeightedNetwork folded{network, parameters};
    std::vector<Layer>& layers = folded.network.layers;
    layers.clear();
    std::vector<std::size_t> moved = {0};  // where each point has gone
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const Layer& layer = network.layers[i];
        const auto* const norm = std::get_if<BatchNorm>(&layer);
        if (norm != nullptr && !layers.empty() && has_weights(layers.back()) && !is_added_later(network, i)) {
            fold_into(folded.parameters, layer_name(layers.back()), *norm);
            std::erase_if(folded.parameters.tensors(), [&](const NamedTensor& tensor) {
                return tensor.name.starts_with(norm->name + ".");
            });
        } else {
            layers.push_back(layer);
            if (auto* const skip = std::get_if<Skip>(&layers.back())) {
                skip->from_point = moved.at(skip->from_point);
            }
        }
        moved.push_back(layers.size());
    }
    return folded;
}

}  // namespace shadenet
