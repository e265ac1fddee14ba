// Sums on the host over the shares of a job.
#pragma once

#include <vector>

#include "group/shares.h"

namespace shadenet {

/// The sums over all shares, value by value and in the order of the shares.
class ShareSum {
  public:
    /// The shares must outlive it.
    explicit ShareSum(const Shares& shares) : shares_(shares) {}

    /// What this rank's next share gives: as many values as every other.
    void add(std::vector<double> values);
    /// After the last share. All ranks call it together, and get the same bits, however many ranks there are;
    /// for that a rank gets values·(shares/ranks + 1) doubles.
    std::vector<double> of_all() const;

  private:
    const Shares& shares_;
    std::vector<std::vector<double>> own_;  ///< [share]; of a process alone their sum so far
};

}  // namespace shadenet
