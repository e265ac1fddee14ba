#include "check/kernel_cases.h"
#include "device_fixture.h"

using namespace shadenet;
using namespace shadenet::check;

namespace {

/// Odd shapes, no two extents alike, wider than two workgroups, smaller than a kernel.
const Shape shapes[] = {{2, 3, 5, 7}, {3, 5, 7, 130}, {1, 1, 1, 1}, {5, 2, 3, 1}, {1, 16, 1, 67}};

bool fits(const ConvCase& one) {
    return one.padding == Padding::same || (one.x.h >= one.kernel && one.x.w >= one.kernel);
}

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "conv: every kernel size, stride and padding on odd shapes") {
    std::uint64_t seed = 0;
    int cases = 0;
    for (const Shape& x : shapes) {
        for (const std::uint32_t kernel : {1u, 3u, 5u, 7u}) {
            for (const std::uint32_t stride : {1u, 2u, 3u}) {
                // On the first two shapes every stride, on the others one by turns: shaders are compiled for
                // each, which takes longer than running them.
                const auto shape = static_cast<std::uint32_t>(&x - shapes);
                if (shape >= 2 && (shape + kernel / 2) % 3 + 1 != stride) continue;
                for (const Padding padding : {Padding::same, Padding::valid}) {
                    const ConvCase one{x, 4 + kernel, kernel, stride, padding, Data::normal, ++seed};
                    if (!fits(one)) continue;
                    require_passed(check_conv(device, one));
                    ++cases;
                }
            }
        }
    }
    CHECK(cases == 60);
}

TEST_CASE_METHOD(DeviceFixture, "conv: channel counts on both sides of a thread's tile") {
    for (const std::uint32_t in : {1u, 3u, 16u, 31u, 64u}) {
        for (const std::uint32_t out : {1u, 3u, 16u, 31u, 64u}) {
            const std::uint32_t kernel = in + out > 60 ? 3 : 5;
            require_passed(
                check_conv(device, {{2, in, 5, 11}, out, kernel, 1, Padding::same, Data::normal, in}));
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "conv: small integers times 0.5 come out exactly") {
    for (const std::uint32_t kernel : {1u, 3u, 5u, 7u}) {
        for (const std::uint32_t stride : {1u, 2u}) {
            const ConvCase one{{3, 5, 11, 67}, 9, kernel, stride, Padding::same, Data::halves, kernel};
            require_passed(check_conv(device, one));
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "conv: data far from zero") {
    require_passed(check_conv(device, {.x = {2, 3, 13, 19}, .data = Data::ugly}));
    require_passed(check_conv(device, {.x = {2, 16, 13, 19}, .out_channels = 3, .data = Data::offset}));
}

TEST_CASE_METHOD(DeviceFixture,
                 "conv: a bias that feeds a norm has no gradient in training, and one in inference") {
    const ConvCase training{.x = {2, 3, 5, 7}, .bias_path = BiasPath::norm};
    require_passed(check_conv(device, training));
    ConvCase inference = training;
    inference.mode = Mode::inference;
    require_passed(check_conv(device, inference));
}

TEST_CASE_METHOD(DeviceFixture, "conv: more values than one call takes") {
    // 33 images of 511,209 values: a call takes at most 16 Mi, which is 32 of them.
    require_passed(check_conv(device, {.x = {33, 1, 719, 711}, .out_channels = 1, .kernel = 1}));
}

TEST_CASE_METHOD(DeviceFixture, "conv: weight gradients whose partial sums take several calls") {
    // 130 columns x 64 outputs x 279 weights = 2.3 Mi sums an image, of which a call has room for 8 Mi.
    require_passed(check_conv(device, {.x = {5, 31, 7, 130}, .out_channels = 64}));
    // 130 columns x 130 outputs x 576 weights = 9.3 Mi sums: the outputs are cut, too, into 64, 64 and 2.
    require_passed(check_conv(device, {.x = {2, 64, 3, 130}, .out_channels = 130}));
}

TEST_CASE_METHOD(DeviceFixture, "conv: a smaller batch that takes more scratch than the largest") {
    // 115 columns x 64 outputs x 279 weights = 2 Mi sums an image: four fit one call, of five only three do.
    require_passed(check_conv(device, {.x = {4, 31, 3, 115}, .out_channels = 64, .largest_images = 5}));
}

TEST_CASE_METHOD(DeviceFixture, "conv: a million pixels in one sum") {
    require_passed(check_conv(device, {.x = {1, 1, 1031, 1033}, .out_channels = 1}));
}

TEST_CASE_METHOD(DeviceFixture, "conv: the same input gives the same bits") {
    const ConvCase one{.x = {3, 5, 7, 130}, .out_channels = 9};
    require_same_bits(check_conv(device, one), check_conv(device, one));
}
