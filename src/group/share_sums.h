// Sums on the host over the shares of a job.
#pragma once

#include <vector>

#include "group/shares.h"

namespace shadenet {

/// The sums over all shares, value by value and in the order of the shares. `own`: [this rank's
/// shares][value], equally many values of every share. All ranks call it together, and get the same bits,
/// however many ranks there are. A rank gets values·(shares/ranks + 1) doubles for it.
std::vector<double> sum_of_shares(const Shares& shares, const std::vector<std::vector<double>>& own);

}  // namespace shadenet
