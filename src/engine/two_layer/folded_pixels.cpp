#include "engine/two_layer/folded_pixels.h"

#include <algorithm>
#include <cstring>

#include "engine/tiles/pixel_rows.h"

namespace shadenet {

namespace {

/// The columns of a padded row that lie in the picture.
struct Inside {
    std::uint32_t before;       ///< columns of padding to the left of them
    std::uint32_t first, last;  ///< columns of the picture, the last not included
};

Inside inside(const FoldedWindow& window, std::uint32_t width) {
    const std::uint32_t left = std::min(window.margin, window.column);
    return {window.margin - left, window.column - left,
            std::min(width, window.column + window.padded_columns + window.margin)};
}

/// Calls fill(row of the picture, values) for every row that the window reads, `values` being where those
/// inside the picture belong; what lies outside it becomes zero.
template <class Value, class Fill>
void fill_rows(const FoldedWindow& window, std::uint32_t height, const Inside& columns, std::size_t per_pixel,
               std::span<Value> plane, const Fill& fill) {
    const std::size_t pitch = plane.size() / (window.rows + 2 * window.row_margin);
    const std::size_t before = columns.before * per_pixel, count = (columns.last - columns.first) * per_pixel;
    for (std::uint32_t i = 0; i < window.rows + 2 * window.row_margin; ++i) {
        const std::span<Value> values = plane.subspan(i * pitch, pitch);
        // Above the picture the difference wraps around to a large number, which is outside too.
        const std::uint32_t row = window.row + i - window.row_margin;
        if (row >= height) {
            std::fill(values.begin(), values.end(), Value{0});
            continue;
        }
        std::fill_n(values.begin(), before, Value{0});
        fill(row, values.subspan(before, count));
        std::fill(values.begin() + static_cast<std::ptrdiff_t>(before + count), values.end(), Value{0});
    }
}

template <class Kind>
void gather_floats(const Kind& picture, const FoldedWindow& window, std::span<std::byte> tile) {
    auto* values = reinterpret_cast<float*>(tile.data());
    const Inside columns = inside(window, picture.width);
    for (std::uint32_t c = 0; c < 3; ++c) {
        const std::span<float> plane(values + std::size_t{c} * window.plane(), window.plane());
        fill_rows(window, picture.height, columns, 1, plane, [&](std::uint32_t row, std::span<float> to) {
            read_row(picture, {c, row, columns.first}, to, window.range);
        });
    }
}

template <class Kind>
void scatter_floats(std::span<const std::byte> tile, const FoldedWindow& window, Kind& picture) {
    const auto* values = reinterpret_cast<const float*>(tile.data());
    for (std::uint32_t c = 0; c < 3; ++c) {
        for (std::uint32_t i = 0; i < window.rows; ++i) {
            const float* from =
                values + std::size_t{c} * window.result_plane() + std::size_t{i} * window.result_pitch();
            write_row({from, window.columns}, {c, window.row + i, window.column}, picture, window.range);
        }
    }
}

}  // namespace

void gather(const Image& picture, const FoldedWindow& window, std::span<std::byte> tile) {
    gather_floats(picture, window, tile);
}

void gather(const Picture8& picture, const FoldedWindow& window, std::span<std::byte> tile) {
    if (!window.packed) return gather_floats(picture, window, tile);
    const Inside columns = inside(window, picture.width);
    const auto* pixels = reinterpret_cast<const std::byte*>(picture.rgb.data());
    const auto fill = [&](std::uint32_t row, std::span<std::byte> to) {
        const std::byte* from = pixels + 3 * (std::size_t{row} * picture.width + columns.first);
        std::memcpy(to.data(), from, to.size());
    };
    fill_rows(window, picture.height, columns, 3, tile.first(window.bytes()), fill);
}

void gather(const Picture16& picture, const FoldedWindow& window, std::span<std::byte> tile) {
    gather_floats(picture, window, tile);
}

void scatter(std::span<const std::byte> tile, const FoldedWindow& window, Image& picture) {
    scatter_floats(tile, window, picture);
}

void scatter(std::span<const std::byte> tile, const FoldedWindow& window, Picture8& picture) {
    if (!window.packed) return scatter_floats(tile, window, picture);
    for (std::uint32_t i = 0; i < window.rows; ++i) {
        const std::size_t pixel = std::size_t{window.row + i} * picture.width + window.column;
        std::memcpy(&picture.rgb[3 * pixel], &tile[std::size_t{i} * window.result_pitch() * 4],
                    std::size_t{3} * window.columns);
    }
}

void scatter(std::span<const std::byte> tile, const FoldedWindow& window, Picture16& picture) {
    scatter_floats(tile, window, picture);
}

}  // namespace shadenet
