// Counting values in bins, and the extremes that bins are laid over, in float64.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "reference/tensor.h"

namespace shadenet::reference {

struct ChannelExtremes {
    double least = std::numeric_limits<double>::infinity();
    double greatest = -std::numeric_limits<double>::infinity();
};

/// Of the finite values of each channel of x [N,C,H,W], over all n, y, x.
std::vector<ChannelExtremes> histogram_extremes(const Tensor& x);

struct ChannelCounts {
    std::vector<std::uint64_t> bins;
    std::uint64_t below = 0, above = 0, not_finite = 0;
};

/// Of one channel of x. `edges` rise; bin i takes edges[i] ≤ x < edges[i + 1], the last one its upper edge
/// too.
ChannelCounts histogram_counts(const Tensor& x, std::uint32_t channel, const std::vector<double>& edges);

/// Of all channels together.
ChannelCounts histogram_counts(const Tensor& x, const std::vector<double>& edges);

}  // namespace shadenet::reference
