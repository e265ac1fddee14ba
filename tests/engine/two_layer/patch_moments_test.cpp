#include "engine/two_layer/patch_moments.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "catch.h"
#include "check/device_data.h"
#include "model/random.h"

using namespace shadenet;

namespace {

struct MomentPicture {
    std::uint32_t channels, height, width;
    std::vector<float> values;  ///< [channels][height][width]
};

MomentPicture random_picture(std::uint32_t channels, std::uint32_t height, std::uint32_t width,
                             check::Data data, std::uint64_t seed) {
    std::mt19937_64 random = random_stream(seed, 0);
    const std::size_t count = std::size_t{channels} * height * width;
    return {channels, height, width, check::random_values(count, data, random)};
}

MomentPicture flat_picture(std::uint32_t channels, std::uint32_t height, std::uint32_t width, float value) {
    return {channels, height, width, std::vector<float>(std::size_t{channels} * height * width, value)};
}

PatchMoments moments_of(const MomentPicture& picture, std::uint32_t kernel) {
    return patch_moments(picture.values, picture.channels, picture.height, picture.width, kernel);
}

using Patch = std::vector<double>;

/// The patches around all pixels, as the header defines them.
std::vector<Patch> patches(const MomentPicture& picture, std::uint32_t kernel) {
    const int height = static_cast<int>(picture.height), width = static_cast<int>(picture.width);
    const int k = static_cast<int>(kernel), elements = static_cast<int>(picture.channels) * k * k;
    std::vector<Patch> result;
    for (int pixel = 0; pixel < height * width; ++pixel) {
        Patch& u = result.emplace_back();
        for (int a = 0; a < elements; ++a) {
            const int y = pixel / width + a / k % k - (k - 1) / 2, x = pixel % width + a % k - (k - 1) / 2;
            const bool inside = y >= 0 && y < height && x >= 0 && x < width;
            const int at = (a / (k * k) * height + y) * width + x;
            u.push_back(inside ? picture.values[static_cast<std::size_t>(at)] : 0.0);
        }
    }
    return result;
}

/// NaN is never small enough.
double worst_value_difference(const std::vector<double>& a, const std::vector<double>& b) {
    if (a.empty() || a.size() != b.size()) return std::numeric_limits<double>::infinity();
    double worst = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double difference = std::abs(a[i] - b[i]);
        if (!(difference <= worst)) worst = difference;
    }
    return worst;
}

Patch mean_of(const std::vector<Patch>& all) {
    Patch mean(all.front().size());
    for (const Patch& u : all) {
        for (std::size_t a = 0; a < u.size(); ++a) mean[a] += u[a] / static_cast<double>(all.size());
    }
    return mean;
}

/// Mean of (u − centre)·(u − centre)ᵀ: around the mean it is V.
std::vector<double> second_moment(const std::vector<Patch>& all, const Patch& centre) {
    const std::size_t size = centre.size();
    std::vector<double> sum(size * size);
    for (const Patch& u : all) {
        for (std::size_t a = 0; a < size; ++a) {
            for (std::size_t b = 0; b < size; ++b) {
                sum[a * size + b] += (u[a] - centre[a]) * (u[b] - centre[b]);
            }
        }
    }
    for (double& value : sum) value /= static_cast<double>(all.size());
    return sum;
}

std::vector<double> covariance(const std::vector<Patch>& all) {
    return second_moment(all, mean_of(all));
}

/// The largest value of a covariance or of a second moment is on its diagonal.
double largest(const std::vector<double>& v) {
    return *std::ranges::max_element(v);
}

void check_moments(PatchMoments moments, const std::vector<Patch>& all) {
    REQUIRE(moments.count == static_cast<double>(all.size()));
    for (double& value : moments.sum) value /= moments.count;
    for (double& value : moments.product) value /= moments.count;
    const std::vector<double> expected = second_moment(all, Patch(moments.sum.size(), 0.0));
    CHECK(worst_value_difference(moments.sum, mean_of(all)) <= 1e-14 * std::sqrt(largest(expected)));
    CHECK(worst_value_difference(moments.product, expected) <= 1e-14 * largest(expected));
}

double dot(const std::vector<double>& a, const Patch& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

/// Of a filter's response over all patches, in float64 and two passes.
double direct_variance(const std::vector<Patch>& all, const std::vector<float>& weight) {
    const std::vector<double> w(weight.begin(), weight.end());
    double mean = 0, variance = 0;
    for (const Patch& u : all) mean += dot(w, u) / static_cast<double>(all.size());
    for (const Patch& u : all) variance += std::pow(dot(w, u) - mean, 2) / static_cast<double>(all.size());
    return variance;
}

/// |factorᵀ·w|² as the device computes it, in float32 all through.
float variance_by_factor(const PatchStatistics& statistics, const std::vector<float>& weight) {
    const std::size_t size = weight.size();
    float variance = 0;
    for (std::size_t s = 0; s < size; ++s) {
        float along = 0;
        for (std::size_t a = 0; a < size; ++a) along += statistics.factor[a * size + s] * weight[a];
        variance += along * along;
    }
    return variance;
}

/// wᵀ·V·w in float32, from V rounded to float32.
float variance_by_covariance(const std::vector<double>& v, const std::vector<float>& weight) {
    const std::size_t size = weight.size();
    float variance = 0;
    for (std::size_t a = 0; a < size; ++a) {
        float row = 0;
        for (std::size_t b = 0; b < size; ++b) row += static_cast<float>(v[a * size + b]) * weight[b];
        variance += weight[a] * row;
    }
    return variance;
}

std::vector<double> multiplied_out(const PatchStatistics& statistics) {
    const std::size_t size = statistics.mean.size();
    std::vector<double> v(size * size);
    for (std::size_t a = 0; a < size; ++a) {
        for (std::size_t b = 0; b < size; ++b) {
            for (std::size_t s = 0; s < size; ++s) {
                v[a * size + b] += double{statistics.factor[a * size + s]} * statistics.factor[b * size + s];
            }
        }
    }
    return v;
}

std::size_t columns_in_use(const PatchStatistics& statistics) {
    const std::size_t size = statistics.mean.size();
    std::vector<bool> used(size);
    for (std::size_t i = 0; i < size * size; ++i)
        used[i % size] = used[i % size] || statistics.factor[i] != 0;
    return static_cast<std::size_t>(std::ranges::count(used, true));
}

double relative_error(double actual, double expected) {
    return std::abs(actual / expected - 1);
}

}  // namespace

TEST_CASE("patch moments: the sums of plain loops") {
    const std::uint32_t kernel = GENERATE(1u, 3u, 5u, 7u), channels = GENERATE(1u, 3u);
    const auto [height, width] = GENERATE(table<std::uint32_t, std::uint32_t>(
        {{1, 1}, {1, 7}, {8, 1}, {2, 3}, {5, 4}, {6, 7}, {9, 13}, {2, 300}}));
    const auto data = GENERATE(check::Data::normal, check::Data::ugly);
    INFO("kernel " << kernel << ", " << channels << " x " << height << " x " << width);
    const MomentPicture picture = random_picture(channels, height, width, data, 1);
    check_moments(moments_of(picture, kernel), patches(picture, kernel));
}

TEST_CASE("patch moments: those of the patches that lie in the picture as a whole") {
    const std::uint32_t kernel = GENERATE(1u, 3u, 5u);
    const auto [height, width] =
        GENERATE(table<std::uint32_t, std::uint32_t>({{5, 5}, {5, 300}, {6, 9}, {8, 7}, {11, 13}}));
    INFO("kernel " << kernel << ", " << height << " x " << width);
    const MomentPicture picture = random_picture(3, height, width, check::Data::ugly, 5);
    const std::vector<Patch> all = patches(picture, kernel);
    std::vector<Patch> inner;
    const std::uint32_t ring = kernel / 2;
    for (std::uint32_t y = ring; y < height - ring; ++y) {
        for (std::uint32_t x = ring; x < width - ring; ++x) inner.push_back(all[y * width + x]);
    }
    check_moments(patch_moments(picture.values, 3, height, width, kernel, PatchesOf::inner_pixels), inner);
}

TEST_CASE("patch moments: those of several pictures are those of all their patches") {
    const MomentPicture first = random_picture(3, 5, 4, check::Data::ugly, 2);
    const MomentPicture second = random_picture(3, 9, 13, check::Data::normal, 3);
    const MomentPicture third = random_picture(3, 1, 2, check::Data::ugly, 4);
    PatchMoments moments = moments_of(first, 3);
    moments.add(moments_of(second, 3));
    moments.add(moments_of(third, 3));
    std::vector<Patch> all;
    for (const MomentPicture& picture : {first, second, third}) {
        for (const Patch& u : patches(picture, 3)) all.push_back(u);
    }
    check_moments(moments, all);
}

TEST_CASE("patch moments: what does not fit is refused") {
    const std::vector<float> image(24);
    CHECK_NOTHROW(patch_moments(image, 2, 3, 4, 3));
    CHECK_THROWS_AS(patch_moments(image, 2, 3, 4, 2), std::invalid_argument);
    CHECK_THROWS_AS(patch_moments(image, 2, 3, 4, 0), std::invalid_argument);
    CHECK_THROWS_AS(patch_moments(image, 2, 3, 5, 3), std::invalid_argument);
    CHECK_THROWS_AS(patch_moments({}, 3, 0, 4, 3), std::invalid_argument);
    CHECK_NOTHROW(patch_moments(image, 2, 3, 4, 3, PatchesOf::inner_pixels));
    CHECK_THROWS_AS(patch_moments(image, 2, 3, 4, 5, PatchesOf::inner_pixels), std::invalid_argument);
    PatchMoments moments = patch_moments(image, 2, 3, 4, 3);
    CHECK_THROWS_AS(moments.add(patch_moments(image, 2, 3, 4, 1)), std::invalid_argument);
    CHECK_THROWS_AS(moments.add(patch_moments(image, 1, 6, 4, 3)), std::invalid_argument);
}

TEST_CASE("patch statistics: mean and covariance of the patches") {
    const std::uint32_t kernel = GENERATE(1u, 3u, 5u, 7u), channels = GENERATE(1u, 3u);
    const auto [height, width] =
        GENERATE(table<std::uint32_t, std::uint32_t>({{1, 1}, {1, 7}, {5, 4}, {9, 13}, {31, 29}}));
    const auto data = GENERATE(check::Data::normal, check::Data::ugly);
    INFO("kernel " << kernel << ", " << channels << " x " << height << " x " << width);
    const MomentPicture picture = random_picture(channels, height, width, data, 5);
    const std::vector<Patch> all = patches(picture, kernel);
    const PatchStatistics statistics = patch_statistics(moments_of(picture, kernel));

    const std::vector<double> v = covariance(all), square = second_moment(all, Patch(statistics.mean.size()));
    // Each float is rounded by 6e-8, and the float64 parts that count as zero are 1e-14 of the square.
    CHECK(worst_value_difference({statistics.mean.begin(), statistics.mean.end()}, mean_of(all)) <=
          1e-7 * std::sqrt(largest(square)));
    CHECK(worst_value_difference(multiplied_out(statistics), v) <=
          1.3e-7 * largest(v) + 1e-13 * largest(square));
    CHECK(columns_in_use(statistics) <= std::min(statistics.mean.size(), all.size() - 1));
}

TEST_CASE("patch statistics: hardly any variance on a large mean") {
    const std::uint32_t kernel = GENERATE(1u, 3u);
    MomentPicture picture = flat_picture(3, 61, 83, 0.999f);
    std::mt19937_64 random = random_stream(6, 0);
    for (float& value : picture.values) value += static_cast<float>(2e-4 * (uniform(random) - 0.5));
    std::vector<float> weight(std::size_t{3} * kernel * kernel);
    for (float& value : weight) value = static_cast<float>(truncated_normal(random));
    const PatchStatistics statistics = patch_statistics(moments_of(picture, kernel));
    const double expected = direct_variance(patches(picture, kernel), weight);
    CHECK(relative_error(variance_by_factor(statistics, weight), expected) <= 2e-6);
}

TEST_CASE("patch statistics: a constant picture varies at its border alone") {
    constexpr float value = 31 / 255.0f;
    const MomentPicture picture = flat_picture(1, 512, 512, value);
    // Without a border not at all. Sums that are not compensated leave 2e-14 of the square of this value.
    CHECK(columns_in_use(patch_statistics(moments_of(picture, 1))) == 0);

    const std::vector<double> v = multiplied_out(patch_statistics(moments_of(picture, 3)));
    // Each neighbour of the centre is outside for one row, one column or both, and is else the value.
    for (std::size_t ky = 0; ky < 3; ++ky) {
        for (std::size_t kx = 0; kx < 3; ++kx) {
            const double inside = (ky == 1 ? 1 : 511 / 512.0) * (kx == 1 ? 1 : 511 / 512.0);
            const double variance = double{value} * value * inside * (1 - inside);
            INFO("at " << ky << ", " << kx);
            CHECK(std::abs(v[(ky * 3 + kx) * 10] - variance) <= 1e-6 * variance + 1e-15);
        }
    }
}

TEST_CASE("patch statistics: of a grey picture, whose channels are equal") {
    MomentPicture picture = random_picture(1, 17, 23, check::Data::normal, 7);
    const std::vector<float> channel = picture.values;
    for (; picture.channels < 3; ++picture.channels) {
        picture.values.insert(picture.values.end(), channel.begin(), channel.end());
    }
    const PatchStatistics statistics = patch_statistics(moments_of(picture, 3));
    CHECK(columns_in_use(statistics) == 9);
    CHECK(worst_value_difference(multiplied_out(statistics), covariance(patches(picture, 3))) <= 1e-6);
}

TEST_CASE("patch statistics: filters that look for edges keep their digits") {
    MomentPicture picture = flat_picture(1, 97, 113, 0);
    for (std::uint32_t y = 0; y < picture.height; ++y) {
        for (std::uint32_t x = 0; x < picture.width; ++x) {
            const double value = 0.5 + 0.3 * std::sin(0.05 * x) * std::cos(0.04 * y);
            picture.values[y * picture.width + x] = static_cast<float>(value);
        }
    }
    const std::vector<Patch> all = patches(picture, 3);
    const PatchStatistics statistics = patch_statistics(moments_of(picture, 3));
    const std::vector<double> v = covariance(all);
    double worst_by_covariance = 0;
    for (const std::vector<float>& weight :
         {std::vector<float>{-1, 0, 1, -2, 0, 2, -1, 0, 1}, std::vector<float>{0, 1, 0, 1, -4, 1, 0, 1, 0},
          std::vector<float>{1, -2, 1, -2, 4, -2, 1, -2, 1},
          std::vector<float>{0, 0, 0, -0.1f, 0.1f, 0, 0, 0, 0}}) {
        const double expected = direct_variance(all, weight);
        CHECK(relative_error(variance_by_factor(statistics, weight), expected) <= 1e-6);
        worst_by_covariance =
            std::max(worst_by_covariance, relative_error(variance_by_covariance(v, weight), expected));
    }
    // The reason for a factor.
    CHECK(worst_by_covariance > 1e-5);
}
