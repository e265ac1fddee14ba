#include "engine/tiles/tile_pixels.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include <fmt/format.h>

#include "base/error.h"
#include "model/picture_padding.h"

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

/// Where pixel `i` of a window lies along the axis. A start before the first pixel has wrapped around.
std::int64_t place_of(const TileWindow& window, std::uint32_t i) {
    return std::int64_t{static_cast<std::int32_t>(window.read)} + i;
}

/// The columns that a tile reads of one row of a picture.
template <class Kind>
void gather_row(const Kind& picture, const PictureTile& tile, std::uint32_t plane, std::uint32_t row,
                std::span<SampleOf<Kind>> to) {
    constexpr std::size_t samples = per_pixel<Kind>;
    const TileWindow& columns = tile.columns;
    const SampleOf<Kind>* from = values_at(picture, plane, row, 0);
    const std::int64_t read = place_of(columns, 0), end = read + columns.reads;
    // Those that lie in the picture; a window beyond an edge has none.
    const std::int64_t first = std::clamp<std::int64_t>(0, read, end);
    const std::int64_t last = std::clamp<std::int64_t>(columns.length, read, end);
    const auto inside = to.subspan(static_cast<std::size_t>(first - read) * samples);
    std::memcpy(inside.data(), from + first * samples,
                static_cast<std::size_t>(last - first) * samples * sizeof *from);
    if constexpr (std::is_same_v<Kind, Image>)
        tile.range.bring_into(inside.first(static_cast<std::size_t>(last - first)));
    const auto continue_at = [&](std::int64_t column) {
        const auto pixel = to.subspan(static_cast<std::size_t>(column - read) * samples, samples);
        const auto source = continued_pixel(column, columns.length, tile.padding);
        if (!source) {
            std::ranges::fill(pixel, SampleOf<Kind>{0});
            return;
        }
        std::ranges::copy(std::span(from + *source * samples, samples), pixel.begin());
        if constexpr (std::is_same_v<Kind, Image>) tile.range.bring_into(pixel);
    };
    for (std::int64_t column = read; column < first; ++column) continue_at(column);
    for (std::int64_t column = last; column < end; ++column) continue_at(column);
    std::ranges::fill(to.subspan(columns.reads * samples), SampleOf<Kind>{0});
}

/// Fills rows of `pitch` values, one after the other.
template <class Kind>
void gather_plane(const Kind& picture, const PictureTile& tile, std::uint32_t plane, SampleOf<Kind>* to,
                  std::size_t pitch) {
    for (std::uint32_t i = 0; i < tile.rows.reads; ++i) {
        const std::span<SampleOf<Kind>> values(to + i * pitch, pitch);
        const auto row = continued_pixel(place_of(tile.rows, i), tile.rows.length, tile.padding);
        if (row) {
            gather_row(picture, tile, plane, *row, values);
        } else {
            std::ranges::fill(values, SampleOf<Kind>{0});
        }
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
