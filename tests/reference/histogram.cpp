#include "reference/histogram.h"

#include <algorithm>
#include <cmath>

namespace shadenet::reference {

namespace {

std::size_t channel_of(const Tensor& x, std::size_t i) {
    return i / x.shape.plane() % x.shape.c;
}

void count(ChannelCounts& counts, const std::vector<double>& edges, double value) {
    if (!std::isfinite(value)) {
        ++counts.not_finite;
    } else if (value < edges.front()) {
        ++counts.below;
    } else if (value > edges.back()) {
        ++counts.above;
    } else if (value == edges.back()) {
        ++counts.bins.back();
    } else {
        const auto after = std::upper_bound(edges.begin(), edges.end(), value);
        ++counts.bins.at(static_cast<std::size_t>(after - edges.begin()) - 1);
    }
}

ChannelCounts no_counts(const std::vector<double>& edges) {
    return {std::vector<std::uint64_t>(edges.size() - 1, 0)};
}

}  // namespace

std::vector<ChannelExtremes> histogram_extremes(const Tensor& x) {
    std::vector<ChannelExtremes> extremes(x.shape.c);
    for (std::size_t i = 0; i < x.values.size(); ++i) {
        if (!std::isfinite(x.values[i])) continue;
        ChannelExtremes& own = extremes[channel_of(x, i)];
        own.least = std::min(own.least, x.values[i]);
        own.greatest = std::max(own.greatest, x.values[i]);
    }
    return extremes;
}

ChannelCounts histogram_counts(const Tensor& x, std::uint32_t channel, const std::vector<double>& edges) {
    ChannelCounts counts = no_counts(edges);
    for (std::size_t i = 0; i < x.values.size(); ++i) {
        if (channel_of(x, i) == channel) count(counts, edges, x.values[i]);
    }
    return counts;
}

ChannelCounts histogram_counts(const Tensor& x, const std::vector<double>& edges) {
    ChannelCounts counts = no_counts(edges);
    for (const double value : x.values) count(counts, edges, value);
    return counts;
}

}  // namespace shadenet::reference
