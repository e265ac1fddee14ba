#include "engine/two_layer/patch_gram.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "check/device_data.h"
#include "device_fixture.h"
#include "model/random.h"
#include "reference/patch_gram.h"
#include "reference/picture_padding.h"

using namespace shadenet;

namespace {

enum class Kind { levels, between, flat, dark };

std::vector<float> values_of(Kind kind, std::size_t count, std::mt19937_64& random) {
    std::vector<float> values;
    for (std::size_t i = 0; i < count; ++i) {
        const double value = uniform(random);
        if (kind == Kind::levels) values.push_back(static_cast<float>(std::floor(value * 256)) / 255.0f);
        if (kind == Kind::between) values.push_back(static_cast<float>(value));
        if (kind == Kind::flat) values.push_back(0.7123456f);
        if (kind == Kind::dark) values.push_back(static_cast<float>(value * 1e-5));
    }
    return values;
}

/// Levels from level 128, rounded as patch_gram_push.h says, in the shader's own operations.
reference::Tensor in_levels(const Shape& shape, const std::vector<float>& values) {
    reference::Tensor tensor = reference::tensor_from_floats(shape, values);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const float scaled = values[i] * 4177920.0f;
        tensor.values[i] = static_cast<double>(std::floor(scaled + 0.5f)) / 16384 - 128;
    }
    return tensor;
}

struct Pair {
    Shape shape;
    std::vector<float> input, target;
};

Pair random_pair(const Shape& shape, Kind kind, std::uint64_t seed) {
    std::mt19937_64 random = random_stream(seed, 0);
    Pair pair{shape, values_of(kind, shape.values(), random), {}};
    pair.target = values_of(kind, shape.values(), random);
    return pair;
}

/// The images of the tensors of several pairs.
PictureSet set_of(const std::vector<Pair>& pairs) {
    std::vector<std::string> stems;
    std::vector<PictureSize> sizes;
    for (const Pair& pair : pairs) {
        for (std::uint32_t n = 0; n < pair.shape.n; ++n) {
            stems.push_back("p" + std::to_string(stems.size()));
            sizes.push_back({pair.shape.w, pair.shape.h});
        }
    }
    PictureSet set(stems, sizes);
    std::uint32_t index = 0;
    for (const Pair& pair : pairs) {
        const auto image = [&](const std::vector<float>& values, std::uint32_t n) {
            const auto first = values.begin() + static_cast<std::ptrdiff_t>(n * values.size() / pair.shape.n);
            const auto size = static_cast<std::ptrdiff_t>(values.size() / pair.shape.n);
            return Image{pair.shape.w, pair.shape.h, {first, first + size}};
        };
        for (std::uint32_t n = 0; n < pair.shape.n; ++n)
            set.set(index++, image(pair.input, n), image(pair.target, n));
    }
    return set;
}

PatchGram on_device(const Device& device, const Pair& pair, std::uint32_t radius) {
    return patch_gram(device, set_of({pair}), radius);
}

reference::PatchGram in_float64(const Pair& pair, std::uint32_t radius) {
    return reference::patch_gram(reference::patches_and_targets(
        in_levels(pair.shape, pair.input), in_levels(pair.shape, pair.target), radius, 0, 1));
}

std::size_t differing(const std::vector<double>& a, const std::vector<double>& b) {
    if (a.size() != b.size()) return std::numeric_limits<std::size_t>::max();
    std::size_t count = 0;
    for (std::size_t i = 0; i < a.size(); ++i) count += a[i] == b[i] ? 0 : 1;
    return count;
}

/// Bit for bit: sums of fewer than 2048 products of 22 bits each are exact in float64, in any order.
void check_exact(const Device& device, const Pair& pair, std::uint32_t radius) {
    const PatchGram gram = on_device(device, pair, radius);
    const reference::PatchGram expected = in_float64(pair, radius);
    REQUIRE(expected.pixels > 0);
    REQUIRE(expected.pixels < 2048);
    CHECK(gram.pixels == expected.pixels);
    CHECK(differing(gram.sum, expected.sum) == 0);
    CHECK(differing(gram.product, expected.product) == 0);
}

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "patch gram: the sums of plain loops, exactly") {
    const auto kind = GENERATE(Kind::levels, Kind::between);
    const auto [radius, height, width] = GENERATE(table<std::uint32_t, std::uint32_t, std::uint32_t>(
        {{0, 1, 1}, {1, 3, 8}, {1, 6, 141}, {2, 5, 5}, {2, 8, 9}, {2, 9, 8}, {2, 13, 17}}));
    INFO("radius " << radius << ", " << height << " x " << width << ", kind " << static_cast<int>(kind));
    check_exact(device, random_pair({2, 3, height, width}, kind, radius + 10), radius);
}

TEST_CASE_METHOD(DeviceFixture, "patch gram: of continued pictures every pixel counts") {
    const auto padding = GENERATE(PicturePadding::edge, PicturePadding::reflect);
    const auto [radius, height, width] =
        GENERATE(table<std::uint32_t, std::uint32_t, std::uint32_t>({{0, 3, 2}, {1, 1, 1}, {2, 3, 8}}));
    const Pair pair = random_pair({2, 3, height, width}, Kind::levels, 3);
    const PatchGram gram = patch_gram(device, set_of({pair}), radius, padding);
    const auto levels = [&, radius = radius](const std::vector<float>& values) {
        return reference::continued(in_levels(pair.shape, values), radius, padding);
    };
    const reference::PatchGram expected = reference::patch_gram(
        reference::patches_and_targets(levels(pair.input), levels(pair.target), radius, 0, 1));
    CHECK(gram.pixels == std::uint64_t{2} * height * width);
    CHECK(gram.pixels == expected.pixels);
    CHECK(differing(gram.sum, expected.sum) == 0);
    CHECK(differing(gram.product, expected.product) == 0);
}

TEST_CASE_METHOD(DeviceFixture, "patch gram: flat and dark pictures keep their digits") {
    const auto kind = GENERATE(Kind::flat, Kind::dark);
    INFO("kind " << static_cast<int>(kind));
    check_exact(device, random_pair({2, 3, 23, 5}, kind, 7), 1);
}

TEST_CASE_METHOD(DeviceFixture, "patch gram: the patches of the largest networks") {
    const auto kind = GENERATE(Kind::levels, Kind::between);
    const auto [radius, height, width] =
        GENERATE(table<std::uint32_t, std::uint32_t, std::uint32_t>({{4, 19, 11}, {6, 14, 29}}));
    INFO("radius " << radius << ", kind " << static_cast<int>(kind));
    check_exact(device, random_pair({1, 3, height, width}, kind, radius), radius);
}

TEST_CASE_METHOD(DeviceFixture, "patch gram: every level of 8 bits is a whole number") {
    Pair pair{{1, 3, 16, 16}, {}, {}};
    for (int i = 0; i < 768; ++i) pair.input.push_back(static_cast<float>(i % 256) / 255.0f);
    pair.target = pair.input;
    const PatchGram gram = on_device(device, pair, 0);
    double squares = 0;
    for (int level = 0; level < 256; ++level) squares += (level - 128.0) * (level - 128.0);
    CHECK(gram.product[0] == squares);
    CHECK(gram.sum[0] == -128.0);
    check_exact(device, pair, 1);
}

TEST_CASE_METHOD(DeviceFixture, "patch gram: extreme levels over a picture of many cells") {
    // Black and white, whose products are the largest; more than a call's rows and several cells of columns.
    const std::uint32_t height = 1031, width = 333, radius = 2;
    Pair pair{{1, 3, height, width}, std::vector<float>(std::size_t{3} * height * width, 0.0f), {}};
    pair.target.assign(pair.input.size(), 1.0f);
    const PatchGram gram = on_device(device, pair, radius);
    const double pixels = (height - 4.0) * (width - 4.0);
    REQUIRE(gram.pixels == static_cast<std::uint64_t>(pixels));
    const std::size_t patch = gram.patch(), size = patch + 3;
    for (std::size_t a = 0; a < size; ++a) {
        const double one = a < patch ? -128.0 : 127.0;
        CHECK(gram.sum[a] == one * pixels);
        for (std::size_t b = 0; b < size; ++b) {
            REQUIRE(gram.product[a * size + b] == one * (b < patch ? -128.0 : 127.0) * pixels);
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "patch gram: pictures smaller than the patch have no pixel") {
    const auto [height, width] = GENERATE(table<std::uint32_t, std::uint32_t>({{1, 1}, {4, 9}, {9, 4}}));
    const PatchGram gram = on_device(device, random_pair({2, 3, height, width}, Kind::levels, 3), 2);
    CHECK(gram.pixels == 0);
    CHECK(gram.sum == std::vector<double>(78, 0.0));
}

TEST_CASE_METHOD(DeviceFixture, "patch gram: pictures of unequal sizes, in parts where they are large") {
    const auto padding = GENERATE(PicturePadding::zero, PicturePadding::edge, PicturePadding::reflect);
    const std::uint32_t radius = GENERATE(1u, 2u);
    // Parts of 73x73 pixels at most, and pictures that are one part, many, and as small as a patch or
    // smaller.
    const std::unique_ptr<Device> limited = device_that_binds(1 << 16);
    std::vector<Pair> pairs;
    reference::PatchGram expected;
    for (const auto& [height, width] : {std::pair{73u, 73u}, {3u, 201u}, {90u, 74u}, {2u, 2u}, {33u, 151u}}) {
        pairs.push_back(random_pair({1, 3, height, width}, Kind::levels, height));
        const auto levels = [&](const std::vector<float>& values) {
            const reference::Tensor tensor = in_levels(pairs.back().shape, values);
            return padding == PicturePadding::zero ? tensor : reference::continued(tensor, radius, padding);
        };
        const reference::Tensor input = levels(pairs.back().input);
        if (std::min(input.shape.h, input.shape.w) <= 2 * radius) continue;
        const reference::PatchGram one = reference::patch_gram(
            reference::patches_and_targets(input, levels(pairs.back().target), radius, 0, 1));
        expected.pixels += one.pixels;
        expected.sum.resize(one.sum.size());
        expected.product.resize(one.product.size());
        for (std::size_t a = 0; a < one.sum.size(); ++a) expected.sum[a] += one.sum[a];
        for (std::size_t a = 0; a < one.product.size(); ++a) expected.product[a] += one.product[a];
    }
    REQUIRE(expected.pixels > 100);
    const PatchGram whole = patch_gram(device, set_of(pairs), radius, padding);
    const PatchGram parts = patch_gram(*limited, set_of(pairs), radius, padding);
    for (const PatchGram* gram : {&whole, &parts}) {
        CHECK(gram->pixels == expected.pixels);
        CHECK(differing(gram->sum, expected.sum) == 0);
        CHECK(differing(gram->product, expected.product) == 0);
    }
}

TEST_CASE_METHOD(DeviceFixture, "patch gram: the same bits again") {
    const Pair pair = random_pair({2, 3, 37, 41}, Kind::between, 5);
    const PatchGram once = on_device(device, pair, 2), again = on_device(device, pair, 2);
    CHECK(once.product == again.product);
}
