#include "train/last_layer.h"

#include <variant>

#include <fmt/format.h>

namespace shadenet {

namespace {

/// The most weights of one output: decomposing their covariance takes seconds.
constexpr std::size_t most_solved_weights = 1600;

}  // namespace

std::optional<LastLayer> last_layer(const Network& network, std::string& why_not) {
    LastLayer last;
    std::size_t end = network.layers.size();
    if (adds_input(network)) --end;
    last.adds_input = end < network.layers.size();
    if (end > 0) {
        if (const auto* norm = std::get_if<BatchNorm>(&network.layers[end - 1])) {
            last.norm = *norm;
            --end;
        }
    }
    const auto* conv = end > 0 ? std::get_if<Conv>(&network.layers[end - 1]) : nullptr;
    if (conv == nullptr) {
        why_not = "the network does not end in a convolution";
        return {};
    }
    last.index = end - 1;
    last.conv = *conv;
    if (last.norm && !(last.norm->center && last.norm->scale)) {
        why_not = fmt::format("its norm has no {}", last.norm->center ? "gamma" : "beta");
        return {};
    }
    const std::size_t weights = std::size_t{conv->in_channels} * conv->kernel * conv->kernel;
    if (weights > most_solved_weights) {
        why_not = fmt::format("it has {} weights for a colour, and with more than {} it takes too long",
                              weights, most_solved_weights);
        return {};
    }
    return last;
}

}  // namespace shadenet
