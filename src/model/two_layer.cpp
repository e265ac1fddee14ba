#include "model/two_layer.h"

#include <utility>
#include <variant>

namespace shadenet {

TwoLayerMatch match_two_layer(const Network& network) {
    auto next = network.layers.begin();
    const auto take = [&]<class Kind>(std::optional<Kind>& layer) {
        if (next == network.layers.end() || !std::holds_alternative<Kind>(*next)) return;
        layer = std::get<Kind>(*next++);
    };
    std::optional<Conv> conv1, conv2;
    std::optional<BatchNorm> before, after, last;
    std::optional<Activation> activation;
    std::optional<Skip> skip;
    take(conv1);
    take(before);
    take(activation);
    take(after);
    take(conv2);
    take(last);
    take(skip);
    const bool whole = next == network.layers.end() && conv1 && conv2 && (!skip || skip->from_point == 0);
    if (!whole || network.input.c != 3 || conv1->out_channels != conv2->in_channels ||
        conv2->out_channels != 3) {
        return {{}, "networks of two layers from 3 colours to 3"};
    }
    for (const Conv* conv : {&*conv1, &*conv2}) {
        if (conv->stride != 1 || conv->padding != Padding::same) {
            return {{}, "convolutions with stride 1 and same padding"};
        }
    }
    return {TwoLayerForm{*conv1, *conv2, before, after, last, activation, skip.has_value()}, ""};
}

}  // namespace shadenet
