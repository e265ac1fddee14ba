// Histograms of feature maps on the device against float64.
#pragma once

#include <cstdint>
#include <vector>

#include "check/compare.h"
#include "check/device_data.h"

namespace shadenet {
class Device;
}

namespace shadenet::check {

struct HistogramCase {
    Shape x;
    Data data = Data::normal;
    std::uint64_t seed = 1;
    /// Of the range of the values that the bins span: below 1 some values lie outside of them.
    double spanned = 1;
    /// Every so-many-th value is NaN or infinite; 0: none.
    std::uint32_t spoilt_every = 0;
};

/// The extremes, and the counts of each channel and of all, whose bins are laid over those extremes: every
/// one exactly. Kernels are called twice from their beginning, as they are epoch after epoch.
std::vector<Comparison> check_histogram(const Device& device, const HistogramCase& one);

}  // namespace shadenet::check
