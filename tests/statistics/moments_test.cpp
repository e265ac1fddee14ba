#include "statistics/moments.h"

#include <algorithm>
#include <span>
#include <vector>

#include "catch.h"
#include "reference/batchnorm.h"

using namespace shadenet;

namespace {

/// Values around 10 that lie 100 apart, and no two alike.
std::vector<float> ugly_values(std::size_t count) {
    std::vector<float> values;
    for (std::size_t i = 0; i < count; ++i) {
        values.push_back(10.0f + 100.0f * static_cast<float>((i * 7919) % 1009) / 1009.0f);
    }
    return values;
}

/// Of float64 sums: the last few bits.
constexpr double rounding = 1e-13;

void check_near(const Moments& moments, const reference::BatchStatistics& expected) {
    CHECK(moments.mean == Approx(expected.mean[0]).epsilon(rounding));
    CHECK(moments.variance() == Approx(expected.variance[0]).epsilon(rounding));
}

reference::BatchStatistics direct(const std::vector<float>& values) {
    const auto count = static_cast<std::uint32_t>(values.size());
    return reference::batchnorm_statistics(reference::tensor_from_floats({1, 1, 1, count}, values));
}

}  // namespace

TEST_CASE("moments of rows inside of wider ones") {
    const std::vector<float> all = ugly_values(7 * 11);
    std::vector<float> inside;
    for (std::size_t row = 0; row < 7; ++row) {
        inside.insert(inside.end(), all.begin() + row * 11, all.begin() + row * 11 + 5);
    }
    const Moments moments = moments_of(all, 7, 5, 11);
    CHECK(moments.count == 35);
    check_near(moments, direct(inside));
}

TEST_CASE("pieces merge to the whole, however it is cut") {
    const std::vector<float> all = ugly_values(1000);
    for (const std::size_t piece : {1, 3, 64, 999, 1000}) {
        Moments merged;
        for (std::size_t first = 0; first < all.size(); first += piece) {
            const std::size_t count = std::min(piece, all.size() - first);
            merged.merge(moments_of(std::span(all).subspan(first), 1, count, count));
        }
        CHECK(merged.count == all.size());
        check_near(merged, direct(all));
    }
}

TEST_CASE("a small variance beside a large mean is kept") {
    // Float64 has the squares to within 1e8 only, and E[x²] − E[x]² with them; the variance is 5e9.
    const std::vector<float> values = {1e12f, 1e12f + 65536, 1e12f + 131072, 1e12f + 196608};
    const Moments whole = moments_of(values, 1, 4, 4);
    check_near(whole, direct(values));
    Moments merged = moments_of(values, 1, 2, 2);
    merged.merge(moments_of(std::span(values).subspan(2), 1, 2, 2));
    check_near(merged, direct(values));
}

TEST_CASE("one value has no variance, and nothing changes nothing") {
    const std::vector<float> value = {-3.5f};
    Moments moments = moments_of(value, 1, 1, 1);
    CHECK(moments.mean == -3.5);
    CHECK(moments.variance() == 0.0);
    moments.merge({});
    CHECK(moments.count == 1);
    CHECK(moments.mean == -3.5);
    Moments none;
    none.merge({});
    CHECK(none.count == 0);
    none.merge(moments);
    CHECK(none.mean == -3.5);
}
