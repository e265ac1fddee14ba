#include "engine/two_layer/level_moments.h"

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <vector>

// With q = p + o for an element at the offset o from the patch's first one at p,
//
//     Σ_p x_i(p + o)·x_j(p + o + lag) = Σ_q x_i(q)·x_j(q + lag)   over the window of all p, moved by o.
//
// The windows of the offsets that have one lag differ by a few rows and columns at their edges. So the sum
// over the first window is computed, and the others by moving it on: what it leaves is subtracted, and what
// it reaches is added. Whole numbers lose nothing by that.

namespace shadenet {

namespace {

/// sums[s] = Σ a[x]·b[x + s], in a form of which compilers make instructions that multiply levels and add
/// pairs of products.
template <int shifts>
void shifted_products(const std::int16_t* a, const std::int16_t* b, std::int64_t count, std::int64_t* sums) {
    constexpr std::int64_t most = 1 << 15;  // times 255² is less than 2³¹
    std::fill_n(sums, shifts, 0);
    for (; count > 0; count -= most, a += most, b += most) {
        std::int32_t part[std::size_t{shifts}] = {};
        const std::int64_t end = std::min(count, most);
        for (std::int64_t x = 0; x < end; ++x) {
#pragma GCC unroll 8
            for (int s = 0; s < shifts; ++s) part[s] += std::int32_t{a[x]} * b[x + s];
        }
        for (int s = 0; s < shifts; ++s) sums[s] += part[s];
    }
}

/// The same for `shifts` shifts.
void shifted_products(const std::int16_t* a, const std::int16_t* b, std::int64_t count, std::int64_t shifts,
                      std::int64_t* sums) {
    for (; shifts >= 3; shifts -= 3, b += 3, sums += 3) shifted_products<3>(a, b, count, sums);
    if (shifts == 2) shifted_products<2>(a, b, count, sums);
    if (shifts == 1) shifted_products<1>(a, b, count, sums);
}

/// A picture in which a window of height x width positions may lie at the offsets 0 to `reach`, down and
/// across.
class LevelWindows {
  public:
    LevelWindows(std::span<const std::int16_t> levels, std::int64_t height, std::int64_t width,
                 std::int64_t reach)
        : levels_(levels.data()),
          height_(height),
          width_(width),
          reach_(reach),
          rows_(height + reach),
          columns_(width + reach),
          ones_(static_cast<std::size_t>(rows_ * (columns_ + 2 * reach)), 1),
          first_window_(levels.begin(), levels.end()),
          of_first_(static_cast<std::size_t>(2 * reach + 1)) {
        for (auto row = first_window_.begin(); row != first_window_.end(); row += columns_) {
            std::fill_n(row + width, reach, 0);
        }
        for (auto row = levels.begin(); row != levels.end(); row += rows_ * columns_) {
            for (std::int64_t e = 0; e < 2 * reach; ++e) {
                const std::int64_t x = e < reach ? e : width + e - reach;
                for (std::int64_t y = 0; y < rows_; ++y) edges_.push_back(row[y * columns_ + x]);
            }
        }
    }

    /// Calls `take(dx, oy, ox, sum)` for the lags (dy, dx) of this dy that go down, or right in the same row,
    /// and all offsets from which they lead to another one: the sum of x_i(q)·x_j(q + lag) over the window.
    template <class Take>
    void products(std::int64_t i, std::int64_t j, std::int64_t dy, const Take& take) {
        const Pixels a = channel(i), b = channel(j).moved(dy * columns_, dy);
        std::int64_t* const of_first = of_first_.data() + reach_;  // [dx]
        // Rows of a window follow each other without a gap where the columns beside it are zero in one of the
        // two pictures. A lag to the left begins at the first window of the other picture.
        shifted_products(first_window(i), b.values, window(), reach_ + 1, of_first);
        if (dy > 0) {
            shifted_products(first_window(j) + dy * columns_, a.values + 1, window(), reach_,
                             of_first_.data());
            std::reverse(of_first_.data(), of_first);
        }
        for (std::int64_t dx = dy == 0 ? 0 : -reach_; dx <= reach_; ++dx) {
            const std::int64_t first = std::max<std::int64_t>(0, -dx);
            const std::int64_t last = reach_ - std::max<std::int64_t>(0, dx);
            move(a, b.moved(dx, dx * rows_), of_first[dx], first, last, reach_ - dy,
                 [&](std::int64_t oy, std::int64_t ox, std::int64_t sum) { take(dx, oy, ox, sum); });
        }
    }

    /// Calls `take(oy, ox, sum)` for all offsets: the sum of x_i over the window.
    template <class Take>
    void sums(std::int64_t i, const Take& take) const {
        std::int64_t of_first = 0;
        shifted_products(first_window(i), ones_.data(), window(), 1, &of_first);
        move(channel(i), {ones_.data(), ones_.data()}, of_first, 0, reach_, reach_, take);
    }

  private:
    /// A channel, and its columns at the edges that windows leave and reach: [2·reach][rows].
    struct Pixels {
        const std::int16_t *values, *edges;
        Pixels moved(std::int64_t by, std::int64_t edges_by) const { return {values + by, edges + edges_by}; }
    };

    /// For the offsets 0 to `down` and `first` to `last` across; `sum`: of the first of them.
    template <class Take>
    void move(const Pixels& a, const Pixels& b, std::int64_t sum, std::int64_t first, std::int64_t last,
              std::int64_t down, const Take& take) const {
        const auto row = [&](std::int64_t y, std::int64_t x) {
            return product(a.values + y * columns_ + x, b.values + y * columns_ + x, width_);
        };
        const auto column = [&](std::int64_t edge) {
            return product(a.edges + edge * rows_, b.edges + edge * rows_, height_);
        };
        for (std::int64_t ox = first; ox <= last; ++ox) {
            std::int64_t moved = sum;
            for (std::int64_t oy = 0; oy <= down; ++oy) {
                take(oy, ox, moved);
                if (oy < down) moved += row(oy + height_, ox) - row(oy, ox);
            }
            if (ox < last) sum += column(reach_ + ox) - column(ox);
        }
    }

    static std::int64_t product(const std::int16_t* a, const std::int16_t* b, std::int64_t count) {
        std::int64_t sum = 0;
        shifted_products<1>(a, b, count, &sum);
        return sum;
    }
    Pixels channel(std::int64_t i) const {
        return {levels_ + i * rows_ * columns_, edges_.data() + i * 2 * reach_ * rows_};
    }
    const std::int16_t* first_window(std::int64_t i) const {
        return first_window_.data() + i * rows_ * columns_;
    }
    /// From its first position to its last.
    std::int64_t window() const { return height_ * columns_ - reach_; }

    const std::int16_t* levels_;
    std::int64_t height_, width_;  ///< of a window
    std::int64_t reach_;
    std::int64_t rows_, columns_;             ///< of the picture
    std::vector<std::int16_t> ones_;          ///< as many as any Pixels have
    std::vector<std::int16_t> first_window_;  ///< the picture, with zeros beside the windows at 0 across
    std::vector<std::int16_t> edges_;         ///< [channels] as Pixels have them
    std::vector<std::int64_t> of_first_;      ///< [dx + reach]
};

}  // namespace

PatchMoments level_patch_moments(std::span<const std::int16_t> levels, std::uint32_t channels,
                                 std::uint32_t height, std::uint32_t width, std::uint32_t kernel) {
    if (kernel % 2 == 0) throw std::invalid_argument("patches have an odd size");
    if (levels.empty() || levels.size() != std::size_t{channels} * height * width || height < kernel ||
        width < kernel) {
        throw std::invalid_argument("no patch lies in the picture as a whole");
    }
    const std::int64_t reach = kernel - 1, rows = height - reach, columns = width - reach;
    const std::size_t size = std::size_t{channels} * kernel * kernel;
    PatchMoments moments{kernel, channels, static_cast<double>(rows * columns), std::vector<double>(size),
                         std::vector<double>(size * size)};
    const auto element = [&](std::int64_t channel, std::int64_t oy, std::int64_t ox) {
        return static_cast<std::size_t>((channel * kernel + oy) * kernel + ox);
    };
    LevelWindows windows(levels, rows, columns, reach);
    for (std::int64_t i = 0; i < channels; ++i) {
        windows.sums(i, [&](std::int64_t oy, std::int64_t ox, std::int64_t sum) {
            moments.sum[element(i, oy, ox)] = static_cast<double>(sum) / 255;
        });
        for (std::int64_t j = 0; j < channels; ++j) {
            for (std::int64_t dy = 0; dy <= reach; ++dy) {
                windows.products(
                    i, j, dy, [&](std::int64_t dx, std::int64_t oy, std::int64_t ox, std::int64_t sum) {
                        const std::size_t a = element(i, oy, ox), b = element(j, oy + dy, ox + dx);
                        moments.product[a * size + b] = moments.product[b * size + a] =
                            static_cast<double>(sum) / (255 * 255);
                    });
            }
        }
    }
    return moments;
}

}  // namespace shadenet
