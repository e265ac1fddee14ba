// Pixels of every format into packed images and back, against plain loops in double.
#include "engine/stack/pixel_packing.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <iterator>
#include <limits>
#include <random>
#include <type_traits>
#include <vector>

#include "base/error.h"
#include "device_fixture.h"
#include "engine/filter_test_tools.h"
#include "engine/tiles/tile_pixels.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

constexpr PixelRange pixel_ranges[] = {{0, 1}, {-1, 1}, {0, 255}, {-0.25f, 2}, {65535, 65536}};
constexpr float infinite_value = std::numeric_limits<float>::infinity();
constexpr float nan_value = std::numeric_limits<float>::quiet_NaN();

TileWindow whole_axis(std::uint32_t length) {
    return {length, 0, length, 0, length, 0, length};
}

/// Keeps the kernels: compiling takes most of the time.
class PixelFixture : public DeviceFixture {
  public:
    using DeviceFixture::device;
    PixelFixture() {
        for (const PixelRange& range : pixel_ranges) packings.emplace_back(device, range);
    }
    const PixelPacking& packing(const PictureTile& tile) {
        const auto range = std::find(std::begin(pixel_ranges), std::end(pixel_ranges), tile.range);
        return packings[static_cast<std::size_t>(range - std::begin(pixel_ranges))].of(tile.format);
    }

  private:
    std::deque<PixelPackings> packings;
};

template <class Kind>
PictureTile whole_tile(const Kind& picture, const PixelRange& range) {
    return {whole_axis(picture.height), whole_axis(picture.width), format_of<Kind>, range};
}

/// The picture's pixels as the kernel reads them, [3,h,w].
template <class Kind>
std::vector<float> read_by_kernel(PixelFixture& fixture, const Kind& picture, const PictureTile& tile) {
    const Buffer memory(fixture.device, tile.bytes(), "pixels");
    std::vector<std::byte> bytes(tile.bytes());
    gather(picture, tile, bytes);
    memory.write(0, bytes);
    const PackedTensor packed(fixture.device, {1, 3, tile.rows.reads, tile.columns.reads}, "packed");
    Recorder recorder(fixture.device);
    fixture.packing(tile).read(recorder, tile, memory, packed.view());
    recorder.finish();
    return packed.view().download();
}

/// Brings values [3,h,w] into the picture, mixed with what it was.
template <class Kind>
void write_by_kernel(PixelFixture& fixture, const std::vector<float>& values, const PictureTile& tile,
                     Kind& picture, float strength = 1) {
    const Buffer memory(fixture.device, tile.bytes(), "pixels"),
        result(fixture.device, tile.result_bytes(), "result");
    std::vector<std::byte> bytes(tile.bytes());
    gather(picture, tile, bytes);
    memory.write(0, bytes);
    const PackedTensor packed(fixture.device, {1, 3, tile.rows.makes, tile.columns.makes}, "packed");
    packed.view().upload(values);
    const PackedTensor input(fixture.device, {1, 3, tile.rows.reads, tile.columns.reads}, "input");
    Recorder recorder(fixture.device);
    fixture.packing(tile).read(recorder, tile, memory, input.view());
    recorder.fill(result.whole(), ~0u);
    fixture.packing(tile).write(recorder, tile, packed.view(), input.view(), strength, result);
    recorder.finish();
    bytes.resize(tile.result_bytes());
    result.read(0, bytes);
    scatter(bytes, tile, picture);
}

template <class Sample>
Sample level_in(const PixelRange& range, float value) {
    const double clamped = std::clamp(range.out_of(static_cast<double>(value)), 0.0, 1.0);
    return static_cast<Sample>(std::floor(clamped * std::numeric_limits<Sample>::max() + 0.5));
}

/// Values from three floats below each half to three above.
template <class Sample>
std::vector<float> around_halves(const PixelRange& range) {
    constexpr int white = std::numeric_limits<Sample>::max();
    std::vector<float> values;
    for (int level = -1; level <= white; ++level) {
        auto value = static_cast<float>(range.into((level + 0.5) / white));
        for (int i = 0; i < 3; ++i) value = std::nextafter(value, -infinite_value);
        for (int i = 0; i < 7; ++i) {
            values.push_back(value);
            value = std::nextafter(value, infinite_value);
        }
    }
    for (const float far : {-0.0f, 0.0f, 1e-30f, 1e-45f, 3e38f, -3e38f, 1e9f}) values.push_back(far);
    return values;
}

/// Three planes of `pixels` values.
std::vector<float> filled(const std::vector<float>& values, std::size_t pixels) {
    std::vector<float> all(3 * pixels);
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = values[i % values.size()];
    return all;
}

template <class Sample>
void check_read(PixelFixture& fixture, std::uint32_t width, std::uint32_t height, const PixelRange& range) {
    const Picture<Sample> picture = noise<Sample>(width, height);
    const std::vector<float> found = read_by_kernel(fixture, picture, whole_tile(picture, range));
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < picture.rgb.size(); ++i) {
        const float unit =
            static_cast<float>(picture.rgb[i]) / static_cast<float>(std::numeric_limits<Sample>::max());
        const auto expected = static_cast<float>(range.into(static_cast<double>(unit)));
        wrong += !(found[i % 3 * picture.plane() + i / 3] == expected);
    }
    CHECK(wrong == 0);
}

template <class Sample>
void check_write(PixelFixture& fixture, std::uint32_t width, std::uint32_t height, const PixelRange& range,
                 const std::vector<float>& values) {
    Picture<Sample> picture = noise<Sample>(width, height);
    const std::vector<float> all = filled(values, picture.plane());
    write_by_kernel(fixture, all, whole_tile(picture, range), picture);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < picture.rgb.size(); ++i) {
        wrong += picture.rgb[i] != level_in<Sample>(range, all[i % 3 * picture.plane() + i / 3]);
    }
    CHECK(wrong == 0);
}

/// The message about `value` in row 3, column 6, channel 2 of a tile whose own pixels begin at row 2,
/// column 5.
template <class Sample>
std::string message_about(PixelFixture& fixture, float value, std::uint32_t row, std::uint32_t column) {
    Picture<Sample> picture = noise<Sample>(20, 30);
    const PictureTile tile{{30, 2, 4, 1, 6, 1, 6}, {20, 5, 3, 4, 7, 4, 7}, format_of<Picture<Sample>>};
    std::vector<float> values(3 * 6 * 7, 0.5f);
    values[(2 * 6 + row - 1) * 7 + column - 4] = value;
    values[(2 * 6 + row) * 7 + column - 4] = value;  // the first one counts
    return message_of<BadResult>([&] { write_by_kernel(fixture, values, tile, picture); });
}

}  // namespace

TEST_CASE_METHOD(PixelFixture, "pixels of integers are read exactly, in any range and size") {
    for (const PixelRange& range : pixel_ranges) {
        for (const auto& [width, height] :
             {std::pair{1u, 1u}, {2u, 1u}, {3u, 5u}, {4u, 4u}, {5u, 3u}, {70u, 66u}, {67u, 9u}}) {
            INFO(to_string(range) << ", " << width << "x" << height);
            check_read<std::uint8_t>(*this, width, height, range);
            check_read<std::uint16_t>(*this, width, height, range);
        }
    }
}

TEST_CASE_METHOD(PixelFixture, "every level of 16 bits is read exactly") {
    Picture16 all{257, 85, std::vector<std::uint16_t>(std::size_t{3} * 257 * 85)};
    REQUIRE(all.rgb.size() == 65535);
    for (std::size_t i = 0; i < all.rgb.size(); ++i) all.rgb[i] = static_cast<std::uint16_t>(i + 1);
    const std::vector<float> found = read_by_kernel(*this, all, whole_tile(all, {}));
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < all.rgb.size(); ++i) {
        wrong += !(found[i % 3 * all.plane() + i / 3] == static_cast<float>(all.rgb[i]) / 65535.0f);
    }
    CHECK(wrong == 0);
}

TEST_CASE_METHOD(PixelFixture, "pixels of integers are rounded exactly, in any range and size") {
    for (const PixelRange& range : pixel_ranges) {
        INFO(to_string(range));
        const std::vector<float> halves8 = around_halves<std::uint8_t>(range);
        const std::vector<float> halves16 = around_halves<std::uint16_t>(range);
        check_write<std::uint8_t>(*this, 67, 11, range, halves8);  // more than all of them
        check_write<std::uint16_t>(*this, 399, 385, range, halves16);
        for (const auto& [width, height] :
             {std::pair{1u, 1u}, {2u, 1u}, {3u, 5u}, {4u, 4u}, {5u, 3u}, {70u, 66u}}) {
            INFO(width << "x" << height);
            check_write<std::uint8_t>(*this, width, height, range, halves8);
            check_write<std::uint16_t>(*this, width, height, range, halves16);
        }
    }
}

TEST_CASE_METHOD(PixelFixture, "pixels of floats keep their bits, whatever they are") {
    const std::vector<float> values = {0.25f, -0.0f, 1e-45f, infinite_value, -infinite_value, 3e38f, -7.5f};
    for (const auto& [width, height] : {std::pair{1u, 1u}, {3u, 5u}, {6u, 2u}, {70u, 66u}}) {
        const std::size_t pixels = std::size_t{width} * height;
        const Image image{width, height, filled(values, pixels)};
        CHECK(read_by_kernel(*this, image, whole_tile(image, {})) == image.values);
        Image made{width, height, std::vector<float>(3 * pixels, 5.0f)};
        write_by_kernel(*this, image.values, whole_tile(made, {}), made);
        CHECK(same_picture(made, image));
    }
}

TEST_CASE_METHOD(PixelFixture, "the first value that is not finite is told, in both depths") {
    const std::pair<float, const char*> numbers[] = {{nan_value, "makes nan of"},
                                                     {-nan_value, "makes -nan of"},
                                                     {infinite_value, "makes inf of"},
                                                     {-infinite_value, "makes -inf of"}};
    for (const auto& [value, text] : numbers) {
        for (const std::string& message : {message_about<std::uint8_t>(*this, value, 3, 6),
                                           message_about<std::uint16_t>(*this, value, 3, 6)}) {
            CHECK(contains(message, std::string(text) + " row 3, column 6, channel 2"));
        }
    }
}

TEST_CASE_METHOD(PixelFixture, "values that are not finite around a tile's own pixels are passed over") {
    Picture8 picture = noise<std::uint8_t>(20, 30);
    const PictureTile tile{{30, 2, 4, 1, 6, 1, 6}, {20, 5, 3, 4, 7, 4, 7}, PixelFormat::bits8};
    std::vector<float> values(3 * 6 * 7, infinite_value);
    for (std::size_t c = 0; c < 3; ++c) {
        for (std::size_t y = 1; y < 5; ++y) std::fill_n(&values[(c * 6 + y) * 7 + 1], 3, 0.2f);
    }
    const Picture8 before = picture;
    write_by_kernel(*this, values, tile, picture);
    for (std::uint32_t y = 0; y < 30; ++y) {
        for (std::uint32_t x = 0; x < 20; ++x) {
            const bool own = y >= 2 && y < 6 && x >= 5 && x < 8;
            const std::size_t at = 3 * (y * 20 + x);
            REQUIRE(picture.rgb[at + 1] == (own ? 51 : before.rgb[at + 1]));
        }
    }
}

TEST_CASE_METHOD(PixelFixture, "pixels are mixed with the picture's") {
    Picture16 picture = noise<std::uint16_t>(13, 7);
    const Picture16 before = picture;
    const std::vector<float> values = filled({0.1f, 0.9f, 0.4f, 0.7f, 0.3f}, picture.plane());
    write_by_kernel(*this, values, whole_tile(picture, {}), picture, 0.25f);
    for (std::size_t i = 0; i < picture.rgb.size(); ++i) {
        const double mixed = 0.75 * before.rgb[i] + 0.25 * 65535 * values[i % 3 * picture.plane() + i / 3];
        REQUIRE(std::abs(picture.rgb[i] - mixed) <= 0.51);
    }
    picture = before;
    write_by_kernel(*this, values, whole_tile(picture, {}), picture, 0);
    CHECK(same_picture(picture, before));
    // A tile that reads more than it makes: rows 2 to 5 and columns 5 to 11, with 3 more on each side.
    const PictureTile inner{{7, 2, 4, 2u - 3, 4 + 6, 2, 4},
                            {13, 5, 7, 5 - 3, 7 + 6, 5, 7},
                            PixelFormat::bits16,
                            {},
                            PicturePadding::edge};
    write_by_kernel(*this, filled({0.5f}, 4 * 7), inner, picture, 0);
    CHECK(same_picture(picture, before));
}
