#include "engine/stack/weight_gradient.h"

#include <limits>
#include <random>
#include <vector>

#include "check/compare.h"
#include "check/device_data.h"
#include "check/kernel_cases.h"
#include "check/packed_data.h"
#include "check/tolerance.h"
#include "device_fixture.h"
#include "engine/stack/stack_tiles.h"
#include "model/random.h"
#include "reference/conv.h"

using namespace shadenet;
using namespace shadenet::check;

namespace {

constexpr WeightTile small_tile{1, 1, 3, 4, 8};

WeightTile for_threads(std::uint32_t least_threads, WeightTile tile = small_tile) {
    tile.least_threads = least_threads;
    return tile;
}

std::uint32_t splits_of(const Conv& layer, const Shape& x, std::uint32_t least_threads) {
    const PackedView dy{nullptr, 0, output_shape(Layer(layer), x)};
    return WeightGradient::splits_of(WeightForm::of(layer), for_threads(least_threads), dy);
}

/// A tensor of values, of which some images are used.
PackedTensor tensor_of(const Device& device, const Shape& shape, std::span<const float> values) {
    PackedTensor tensor(device, shape, "values");
    tensor.view().upload(values);
    return tensor;
}

/// The splits added up in double. [o,i,ky,kx]
std::vector<float> sum_of(const WeightPartials& partials, const WeightExtent& extent) {
    const std::size_t count = extent.block_values();
    const std::vector<float> splits = floats_of(partials.range);
    REQUIRE(splits.size() == count * partials.splits);
    std::vector<double> sums(count);
    for (std::size_t i = 0; i < splits.size(); ++i) sums[i % count] += static_cast<double>(splits[i]);
    std::vector<float> weights(extent.values());
    from_blocks(std::vector<float>(sums.begin(), sums.end()), extent, weights);
    return weights;
}

}  // namespace

TEST_CASE("weight gradient: enough splits for the threads, for short sums and short loops, of whole rows") {
    const Conv conv{"conv", 5, 7, 3};  // 2 by 2 blocks, and 3 kernel rows of one tile: 12 threads
    CHECK(splits_of(conv, {1, 5, 10, 9}, 1) == 1);
    CHECK(splits_of(conv, {1, 5, 10, 9}, 12) == 1);
    CHECK(splits_of(conv, {1, 5, 10, 9}, 13) == 2);
    CHECK(splits_of(conv, {1, 5, 10, 9}, 48) == 4);   // of 3, 3, 3 and 1 rows
    CHECK(splits_of(conv, {1, 5, 10, 9}, 100) == 5);  // 9 are wanted, but 5 of 2 rows are all
    CHECK(splits_of(conv, {3, 5, 10, 9}, 4096) == 30);
    // Of 9,000 rows of 1,000 pixels: 275 are wanted, of about 32,768 pixels each, which come to 33 rows.
    CHECK(splits_of(conv, {9, 5, 1000, 1000}, 1) == 273);
    // Each pixel is a round of a loop.
    CHECK(splits_of({"tall", 5, 7, 1}, {7, 5, 10'000, 1}, 1) == 3);
    // Images of one pixel are one row.
    CHECK(splits_of({"dense", 5, 7, 1}, {100, 5, 1, 1}, 4096) == 1);
}

TEST_CASE_METHOD(DeviceFixture, "weight gradient: in few splits and in many") {
    const WeightLayerCase cases[] = {
        {.x = {3, 5, 13, 19}, .out_channels = 7, .data = Data::ugly},
        {.x = {2, 10, 9, 11}, .out_channels = 18, .stride = 2, .data = Data::offset},
        {.x = {5, 3, 11, 70}, .out_channels = 33, .kernel = 5, .data = Data::halves},
        {.x = {2, 33, 17, 3}, .out_channels = 5, .kernel = 1, .padding = Padding::valid},
        {.x = {9, 37, 1, 1}, .out_channels = 3, .data = Data::ugly, .dense = true},
    };
    const DeviceKind kind = device.info().kind;
    for (WeightLayerCase one : cases) {
        const std::uint32_t kernel = one.dense ? 1 : one.kernel;
        const LayerClass layer = LayerClass::of({one.out_channels, one.x.c, kernel * kernel}, kernel,
                                                one.stride, one.x, {{}, true}, {});
        for (const std::uint32_t threads : {1u, 256u, 4096u}) {
            one.tiles = default_layer_tiles(kind, layer);
            one.tiles->weights.least_threads = threads;
            require_passed(check_weight_layer(device, one));
        }
    }
}

TEST_CASE_METHOD(DeviceFixture,
                 "weight gradient: every smaller batch has room for its splits, and fills them") {
    const Conv conv{"conv", 3, 9, 3, 2};
    const Layer layer(conv);
    const WeightForm form = WeightForm::of(conv);
    const Shape largest{5, 3, 13, 6}, largest_y = output_shape(layer, largest);
    std::mt19937_64 random = random_stream(1, 0);
    const std::vector<float> x_values = random_values(largest.values(), Data::ugly, random);
    const std::vector<float> dy_values = random_values(largest_y.values(), Data::normal, random);
    const PackedTensor x = tensor_of(device, largest, x_values), dy = tensor_of(device, largest_y, dy_values);
    const PackedTensor nan = tensor_of(
        device, largest_y, std::vector<float>(largest_y.values(), std::numeric_limits<float>::quiet_NaN()));
    for (const std::uint32_t threads : {1u, 50u, 100u, 256u, 4096u}) {
        WeightGradient gradient(device, form, largest, largest_y, for_threads(threads));
        Recorder recorder(device);
        for (std::uint32_t images = 1; images <= largest.n; ++images) {
            INFO(threads << " threads, " << images << " images");
            gradient(recorder, x.view(), nan.view());
            gradient(recorder, x.view(images), dy.view(images));
            recorder.finish();
            const Shape some = with_images(largest, images), some_y = with_images(largest_y, images);
            const std::vector<double> truth =
                reference::conv_backward_weight(
                    reference::tensor_from_floats(some, std::span(x_values).first(some.values())),
                    reference::tensor_from_floats(some_y, std::span(dy_values).first(some_y.values())), conv)
                    .dweight;
            const WeightPartials partials = gradient.partials();
            CHECK(partials.splits == splits_of(conv, some, threads));
            require_passed({compare("dweight", sum_of(partials, form.weights), truth, flat(truth.size()),
                                    tolerance::gradient)});
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "weight gradient: more pixels than a driver's loop may have rounds") {
    const auto checked = [&](const Shape& x, std::uint32_t out_channels, std::uint32_t kernel) {
        WeightLayerCase one{.x = x, .out_channels = out_channels, .kernel = kernel};
        const LayerClass layer = LayerClass::of({out_channels, x.c, kernel * kernel}, kernel, 1, x, {}, {});
        one.tiles = default_layer_tiles(device.info().kind, layer);
        one.tiles->weights.least_threads = 1;  // splits are for the pixels alone
        require_passed(check_weight_layer(device, one));
    };
    checked({1, 1, 1031, 521}, 1, 1);
    checked({33, 1, 319, 311}, 2, 3);
}
