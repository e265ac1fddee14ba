#include "tune/layer_probe.h"

#include <algorithm>

#include "check/device_data.h"
#include "engine/stack/stack_tiles.h"
#include "engine/stack/weight_gradient.h"
#include "model/random.h"

namespace shadenet {

namespace {

/// Smaller maps of fewer images until the layer takes no more operations; a narrow map keeps its width.
Shape cut_down(const Layer& layer, const UnitLayer& of, Shape x, double most_operations) {
    const std::uint32_t least = 2 * of.form.kernel * of.form.stride;
    const auto operations = [&] {
        const Shape y = output_shape(layer, x);
        return 2.0 * y.n * static_cast<double>(y.plane()) * static_cast<double>(of.form.weights.values());
    };
    const auto halve = [&](std::uint32_t& extent, std::uint32_t keep) {
        while (extent / 2 >= keep && operations() > most_operations) extent /= 2;
    };
    halve(x.h, std::max(least, 16u));
    halve(x.n, x.plane() == 1 ? 64 : 1);
    halve(x.w, std::max(least, 64u));
    halve(x.h, least);
    halve(x.w, least);
    return x;
}

check::WeightLayerCase case_of(const Layer& layer, const UnitLayer& of) {
    constexpr double most_operations = 3e6;
    constexpr std::uint32_t odd_width = 37, odd_height = 7;
    Shape x = of.x;
    x.n = std::min(x.n, x.plane() == 1 ? odd_width : 2u);
    x.h = std::min(x.h, std::max(odd_height, of.form.kernel + 1));
    x.w = std::min(x.w, std::max(odd_width, of.form.kernel + 1));
    x = cut_down(layer, of, x, most_operations);
    check::WeightLayerCase one{.x = x,
                               .out_channels = of.form.weights.out,
                               .kernel = of.form.kernel,
                               .stride = of.form.stride,
                               .dense = std::holds_alternative<Dense>(layer),
                               .activation = of.forward.activation,
                               .before = of.backward.slope,
                               .add = of.backward.add,
                               .moments = of.forward.moments,
                               .needs_dx = of.needs_dx};
    if (const auto* conv = std::get_if<Conv>(&layer)) one.padding = conv->padding;
    return one;
}

Shape timed_shape(const Device& device, const Layer& layer, const UnitLayer& of) {
    const bool software = device.info().kind == DeviceKind::software;
    return cut_down(layer, of, of.x, software ? 6e7 : 2e10);
}

/// A tensor of random values.
PackedTensor filled(const Device& device, const Shape& shape, const char* name, std::uint64_t seed) {
    PackedTensor tensor(device, shape, name);
    std::mt19937_64 random = random_stream(seed, 0);
    tensor.view().upload(check::random_values(shape.values(), check::Data::normal, random));
    return tensor;
}

}  // namespace

LayerProbe::LayerProbe(const Device& device, const Network& network, const UnitLayer& layer, LayerCheck check)
    : device_(device),
      layer_(layer),
      checked_(case_of(network.layers[layer.place], layer)),
      x_shape_(timed_shape(device, network.layers[layer.place], layer)),
      y_shape_(output_shape(network.layers[layer.place], x_shape_)),
      parameters_(device,
                  check::random_parameters({any_size(layer.x.c), {network.layers[layer.place]}},
                                           check::Data::normal, 1),
                  WeightLayout::blocks),
      optimizer_(device, {.kind = OptimizerKind::sgd}, parameters_),
      x_(filled(device, x_shape_, "x of the probe", 1)),
      y_(filled(device, y_shape_, "y of the probe", 2)),
      dx_(filled(device, x_shape_, "dx of the probe", 3)),
      check_(std::move(check)),
      recorder_(device) {}

const LayerProbe::Timed& LayerProbe::timed(const LayerTiles& tiles) {
    Timed& one = timed_[to_string(tiles)];
    if (one.layer) return one;
    one.scratch = std::make_unique<Scratch>(device_);
    one.layer =
        std::make_unique<WeightLayer>(device_, parameters_, layer_.form, x_shape_, y_shape_, *one.scratch,
                                      true, layer_.needs_dx, layer_.forward, layer_.backward, tiles);
    one.scratch->allocate();
    one.layer->refresh(recorder_);
    return one;
}

const std::string& LayerProbe::problem(const LayerTiles& tiles) {
    const auto [at, added] = problems_.try_emplace(to_string(tiles));
    if (!added) return at->second;
    check::WeightLayerCase one = checked_;
    one.tiles = tiles;
    for (const check::Comparison& comparison : check_(device_, one)) {
        if (!comparison.passed() && at->second.empty()) at->second = to_string(comparison);
    }
    return at->second;
}

std::vector<WeightTile> LayerProbe::with_other_splits(const WeightTile& tile,
                                                      const std::vector<std::uint32_t>& least_threads) const {
    std::vector<WeightTile> tiles{tile};
    const auto splits = [&](const WeightTile& of) {
        return WeightGradient::splits_of(layer_.form, of, y_.view());
    };
    for (const std::uint32_t threads : least_threads) {
        WeightTile other = tile;
        other.least_threads = threads;
        if (std::ranges::find(tiles, splits(other), splits) == tiles.end()) tiles.push_back(other);
    }
    return tiles;
}

void LayerProbe::run(LayerPass pass, WeightLayer& layer) {
    switch (pass) {
        case LayerPass::forward:
            layer.forward(recorder_, x_.view(), y_.view());
            break;
        case LayerPass::input:
            layer.backward_input(recorder_, y_.view(), x_.view(), dx_.view());
            break;
        case LayerPass::weights:
            layer.backward_weights(recorder_, x_.view(), y_.view());
            layer.add_gradient(recorder_, optimizer_);
            break;
    }
}

Measurement LayerProbe::measure(LayerPass pass, const LayerTiles& tiles) {
    WeightLayer& layer = *timed(tiles).layer;
    const auto work = [&] { run(pass, layer); };
    work();  // compiles, and keeps the kernel for the check
    recorder_.finish();
    Measurement measurement{{}, 0, problem(tiles)};
    if (!measurement.problem.empty()) return measurement;
    const auto first = first_.find(pass);
    if (first == first_.end()) {
        measurement.seconds = least_seconds(recorder_, work);
        first_[pass] = {to_string(tiles), measurement.seconds};
        return measurement;
    }
    WeightLayer& other = *timed_.at(first->second.tiles).layer;
    measurement.seconds = first->second.seconds * times_as_long(recorder_, work, [&] { run(pass, other); });
    return measurement;
}

}  // namespace shadenet
