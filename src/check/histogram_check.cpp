#include <array>
#include <limits>
#include <span>

#include <fmt/format.h>

#include "check/harness.h"
#include "check/kernel_cases.h"
#include "engine/tensors/histogram.h"
#include "model/random.h"
#include "reference/histogram.h"

namespace shadenet::check {

namespace {

std::vector<float> values_of(const HistogramCase& one) {
    std::mt19937_64 random = random_stream(one.seed, 0);
    std::vector<float> values = random_values(one.x.values(), one.data, random);
    constexpr float infinity = std::numeric_limits<float>::infinity();
    constexpr std::array<float, 3> spoilt = {std::numeric_limits<float>::quiet_NaN(), infinity, -infinity};
    for (std::size_t i = 0; one.spoilt_every > 0 && i < values.size(); i += one.spoilt_every) {
        values[i] = spoilt[i / one.spoilt_every % spoilt.size()];
    }
    return values;
}

/// Bins over the middle part of the values between the extremes.
BinRange bins_of(const Extremes& extremes, double spanned) {
    const double middle = (static_cast<double>(extremes.least) + extremes.greatest) / 2;
    const double half = spanned * (static_cast<double>(extremes.greatest) - extremes.least) / 2;
    if (spanned == 1) return bins_over(extremes);
    return bins_over({static_cast<float>(middle - half), static_cast<float>(middle + half)});
}

std::vector<double> edges_of(const BinRange& bins) {
    std::vector<double> edges;
    for (std::uint32_t i = 0; i <= push::HISTOGRAM_BINS; ++i) edges.push_back(bins.edge(i));
    return edges;
}

void append_counts(std::vector<double>& all, const reference::ChannelCounts& counts) {
    for (const std::uint64_t bin : counts.bins) all.push_back(static_cast<double>(bin));
    for (const std::uint64_t count : {counts.below, counts.above, counts.not_finite}) {
        all.push_back(static_cast<double>(count));
    }
}

struct Found {
    std::vector<Extremes> extremes;
    std::vector<BinRange> bins;  ///< of the counts
    std::vector<std::uint32_t> counts;
};

/// Runs the images one by one, as the pictures of a data set.
Found run(Recorder& recorder, HistogramKernels& kernels, const TensorView& x, double spanned) {
    kernels.begin_extremes(recorder);
    for (std::uint32_t n = 0; n < x.shape.n; ++n) kernels.find_extremes(recorder, x.images(n, 1));
    recorder.finish();
    Found found{kernels.extremes(), {}, {}};
    Extremes all = found.extremes.front();
    for (const Extremes& own : found.extremes) {
        found.bins.push_back(bins_of(own, spanned));
        all = both(all, own);
    }
    found.bins.push_back(bins_of(all, spanned));
    kernels.set_bins(found.bins);
    kernels.begin_counts(recorder);
    for (std::uint32_t n = 0; n < x.shape.n; ++n) kernels.count(recorder, x.images(n, 1));
    recorder.finish();
    found.counts = kernels.counts();
    return found;
}

}  // namespace

std::vector<Comparison> check_histogram(const Device& device, const HistogramCase& one) {
    const std::vector<float> values = values_of(one);
    const GuardedTensor x(device, one.x, "x", values);
    HistogramKernels kernels(device, one.x.c, "check");
    Recorder recorder(device);
    run(recorder, kernels, x.view(), 1);
    const Found found = run(recorder, kernels, x.view(), one.spanned);

    const reference::Tensor truth = reference::tensor_from_floats(one.x, values);
    std::vector<double> extremes, counts;
    for (const reference::ChannelExtremes& own : reference::histogram_extremes(truth)) {
        extremes.insert(extremes.end(), {own.least, own.greatest});
    }
    for (std::uint32_t c = 0; c < one.x.c; ++c) {
        append_counts(counts, reference::histogram_counts(truth, c, edges_of(found.bins[c])));
    }
    append_counts(counts, reference::histogram_counts(truth, edges_of(found.bins.back())));

    std::vector<float> actual_extremes;
    for (const Extremes& own : found.extremes) {
        actual_extremes.insert(actual_extremes.end(), {own.least, own.greatest});
    }
    const std::vector<float> actual_counts(found.counts.begin(), found.counts.end());
    Report report(fmt::format("{}, {}, {} of the range", to_string(one.x), to_string(one.data), one.spanned),
                  one.seed);
    report.add("histogram range",
               compare("extremes", actual_extremes, extremes, {1, one.x.c, 1, 2}, tolerance::exact));
    report.add("histogram count", compare("counts", actual_counts, counts,
                                          {1, one.x.c + 1, 1, push::HISTOGRAM_COLUMNS}, tolerance::exact));
    add_damage(report, "histogram", {&x});
    return report.take();
}

}  // namespace shadenet::check
