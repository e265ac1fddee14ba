#include "engine/tiles/tile_pixels.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include <fmt/format.h>

#include "base/error.h"

namespace shadenet {

namespace {

/// Where a part of a picture's row begins.
struct RowStart {
    std::uint32_t colour, row, column;
};

std::size_t pixel(const auto& picture, const RowStart& start) {
    return std::size_t{start.row} * picture.width + start.column;
}

template <class Sample>
constexpr Sample white = std::numeric_limits<Sample>::max();

void read_row(const Image& picture, const RowStart& start, std::span<float> values, const PixelRange& range) {
    const float* from = &picture.values[start.colour * picture.plane() + pixel(picture, start)];
    std::copy_n(from, values.size(), values.begin());
    range.bring_into(values);
}

template <class Sample>
void read_row(const Picture<Sample>& picture, const RowStart& start, std::span<float> values,
              const PixelRange& range) {
    const Sample* from = &picture.rgb[3 * pixel(picture, start) + start.colour];
    constexpr auto divisor = static_cast<float>(white<Sample>);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(from[3 * i]) / divisor;
    range.bring_into(values);
}

void check_finite(std::span<const float> values, const RowStart& start) {
    const auto bad =
        std::find_if(values.begin(), values.end(), [](float value) { return !std::isfinite(value); });
    if (bad == values.end()) return;
    throw BadResult(fmt::format(
        "the network makes {} of row {}, column {}, channel {}; its numbers are too large or damaged: check "
        "the model with `shadenet inspect`",
        *bad, start.row, start.column + (bad - values.begin()), start.colour));
}

void write_row(std::span<const float> values, const RowStart& start, Image& picture,
               const PixelRange& range) {
    float* to = &picture.values[start.colour * picture.plane() + pixel(picture, start)];
    std::copy(values.begin(), values.end(), to);
    range.bring_out_of({to, values.size()});
}

// In double the product is exact, so that a half is the only tie, and it goes up.
template <class Sample>
void write_row(std::span<const float> values, const RowStart& start, Picture<Sample>& picture,
               const PixelRange& range) {
    check_finite(values, start);
    Sample* to = &picture.rgb[3 * pixel(picture, start) + start.colour];
    constexpr double factor = white<Sample>;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double clamped = std::clamp(range.out_of(static_cast<double>(values[i])), 0.0, 1.0);
        to[3 * i] = static_cast<Sample>(static_cast<std::int32_t>(clamped * factor + 0.5));
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

/// Calls fill(row of the picture, values) for every row that the tile reads. `values`: the place of those
/// inside the picture; the others become zero.
template <class Value>
void fill_rows(const TileWindow& rows, const Inside& columns, std::size_t per_pixel, std::span<Value> plane,
               const auto& fill) {
    const std::size_t pitch = plane.size() / rows.reads;
    const std::size_t before = columns.before * per_pixel, count = (columns.last - columns.first) * per_pixel;
    for (std::uint32_t i = 0; i < rows.reads; ++i) {
        const std::span<Value> values = plane.subspan(i * pitch, pitch);
        // Above the picture the sum wraps around to a large number, which is outside too.
        const std::uint32_t row = rows.read + i;
        if (row >= rows.length) {
            std::fill(values.begin(), values.end(), Value{0});
            continue;
        }
        std::fill_n(values.begin(), before, Value{0});
        fill(row, values.subspan(before, count));
        std::fill(values.begin() + static_cast<std::ptrdiff_t>(before + count), values.end(), Value{0});
    }
}

/// Where in the result row `i` of the tile's own pixels begins, in pixels.
std::size_t start_in_result(const PictureTile& tile, std::uint32_t i, std::uint32_t pitch) {
    const TileWindow &rows = tile.rows, &columns = tile.columns;
    return std::size_t{rows.write - rows.made + i} * pitch + (columns.write - columns.made);
}

}  // namespace

template <class Kind>
void gather(const Kind& picture, const PictureTile& tile, std::span<std::byte> memory) {
    const Inside columns = inside(tile.columns);
    const std::uint32_t first = columns.first;
    if constexpr (std::is_same_v<Kind, Picture8>) {
        if (tile.packed) {
            const auto fill = [&](std::uint32_t row, std::span<std::byte> to) {
                std::memcpy(to.data(), &picture.rgb[3 * pixel(picture, {0, row, first})], to.size());
            };
            return fill_rows(tile.rows, columns, 3, memory.first(tile.bytes()), fill);
        }
    }
    auto* values = reinterpret_cast<float*>(memory.data());
    for (std::uint32_t c = 0; c < 3; ++c) {
        const std::span<float> plane(values + std::size_t{c} * tile.plane(), tile.plane());
        fill_rows(tile.rows, columns, 1, plane, [&](std::uint32_t row, std::span<float> to) {
            read_row(picture, {c, row, first}, to, tile.range);
        });
    }
}

template <class Kind>
void scatter(std::span<const std::byte> memory, const PictureTile& tile, Kind& picture) {
    if constexpr (std::is_same_v<Kind, Picture8>) {
        for (std::uint32_t i = 0; tile.packed && i < tile.rows.count; ++i) {
            std::memcpy(&picture.rgb[3 * pixel(picture, {0, tile.rows.write + i, tile.columns.write})],
                        &memory[3 * start_in_result(tile, i, tile.columns.makes)],
                        std::size_t{3} * tile.columns.count);
        }
        if (tile.packed) return;
    }
    const auto* values = reinterpret_cast<const float*>(memory.data());
    for (std::uint32_t c = 0; c < 3; ++c) {
        for (std::uint32_t i = 0; i < tile.rows.count; ++i) {
            const float* from =
                values + std::size_t{c} * tile.result_plane() + start_in_result(tile, i, tile.result_pitch());
            write_row({from, tile.columns.count}, {c, tile.rows.write + i, tile.columns.write}, picture,
                      tile.range);
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
