#include "reference/picture_padding.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace shadenet::reference {

namespace {

/// The pixel in 0..size−1 that stands at `at`, which may be outside.
std::int64_t pixel_at(std::int64_t at, std::int64_t size, PicturePadding padding) {
    if (padding == PicturePadding::edge || size == 1) return std::clamp<std::int64_t>(at, 0, size - 1);
    const std::int64_t period = 2 * (size - 1), within = std::abs(at) % period;
    return std::min(within, period - within);
}

/// Copies the middle of the larger of the two to that of the smaller, or the other way round.
void copy_middle(const Tensor& from, Tensor& to) {
    const std::int64_t rows = std::min(from.shape.h, to.shape.h),
                       columns = std::min(from.shape.w, to.shape.w);
    const std::int64_t from_ring = (from.shape.h - rows) / 2, to_ring = (to.shape.h - rows) / 2;
    for (std::uint32_t n = 0; n < to.shape.n; ++n) {
        for (std::uint32_t c = 0; c < to.shape.c; ++c) {
            for (std::int64_t y = 0; y < rows; ++y) {
                for (std::int64_t x = 0; x < columns; ++x) {
                    to.at(n, c, y + to_ring, x + to_ring) = from.at(n, c, y + from_ring, x + from_ring);
                }
            }
        }
    }
}

}  // namespace

Tensor continued(const Tensor& x, std::uint32_t margin, PicturePadding padding) {
    Tensor wide({x.shape.n, x.shape.c, x.shape.h + 2 * margin, x.shape.w + 2 * margin});
    for (std::uint32_t n = 0; n < wide.shape.n; ++n) {
        for (std::uint32_t c = 0; c < wide.shape.c; ++c) {
            for (std::int64_t row = 0; row < wide.shape.h; ++row) {
                for (std::int64_t column = 0; column < wide.shape.w; ++column) {
                    wide.at(n, c, row, column) = x.at(n, c, pixel_at(row - margin, x.shape.h, padding),
                                                      pixel_at(column - margin, x.shape.w, padding));
                }
            }
        }
    }
    return wide;
}

Tensor inner(const Tensor& x, const Shape& shape) {
    Tensor middle(shape);
    copy_middle(x, middle);
    return middle;
}

Tensor surrounded(const Tensor& x, const Shape& shape) {
    Tensor wide(shape);
    copy_middle(x, wide);
    return wide;
}

}  // namespace shadenet::reference
