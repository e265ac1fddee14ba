#include "engine/stack/feature_gram.h"

#include <cmath>
#include <vector>

#include "check/device_data.h"
#include "check/packed_data.h"
#include "device_fixture.h"
#include "model/random.h"
#include "reference/feature_moments.h"

using namespace shadenet;

namespace {

struct MapsCase {
    std::uint32_t channels, kernel;
    std::uint32_t height, width;  ///< of the maps
    reference::Positions positions;
};

/// Of each channel another mean and deviation, up to 10 and 100.
std::vector<float> ugly_maps(const Shape& shape, std::uint64_t seed) {
    std::mt19937_64 random = random_stream(seed, 3);
    std::vector<float> values;
    for (std::uint32_t c = 0; c < shape.c; ++c) {
        const double mean = 20 * uniform(random) - 10, scale = std::pow(10, 4 * uniform(random) - 2);
        for (std::size_t i = 0; i < shape.plane(); ++i) {
            values.push_back(static_cast<float>(mean + scale * (uniform(random) - 0.5)));
        }
    }
    return values;
}

struct MadeTile {
    Shape maps_shape, targets_shape;
    std::vector<float> maps, targets;
};

MadeTile made_tile(const MapsCase& one) {
    const Shape maps{1, one.channels, one.height, one.width};
    const Shape targets{1, 3, static_cast<std::uint32_t>(one.positions.rows),
                        static_cast<std::uint32_t>(one.positions.columns)};
    return {maps, targets, ugly_maps(maps, one.height), ugly_maps(targets, one.width)};
}

/// The mean of the first few values of each channel and target, which is near enough.
std::vector<float> some_center(const MadeTile& tile) {
    std::vector<float> center;
    const auto add = [&](const std::vector<float>& values, const Shape& shape) {
        for (std::uint32_t c = 0; c < shape.c; ++c) center.push_back(values[c * shape.plane()]);
    };
    add(tile.maps, tile.maps_shape);
    add(tile.targets, tile.targets_shape);
    return center;
}

FeatureMoments on_the_device(const Device& device, const MapsCase& one, const MadeTile& tile) {
    const check::GuardedPacked maps(device, tile.maps_shape, "maps", tile.maps);
    FeatureGram gram(device, one.channels, one.kernel, some_center(tile));
    Recorder recorder(device);
    FeatureMoments moments = gram.none();
    gram.add(recorder,
             {.maps = maps.view(),
              .row = static_cast<std::int32_t>(one.positions.row),
              .column = static_cast<std::int32_t>(one.positions.column),
              .rows = tile.targets_shape.h,
              .columns = tile.targets_shape.w,
              .targets = tile.targets},
             moments);
    CHECK(maps.damage().empty());
    return moments;
}

/// The sums of plain loops about the same centers.
reference::PatchGram in_plain_loops(const MapsCase& one, const MadeTile& tile,
                                    const std::vector<double>& center) {
    auto z = reference::patches_of_maps(reference::tensor_from_floats(tile.maps_shape, tile.maps),
                                        reference::tensor_from_floats(tile.targets_shape, tile.targets),
                                        one.kernel, one.positions);
    for (std::vector<double>& position : z) {
        for (std::size_t a = 0; a < position.size(); ++a) position[a] -= center[a];
    }
    return reference::patch_gram(z);
}

/// An element may be off by a few roundings of sums of a thousand products, each at most the product of the
/// two deviations about the center.
void check_moments(const FeatureMoments& moments, const reference::PatchGram& expected) {
    constexpr double part = 1e-6;
    const std::size_t size = expected.sum.size();
    REQUIRE(moments.size() == size);
    CHECK(moments.pixels == expected.pixels);
    const auto root = [&](std::size_t a) { return std::sqrt(expected.product[a * size + a]); };
    const double count = std::sqrt(static_cast<double>(expected.pixels));
    std::size_t outside = 0;
    for (std::size_t a = 0; a < size; ++a) {
        if (!(std::abs(moments.sum[a] - expected.sum[a]) <= part * root(a) * count)) ++outside;
        for (std::size_t b = 0; b < size; ++b) {
            const double error = moments.product[a * size + b] - expected.product[a * size + b];
            if (!(std::abs(error) <= part * root(a) * root(b))) ++outside;
        }
    }
    CHECK(outside == 0);
}

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "feature gram: the sums of plain loops") {
    const MapsCase one =
        GENERATE(MapsCase{5, 3, 13, 11, {0, 0, 13, 11}},     // whole pictures, which zeros surround
                 MapsCase{4, 1, 7, 19, {2, 1, 4, 17}},       // a part of them, without neighbours
                 MapsCase{7, 3, 9, 23, {1, 1, 7, 21}},       // continued ones, with their ring
                 MapsCase{9, 3, 31, 5, {3, 0, 20, 4}},       // a tile that reaches two edges
                 MapsCase{2, 5, 12, 14, {0, 3, 9, 11}},      // nine lags, of which a thread takes five
                 MapsCase{3, 7, 21, 17, {0, 0, 21, 17}},     // thirteen
                 MapsCase{5, 5, 2, 3, {0, 0, 2, 3}},         // smaller than the patch
                 MapsCase{1, 3, 1, 1, {0, 0, 1, 1}},         // a single pixel
                 MapsCase{6, 3, 70, 150, {1, 2, 65, 140}});  // several cells to each side
    INFO(one.channels << " channels, kernel " << one.kernel << ", " << one.height << "x" << one.width);
    const MadeTile tile = made_tile(one);
    const FeatureMoments moments = on_the_device(device, one, tile);
    check_moments(moments, in_plain_loops(one, tile, moments.center));
}

TEST_CASE_METHOD(DeviceFixture, "feature gram: tiles add up, and their means are those of all") {
    const MapsCase one{5, 3, 24, 30, {0, 0, 24, 30}};
    const MadeTile tile = made_tile(one);
    const check::GuardedPacked maps(device, tile.maps_shape, "maps", tile.maps);
    FeatureGram gram(device, one.channels, one.kernel, some_center(tile));
    Recorder recorder(device);
    FeatureMoments moments = gram.none(), rest = gram.none();
    std::uint32_t number = 0;
    for (std::uint32_t row = 0; row < 24; row += 7) {
        const std::uint32_t rows = std::min(7u, 24 - row);
        std::vector<float> targets;
        for (std::size_t c = 0; c < 3; ++c) {
            const auto from = tile.targets.begin() + static_cast<std::ptrdiff_t>((c * 24 + row) * 30);
            targets.insert(targets.end(), from, from + rows * 30);
        }
        gram.add(recorder,
                 {.maps = maps.view(),
                  .row = static_cast<std::int32_t>(row),
                  .column = 0,
                  .rows = rows,
                  .columns = 30,
                  .targets = targets},
                 number++ % 2 == 0 ? moments : rest);
    }
    moments.add(rest);
    check_moments(moments, in_plain_loops(one, tile, moments.center));
    const std::vector<double> means = moments.means();
    REQUIRE(means.size() == 8);
    for (std::size_t c = 0; c < 5; ++c) {
        double sum = 0;
        for (std::size_t i = 0; i < 720; ++i) sum += static_cast<double>(tile.maps[c * 720 + i]);
        CHECK(means[c] == Approx(sum / 720).epsilon(1e-5).margin(1e-5));
    }
}

TEST_CASE_METHOD(DeviceFixture, "feature gram: the same bits again, whatever was summed before") {
    const MapsCase one{6, 3, 40, 33, {0, 0, 40, 33}}, other{6, 3, 70, 90, {0, 0, 70, 90}};
    const MadeTile tile = made_tile(one), larger = made_tile(other);
    const FeatureMoments first = on_the_device(device, one, tile);
    on_the_device(device, other, larger);
    const FeatureMoments again = on_the_device(device, one, tile);
    CHECK(first.product == again.product);
    CHECK(first.sum == again.sum);
}

TEST_CASE_METHOD(DeviceFixture, "feature gram: a value that is no number shows") {
    const MapsCase one{3, 3, 9, 9, {0, 0, 9, 9}};
    MadeTile tile = made_tile(one);
    tile.maps[90] = std::nanf("");
    CHECK(std::isnan(on_the_device(device, one, tile).product[0 * 30 + 27]) == false);
    CHECK(std::isnan(on_the_device(device, one, tile).product[9 * 30 + 9]));
}
