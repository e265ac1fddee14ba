// The comparison of pictures against plain loops in float64.
#include "statistics/picture_quality.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <vector>

#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

using Plane = std::function<double(std::int64_t y, std::int64_t x)>;

/// Smooth, with noise of some levels and areas that touch black and white.
Picture8 drawn_picture(std::uint32_t width, std::uint32_t height, std::uint64_t index) {
    Image image = made_picture(width, height, index);
    for (float& value : image.values) value = 1.6f * value - 0.3f;
    return to_picture8(image);
}

/// Beyond its edges the picture's outermost pixels.
Plane luma_of(const Picture8& picture) {
    return [&picture](std::int64_t y, std::int64_t x) {
        const auto row = static_cast<std::size_t>(std::clamp<std::int64_t>(y, 0, picture.height - 1));
        const auto column = static_cast<std::size_t>(std::clamp<std::int64_t>(x, 0, picture.width - 1));
        const std::uint8_t* const rgb = &picture.rgb[3 * (row * picture.width + column)];
        return 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
    };
}

double gaussian_at(std::int64_t y, std::int64_t x, double sigma) {
    return std::exp(-static_cast<double>(y * y + x * x) / (2 * sigma * sigma));
}

/// Mean with Gaussian weights over (2·radius + 1)² places.
double weighted_mean(const Plane& plane, std::int64_t y, std::int64_t x, double sigma, std::int64_t radius) {
    double sum = 0, weights = 0;
    for (std::int64_t dy = -radius; dy <= radius; ++dy) {
        for (std::int64_t dx = -radius; dx <= radius; ++dx) {
            const double weight = gaussian_at(dy, dx, sigma);
            sum += weight * plane(y + dy, x + dx);
            weights += weight;
        }
    }
    return sum / weights;
}

/// By the paper's formula, with variances as mean squared distances from the mean.
double similarity_at(const Plane& a, const Plane& b, std::int64_t y, std::int64_t x, std::int64_t radius) {
    const auto mean = [&](const Plane& plane) { return weighted_mean(plane, y, x, 1.5, radius); };
    const double mean_a = mean(a), mean_b = mean(b);
    const auto covariance = [&](const Plane& p, double mean_p, const Plane& q, double mean_q) {
        return mean([&](std::int64_t v, std::int64_t u) { return (p(v, u) - mean_p) * (q(v, u) - mean_q); });
    };
    const double c1 = std::pow(0.01 * 255, 2), c2 = std::pow(0.03 * 255, 2);
    return (2 * mean_a * mean_b + c1) * (2 * covariance(a, mean_a, b, mean_b) + c2) /
           ((mean_a * mean_a + mean_b * mean_b + c1) *
            (covariance(a, mean_a, a, mean_a) + covariance(b, mean_b, b, mean_b) + c2));
}

void check_similarity(const Picture8& result, const Picture8& target, const QualitySums& found) {
    const auto side = static_cast<std::int64_t>(std::min(target.width, target.height));
    const std::int64_t radius = std::min<std::int64_t>(5, (side - 1) / 2);
    double sum = 0, windows = 0;
    for (std::int64_t y = radius; y + radius < target.height; ++y) {
        for (std::int64_t x = radius; x + radius < target.width; ++x) {
            sum += similarity_at(luma_of(result), luma_of(target), y, x, radius);
            windows += 1;
        }
    }
    CHECK(found.windows == windows);
    CHECK(found.similarity == Approx(sum).epsilon(1e-9));
}

/// Of the band, at a pixel.
double detail_at(const Plane& plane, std::size_t band, std::int64_t y, std::int64_t x) {
    const auto blurred = [&](double sigma) {
        return weighted_mean(plane, y, x, sigma, static_cast<std::int64_t>(3 * sigma));
    };
    const double sharper = band == 0 ? plane(y, x) : blurred(band_sigmas[band - 1]);
    return band + 1 == band_count ? sharper : sharper - blurred(band_sigmas[band]);
}

void check_bands(const Picture8& result, const Picture8& target, const QualitySums& found) {
    for (std::size_t band = 0; band < band_count; ++band) {
        double rr = 0, tt = 0, rt = 0;
        for (std::int64_t y = 0; y < target.height; ++y) {
            for (std::int64_t x = 0; x < target.width; ++x) {
                const double r = detail_at(luma_of(result), band, y, x);
                const double t = detail_at(luma_of(target), band, y, x);
                rr += r * r, tt += t * t, rt += r * t;
            }
        }
        // float32 leaves some 1e-5 levels of values up to 255.
        const double left_by_floats = 1e-4 * static_cast<double>(target.plane());
        CHECK(found.bands[band].result == Approx(rr).epsilon(1e-5).margin(left_by_floats));
        CHECK(found.bands[band].target == Approx(tt).epsilon(1e-5).margin(left_by_floats));
        CHECK(found.bands[band].both == Approx(rt).epsilon(1e-5).margin(left_by_floats));
    }
}

void check_pixels(const Picture8& result, const Picture8& target, const QualitySums& found) {
    QualitySums sums;
    for (std::uint32_t y = 0; y < target.height; ++y) {
        for (std::uint32_t x = 0; x < target.width; ++x) {
            const std::uint32_t edge =
                std::min(std::min(y, target.height - 1 - y), std::min(x, target.width - 1 - x));
            const double tone = luma_of(target)(y, x);
            QualitySums::Tone& of_tone = sums.tones[tone < 256 / 3.0 ? 0 : tone < 512 / 3.0 ? 1 : 2];
            of_tone.pixels += 1;
            for (std::size_t c = 0; c < 3; ++c) {
                const std::size_t at = 3 * (std::size_t{y} * target.width + x) + c;
                const double error = static_cast<double>(result.rgb[at]) - target.rgb[at];
                sums.squares += error * error;
                sums.absolute += std::abs(error);
                sums.off += std::abs(error) > 4 ? 1 : 0;
                of_tone.absolute += std::abs(error);
                of_tone.error[c] += error;
                if (edge < 4) {
                    sums.rings[edge].values += 1;
                    sums.rings[edge].absolute += std::abs(error);
                }
                if (edge >= 8) {
                    sums.inside.values += 1;
                    sums.inside.absolute += std::abs(error);
                }
            }
        }
    }
    CHECK(found.pixels == static_cast<double>(target.plane()));
    CHECK(found.squares == sums.squares);
    CHECK(found.absolute == sums.absolute);
    CHECK(found.off == sums.off);
    for (std::size_t i = 0; i < tone_count; ++i) {
        CHECK(found.tones[i].pixels == sums.tones[i].pixels);
        CHECK(found.tones[i].absolute == sums.tones[i].absolute);
        CHECK(found.tones[i].error == sums.tones[i].error);
    }
    for (std::size_t i = 0; i < ring_count; ++i) {
        CHECK(found.rings[i].values == sums.rings[i].values);
        CHECK(found.rings[i].absolute == sums.rings[i].absolute);
    }
    CHECK(found.inside.values == sums.inside.values);
    CHECK(found.inside.absolute == sums.inside.absolute);
    CHECK(squared_error(result, target) ==
          Approx(sums.squares / (255.0 * 255.0 * 3 * static_cast<double>(target.plane()))));
}

void check_sums(const Picture8& result, const Picture8& target) {
    CAPTURE(target.width, target.height);
    const QualitySums found = compare_pictures(result, target);
    check_pixels(result, target, found);
    check_similarity(result, target, found);
    check_bands(result, target, found);
}

}  // namespace

TEST_CASE("pictures of any shape are compared as plain loops compare them") {
    // One pixel, lines, less than a window, exactly one, and more rows than are worked on at once.
    for (const auto& [width, height] : std::vector<std::pair<std::uint32_t, std::uint32_t>>{
             {1, 1}, {1, 7}, {9, 2}, {10, 13}, {11, 11}, {23, 141}, {70, 19}}) {
        check_sums(drawn_picture(width, height, 1), drawn_picture(width, height, 2));
        check_sums(drawn_picture(width, height, 3), drawn_picture(width, height, 3));
    }
}

TEST_CASE("a picture is like itself, and unlike its negative") {
    const Picture8 picture = drawn_picture(40, 30, 5);
    Picture8 negative = picture;
    for (std::uint8_t& value : negative.rgb) value = static_cast<std::uint8_t>(255 - value);
    const QualitySums same = compare_pictures(picture, picture), other = compare_pictures(negative, picture);
    CHECK(same.similarity / same.windows == Approx(1));
    CHECK(same.squares == 0);
    CHECK(other.similarity / other.windows < 0);
}

TEST_CASE("sums of several pictures add up") {
    const Picture8 a = drawn_picture(30, 20, 1), b = drawn_picture(30, 20, 2);
    const Picture8 c = drawn_picture(19, 33, 3), d = drawn_picture(19, 33, 4);
    const QualitySums first = compare_pictures(a, b), second = compare_pictures(c, d);
    QualitySums both = first;
    both += second;
    CHECK(both.pixels == first.pixels + second.pixels);
    CHECK(both.squares == first.squares + second.squares);
    CHECK(both.absolute == first.absolute + second.absolute);
    CHECK(both.off == first.off + second.off);
    CHECK(both.windows == first.windows + second.windows);
    CHECK(both.similarity == first.similarity + second.similarity);
    CHECK(both.bands[1].both == first.bands[1].both + second.bands[1].both);
    CHECK(both.bands[3].result == first.bands[3].result + second.bands[3].result);
    CHECK(both.bands[0].target == first.bands[0].target + second.bands[0].target);
    CHECK(both.tones[2].pixels == first.tones[2].pixels + second.tones[2].pixels);
    CHECK(both.tones[1].absolute == first.tones[1].absolute + second.tones[1].absolute);
    CHECK(both.tones[0].error[2] == first.tones[0].error[2] + second.tones[0].error[2]);
    CHECK(both.rings[3].absolute == first.rings[3].absolute + second.rings[3].absolute);
    CHECK(both.inside.values == first.inside.values + second.inside.values);
}

TEST_CASE("pictures of different sizes are not compared, nor such without pixels") {
    CHECK_THROWS_AS(compare_pictures(drawn_picture(3, 4, 1), drawn_picture(4, 3, 1)), std::invalid_argument);
    CHECK_THROWS_AS(compare_pictures({}, {}), std::invalid_argument);
    CHECK_THROWS_AS(squared_error(drawn_picture(3, 4, 1), drawn_picture(3, 5, 1)), std::invalid_argument);
}
