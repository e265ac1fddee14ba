#include "model/norm_placement.h"

#include <cstddef>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "model/classifier.h"
#include "model/network_text.h"

namespace shadenet {

namespace {

std::uint32_t channels_of(const Layer& layer) {
    const auto* const conv = std::get_if<Conv>(&layer);
    return conv != nullptr ? conv->out_channels : std::get<Dense>(layer).out_features;
}

/// The first layer from `index` on that is no norm is an activation.
bool activation_follows(const Network& network, std::size_t index) {
    while (index < network.layers.size() && std::holds_alternative<BatchNorm>(network.layers[index])) ++index;
    return index < network.layers.size() && std::holds_alternative<Activation>(network.layers[index]);
}

void require_norms(const Network& network, const NormWishes& wishes) {
    if (wishes.placement || wishes == NormWishes{} || has_norm(network)) return;
    const char* const flag = wishes.decay     ? "--decay"
                             : wishes.epsilon ? "--epsilon"
                             : wishes.center  ? "--no-center"
                                              : "--no-scale";
    throw InputError(fmt::format(
        "{} is about norms, and the network has none; leave it out, or give --norm before or after", flag));
}

}  // namespace

Network with_norms(const Network& network, NormPlacement placement, float decay, float epsilon) {
    Network result = network;
    result.layers.clear();
    std::size_t norms = 0;
    std::uint32_t due = 0;  // channels of the norm that the next activation is to be followed by; 0: none
    const auto add_norm = [&](std::uint32_t channels) {
        result.layers.push_back(BatchNorm{fmt::format("bn{}", ++norms), channels, decay, epsilon});
    };
    const std::size_t last = last_with_weights(network);
    std::vector<std::size_t> moved = {0};  // where each point has gone
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const Layer& layer = network.layers[i];
        if (std::holds_alternative<BatchNorm>(layer)) {
            moved.push_back(result.layers.size());
            continue;
        }
        result.layers.push_back(layer);
        if (auto* const skip = std::get_if<Skip>(&result.layers.back())) {
            skip->from_point = moved.at(skip->from_point);
        }
        moved.push_back(result.layers.size());
        if (std::holds_alternative<Activation>(layer) && due > 0) {
            add_norm(due);
            due = 0;
        }
        if (placement == NormPlacement::none || !has_weights(layer) || i == last) continue;
        if (placement == NormPlacement::after && activation_follows(network, i + 1)) {
            due = channels_of(layer);
        } else {
            add_norm(channels_of(layer));
        }
    }
    if (result.layers.size() > most_layers) {
        throw InputError(fmt::format("--norm makes {} layers of {}; a network has at most {}",
                                     result.layers.size(), network.layers.size(), most_layers));
    }
    return result;
}

Network with_wishes(const Network& network, const NormWishes& wishes) {
    require_norms(network, wishes);
    Network result = network;
    if (wishes.placement) {
        const std::vector<BatchNorm> norms = norms_of(network);
        const BatchNorm usual = norms.empty() ? BatchNorm{} : norms.front();
        result = with_norms(network, *wishes.placement, usual.decay, usual.epsilon);
    }
    for (Layer& layer : result.layers) {
        auto* const norm = std::get_if<BatchNorm>(&layer);
        if (norm == nullptr) continue;
        norm->decay = wishes.decay.value_or(norm->decay);
        norm->epsilon = wishes.epsilon.value_or(norm->epsilon);
        norm->center = wishes.center.value_or(norm->center);
        norm->scale = wishes.scale.value_or(norm->scale);
    }
    return result;
}

}  // namespace shadenet
