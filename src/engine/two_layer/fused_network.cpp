#include "engine/two_layer/fused_network.h"

#include <fmt/format.h>

namespace shadenet {

namespace {

/// Takes layers off the front of a list, as long as they are of the kind asked for.
class Layers {
  public:
    explicit Layers(const std::vector<Layer>& layers) : layers_(layers) {}
    template <class Kind>
    std::optional<Kind> take() {
        if (next_ == layers_.size() || !std::holds_alternative<Kind>(layers_[next_])) return std::nullopt;
        return std::get<Kind>(layers_[next_++]);
    }
    bool empty() const { return next_ == layers_.size(); }

  private:
    const std::vector<Layer>& layers_;
    std::size_t next_ = 0;
};

/// Empty where the conv has a form that the passes can run.
std::string conv_problem(const Conv& conv) {
    if (conv.stride != 1 || conv.padding != Padding::same)
        return "takes convolutions with stride 1 and same padding";
    if (conv.kernel != 3 && conv.kernel != 5)
        return fmt::format("takes kernels of 3 and 5, and not {}", conv.kernel);
    return "";
}

}  // namespace

FusedMatch match_fused(const Network& architecture) {
    Layers layers(architecture.layers);
    const auto conv1 = layers.take<Conv>();
    const auto norm1 = layers.take<BatchNorm>();
    const auto activation = layers.take<Activation>();
    if (activation && !norm1 && layers.take<BatchNorm>()) {
        return {std::nullopt, "takes a norm before the activation, and not after it"};
    }
    const auto conv2 = layers.take<Conv>();
    const auto norm2 = layers.take<BatchNorm>();
    const auto skip = layers.take<Skip>();
    const bool two_layers = conv1 && conv2 && layers.empty() && norm1.has_value() == norm2.has_value() &&
                            architecture.in_channels == 3 && conv2->out_channels == 3 &&
                            conv1->kernel == conv2->kernel && (!skip || skip->from_point == 0);
    if (!two_layers) return {std::nullopt, "takes two layers from 3 colours to 3 only"};
    for (const Conv* conv : {&*conv1, &*conv2}) {
        if (const std::string problem = conv_problem(*conv); !problem.empty()) return {std::nullopt, problem};
    }
    if (conv1->out_channels < 4 || conv1->out_channels > 64) {
        return {std::nullopt, fmt::format("takes 4 to 64 hidden channels, and not {}", conv1->out_channels)};
    }
    const std::uint32_t kind =
        activation ? static_cast<std::uint32_t>(activation->kind) : identity_activation;
    return {FusedNetwork{*conv1, *conv2, norm1, norm2, kind, skip.has_value()}, ""};
}

bool correlates(const FusedNetwork& network, const FusedTiles& tiles) {
    return network.can_correlate() && tiles.backward.correlate != 0;
}

FusedTile backward_tile(const FusedNetwork& network, const FusedTiles& tiles) {
    FusedTile tile = tiles.backward;
    if (correlates(network, tiles)) tile.strip = tile.correlate;
    return tile;
}

void set_decay(push::FusedNetworkPush& push, float decay1, float decay2) {
    push.decay1 = decay1;
    push.one_minus_decay1 = momentum_of(decay1);
    push.decay2 = decay2;
    push.one_minus_decay2 = momentum_of(decay2);
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
    if (!network.norm1) return push;
    const BatchNorm &norm1 = *network.norm1, &norm2 = *network.norm2;
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
    set_decay(push, norm1.decay, norm2.decay);
    return push;
}

}  // namespace shadenet
