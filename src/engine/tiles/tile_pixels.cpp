#include "engine/tiles/tile_pixels.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "engine/tiles/pixel_rows.h"

namespace shadenet {

namespace {

/// The columns of a tile's rows that lie in the picture.
struct Inside {
    std::uint32_t before;       ///< columns to the left of the picture
    std::uint32_t first, last;  ///< columns of the picture, the last not included
};

Inside inside(const TileWindow& columns) {
    const std::uint32_t before = columns.read > columns.write ? 0 - columns.read : 0;
    return {before, columns.read + before, std::min(columns.length, columns.read + columns.reads)};
}

/// Calls fill(row of the picture, values) for every row that the tile reads, `values` being where those
/// inside the picture belong; what lies outside it becomes zero.
template <class Value, class Fill>
void fill_rows(const TileWindow& rows, const Inside& columns, std::size_t per_pixel, std::span<Value> plane,
               const Fill& fill) {
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

template <class Kind>
void gather_floats(const Kind& picture, const PictureTile& tile, std::span<std::byte> memory) {
    auto* values = reinterpret_cast<float*>(memory.data());
    const Inside columns = inside(tile.columns);
    for (std::uint32_t c = 0; c < 3; ++c) {
        const std::span<float> plane(values + std::size_t{c} * tile.plane(), tile.plane());
        fill_rows(tile.rows, columns, 1, plane, [&](std::uint32_t row, std::span<float> to) {
            read_row(picture, {c, row, columns.first}, to, tile.range);
        });
    }
}

/// Where in the result the pixels of row `i` of those that count begin, in pixels.
std::size_t start_in_result(const PictureTile& tile, std::uint32_t i, std::uint32_t pitch) {
    const TileWindow &rows = tile.rows, &columns = tile.columns;
    return std::size_t{rows.write - rows.made + i} * pitch + (columns.write - columns.made);
}

template <class Kind>
void scatter_floats(std::span<const std::byte> memory, const PictureTile& tile, Kind& picture) {
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

}  // namespace

void gather(const Image& picture, const PictureTile& tile, std::span<std::byte> memory) {
    gather_floats(picture, tile, memory);
}

void gather(const Picture8& picture, const PictureTile& tile, std::span<std::byte> memory) {
    if (!tile.packed) return gather_floats(picture, tile, memory);
    const Inside columns = inside(tile.columns);
    const auto* pixels = reinterpret_cast<const std::byte*>(picture.rgb.data());
    const auto fill = [&](std::uint32_t row, std::span<std::byte> to) {
        const std::byte* from = pixels + 3 * (std::size_t{row} * picture.width + columns.first);
        std::memcpy(to.data(), from, to.size());
    };
    fill_rows(tile.rows, columns, 3, memory.first(tile.bytes()), fill);
}

void gather(const Picture16& picture, const PictureTile& tile, std::span<std::byte> memory) {
    gather_floats(picture, tile, memory);
}

void scatter(std::span<const std::byte> memory, const PictureTile& tile, Image& picture) {
    scatter_floats(memory, tile, picture);
}

void scatter(std::span<const std::byte> memory, const PictureTile& tile, Picture8& picture) {
    if (!tile.packed) return scatter_floats(memory, tile, picture);
    for (std::uint32_t i = 0; i < tile.rows.count; ++i) {
        const std::size_t pixel = std::size_t{tile.rows.write + i} * picture.width + tile.columns.write;
        std::memcpy(&picture.rgb[3 * pixel], &memory[3 * start_in_result(tile, i, tile.columns.makes)],
                    std::size_t{3} * tile.columns.count);
    }
}

void scatter(std::span<const std::byte> memory, const PictureTile& tile, Picture16& picture) {
    scatter_floats(memory, tile, picture);
}

}  // namespace shadenet
