#include "engine/tensors/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace shadenet {

namespace {

/// Differences of values up to this are finite in float32.
constexpr double outermost = 1e38;
/// Well above the numbers that a device may take for 0.
constexpr double narrowest = 1e-30;

constexpr std::uint32_t sign = 0x80000000u;

/// The float from which the shader's ordered() made the key.
float from_ordered(std::uint32_t key) {
    return std::bit_cast<float>((key & sign) != 0 ? key & ~sign : ~key);
}

}  // namespace

Extremes both(const Extremes& a, const Extremes& b) {
    return {std::fmin(a.least, b.least), std::fmax(a.greatest, b.greatest)};
}

BinRange bins_over(const Extremes& extremes) {
    if (std::isnan(extremes.least)) return {};
    const double low = std::clamp<double>(extremes.least, -outermost, outermost);
    const double high = std::clamp<double>(extremes.greatest, -outermost, outermost);
    const double units = 4 * std::numeric_limits<float>::epsilon() * std::max(std::abs(low), std::abs(high));
    const double width = std::max({(high - low) / push::HISTOGRAM_BINS, units, narrowest});
    BinRange bins{static_cast<float>(low), static_cast<float>(width)};
    while (bins.edge(push::HISTOGRAM_BINS) < static_cast<float>(high)) {
        bins.width = std::nextafter(bins.width, std::numeric_limits<float>::infinity());
    }
    return bins;
}

HistogramKernels::HistogramKernels(const Device& device, std::uint32_t channels, const std::string& name)
    : channels_(channels),
      extremes_(device, 2 * channels * sizeof(std::uint32_t), name + " extremes"),
      ranges_(device, (channels + std::uint64_t{1}) * 2 * sizeof(float), name + " bins"),
      counts_(device, (channels + std::uint64_t{1}) * push::HISTOGRAM_COLUMNS * sizeof(std::uint32_t),
              name + " counts"),
      find_extremes_(device, "histogram_range", {"x", "extremes"}),
      count_(device, "histogram_count", {"x", "ranges", "counts"}) {}

void HistogramKernels::begin_extremes(Recorder& recorder) {
    const std::uint64_t bytes = channels_ * sizeof(std::uint32_t);
    recorder.fill(extremes_.range(0, bytes), ~0u);
    recorder.fill(extremes_.range(bytes, bytes), 0u);
}

std::vector<Extremes> HistogramKernels::extremes() const {
    const std::vector<std::uint32_t> keys = extremes_.download<std::uint32_t>(2 * std::size_t{channels_});
    std::vector<Extremes> extremes;
    for (std::uint32_t c = 0; c < channels_; ++c) {
        const std::uint32_t least = keys[c], greatest = keys[channels_ + c];
        const float none = std::numeric_limits<float>::quiet_NaN();
        extremes.push_back(least > greatest ? Extremes{none, none}
                                            : Extremes{from_ordered(least), from_ordered(greatest)});
    }
    return extremes;
}

void HistogramKernels::set_bins(std::span<const BinRange> bins) {
    std::vector<float> values;
    for (const BinRange& range : bins) values.insert(values.end(), {range.low, range.width});
    ranges_.upload(std::span<const float>(values));
}

std::vector<std::uint32_t> HistogramKernels::counts() const {
    return counts_.download<std::uint32_t>((channels_ + std::size_t{1}) * push::HISTOGRAM_COLUMNS);
}

}  // namespace shadenet
