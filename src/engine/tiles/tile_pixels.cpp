#include "engine/tiles/tile_pixels.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include <fmt/format.h>

#include "base/error.h"

namespace shadenet {

namespace {

template <class Kind>
using SampleOf =
    std::conditional_t<std::is_same_v<Kind, Image>, float,
                       std::conditional_t<std::is_same_v<Kind, Picture8>, std::uint8_t, std::uint16_t>>;

/// Planes of a picture, and values of a pixel in each.
template <class Kind>
constexpr std::uint32_t planes_of = std::is_same_v<Kind, Image> ? 3 : 1;
template <class Kind>
constexpr std::size_t per_pixel = 3 / planes_of<Kind>;

/// Where a row of one plane begins at a column.
auto* values_at(auto& picture, std::uint32_t plane, std::uint32_t row, std::uint32_t column) {
    const std::size_t pixel = std::size_t{row} * picture.width + column;
    if constexpr (requires { picture.values; }) {
        return &picture.values[plane * picture.plane() + pixel];
    } else {
        return &picture.rgb[3 * pixel];
    }
}

/// The columns of a tile's rows that lie in the picture.
struct Inside {
    std::uint32_t before;       ///< columns to the left of the picture
    std::uint32_t first, last;  ///< columns of the picture, the last not included
};

Inside inside(const TileWindow& columns) {
    const std::uint32_t before = columns.read > columns.write ? 0 - columns.read : 0;
    return {before, columns.read + before, std::min(columns.length, columns.read + columns.reads)};
}

/// Fills rows of `pitch` values, one after the other.
template <class Kind>
void gather_plane(const Kind& picture, const PictureTile& tile, std::uint32_t plane, SampleOf<Kind>* to,
                  std::size_t pitch) {
    const Inside columns = inside(tile.columns);
    const std::size_t before = columns.before * per_pixel<Kind>;
    const std::size_t count = (columns.last - columns.first) * per_pixel<Kind>;
    for (std::uint32_t i = 0; i < tile.rows.reads; ++i) {
        const std::span<SampleOf<Kind>> values(to + i * pitch, pitch);
        // Above the picture the sum wraps around to a large number, which is outside too.
        const std::uint32_t row = tile.rows.read + i;
        if (row >= tile.rows.length) {
            std::ranges::fill(values, SampleOf<Kind>{0});
            continue;
        }
        const std::span<SampleOf<Kind>> filled = values.subspan(before, count);
        std::ranges::fill(values.first(before), SampleOf<Kind>{0});
        std::memcpy(filled.data(), values_at(picture, plane, row, columns.first), filled.size_bytes());
        if constexpr (std::is_same_v<Kind, Image>) tile.range.bring_into(filled);
        std::ranges::fill(values.subspan(before + count), SampleOf<Kind>{0});
    }
}

/// Throws BadResult for the place that the kernels report, if they do. See shaders/include/pixels.glsl.
template <class Sample>
void check_finite(std::span<const std::byte> memory, const PictureTile& tile) {
    std::uint32_t place;
    std::memcpy(&place, &memory[tile.report()], sizeof place);
    if (place == ~0u) return;
    const std::uint32_t column = place % tile.columns.makes, above = place / tile.columns.makes;
    const std::uint32_t row = above % tile.rows.makes, colour = above / tile.rows.makes;
    const auto* samples = reinterpret_cast<const Sample*>(memory.data());
    const std::size_t pitch = std::size_t{tile.result_pitch()} * 4 / sizeof(Sample);
    constexpr float infinity = std::numeric_limits<float>::infinity();
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    constexpr float numbers[] = {nan, -nan, -infinity, infinity};
    throw BadResult(fmt::format(
        "the network makes {} of row {}, column {}, channel {}; its numbers are too large or damaged: check "
        "the model with `shadenet inspect`",
        numbers[samples[row * pitch + 3 * column + colour] & 3], tile.rows.made + row,
        tile.columns.made + column, colour));
}

}  // namespace

template <class Kind>
void gather(const Kind& picture, const PictureTile& tile, std::span<std::byte> memory) {
    auto* values = reinterpret_cast<SampleOf<Kind>*>(memory.data());
    const std::size_t per_word = 4 / sizeof *values;
    for (std::uint32_t plane = 0; plane < planes_of<Kind>; ++plane) {
        gather_plane(picture, tile, plane, values + plane * tile.plane() * per_word, tile.pitch() * per_word);
    }
}

template <class Kind>
void scatter(std::span<const std::byte> memory, const PictureTile& tile, Kind& picture) {
    const TileWindow &rows = tile.rows, &columns = tile.columns;
    const auto* values = reinterpret_cast<const SampleOf<Kind>*>(memory.data());
    const std::size_t per_word = 4 / sizeof *values, count = columns.count * per_pixel<Kind>;
    if constexpr (!std::is_same_v<Kind, Image>) check_finite<SampleOf<Kind>>(memory, tile);
    for (std::uint32_t plane = 0; plane < planes_of<Kind>; ++plane) {
        for (std::uint32_t i = 0; i < rows.count; ++i) {
            const std::size_t row = std::size_t{plane} * rows.makes + rows.write - rows.made + i;
            const auto* from = values + row * tile.result_pitch() * per_word +
                               (columns.write - columns.made) * per_pixel<Kind>;
            auto* to = values_at(picture, plane, rows.write + i, columns.write);
            std::memcpy(to, from, count * sizeof *to);
            if constexpr (std::is_same_v<Kind, Image>) tile.range.bring_out_of({to, count});
        }
    }
}

template void gather(const Image&, const PictureTile&, std::span<std::byte>);
template void gather(const Picture8&, const PictureTile&, std::span<std::byte>);
template void gather(const Picture16&, const PictureTile&, std::span<std::byte>);
template void scatter(std::span<const std::byte>, const PictureTile&, Image&);
template void scatter(std::span<const std::byte>, const PictureTile&, Picture8&);
template void scatter(std::span<const std::byte>, const PictureTile&, Picture16&);

}  // namespace shadenet
