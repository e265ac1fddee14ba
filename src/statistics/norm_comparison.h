// A norm's moving statistics beside those of a population.
#pragma once

#include <vector>

#include "model/network.h"
#include "model/parameters.h"

namespace shadenet {

struct ChannelComparison {
    double moving_mean, population_mean;
    /// (moving − population mean) / √(population variance + ε): what the mean is off by after the norm,
    /// before γ.
    double mean_difference;
    double moving_variance, population_variance;
    double variance_ratio;  ///< moving / population; NaN where the population's is 0
};

/// Of every channel of `norm`. Throws std::out_of_range where one of the two lacks its tensors.
std::vector<ChannelComparison> compare_statistics(const BatchNorm& norm, const Parameters& moving,
                                                  const Parameters& population);

}  // namespace shadenet
