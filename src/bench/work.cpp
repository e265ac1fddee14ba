#include "bench/work.h"

#include <vector>

#include "engine/two_layer/fused_network.h"
#include "fused_push.h"
#include "model/network_text.h"

namespace shadenet {

namespace {

/// Multiply-adds that make a value of the layer's result; 0 for all but conv and dense.
double multiply_adds(const Layer& layer) {
    if (const auto* conv = std::get_if<Conv>(&layer)) {
        return static_cast<double>(conv->in_channels) * conv->kernel * conv->kernel;
    }
    const auto* dense = std::get_if<Dense>(&layer);
    return dense == nullptr ? 0.0 : dense->in_features;
}

/// Calls `use(i, operations)` for each layer i with weights, with the operations of its forward pass.
template <class Use>
void for_each_weighted(const Network& network, const Shape& input, const Use& use) {
    const std::vector<Shape> shapes = point_shapes(network, input);
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const double of_value = multiply_adds(network.layers[i]);
        if (of_value > 0) use(i, 2.0 * of_value * static_cast<double>(shapes[i + 1].values()));
    }
}

/// How a pass cuts a picture.
struct Cut {
    double strips, blocks;
};

Cut cut(const FusedTile& tile, const Shape& input) {
    const auto pieces = [](std::uint32_t count, std::uint32_t piece) {
        return static_cast<double>(count / piece + (count % piece != 0));
    };
    return {pieces(input.w, tile.strip), pieces(input.h, tile.block_rows)};
}

/// `hidden_layer`: the pictures with the ring that the hidden layer has around them, where the backward pass
/// goes too.
std::map<std::string, Work> fused_kernels(const FusedNetwork& network, const Shape& input,
                                          const Shape& hidden_layer, const FusedTiles& tiles) {
    const double images = input.n, height = input.h, reach = network.conv1.kernel - 1;
    const double patch = network.patch(), hidden = network.hidden();
    const double pixels = images * static_cast<double>(input.plane());
    constexpr double word = sizeof(float);
    const double pictures_and_y = pixels * word * (1 + 1 + 3);  // input, target, and y in three channels

    // Every block goes over the rows that it shares with its neighbours; those outside the picture are left
    // out unless it goes on there.
    const double ring = hidden_layer.h - height;
    const auto [strips, blocks] = cut(tiles.forward, input);
    const double rows = images * (height + (blocks - 1) * reach + ring);
    const double own = strips * tiles.forward.strip, with_halo = own + strips * reach;
    const Work forward = {
        .operations = 2 * patch * hidden * rows * (with_halo + own),
        .bytes = pictures_and_y + images * strips * blocks * 3 * push::FUSED_MOMENTS * word};

    const FusedTile tile = backward_tile(network, tiles);
    const Cut back = cut(tile, hidden_layer);
    const double groups =
        static_cast<double>((network.hidden() + tiles.backward.group - 1) / tiles.backward.group);
    const bool correlated = correlates(network, tiles);
    const double row =
        correlated ? FUSED_CORRELATIONS(patch) : groups * tiles.backward.group * FUSED_ROW(patch) + 1;
    const double multiply_adds = correlated ? patch * patch : 4 * patch * hidden;
    const Work backward = {
        .operations = 2 * multiply_adds * images * hidden_layer.h * back.strips * tile.strip,
        .bytes = pictures_and_y + images * back.strips * back.blocks * row * word};
    return {{"fused_forward", forward}, {correlated ? "fused_correlate" : "fused_backward", backward}};
}

}  // namespace

NetworkWork count_work(const Network& network, const Shape& input) {
    NetworkWork work;
    for_each_weighted(network, input, [&](std::size_t i, double pass) {
        work.inference += pass;
        work.training_step += i == 0 ? 2 * pass : 3 * pass;
    });
    return work;
}

std::map<std::string, Work> count_fused(const Network& network, const Shape& input, const FusedTiles& tiles) {
    return fused_kernels(*match_fused(network).network, input, point_shapes(network, input)[1], tiles);
}

std::map<std::pair<std::string, Pass>, double> count_layers(const Network& network, const Shape& input) {
    std::map<std::pair<std::string, Pass>, double> layers;
    const std::vector<std::string> points = point_names(network);
    for_each_weighted(network, input, [&](std::size_t i, double operations) {
        const std::string& name = points[i + 1];
        layers[{name, Pass::forward}] = layers[{name, Pass::weight_gradient}] = operations;
        if (i > 0) layers[{name, Pass::input_gradient}] = operations;
    });
    return layers;
}

}  // namespace shadenet
