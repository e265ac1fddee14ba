#include "engine/two_layer/patch_moments.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>

#include "engine/tensors/patch_element.h"

// Pixel by pixel, the products would cost K²/2 multiplications each. But with q = p + o
//
//     Σ_p x_i(p + o)·x_j(p + o') = Σ_q x_i(q)·x_j(q + lag),   lag = o' − o,
//
// over the q with q and q + lag inside the picture and q − o a pixel that counts, which may be those at least
// a ring away from the edges; and all pairs (o, o') have only some (4r + 1)²/2 lags. Whether q − o counts
// matters only in the outermost r rows and columns, and as many as the ring has. So the picture is cut into
// strips that every offset contains as a whole or not at all, each strip has its own sum, and an offset adds
// the sums of its strips.

namespace shadenet {

namespace {

/// Rows, or columns, [begin, end).
struct Strip {
    std::int64_t begin, end;
    /// q − o lies from `ring` to before size − ring for all q of the strip; otherwise for none.
    bool taken_by(std::int64_t o, std::int64_t size, std::int64_t ring) const {
        return begin >= o + ring && end <= size - ring + o;
    }
};

/// Strips of one position each for the outermost `radius` positions, and one strip for all others.
std::vector<Strip> strips(std::int64_t size, std::int64_t radius) {
    std::vector<Strip> result;
    for (std::int64_t at = 0; at < size; at = result.back().end) {
        const bool is_middle = at >= radius && at < size - radius;
        result.push_back({at, is_middle ? size - radius : at + 1});
    }
    return result;
}

/// A sum and its rounding error (Knuth, "The Art of Computer Programming", volume 2, section 4.2.2, theorem
/// B). In a flat picture thousands of equal terms would err in the same direction, and by more than
/// patch_statistics() takes for zero.
class CompensatedSum {
  public:
    void add(double term) {
        const double next = value_ + term;
        const double added = next - value_;
        rest_ += (value_ - (next - added)) + (term - added);
        value_ = next;
    }
    double value() const { return value_ + rest_; }

  private:
    double value_ = 0, rest_ = 0;
};

/// Σ a[x]·b[x]. The lanes are independent, which lets the compiler use vectors without reordering a sum.
double dot(const double* a, const double* b, std::int64_t count) {
    constexpr std::int64_t lanes = 8;
    double lane[lanes] = {};
    std::int64_t x = 0;
    for (; x + lanes <= count; x += lanes) {
        for (std::int64_t l = 0; l < lanes; ++l) lane[l] += a[x + l] * b[x + l];
    }
    double rest = 0;
    for (; x < count; ++x) rest += a[x] * b[x];
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7])) + rest;
}

/// Sums of products of rows, for every pair of strips.
class StripSums {
  public:
    StripSums(std::size_t sums, std::int64_t height, std::int64_t width, std::int64_t radius,
              std::int64_t ring)
        : height_(height),
          width_(width),
          ring_(ring),
          rows_(strips(height, radius + ring)),
          columns_(strips(width, radius + ring)) {
        sums_.resize(sums * rows_.size() * columns_.size());
    }

    /// Adds a[x]·b[x + lag] for the columns x of row y with both inside the picture.
    void add(std::size_t sum, std::int64_t y, const double* a, const double* b, std::int64_t lag) {
        // Products of floats have 48 bits: so few of them are added in a lane with hardly any rounding.
        constexpr std::int64_t block = 256;
        const auto strip_of_y = std::ranges::upper_bound(rows_, y, {}, &Strip::end);
        const auto row = static_cast<std::size_t>(strip_of_y - rows_.begin());
        CompensatedSum* to = &sums_[(sum * rows_.size() + row) * columns_.size()];
        for (const Strip& strip : columns_) {
            const std::int64_t end = std::min(strip.end, width_ - lag);
            for (std::int64_t x = std::max(strip.begin, -lag); x < end; x += block) {
                to->add(dot(a + x, b + (x + lag), std::min(block, end - x)));
            }
            ++to;
        }
    }

    /// The sum over the pixels q with q − (dy, dx) a pixel that counts.
    double taken_by(std::size_t sum, std::int64_t dy, std::int64_t dx) const {
        CompensatedSum total;
        const CompensatedSum* from = &sums_[sum * rows_.size() * columns_.size()];
        for (const Strip& row : rows_) {
            for (const Strip& column : columns_) {
                if (row.taken_by(dy, height_, ring_) && column.taken_by(dx, width_, ring_))
                    total.add(from->value());
                ++from;
            }
        }
        return total.value();
    }

  private:
    std::int64_t height_, width_, ring_;
    std::vector<Strip> rows_, columns_;
    std::vector<CompensatedSum> sums_;  ///< [sums][rows][columns]
};

/// The sums of one picture. Lags go down, or right in the same row; for others the two pixels change places.
class PictureSums {
  public:
    PictureSums(std::span<const float> image, std::size_t channels, std::int64_t height, std::int64_t width,
                std::int64_t radius, std::int64_t ring)
        : channels_(channels),
          reach_(2 * radius),
          values_(channels, height, width, radius, ring),
          products_(index(reach_, reach_, channels - 1, channels - 1) + 1, height, width, radius, ring) {
        // Converted once, and not for each of the many sums that a row is part of.
        const std::vector<double> values(image.begin(), image.end());
        const std::vector<double> ones(static_cast<std::size_t>(width), 1.0);
        const auto row = [&](std::size_t channel, std::int64_t y) {
            return values.data() + (static_cast<std::int64_t>(channel) * height + y) * width;
        };
        for (std::int64_t y = 0; y < height; ++y) {
            const std::int64_t end = std::min(y + reach_ + 1, height);
            for (std::size_t i = 0; i < channels; ++i) {
                values_.add(i, y, row(i, y), ones.data(), 0);
                for (std::int64_t below = y; below < end; ++below) {
                    for (std::size_t j = 0; j < channels; ++j) {
                        for (std::int64_t dx = below == y ? 0 : -reach_; dx <= reach_; ++dx) {
                            products_.add(index(below - y, dx, i, j), y, row(i, y), row(j, below), dx);
                        }
                    }
                }
            }
        }
    }

    double sum(const PatchElement& a) const { return values_.taken_by(a.channel, a.y, a.x); }

    double product(const PatchElement& a, const PatchElement& b) const {
        const std::int64_t dy = b.y - a.y, dx = b.x - a.x;
        if (dy < 0 || (dy == 0 && dx < 0)) return product(b, a);
        return products_.taken_by(index(dy, dx, a.channel, b.channel), a.y, a.x);
    }

  private:
    /// [lag down][lag right, from −reach][i][j]
    std::size_t index(std::int64_t dy, std::int64_t dx, std::size_t i, std::size_t j) const {
        const auto lag = static_cast<std::size_t>(dy * (2 * reach_ + 1) + dx + reach_);
        return (lag * channels_ + i) * channels_ + j;
    }

    std::size_t channels_;
    std::int64_t reach_;  ///< the longest lag
    StripSums values_, products_;
};

/// Σuuᵀ/count − mean·meanᵀ. Float64 leaves an error of some 1e-16 of the mean square; the variances of
/// pictures in 0..1 are far larger.
double covariance(const PatchMoments& moments, std::size_t a, std::size_t b) {
    const double mean_product = (moments.sum[a] / moments.count) * (moments.sum[b] / moments.count);
    return moments.product[a * moments.sum.size() + b] / moments.count - mean_product;
}

/// Cholesky's factor with complete pivoting (Higham, "Accuracy and Stability of Numerical Algorithms", 2nd
/// edition, section 10.3). It also exists for a V of less than full rank, as of pictures that are constant,
/// grey, or smaller than the patch. Rows stay in their places in V; column s belongs to the s-th pivot.
std::vector<double> cholesky(const PatchMoments& moments) {
    // In mean squares. A variance up to this is rounding: a hundred times that of covariance(), and a
    // deviation of 1e-7 of the values, which is their rounding to floats.
    constexpr double smallest = 1e-14;
    const std::size_t size = moments.sum.size();
    std::vector<double> factor(size * size), left(size);
    double largest = 0;
    for (std::size_t a = 0; a < size; ++a) {
        left[a] = covariance(moments, a, a);
        largest = std::max(largest, moments.product[a * size + a] / moments.count);
    }
    for (std::size_t s = 0; s < size; ++s) {
        const auto pivot = static_cast<std::size_t>(std::ranges::max_element(left) - left.begin());
        if (!(left[pivot] > smallest * largest)) break;
        const double root = std::sqrt(left[pivot]);
        const double* pivot_row = &factor[pivot * size];
        for (std::size_t a = 0; a < size; ++a) {
            if (a == pivot || left[a] == 0) continue;  // 0: an earlier pivot's row, which is complete
            double* row = &factor[a * size];
            const double known = dot(row, pivot_row, static_cast<std::int64_t>(s));
            row[s] = (covariance(moments, a, pivot) - known) / root;
            left[a] -= row[s] * row[s];
        }
        factor[pivot * size + s] = root;
        left[pivot] = 0;
    }
    return factor;
}

}  // namespace

void PatchMoments::add(const PatchMoments& other) {
    if (kernel != other.kernel || channels != other.channels) {
        throw std::invalid_argument("moments of patches of another size");
    }
    count += other.count;
    for (std::size_t a = 0; a < sum.size(); ++a) sum[a] += other.sum[a];
    for (std::size_t a = 0; a < product.size(); ++a) product[a] += other.product[a];
}

PatchMoments patch_moments(std::span<const float> image, std::uint32_t channels, std::uint32_t height,
                           std::uint32_t width, std::uint32_t kernel, PatchesOf of) {
    if (kernel % 2 == 0) throw std::invalid_argument("patches have an odd size");
    const std::size_t pixels = std::size_t{height} * width;
    if (image.empty() || image.size() != channels * pixels) {
        throw std::invalid_argument("a picture to take moments of has a value for every channel and pixel");
    }
    const std::uint32_t ring = of == PatchesOf::inner_pixels ? kernel / 2 : 0;
    if (height <= 2 * ring || width <= 2 * ring)
        throw std::invalid_argument("no patch lies in the picture as a whole");
    const std::size_t counted = std::size_t{height - 2 * ring} * (width - 2 * ring);
    const PictureSums sums(image, channels, height, width, kernel / 2, ring);
    const std::size_t size = std::size_t{channels} * kernel * kernel;
    PatchMoments result{kernel, channels, static_cast<double>(counted), {}, std::vector<double>(size * size)};
    for (std::size_t a = 0; a < size; ++a) {
        result.sum.push_back(sums.sum(patch_element(a, kernel)));
        for (std::size_t b = a; b < size; ++b) {
            const double product = sums.product(patch_element(a, kernel), patch_element(b, kernel));
            result.product[a * size + b] = result.product[b * size + a] = product;
        }
    }
    return result;
}

PatchStatistics patch_statistics(const PatchMoments& moments) {
    PatchStatistics result;
    for (const double sum : moments.sum) result.mean.push_back(static_cast<float>(sum / moments.count));
    for (const double value : cholesky(moments)) result.factor.push_back(static_cast<float>(value));
    return result;
}

}  // namespace shadenet
