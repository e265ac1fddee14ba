// Histograms of a network's norms against plain counting of the same feature maps.
#include "train/logs/norm_histogram.h"

#include <cmath>
#include <numeric>

#include "check/device_data.h"
#include "reference/histogram.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

constexpr std::uint32_t images = 3, wide = 13, high = 9;

/// The feature maps of a point, [images,c,h,w], in inference.
reference::Tensor point_of(const Network& network, const Parameters& parameters, const PicturePairs& data,
                           std::size_t point) {
    const Shape picture{1, 3, high, wide};
    ParameterBuffers buffers(test_device(), parameters);
    StackPlan plan(test_device(), network, buffers, picture, Purpose::inference,
                   {.kept = norm_points(network)});
    Recorder recorder(test_device());
    std::vector<float> values;
    Shape shape;
    const ExampleTensor x(test_device(), picture, ExampleValues::floats, "x");
    for (std::uint32_t n = 0; n < images; ++n) {
        x.upload(data.input(n));
        plan.forward(recorder, x.view(), Mode::inference);
        const TensorView view = plan.point(recorder, point);
        recorder.finish();
        shape = view.shape;
        const std::vector<float> one = view.buffer->download<float>(shape.values(), view.offset);
        values.insert(values.end(), one.begin(), one.end());
    }
    shape.n = images;
    return reference::tensor_from_floats(shape, values);
}

std::vector<double> edges_of(const BinRange& bins) {
    std::vector<double> edges;
    for (std::uint32_t i = 0; i <= push::HISTOGRAM_BINS; ++i) edges.push_back(bins.edge(i));
    return edges;
}

/// What is to be found in a channel, or in all of them.
NormHistogram expected(const reference::Tensor& x, std::optional<std::uint32_t> channel) {
    const std::vector<reference::ChannelExtremes> each = reference::histogram_extremes(x);
    reference::ChannelExtremes ends = each[channel.value_or(0)];
    for (const reference::ChannelExtremes& own : each) {
        if (channel) break;
        ends = {std::min(ends.least, own.least), std::max(ends.greatest, own.greatest)};
    }
    const Extremes extremes{static_cast<float>(ends.least), static_cast<float>(ends.greatest)};
    const BinRange bins = bins_over(extremes);
    const reference::ChannelCounts counts = channel ? reference::histogram_counts(x, *channel, edges_of(bins))
                                                    : reference::histogram_counts(x, edges_of(bins));
    std::vector<std::uint64_t> columns = counts.bins;
    columns.insert(columns.end(), {counts.below, counts.above, counts.not_finite});
    return joined(columns, bins, extremes);
}

bool same(const NormHistogram& a, const NormHistogram& b) {
    return a.least == b.least && a.greatest == b.greatest && a.low == b.low && a.high == b.high &&
           a.below == b.below && a.above == b.above && a.not_finite == b.not_finite && a.counts == b.counts;
}

std::vector<std::uint64_t> fine_counts(std::initializer_list<std::pair<std::uint32_t, std::uint64_t>> some) {
    std::vector<std::uint64_t> counts(push::HISTOGRAM_COLUMNS, 0);
    for (const auto& [bin, count] : some) counts[bin] = count;
    return counts;
}

}  // namespace

TEST_CASE("histograms of norms are those of their feature maps") {
    const ValidatedDevice device;
    const NetworkOptions options{.hidden = 5, .activation = "relu"};
    const Network network = two_layer_network(options);
    const Parameters parameters = check::random_parameters(network, check::Data::normal, 4);
    const PicturePairs data = made_data(images, wide, high);
    NormHistograms histograms(*device, network, initial_parameters(network, 1), {1, 3, high, wide});
    histograms.measure(initial_parameters(network, 1), data, 6, false);
    CHECK(histograms.measure(initial_parameters(network, 1), data, 6, true).empty());
    const std::vector<NormHistogram> found = histograms.measure(parameters, data, 7, false);
    REQUIRE(found.size() == 2 * (5 + 1) + 2 * (3 + 1));

    std::size_t next = 0;
    for (const auto& [layer, point] : {std::pair<const char*, std::size_t>{"bn1", 1}, {"bn2", 4}}) {
        for (const NormSide side : {NormSide::input, NormSide::output}) {
            const reference::Tensor x =
                point_of(network, parameters, data, point + (side == NormSide::output));
            for (std::uint32_t c = 0; c <= x.shape.c; ++c, ++next) {
                const NormHistogram& one = found[next];
                CAPTURE(layer, to_string(side), c);
                CHECK(one.epoch == 7);
                CHECK(one.layer == layer);
                CHECK(one.side == side);
                CHECK(one.channel == (c == 0 ? std::nullopt : std::optional(c - 1)));
                CHECK(same(one, expected(x, one.channel)));
                CHECK(one.values() == images * wide * high * (one.channel ? 1 : x.shape.c));
            }
        }
    }
}

TEST_CASE("histograms of norms see the moving statistics, not the pictures' own") {
    const ValidatedDevice device;
    const Network network = two_layer_network({.hidden = 5});
    const Parameters parameters = check::random_parameters(network, check::Data::normal, 9);
    const PicturePairs data = made_data(images, wide, high);
    NormHistograms histograms(*device, network, parameters, {1, 3, high, wide});
    const std::vector<NormHistogram> found = histograms.measure(parameters, data, 1, false);
    const auto value = [&](const char* name, std::uint32_t c) {
        return static_cast<double>(parameters.at(std::string("bn1.") + name).values[c]);
    };
    for (std::uint32_t c = 0; c < 5; ++c) {
        const auto normalized = [&](double x) {
            return value("weight", c) * (x - value("running_mean", c)) /
                       std::sqrt(value("running_var", c) + 1e-5) +
                   value("bias", c);
        };
        const NormHistogram &input = found[1 + c], &output = found[7 + c];
        const auto [least, greatest] = std::minmax({normalized(input.least), normalized(input.greatest)});
        CHECK(output.least == Approx(least).margin(1e-5));
        CHECK(output.greatest == Approx(greatest).margin(1e-5));
    }
}

TEST_CASE("fine bins are joined without a value changing sides") {
    const BinRange range{-2, 0.25f};
    const Extremes extremes{-2, 254};
    SECTION("values all over stay all over") {
        const NormHistogram one =
            joined(fine_counts({{0, 3}, {511, 4}, {512, 5}, {1023, 6}}), range, extremes);
        CHECK(one.low == -2);
        CHECK(one.high == 254);
        CHECK(one.counts[0] == 3);
        CHECK(one.counts[31] == 4);
        CHECK(one.counts[32] == 5);
        CHECK(one.counts[63] == 6);
        CHECK(one.values() == 18);
    }
    SECTION("a few values far away are left outside, and counted") {
        const NormHistogram one =
            joined(fine_counts({{0, 2}, {500, 6000}, {570, 5000}, {1023, 4}}), range, extremes);
        CHECK(one.below == 2);
        CHECK(one.above == 4);
        CHECK(one.values() == 11006);
        CHECK(one.low == range.edge(472));
        CHECK(one.high == range.edge(472 + 128));
        CHECK(one.counts[14] == 6000);
        CHECK(one.counts[49] == 5000);
        CHECK(one.least == -2);
        CHECK(one.greatest == 254);
    }
    SECTION("more than 1 in 2000 are not far away") {
        CHECK(joined(fine_counts({{0, 6}, {500, 10000}}), range, extremes).below == 0);
        CHECK(joined(fine_counts({{0, 5}, {500, 10000}}), range, extremes).below == 5);
    }
    SECTION("at either end of the fine bins, and nowhere") {
        CHECK(joined(fine_counts({{0, 1}}), range, extremes).counts[0] == 1);
        CHECK(joined(fine_counts({{1023, 1}}), range, extremes).counts[63] == 1);
        const NormHistogram none = joined(fine_counts({{push::HISTOGRAM_NOT_FINITE, 9}}), range, extremes);
        CHECK(none.values() == 0);
        CHECK(none.not_finite == 9);
        CHECK(none.low == -2);
        CHECK(none.high == 254);
    }
}
