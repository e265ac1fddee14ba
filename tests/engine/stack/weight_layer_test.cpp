#include "engine/stack/weight_layer.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "check/kernel_cases.h"
#include "device_fixture.h"
#include "effort.h"
#include "engine/stack/stack_tiles.h"

using namespace shadenet;
using namespace shadenet::check;

namespace {

/// Odd shapes, no two extents alike, wider than two workgroups, smaller than a kernel, and of one pixel.
const Shape layer_shapes[] = {{2, 3, 5, 7}, {3, 5, 7, 70},  {1, 1, 1, 1},
                              {5, 2, 3, 1}, {1, 16, 1, 67}, {5, 10, 1, 1}};

bool fits_kernel(const WeightLayerCase& one) {
    return one.padding == Padding::same ? one.kernel % 2 == 1
                                        : one.x.h >= one.kernel && one.x.w >= one.kernel;
}

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "weights: every kernel size, stride and padding on odd shapes") {
    std::uint64_t seed = 0;
    int cases = 0;
    Thinned taken;
    for (const Shape& x : layer_shapes) {
        for (const std::uint32_t kernel : {1u, 2u, 3u, 5u, 7u}) {
            for (const std::uint32_t stride : {1u, 2u, 3u}) {
                // On the first two shapes every stride, on the others one by turns: shaders are compiled for
                // each, which takes longer than running them.
                const auto shape = static_cast<std::uint32_t>(&x - layer_shapes);
                if (shape >= 2 && (shape + kernel / 2) % 3 + 1 != stride) continue;
                for (const Padding padding : {Padding::same, Padding::valid}) {
                    const WeightLayerCase one{x, 4 + kernel, kernel, stride, padding, Data::normal, ++seed};
                    if (!fits_kernel(one)) continue;
                    if (taken.takes()) require_passed(check_weight_layer(device, one));
                    ++cases;
                }
            }
        }
    }
    CHECK(cases == 71);
}

TEST_CASE_METHOD(DeviceFixture, "weights: channel counts on both sides of a thread's tile") {
    Thinned cases;
    for (const std::uint32_t in : {1u, 2u, 3u, 5u, 10u, 16u, 33u}) {
        for (const std::uint32_t out : {1u, 3u, 5u, 10u, 16u, 33u}) {
            if (!cases.takes()) continue;
            const std::uint32_t kernel = in + out > 20 ? 3 : 5;
            require_passed(check_weight_layer(
                device,
                {{in % 2 == 0 ? 5u : 1u, in, 5, 11}, out, kernel, 1, Padding::same, Data::normal, in}));
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "weights: kernels wider than a thread's taps") {
    require_passed(check_weight_layer(device, {.x = {2, 3, 13, 14}, .out_channels = 5, .kernel = 9}));
    require_passed(
        check_weight_layer(device, {.x = {1, 5, 12, 17}, .out_channels = 3, .kernel = 11, .stride = 4}));
}

TEST_CASE_METHOD(DeviceFixture, "weights: dense layers") {
    for (const Shape& x : {Shape{1, 1, 1, 1}, Shape{5, 2, 3, 7}, Shape{67, 33, 1, 1}, Shape{8, 1, 12, 11}}) {
        for (const std::uint32_t out : {1u, 10u, 33u}) {
            require_passed(
                check_weight_layer(device, {.x = x, .out_channels = out, .seed = out, .dense = true}));
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "weights: small integers times 0.5 come out exactly") {
    for (const std::uint32_t kernel : {1u, 3u, 5u, 7u}) {
        for (const std::uint32_t stride : {1u, 2u}) {
            require_passed(check_weight_layer(
                device, {{3, 5, 11, 67}, 9, kernel, stride, Padding::same, Data::halves, kernel}));
        }
    }
    require_passed(check_weight_layer(
        device, {.x = {9, 10, 1, 1}, .out_channels = 7, .data = Data::halves, .dense = true}));
}

TEST_CASE_METHOD(DeviceFixture, "weights: data far from zero") {
    require_passed(check_weight_layer(device, {.x = {2, 3, 13, 19}, .data = Data::ugly}));
    require_passed(
        check_weight_layer(device, {.x = {2, 16, 13, 19}, .out_channels = 3, .data = Data::offset}));
}

TEST_CASE_METHOD(DeviceFixture, "weights: what the passes do beside their sums") {
    for (const auto kind : {ActivationKind::relu, ActivationKind::leaky_relu, ActivationKind::tanh,
                            ActivationKind::sigmoid, ActivationKind::elu}) {
        require_passed(check_weight_layer(
            device,
            {.x = {2, 5, 9, 11}, .out_channels = 7, .activation = kind, .before = kind, .add = true}));
        require_passed(check_weight_layer(
            device, {.x = {3, 5, 9, 11}, .out_channels = 3, .stride = 2, .before = kind, .moments = false}));
        require_passed(check_weight_layer(
            device,
            {.x = {13, 5, 1, 1}, .out_channels = 3, .dense = true, .activation = kind, .before = kind}));
    }
    require_passed(check_weight_layer(device, {.x = {2, 5, 9, 11}, .stride = 2, .add = true}));
}

TEST_CASE_METHOD(DeviceFixture, "weights: with a norm and a sum, in any order of what follows") {
    for (const bool norm : {false, true}) {
        for (const Sum sum : {Sum::none, Sum::before_activation, Sum::after_activation}) {
            for (const auto layout : {WeightLayout::dense, WeightLayout::blocks}) {
                require_passed(check_weight_layer(device, {.x = {2, 5, 9, 11},
                                                           .out_channels = 7,
                                                           .activation = ActivationKind::elu,
                                                           .moments = false,
                                                           .layout = layout,
                                                           .norm = norm,
                                                           .sum = sum}));
                require_passed(check_weight_layer(device, {.x = {5, 3, 1, 1},
                                                           .out_channels = 18,
                                                           .data = Data::ugly,
                                                           .dense = true,
                                                           .moments = false,
                                                           .layout = layout,
                                                           .norm = norm,
                                                           .sum = sum}));
            }
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "weights: staged through shared memory") {
    constexpr std::uint32_t outs[] = {5, 33, 70};
    std::uint32_t cases = 0;
    for (const GemmTile& tile : {staged_tile(1, 4), staged_tile(2, 4), staged_tile(1, 6)}) {
        for (const Shape& x : layer_shapes) {
            const std::uint32_t kernel = 1 + cases % 4 * 2, stride = 1 + cases % 3;
            ++cases;
            WeightLayerCase one{.x = x,
                                .out_channels = outs[cases / 2 % 3],
                                .kernel = kernel,
                                .stride = stride,
                                .seed = cases};
            one.tiles = LayerTiles{tile, tile, {1, 1, std::min(kernel, 3u), 4, 64}};
            if (cases % 2 == 0) one.before = one.activation = ActivationKind::leaky_relu;
            one.add = cases % 3 == 0;
            if (!one.before && cases % 4 == 1) one.data = Data::halves;
            require_passed(check_weight_layer(device, one));
        }
        const LayerTiles tiles{tile, tile, {1, 1, 1, 4, 64}};
        require_passed(check_weight_layer(
            device, {.x = {67, 33, 1, 1}, .out_channels = 70, .dense = true, .tiles = tiles}));
        require_passed(check_weight_layer(
            device,
            {.x = {2, 33, 13, 19}, .out_channels = 3, .kernel = 1, .data = Data::offset, .tiles = tiles}));
    }
}

TEST_CASE_METHOD(DeviceFixture, "weights: every tile that a device may be given makes the same values") {
    const WeightLayerCase cases[] = {
        {.x = {2, 33, 5, 70}, .out_channels = 35, .before = ActivationKind::relu},
        {.x = {2, 6, 7, 9}, .out_channels = 18, .kernel = 1, .stride = 2},
        {.x = {9, 37, 1, 1}, .out_channels = 3, .dense = true, .activation = ActivationKind::tanh},
    };
    for (const DeviceKind kind : {DeviceKind::software, DeviceKind::discrete}) {
        for (const WeightLayerCase& one : cases) {
            const std::uint32_t columns = one.dense ? one.x.n : one.x.w / one.stride;
            const WeightExtent extent{one.out_channels, one.x.c, one.dense ? 1 : one.kernel * one.kernel};
            const LayerClass layer =
                LayerClass::of(extent, one.dense ? 1 : one.kernel, one.stride, {one.x.n, 1, 2, columns},
                               {one.activation, true}, {one.before, false});
            const LayerTable table = layer_table(kind, layer);
            // By turns each number of threads.
            std::vector<WeightTile> weights = table.weights;
            for (std::size_t i = 0; i < weights.size(); ++i) {
                const std::size_t number = i % (table.least_threads.size() + 1);
                if (number > 0) weights[i].least_threads = table.least_threads[number - 1];
            }
            const std::size_t most = std::max({table.forward.size(), table.input.size(), weights.size()});
            std::map<std::string, std::uint64_t> bits;
            for (std::size_t i = 0; i < most; ++i) {
                WeightLayerCase tiled = one;
                const auto of = [&](const auto& tiles) { return tiles[i % tiles.size()]; };
                tiled.tiles = LayerTiles{of(table.forward), of(table.input), of(weights)};
                const std::vector<Comparison> comparisons = check_weight_layer(device, tiled);
                require_passed(comparisons);
                for (const Comparison& tensor : comparisons) {
                    INFO(to_string(tensor));
                    if (tensor.tensor != "y" && tensor.tensor != "dx") continue;
                    CHECK(bits.try_emplace(tensor.tensor, tensor.bits).first->second == tensor.bits);
                }
            }
            CHECK(bits.size() == 2);
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "weights: as files have them") {
    require_passed(check_weight_layer(device, {.x = {2, 3, 9, 11}, .layout = WeightLayout::dense}));
    require_passed(check_weight_layer(
        device, {.x = {2, 33, 1, 1}, .out_channels = 10, .dense = true, .layout = WeightLayout::dense}));
}

TEST_CASE_METHOD(DeviceFixture, "weights: the same input gives the same bits") {
    const WeightLayerCase one{.x = {2, 10, 19, 31}};
    require_same_bits(check_weight_layer(device, one), check_weight_layer(device, one));
}
