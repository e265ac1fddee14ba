// Pictures painted into an image without a window, and read back.
#include "gpu/picture_pipeline.h"

#include <array>
#include <limits>

#include "base/error.h"
#include "offscreen.h"

using namespace shadenet;

namespace {

/// Of the planes a, and nothing around it on the screen, which has as many pixels as `at` says.
struct Shown {
    std::vector<float> values;  // 3 planes of 4 x 2
    Rectangle at{0, 0, 4, 2};
    Rectangle uv{0, 0, 1, 1};
    float gain = 0;
    std::vector<float> other = {};
};

constexpr std::uint32_t width = 4, height = 2, plane = width * height;

/// Planes that begin one float later, with pitch and plane larger than need be.
PixelPlanes upload(const Buffer& buffer, const std::vector<float>& values) {
    constexpr std::uint32_t offset = 1, pitch = 6, stride = 20;
    std::vector<float> spread(offset + 3 * stride, std::numeric_limits<float>::quiet_NaN());
    for (std::uint32_t c = 0; c < 3; ++c) {
        for (std::uint32_t i = 0; i < plane; ++i)
            spread[offset + c * stride + i / width * pitch + i % width] = values[c * plane + i];
    }
    buffer.upload(std::span<const float>(spread));
    return {buffer.whole(), width, height, offset, pitch, stride};
}

std::vector<std::array<std::uint8_t, 4>> paint(const Device& device, const Shown& shown,
                                               std::uint32_t screen_width, std::uint32_t screen_height) {
    Offscreen screen(device, screen_width, screen_height);
    PicturePipeline painter(device, screen.render_pass(), 1);
    const Buffer a(device, 61 * sizeof(float), "a"), b(device, 61 * sizeof(float), "b");
    PaintedPicture picture;
    picture.a = upload(a, shown.values);
    if (shown.gain != 0) picture.b = upload(b, shown.other);
    picture.gain = shown.gain;
    picture.screen = shown.at;
    picture.uv = shown.uv;
    picture.scissor = {{0, 0}, {screen_width, screen_height}};
    painter.begin_frame(0);
    return screen.draw(
        [&](VkCommandBuffer commands) { painter.paint(commands, screen_width, screen_height, picture); });
}

/// Values that all differ, and lie between two grey levels.
std::vector<float> ramp() {
    std::vector<float> values(3 * plane);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = (static_cast<float>(10 * i) + 0.3f) / 255;
    return values;
}

using Pixel = std::array<std::uint8_t, 4>;

Pixel ramp_pixel(std::uint32_t i) {
    const auto level = [&](std::uint32_t c) { return static_cast<std::uint8_t>(10 * (c * plane + i)); };
    return {level(0), level(1), level(2), 255};
}

}  // namespace

TEST_CASE_METHOD(GraphicsFixture,
                 "painter: a picture of the screen's size is shown as a file would keep it") {
    const auto pixels = paint(device, {ramp()}, width, height);
    for (std::uint32_t i = 0; i < plane; ++i) CHECK(pixels[i] == ramp_pixel(i));
}

TEST_CASE_METHOD(GraphicsFixture, "painter: values are clamped and rounded, a half upwards") {
    std::vector<float> values(3 * plane, 0.0f);
    values[0] = -0.5f;
    values[1] = 1.5f;
    values[2] = 100.49f / 255;
    values[3] = 100.51f / 255;
    const auto pixels = paint(device, {values}, width, height);
    CHECK(pixels[0][0] == 0);
    CHECK(pixels[1][0] == 255);
    CHECK(pixels[2][0] == 100);
    CHECK(pixels[3][0] == 101);
}

TEST_CASE_METHOD(GraphicsFixture, "painter: an enlarged picture shows its pixels as squares") {
    const auto pixels = paint(device, {ramp(), {0, 0, 12, 6}}, 12, 6);
    for (std::uint32_t y = 0; y < 6; ++y) {
        for (std::uint32_t x = 0; x < 12; ++x) CHECK(pixels[y * 12 + x] == ramp_pixel(y / 3 * width + x / 3));
    }
}

TEST_CASE_METHOD(GraphicsFixture,
                 "painter: a part of a picture fills the rectangle, and leaves the rest alone") {
    const auto pixels = paint(device, {ramp(), {1, 1, 3, 2}, {0.5f, 0.5f, 1, 1}}, width, height);
    CHECK(pixels[0] == Pixel{0, 0, 0, 0});
    CHECK(pixels[5] == ramp_pixel(6));
    CHECK(pixels[6] == ramp_pixel(7));
    CHECK(pixels[7] == Pixel{0, 0, 0, 0});
}

TEST_CASE_METHOD(GraphicsFixture,
                 "painter: a shrunk picture shows means of what it would show at full size") {
    std::vector<float> values(3 * plane, 0.0f);
    values[0] = 2.0f;  // shown as 1
    values[1] = values[4] = values[5] = 0.2f;
    const auto pixels = paint(device, {values, {0, 0, 2, 1}}, 2, 1);
    CHECK(pixels[0] == Pixel{102, 0, 0, 255});  // (1 + 3 * 0.2) / 4
    CHECK(pixels[1] == Pixel{0, 0, 0, 255});
}

TEST_CASE_METHOD(GraphicsFixture, "painter: a difference is enlarged around grey") {
    std::vector<float> a(3 * plane, 0.5f), b(3 * plane, 0.5f);
    a[0] = 0.61f;
    b[1] = 0.61f;
    b[2] = 9.0f;
    const auto pixels = paint(device, {a, {0, 0, 4, 2}, {0, 0, 1, 1}, 2, b}, width, height);
    CHECK(pixels[0] == Pixel{184, 128, 128, 255});  // 0.5 + 2 * 0.11
    CHECK(pixels[1] == Pixel{71, 128, 128, 255});
    CHECK(pixels[2] == Pixel{0, 128, 128, 255});
}

TEST_CASE_METHOD(GraphicsFixture, "painter: what is no number is magenta") {
    for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                            -std::numeric_limits<float>::infinity()}) {
        std::vector<float> values(3 * plane, 0.25f);
        values[2 * plane + 3] = bad;
        const auto pixels = paint(device, {values}, width, height);
        CHECK(pixels[3] == Pixel{255, 0, 255, 255});
        CHECK(pixels[2] == Pixel{64, 64, 64, 255});
    }
}

TEST_CASE_METHOD(GraphicsFixture, "painter: planes beyond their buffer are refused") {
    const Offscreen screen(device, 1, 1);
    const PicturePipeline painter(device, screen.render_pass(), 1);
    const Buffer buffer(device, 3 * plane * sizeof(float), "planes");
    const PixelPlanes good{buffer.whole(), width, height, 0, width, plane};
    CHECK_NOTHROW(painter.check(good));
    PixelPlanes bad = good;
    bad.offset = 1;
    CHECK_THROWS_WITH(painter.check(bad), ContainsSubstring("planes"));
    bad = good;
    bad.height = 0;
    CHECK_THROWS_AS(painter.check(bad), WorkError);
    bad = good;
    bad.pitch = 0xffffffff;
    CHECK_THROWS_AS(painter.check(bad), WorkError);
    CHECK_THROWS_AS(painter.check(PixelPlanes{}), WorkError);
}
