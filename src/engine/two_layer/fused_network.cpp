#include "engine/two_layer/fused_network.h"

#include <fmt/format.h>

namespace shadenet {

namespace {

/// What the network lacks for the passes, in words, or "".
std::string fused_problem(const TwoLayerForm& form) {
    if (form.after) return "takes a norm before the activation, and not after it";
    if (form.before.has_value() != form.last.has_value()) return "takes two norms or none";
    for (const Conv* conv : {&form.conv1, &form.conv2}) {
        if (conv->kernel != 3 && conv->kernel != 5)
            return fmt::format("takes kernels of 3 and 5, and not {}", conv->kernel);
    }
    if (form.conv1.kernel != form.conv2.kernel) return "takes two kernels of one size";
    if (form.hidden() < 4 || form.hidden() > 64)
        return fmt::format("takes 4 to 64 hidden channels, and not {}", form.hidden());
    return "";
}

}  // namespace

FusedMatch match_fused(const Network& network) {
    const TwoLayerMatch match = match_two_layer(network);
    const std::string problem = match.form ? fused_problem(*match.form) : "takes " + match.reason;
    if (!problem.empty()) return {{}, problem};
    return {FusedNetwork{*match.form}, ""};
}

bool correlates(const FusedNetwork& network, const FusedTiles& tiles) {
    return network.can_correlate() && tiles.backward.correlate != 0;
}

FusedTile backward_tile(const FusedNetwork& network, const FusedTiles& tiles) {
    FusedTile tile = tiles.backward;
    if (correlates(network, tiles)) tile.strip = tile.correlate;
    return tile;
}

push::FusedNetworkPush fused_network_push(const FusedNetwork& network, const ParameterBuffers& parameters) {
    const auto place = [&](const std::string& name) {
        return static_cast<std::uint32_t>(parameters.values(name).offset / sizeof(float));
    };
    push::FusedNetworkPush push{};
    push.conv1_weight = place(network.conv1.name + ".weight");
    push.conv1_bias = place(network.conv1.name + ".bias");
    push.conv2_weight = place(network.conv2.name + ".weight");
    push.conv2_bias = place(network.conv2.name + ".bias");
    push.to_batch = parameters.to_batch_statistics();
    push.hidden = network.hidden();
    if (!network.before) return push;
    const BatchNorm &norm1 = *network.before, &norm2 = *network.last;
    push.gamma1 = place(norm1.name + ".weight");
    push.beta1 = place(norm1.name + ".bias");
    push.moving_mean1 = place(norm1.name + ".running_mean");
    push.moving_variance1 = place(norm1.name + ".running_var");
    push.epsilon1 = norm1.epsilon;
    push.gamma2 = place(norm2.name + ".weight");
    push.beta2 = place(norm2.name + ".bias");
    push.moving_mean2 = place(norm2.name + ".running_mean");
    push.moving_variance2 = place(norm2.name + ".running_var");
    push.epsilon2 = norm2.epsilon;
    return push;
}

}  // namespace shadenet
