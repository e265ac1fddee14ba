#include "train/logs/norm_histogram.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>
#include <variant>

#include "data/examples.h"

namespace shadenet {

namespace {

/// Of so many values one may lie outside of the bins on either side.
constexpr std::uint64_t outermost = 2000;

/// The fine bins [first, end) that hold all values but the outermost; all bins where there are no values.
std::pair<std::uint32_t, std::uint32_t> occupied(std::span<const std::uint64_t> fine) {
    const std::uint64_t values = std::accumulate(fine.begin(), fine.end(), std::uint64_t{0});
    std::uint32_t first = 0, end = static_cast<std::uint32_t>(fine.size());
    if (values == 0) return {first, end};
    for (std::uint64_t sum = fine[first]; sum <= values / outermost; sum += fine[first]) ++first;
    for (std::uint64_t sum = fine[end - 1]; sum <= values / outermost; sum += fine[end - 1]) --end;
    return {first, end};
}

/// The network, whose feature maps the device can bind: to be known before memory is taken for them.
const Network& bindable(const Device& device, const Network& network, const Shape& picture) {
    require_bindable(device, network, picture);
    return network;
}

}  // namespace

std::uint64_t NormHistogram::values() const {
    return std::accumulate(counts.begin(), counts.end(), below + above);
}

NormHistogram joined(std::span<const std::uint64_t> columns, const BinRange& range,
                     const Extremes& extremes) {
    constexpr std::uint32_t bins = NormHistogram::bins;
    const std::span<const std::uint64_t> fine = columns.first(push::HISTOGRAM_BINS);
    const auto [first, end] = occupied(fine);
    const std::uint32_t together = (end - first + bins - 1) / bins, span = together * bins;
    // In the middle of what is left over.
    const std::uint32_t before = (span - (end - first)) / 2;
    const std::uint32_t begin = std::min(first - std::min(first, before), push::HISTOGRAM_BINS - span);
    const auto sum = [&](std::uint32_t from, std::uint32_t to) {
        return std::accumulate(fine.begin() + from, fine.begin() + to, std::uint64_t{0});
    };
    NormHistogram histogram{.least = extremes.least,
                            .greatest = extremes.greatest,
                            .low = range.edge(begin),
                            .high = range.edge(begin + span),
                            .below = columns[push::HISTOGRAM_BELOW] + sum(0, begin),
                            .above = columns[push::HISTOGRAM_ABOVE] + sum(begin + span, push::HISTOGRAM_BINS),
                            .not_finite = columns[push::HISTOGRAM_NOT_FINITE]};
    for (std::uint32_t i = 0; i < bins; ++i) {
        histogram.counts[i] = sum(begin + i * together, begin + (i + 1) * together);
    }
    return histogram;
}

NormHistograms::NormHistograms(const Device& device, const Network& network, const Parameters& parameters,
                               const Shape& picture)
    : parameters_(device, parameters, WeightLayout::blocks),
      plan_(device, bindable(device, network, picture), parameters_, picture, Purpose::inference,
            {.kept = norm_points(network)}),
      picture_(device, plan_.input_shape(), ExampleValues::floats, "picture of the histograms"),
      recorder_(device) {
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const auto* norm = std::get_if<BatchNorm>(&network.layers[i]);
        if (norm == nullptr) continue;
        for (const NormSide side : {NormSide::input, NormSide::output}) {
            const std::string name = norm->name + " " + to_string(side);
            probes_.push_back({norm->name, side, i + (side == NormSide::output), norm->channels,
                               std::make_unique<HistogramKernels>(device, norm->channels, name)});
        }
    }
}

std::vector<NormHistogram> NormHistograms::measure(const Parameters& parameters, const Examples& pictures,
                                                   std::uint32_t epoch, const std::atomic<bool>& stop) {
    parameters_.upload(parameters);
    if (!find_ranges(pictures, stop) || !count(pictures, stop)) return {};
    std::vector<NormHistogram> histograms;
    for (const Probe& probe : probes_) {
        histograms.push_back(histogram(probe, probe.channels));
        for (std::uint32_t c = 0; c < probe.channels; ++c) histograms.push_back(histogram(probe, c));
    }
    for (NormHistogram& one : histograms) one.epoch = epoch;
    return histograms;
}

void NormHistograms::forward(const Examples& pictures, std::uint32_t index) {
    picture_.upload(pictures.input(index));
    plan_.forward(recorder_, picture_.view(), Mode::inference);
}

bool NormHistograms::find_ranges(const Examples& pictures, const std::atomic<bool>& stop) {
    for (Probe& probe : probes_) probe.kernels->begin_extremes(recorder_);
    for (std::uint32_t n = 0; n < pictures.domain_sizes()[0]; ++n) {
        forward(pictures, n);
        for (Probe& probe : probes_) {
            probe.kernels->find_extremes(recorder_, plan_.point(recorder_, probe.point));
        }
        recorder_.finish();
        if (stop) return false;
    }
    for (Probe& probe : probes_) {
        probe.extremes = probe.kernels->extremes();
        Extremes all = probe.extremes.front();
        for (const Extremes& own : probe.extremes) all = both(all, own);
        probe.extremes.push_back(all);
        probe.ranges.clear();
        for (const Extremes& own : probe.extremes) probe.ranges.push_back(bins_over(own));
        probe.kernels->set_bins(probe.ranges);
    }
    return true;
}

/// The device counts one picture, which 32 bits are enough for; the sums are made here.
bool NormHistograms::count(const Examples& pictures, const std::atomic<bool>& stop) {
    for (Probe& probe : probes_) {
        probe.counts.assign((probe.channels + std::size_t{1}) * push::HISTOGRAM_COLUMNS, 0);
    }
    for (std::uint32_t n = 0; n < pictures.domain_sizes()[0]; ++n) {
        forward(pictures, n);
        for (Probe& probe : probes_) {
            probe.kernels->begin_counts(recorder_);
            probe.kernels->count(recorder_, plan_.point(recorder_, probe.point));
        }
        recorder_.finish();
        if (stop) return false;
        for (Probe& probe : probes_) {
            const std::vector<std::uint32_t> counts = probe.kernels->counts();
            std::transform(counts.begin(), counts.end(), probe.counts.begin(), probe.counts.begin(),
                           std::plus<std::uint64_t>());
        }
    }
    return true;
}

NormHistogram NormHistograms::histogram(const Probe& probe, std::uint32_t row) {
    const std::span<const std::uint64_t> counts(probe.counts);
    NormHistogram one =
        joined(counts.subspan(std::size_t{row} * push::HISTOGRAM_COLUMNS, push::HISTOGRAM_COLUMNS),
               probe.ranges[row], probe.extremes[row]);
    one.layer = probe.layer;
    one.side = probe.side;
    if (row < probe.channels) one.channel = row;
    return one;
}

}  // namespace shadenet
