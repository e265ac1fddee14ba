// Compares a norm's moving statistics with those of a population.
#pragma once

#include <vector>

#include "model/network.h"
#include "model/parameters.h"

namespace shadenet {

struct ChannelComparison {
    double moving_mean, population_mean;
    /// (moving − population mean) / √(population variance + ε): the error of the mean after the norm, before
    /// γ.
    double mean_difference;
    double moving_variance, population_variance;
    double variance_ratio;  ///< moving / population; NaN where the population's is 0
};

/// Compares every channel of `norm`. Throws std::out_of_range if one of the two lacks the norm's tensors.
std::vector<ChannelComparison> compare_statistics(const BatchNorm& norm, const Parameters& moving,
                                                  const Parameters& population);

}  // namespace shadenet
