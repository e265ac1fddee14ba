#include "engine/tensors/histogram.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "check/kernel_cases.h"
#include "device_fixture.h"

using namespace shadenet;
using namespace shadenet::check;

namespace {

constexpr std::uint32_t bins = push::HISTOGRAM_BINS;

/// The counts of one channel's own row, for values in one row of pixels.
std::vector<std::uint32_t> counts_of(const Device& device, const BinRange& range,
                                     const std::vector<float>& values) {
    const Tensor x(device, {1, 1, 1, static_cast<std::uint32_t>(values.size())}, "x");
    x.upload(values);
    HistogramKernels kernels(device, 1, "test");
    Recorder recorder(device);
    kernels.set_bins(std::vector<BinRange>{range, range});
    kernels.begin_counts(recorder);
    kernels.count(recorder, x.view());
    recorder.finish();
    std::vector<std::uint32_t> counts = kernels.counts();
    const auto half = counts.begin() + push::HISTOGRAM_COLUMNS;
    CHECK(std::equal(counts.begin(), half, half, counts.end()));
    counts.erase(half, counts.end());
    return counts;
}

/// The next smaller number that every device knows: some take the tiniest for 0.
float next_below(float value) {
    if (value == 0) return -std::numeric_limits<float>::min();
    return std::nextafter(value, -std::numeric_limits<float>::infinity());
}

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "histogram: odd shapes and ugly data, count by count") {
    const Shape shapes[] = {{1, 1, 1, 1}, {2, 3, 5, 7}, {3, 5, 7, 130}, {2, 2, 129, 67}, {1, 17, 65, 9}};
    std::uint64_t seed = 0;
    for (const Shape& x : shapes) {
        for (const Data data : {Data::normal, Data::ugly, Data::offset, Data::levels}) {
            require_passed(check_histogram(device, {x, data, ++seed}));
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "histogram: values outside of the bins, and what is no number") {
    require_passed(check_histogram(device, {{3, 5, 19, 67}, Data::ugly, 1, 0.4}));
    require_passed(check_histogram(device, {{2, 3, 70, 65}, Data::normal, 2, 1, 7}));
    require_passed(check_histogram(device, {{2, 3, 70, 65}, Data::offset, 3, 0.7, 11}));
}

TEST_CASE_METHOD(DeviceFixture, "histogram: more values in a channel than a loop may have turns") {
    require_passed(check_histogram(device, {{1, 2, 521, 263}, Data::ugly, 1}));
}

TEST_CASE_METHOD(DeviceFixture, "histogram: the same input gives the same bits") {
    const HistogramCase one{.x = {3, 5, 67, 130}};
    require_same_bits(check_histogram(device, one), check_histogram(device, one));
}

TEST_CASE_METHOD(DeviceFixture,
                 "histogram: a value on an edge belongs to the bin above it, the last edge to the last") {
    // Bins whose edges are no short numbers, and bins as narrow as they may be beside the values.
    for (const BinRange& range : {BinRange{-0.7f, 0.0013f}, bins_over({1e6f, 1e6f}), bins_over({0, 0})}) {
        std::vector<float> edges, under;
        for (std::uint32_t i = 0; i <= bins; ++i) {
            edges.push_back(range.edge(i));
            under.push_back(next_below(range.edge(i)));
        }
        const std::vector<std::uint32_t> on = counts_of(device, range, edges);
        std::vector<std::uint32_t> expected(push::HISTOGRAM_COLUMNS, 0);
        std::fill_n(expected.begin(), bins, 1u);
        expected[bins - 1] = 2;
        CHECK(on == expected);
        std::fill_n(expected.begin(), bins, 1u);
        expected[push::HISTOGRAM_BELOW] = 1;
        CHECK(counts_of(device, range, under) == expected);
    }
}

TEST_CASE_METHOD(DeviceFixture, "histogram: a channel without a number has no extremes and ordinary bins") {
    const float infinity = std::numeric_limits<float>::infinity();
    const Tensor x(device, {1, 2, 1, 3}, "x");
    x.upload(std::vector<float>{infinity, -infinity, std::nanf(""), 5, infinity, -2});
    HistogramKernels kernels(device, 2, "test");
    Recorder recorder(device);
    kernels.begin_extremes(recorder);
    kernels.find_extremes(recorder, x.view());
    recorder.finish();
    const std::vector<Extremes> found = kernels.extremes();
    CHECK(std::isnan(found[0].least));
    CHECK(std::isnan(found[0].greatest));
    CHECK(found[1].least == -2);
    CHECK(found[1].greatest == 5);
    CHECK(both(found[0], found[1]).greatest == 5);
    CHECK(bins_over(found[0]).width == 1);
}

TEST_CASE("bins reach over all values, and are never too narrow to be told apart") {
    const float extremes[][2] = {{0, 1},          {-1, 1},  {0, 0},           {5, 5},       {1e6f, 1e6f + 1},
                                 {-3e38f, 3e38f}, {-7, -7}, {1e-38f, 1e-37f}, {0.1f, 0.7f}, {-1e-5f, 3e4f}};
    for (const auto& [least, greatest] : extremes) {
        const BinRange range = bins_over({least, greatest});
        CAPTURE(least, greatest, range.low, range.width);
        CHECK(std::isfinite(range.edge(bins)));
        CHECK(range.low == std::max(least, -1e38f));
        CHECK(range.edge(bins) >= std::min(greatest, 1e38f));
        const float size = std::max(std::abs(least), std::abs(greatest));
        const bool apart = greatest - least > std::max(1e-4f * size, 1e-28f);
        if (apart) CHECK(range.edge(bins - 1) < std::min(greatest, 1e38f));
        for (std::uint32_t i = 0; i < bins; ++i) REQUIRE(range.edge(i) < range.edge(i + 1));
    }
}
